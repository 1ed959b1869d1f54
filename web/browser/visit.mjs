// What every walk through the running program shares: a browser that watches
// for faults, a look at each page, the keyboard, and the way in. The task comes
// as JSON in the first argument:
//
//   url, login, password, lang; js: false switches scripts off; shot: a picture
//   of where it stopped; dir: pictures of every page that is looked at
//
// What is wrong is printed, one line each, and the exit code is 1.
import { chromium } from 'playwright-core';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

export const want = { js: true, ...JSON.parse(process.argv[2]) };
export const phone = { width: 360, height: 640 };
export const desk = { width: 1280, height: 800 };
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--font-render-hinting=none'];
const faults = [];
const seen = new Set();
const kinds = new Set(); // of pages, by their address without what differs from case to case

export const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
export const context = await browser.newContext({ viewport: phone, javaScriptEnabled: want.js, locale: want.lang, acceptDownloads: true });
context.setDefaultTimeout(20_000);
export const page = await context.newPage();

export function fault(what) {
  const at = new URL(page.url());
  faults.push(`${want.lang}${want.js ? '' : ' without JavaScript'}: ${at.pathname}${at.search}: ${what}`);
}
page.on('console', (m) => { if (m.type() === 'error' && !/status of 4(22|09)/.test(m.text())) fault(`console: ${m.text()}`); });
page.on('pageerror', (e) => fault(`script: ${e.message}`));
page.on('response', (r) => { if (r.status() >= 500) fault(`status ${r.status()} of ${r.url()}`); });

// look examines the page that is open, once for each name: its language, texts
// that are missing, sideways scrolling at 320 px, and axe in light and dark.
export async function look(name) {
  if (seen.has(name)) return;
  seen.add(name);
  kinds.add(kind(page.url()));
  const lang = await page.getAttribute('html', 'lang');
  if (lang !== want.lang) fault(`${name}: language ${lang}`);
  for (const hole of (await page.innerText('body')).match(/\[[a-z]+(\.[a-z_0-9]+)+\]|<no value>|%!/g) ?? []) fault(`${name}: a text is missing: ${hole}`);
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 320) fault(`${name}: ${wide} px wide on a screen of 320 px: ${await page.evaluate(widest)}`);
  await page.setViewportSize(phone);
  if (want.js) await axe(name);
  if (want.dir) await draw(name, true);
}

async function axe(name) {
  await page.evaluate(axeSource);
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const only = colorScheme === 'dark' ? { runOnly: ['color-contrast'] } : {}; // darkness changes colours alone
    const { violations } = await page.evaluate((o) => globalThis.axe.run(document, { resultTypes: ['violations'], ...o }), only);
    for (const v of violations) fault(`${name} (${colorScheme}): axe ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

// draw puts pictures of the page into the folder: both screens, light and dark.
export async function draw(name, fullPage) {
  for (const [screen, size] of Object.entries({ phone, desk })) {
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.screenshot({ path: `${want.dir}/${name.replace(/[^\p{L}\d]+/gu, '-')}-${screen}-${colorScheme}.png`, fullPage });
    }
  }
  await page.setViewportSize(phone);
  await page.emulateMedia({ colorScheme: 'light' });
}

// widest names the innermost parts that reach past the right edge.
function widest() {
  const out = [...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > 320.5);
  return out.filter((e) => !out.some((o) => o !== e && e.contains(o))).slice(0, 3)
    .map((e) => `${e.tagName.toLowerCase()}.${e.className} "${e.textContent.trim().slice(0, 40)}"`).join(', ');
}

export async function open(path, name) {
  const r = await page.goto(want.url + path);
  if (r.status() !== 200) throw new Error(`${path}: status ${r.status()}`);
  await look(name);
}

const kind = (url) => new URL(url).pathname.replace(/\/[0-9a-z]{26}(?=\/|$)/g, '/ID').replace(/\/\d+(?=\/|$)/g, '/N');

// everyPage follows the links from a page, and from those that it leads to, and
// looks at one page of each kind that nobody has looked at yet.
export async function everyPage(start) {
  kinds.delete(kind(start));
  for (const queue = [start]; queue.length > 0;) {
    const url = queue.shift();
    if (kinds.has(kind(url))) continue;
    kinds.add(kind(url));
    const answer = await page.goto(url);
    if (answer.status() !== 200) fault(`a link leads to status ${answer.status()}: ${url}`);
    await look(kind(url));
    const links = await page.locator('a[href]:not([download])').evaluateAll((all) => all.map((a) => a.href.replace(/#.*/, '')));
    queue.push(...links.filter((l) => l.startsWith(want.url + '/') && !/\.(pdf|csv|eml|ics|json|zip|odt|xlsx|txt|svg)$|\/(html|raw|file)$/.test(new URL(l).pathname)));
  }
}

// enter logs in by the keyboard, in the language of the walk.
export async function enter() {
  await page.goto(want.url + '/login');
  await page.click(`form.langs button[value="${want.lang}"]`);
  await type('login', want.login);
  await type('password', want.password);
  await press('main form[action="/login"] button');
  await page.waitForURL(want.url + '/');
}

// settled waits until the page shows what the courier has done; without
// JavaScript that takes a new look at the page.
export async function settled(selector, limit = 20_000) {
  for (const end = Date.now() + limit; Date.now() < end;) {
    if (await page.locator(selector).count() > 0) return;
    await page.waitForTimeout(250);
    await page.reload();
  }
  throw new Error(`waited for ${selector} on ${page.url()}`);
}

// send gives the notices of a case their words, looks at them and sends them.
export async function send(text) {
  for (const area of await page.locator('textarea[name^="text_"]').all()) await area.fill(text);
  await page.click('button[value="check"]');
  await look('check');
  if (!(await page.innerText('main')).includes(text)) fault('the preview lacks the words');
  await page.click('button[value="send"]');
  await page.waitForLoadState();
}

// linkIn is the address of the controller's page in the mail that is open.
export async function linkIn() {
  const link = (await page.innerText('.letter pre')).match(/https?:\/\/\S+\/n\/[\w-]{20,}/);
  if (!link) throw new Error('no link in the mail');
  return link[0];
}

// tab presses the tabulator until something that fits has the focus: at first
// as often as the page suggests, then one by one, looking after each.
export async function tab(selector) {
  for (let n = await page.evaluate(stops, selector) - 2; n > 0; n--) await page.keyboard.press('Tab');
  for (let i = 0; i < 400; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

// stops counts the places where the tabulator stops between the focus and the
// next thing that fits; a group of radio buttons is one place.
function stops(selector) {
  const can = 'a[href], button, input:not([type="hidden"]), select, textarea, summary, [tabindex="0"]';
  const groups = new Set();
  const all = [...document.querySelectorAll(can)].filter((e) => e.checkVisibility() && !e.disabled
    && !(e.type === 'radio' && (groups.has(e.name) || !groups.add(e.name))));
  const from = all.indexOf(document.activeElement);
  return all.findIndex((e, i) => i > from && e.matches(selector)) - from;
}

// press goes to a link or button and presses it, which opens another page.
export async function press(selector) {
  await tab(selector);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

export async function type(name, text) {
  await tab(`[name="${name}"]`);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

export async function tick(name, ...values) {
  for (const v of values) {
    await tab(`input[name="${name}"][value="${v}"]`);
    await page.keyboard.press('Space');
  }
}

// choose moves through the buttons of one question until the value is chosen.
export async function choose(name, value) {
  await tab(`input[type="radio"][name="${name}"]`);
  await page.keyboard.press('Space');
  for (let i = 0; i < 12; i++) {
    if (await page.evaluate(([n, v]) => document.querySelector(`input[name="${n}"]:checked`)?.value === v, [name, value])) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the keyboard does not choose ${value} of ${name}`);
}

// run walks, prints what was wrong, and ends the program.
export async function run(walk, more = () => '') {
  try {
    await walk();
  } catch (e) {
    fault(`stopped: ${e.message.split('\n').slice(0, 3).join(' ')}`);
    if (want.shot) await page.screenshot({ path: want.shot, fullPage: true });
  }
  await browser.close();
  for (const f of faults) console.log(f);
  console.log(`${seen.size} pages looked at, ${faults.length} faults${more()}`);
  process.exit(faults.length ? 1 : 0);
}
