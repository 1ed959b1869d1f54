// Measures how soon something is seen on a slow telephone, from a running
// "hatakello demo": the first contentful paint of three pages over a line of
// 400 kbit/s with 400 ms there and back, without and with the files that a
// browser keeps. Prints one JSON object: milliseconds by page.
//
//   node paint.mjs '{"url": …, "login": …, "password": …, …}'
import { chromium } from 'playwright-core';

const want = JSON.parse(process.argv[2]);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];
const slow3G = { offline: false, latency: 400, downloadThroughput: 400_000 / 8, uploadThroughput: 400_000 / 8 };
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const context = await browser.newContext({ viewport: { width: 360, height: 640 }, locale: want.lang });

// A case with notices, so that there is a link to open.
const page = await context.newPage();
await page.goto(want.url + '/login');
await page.click(`form.langs button[value="${want.lang}"]`);
await page.fill('#f-login', want.login);
await page.fill('#f-password', want.password);
await page.click('main form[action="/login"] button');
await page.waitForURL(want.url + '/');
await page.goto(want.url + '/log');
await page.fill('#f-title', want.title);
await page.locator('label.choice', { hasText: 'Kotihoito' }).locator('input').check();
await page.click('main form[action="/log"] button.primary');
await page.waitForURL('**/incidents/*');
await page.goto(new URL(page.url()).origin + new URL(page.url()).pathname + '/notify');
for (const area of await page.locator('textarea[name^="text_"]').all()) await area.fill(want.text);
await page.click('button[value="check"]');
await page.click('button[value="send"]');
await page.waitForLoadState();
let link = null;
for (let i = 0; i < 80 && !link; i++) {
  await page.waitForTimeout(250);
  await page.goto(want.url + '/demo/outbox');
  const mail = page.locator('ul.rows li', { hasText: want.subject }).first();
  if (await mail.count() === 0) continue;
  await mail.locator('a').click();
  link = (await page.innerText('.letter pre')).match(/https?:\/\/\S+\/n\/[\w-]{20,}/)?.[0];
}

// paint opens an address in a tab of its own and returns when something was seen.
async function paint(address, fresh) {
  const tab = await context.newPage();
  const line = await context.newCDPSession(tab);
  await line.send('Network.enable');
  if (fresh) await line.send('Network.clearBrowserCache');
  await line.send('Network.emulateNetworkConditions', slow3G);
  await tab.goto(address);
  // A page whose files are kept is loaded before it is painted: wait for that.
  const at = await tab.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => {
      for (const e of list.getEntriesByName('first-contentful-paint')) done(e.startTime);
    }).observe({ type: 'paint', buffered: true });
    setTimeout(() => done(-1), 10_000);
  }));
  await tab.close();
  return Math.round(at);
}

const took = {};
for (const [name, address] of [['notice', link], ['board', want.url + '/'], ['log', want.url + '/log']]) {
  took[name] = { first: await paint(address, true), again: await paint(address, false) };
}
console.log(JSON.stringify(took));
await browser.close();
