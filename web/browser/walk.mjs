// The newcomer's first ten minutes, in a real browser: log a breach, see who is
// affected, tell them, watch the clocks, see what left, acknowledge as a
// customer, download the report. It drives a running "hatakello demo".
//
//   node walk.mjs '{"url": …, "login": …, "password": …, "lang": "fi", "js": true}'
//
// Every page that it visits is looked at: its language, sideways scrolling at
// 320 px, the browser's console, and axe in the light and the dark. What is
// wrong is printed, one line each, and the exit code is 1.
import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const want = JSON.parse(process.argv[2]);
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const phone = { width: 360, height: 640 };
const faults = [];
const seen = new Set();

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const context = await browser.newContext({ viewport: phone, javaScriptEnabled: want.js, locale: want.lang, acceptDownloads: true });
context.setDefaultTimeout(20_000);
const page = await context.newPage();
const fault = (what) => faults.push(`${want.lang}${want.js ? '' : ' without JavaScript'}: ${new URL(page.url()).pathname}: ${what}`);
page.on('console', (m) => { if (m.type() === 'error' && !m.text().includes('status of 422')) fault(`console: ${m.text()}`); });
page.on('pageerror', (e) => fault(`script: ${e.message}`));
page.on('response', (r) => { if (r.status() >= 500) fault(`status ${r.status()} of ${r.url()}`); });

// look examines the page that is open, once for each kind of page.
async function look(name) {
  if (seen.has(name)) return;
  seen.add(name);
  const lang = await page.getAttribute('html', 'lang');
  if (lang !== want.lang) fault(`language ${lang}`);
  const text = await page.innerText('body');
  for (const hole of text.match(/\[[a-z]+(\.[a-z_]+)+\]|<no value>|%!/g) ?? []) fault(`${name}: a text is missing: ${hole}`);
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 320) fault(`${name}: ${wide} px wide on a screen of 320 px: ${await page.evaluate(widest)}`);
  await page.setViewportSize(phone);
  if (!want.js) return;
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
    for (const v of violations) fault(`${name} (${colorScheme}): axe ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

// widest names the innermost parts that reach past the right edge.
function widest() {
  const out = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > 320.5);
  return out.filter((e) => !out.some((o) => o !== e && e.contains(o))).slice(0, 3)
    .map((e) => `${e.tagName.toLowerCase()}.${e.className} "${e.textContent.trim().slice(0, 40)}"`).join(', ');
}

async function open(path, name) {
  const r = await page.goto(want.url + path);
  if (r.status() !== 200) throw new Error(`${path}: status ${r.status()}`);
  await look(name);
}

// settled waits until the page shows what the courier has done; without
// JavaScript that takes a new look at the page.
async function settled(selector, limit = 20_000) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    if (await page.locator(selector).count() > 0) return;
    await page.waitForTimeout(250);
    await page.reload();
  }
  throw new Error(`waited for ${selector} on ${page.url()}`);
}

async function enter() {
  await open('/login', 'login');
  await page.click(`form.langs button[value="${want.lang}"]`);
  await look('login again');
  await page.fill('#f-login', want.login);
  await page.fill('#f-password', 'väärä salasana tässä');
  await page.click('main form[action="/login"] button');
  await look('login refused');
  if (await page.inputValue('#f-login') !== want.login) fault('the log-in name was lost');
  await page.fill('#f-password', want.password);
  await page.click('main form[action="/login"] button');
  await page.waitForURL(want.url + '/');
  await look('board, empty');
}

// log opens a case; three mistakes come first, and nothing typed may be lost.
async function log() {
  await page.click('a[href="/log"]');
  await look('log');
  await page.fill('#f-title', want.title);
  await page.fill('#f-aware', '29.3.2026 klo 3.30');
  await page.locator('input[name="services"]').first().check();
  await page.click('main form[action="/log"] button.primary');
  await look('log, a time that does not exist');
  if (!await page.locator('#e-aware').count()) fault('no sentence at the time that does not exist');
  if (await page.inputValue('#f-title') !== want.title || await page.inputValue('#f-aware') !== '29.3.2026 klo 3.30'
    || !await page.locator('input[name="services"]').first().isChecked()) fault('what was typed was lost');
  await page.fill('#f-aware', 'eilen iltana joskus');
  await page.click('main form[action="/log"] button.primary');
  if (!await page.locator('#e-aware').count()) fault('no sentence at a time that cannot be read');
  await page.fill('#f-aware', want.aware);
  await page.fill('#f-title', '');
  await page.click('main form[action="/log"] button.primary');
  await look('log, an empty title');
  if (!await page.locator('#e-title').count()) fault('no sentence at the empty title');
  if (await page.inputValue('#f-aware') !== want.aware) fault('the time was lost');
  await page.fill('#f-title', want.title);
  await page.click('main form[action="/log"] button.primary');
  await page.waitForURL('**/incidents/*');
  await look('case, new');
  return new URL(page.url()).pathname;
}

// tell sends the notices: words, a look at what exactly goes to whom, and out.
async function tell(incident) {
  await open(`${incident}/records`, 'records, before');
  await page.goto(want.url + incident);
  await page.click('main .card.next a.primary');
  await look('notify');
  for (const area of await page.locator('textarea[name^="text_"]').all()) await area.fill(want.text);
  await page.click('button[value="check"]');
  await look('check');
  if (!(await page.innerText('main')).includes(want.text)) fault('the preview lacks the words');
  await page.click('button[value="send"]');
  await page.waitForLoadState();
  await page.goto(want.url + incident);
  await settled('[data-figure="accepted"]:not(:text-is("0"))');
  await look('case, told');
  await open(`${incident}/deliveries`, 'deliveries of a case');
  await open(`${incident}/facts`, 'facts');
  await open(`${incident}/affect`, 'affect');
  await open(`${incident}/timeline`, 'timeline');
  await open('/', 'board');
}

// outbox finds the mail to a customer in the language of the walk, and the
// alarm in the chat.
async function outbox() {
  await open('/demo/outbox', 'outbox');
  await settled('li:has-text("#hatakello")');
  const mine = page.locator('ul.rows li', { hasText: want.subject }).first();
  await mine.locator('a').click();
  await look('mail');
  const text = await page.innerText('.letter pre');
  const link = text.match(/https?:\/\/\S+\/n\/[\w-]{20,}/);
  if (!link) throw new Error('no link in the mail');
  const html = await page.locator('a[href$="/html"]').getAttribute('href');
  const answer = await context.request.get(want.url + html);
  if (answer.status() !== 200 || !(await answer.text()).includes('<html')) fault('the HTML part cannot be opened');
  return link[0];
}

// acknowledge does what the customer does: no log-in, one name, one button.
async function acknowledge(link) {
  await page.goto(link);
  await look('link');
  if (await page.locator('p.said').count()) fault('looking at the link has acknowledged it');
  await page.click('main form button.primary');
  await look('link, no name');
  await page.fill('#f-name', 'Lempi Lukija, tietosuojavastaava');
  await page.click('main form button.primary');
  await page.waitForSelector('p.said');
  await look('link, acknowledged');
}

// report reads the record of one controller and downloads its PDF.
async function report(incident) {
  await page.goto(`${want.url}${incident}/records?stage=acked`);
  const record = page.locator('ul.rows a[href^="/records/"]').first();
  await record.waitFor();
  await look('records');
  await record.click();
  await look('record');
  const href = await page.locator(`a[href*="report.pdf?lang=${want.lang}"]`).getAttribute('href');
  const pdf = await (await context.request.get(want.url + href)).body();
  if (pdf.subarray(0, 5).toString() !== '%PDF-') fault('the report is no PDF');
  const base = new URL(page.url()).pathname;
  for (const form of ['numbers', 'assessment', 'filing', 'decision', 'call', 'moments', 'clocks', 'certainty']) await open(`${base}/${form}`, `form ${form}`);
}

async function rest() {
  for (const path of ['/customers', '/customers/new', '/customers/import', '/services', '/deliveries', '/settings', '/password']) await open(path, path);
}

try {
  await enter();
  const incident = await log();
  await tell(incident);
  await acknowledge(await outbox());
  await report(incident);
  await rest();
} catch (e) {
  fault(`stopped: ${e.message.split('\n').slice(0, 3).join(' ')}`);
  if (want.shot) await page.screenshot({ path: want.shot, fullPage: true });
}
await browser.close();
for (const f of faults) console.log(f);
console.log(`${seen.size} pages looked at, ${faults.length} faults`);
process.exit(faults.length ? 1 : 0);
