// Draws the pictures that the README shows, from a running "hatakello demo":
//
//   node shots.mjs '{"url": …, "login": …, "password": …, "dir": "docs/screenshots", …}'
import { chromium } from 'playwright-core';

const want = JSON.parse(process.argv[2]);
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const context = await browser.newContext({ locale: want.lang });
const page = await context.newPage();
const screens = { phone: { width: 360, height: 640 }, desk: { width: 1280, height: 800 } };

// shoot draws the page that is open on both screens, in the light and the dark.
async function shoot(name) {
  for (const [screen, size] of Object.entries(screens)) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `${want.dir}/${name}-${screen}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function log(title, service, aware) {
  await page.goto(want.url + '/log');
  await page.fill('#f-title', title);
  await page.fill('#f-aware', aware);
  await page.locator('label.choice', { hasText: service }).locator('input').check();
  if (title === want.title) await shoot('log');
  await page.click('main form[action="/log"] button.primary');
  await page.waitForURL('**/incidents/*');
  return new URL(page.url()).pathname;
}

await page.goto(want.url + '/login');
await page.click(`form.langs button[value="${want.lang}"]`);
await page.fill('#f-login', want.login);
await page.fill('#f-password', want.password);
await page.click('main form[action="/login"] button');
await page.waitForURL(want.url + '/');
await log(want.earlier, 'Ajanvaraus', want.before);
const incident = await log(want.title, 'Kotihoito', want.aware);
await page.goto(`${want.url}${incident}/notify`);
for (const area of await page.locator('textarea[name^="text_"]').all()) await area.fill(want.text);
await page.click('button[value="check"]');
await shoot('check');
await page.click('button[value="send"]');
await page.waitForLoadState();
for (let i = 0; i < 80 && await page.locator('[data-figure="accepted"]:not(:text-is("0"))').count() === 0; i++) {
  await page.waitForTimeout(250);
  await page.goto(want.url + incident);
}
await page.waitForTimeout(1500);
await page.goto(want.url + incident);
await shoot('case');
await page.goto(`${want.url}${incident}/records`);
await shoot('records');
await page.goto(want.url + '/');
await shoot('board');
await page.goto(want.url + '/demo/outbox');
await shoot('outbox');
await page.locator('ul.rows li', { hasText: want.subject }).first().locator('a').click();
const link = (await page.innerText('.letter pre')).match(/https?:\/\/\S+\/n\/[\w-]{20,}/)[0];
await page.goto(link);
await shoot('controller');
await browser.close();
