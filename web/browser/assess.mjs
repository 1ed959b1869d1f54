// The assessment of a risk, in a real browser and by the keyboard alone: the
// quick path for a message to a wrong recipient, the questions one step after
// another, the proposal, the decision, new facts that reopen it, two versions
// side by side, and the memo on paper. It drives a running "hatakello demo".
//
//   node assess.mjs '{"url": …, "login": …, "password": …, "lang": "fi", "js": true, "title": …, "register": …}'
//
// Every page is looked at as in walk.mjs. With "pdf" the assessment is printed
// there, with "shots" a picture of each page is put into that folder.
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
const context = await browser.newContext({ viewport: phone, javaScriptEnabled: want.js, locale: want.lang });
context.setDefaultTimeout(20_000);
const page = await context.newPage();
const fault = (what) => faults.push(`${want.lang}${want.js ? '' : ' without JavaScript'}: ${new URL(page.url()).pathname}${new URL(page.url()).search}: ${what}`);
page.on('console', (m) => { if (m.type() === 'error' && !/status of (422|409)/.test(m.text())) fault(`console: ${m.text()}`); });
page.on('pageerror', (e) => fault(`script: ${e.message}`));
page.on('response', (r) => { if (r.status() >= 500) fault(`status ${r.status()} of ${r.url()}`); });

// look examines the page that is open, once for each name.
async function look(name) {
  if (seen.has(name)) return;
  seen.add(name);
  if (await page.getAttribute('html', 'lang') !== want.lang) fault('wrong language');
  const text = await page.innerText('body');
  for (const hole of text.match(/\[[a-z]+(\.[a-z_]+)+\]|<no value>|%!/g) ?? []) fault(`${name}: a text is missing: ${hole}`);
  if (want.shots) await page.screenshot({ path: `${want.shots}/${want.lang}-${seen.size}-${name.replace(/\W+/g, '-')}.png`, fullPage: true });
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (wide > 320) fault(`${name}: ${wide} px wide on a screen of 320 px`);
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

// tab presses the tabulator until something that fits has the focus.
async function tab(selector) {
  for (let i = 0; i < 400; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

// press goes to a link or button and presses it, which opens another page.
async function press(selector) {
  await tab(selector);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
}

async function type(name, text) {
  await tab(`[name="${name}"]`);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

async function tick(name, ...values) {
  for (const v of values) {
    await tab(`input[name="${name}"][value="${v}"]`);
    await page.keyboard.press('Space');
  }
}

// choose moves through the buttons of one question until the value is chosen.
async function choose(name, value) {
  await tab(`input[type="radio"][name="${name}"]`);
  await page.keyboard.press('Space');
  for (let i = 0; i < 12; i++) {
    if (await page.evaluate(([n, v]) => document.querySelector(`input[name="${n}"]:checked`)?.value === v, [name, value])) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the keyboard does not choose ${value} of ${name}`);
}

async function enter() {
  await page.goto(want.url + '/login');
  await page.click(`form.langs button[value="${want.lang}"]`);
  await type('login', want.login);
  await type('password', want.password);
  await press('main form[action="/login"] button');
}

// quick logs a message to a wrong recipient and decides on it.
async function quick() {
  const began = Date.now();
  await page.goto(want.url + '/log');
  await press('a[href="/log/misdirected"]');
  await look('quick path');
  await press('main button.primary');
  await look('quick path, nothing answered');
  await choose('whose', await page.locator('input[name="whose"]').first().getAttribute('value'));
  await tick('data', 'name', 'contact');
  await choose('vulnerable', 'false');
  await choose('who', 'trusted');
  await choose('back', 'written');
  await type('back_by', 'Lempi Lukija, sähköposti 22.11.');
  await type('harm', 'Nimi ja osoite sivullisella.');
  await press('main button.primary');
  await page.waitForURL('**/assessment*');
  await look('quick path, proposal');
  await choose('tier', 'unlikely_risk');
  await type('reason', 'Luotettava vastaanottaja poisti viestin ja vahvisti sen kirjallisesti.');
  await press('#decide button.primary');
  await look('quick path, no second person');
  if (!await page.locator('#e-approver').count()) fault('no sentence at the missing second person');
  await type('approver', 'Eero Esimerkki');
  await press('#decide button.primary');
  await look('quick path, decided');
  if (await page.locator('main .state.done').count() < 1) fault('nothing says that the decision holds');
  return Date.now() - began;
}

// wizard answers every step of the questions about a case of our own.
async function wizard() {
  await page.goto(want.url + '/log');
  await type('title', want.title);
  await page.getByLabel(want.register).focus();
  await page.keyboard.press('Space');
  await press('main form[action="/log"] button.primary');
  await press('main .card.next a.primary');
  await press('a[href$="/assessment"]');
  await look('assessment, nothing answered');
  await press('.proposal a.primary');
  await look('questions, data');
  await tick('breach', 'confidentiality', 'availability');
  await tick('data', 'name', 'health');
  await tab('select[name="data.sure"]');
  await page.keyboard.press('ArrowDown');
  await type('data.source', 'Palvelupyyntö 12');
  await press('button[value="next"]');
  await look('questions, people');
  await type('people.count', '12.500');
  await press('button[value="next"]');
  await look('questions, a number with two readings');
  if (await page.inputValue('[name="people.count"]') !== '12.500') fault('the number was lost');
  await type('people.count', '1 000–1 500');
  await choose('people.vulnerable', 'true');
  await press('button[value="next"]');
  await look('questions, exposure');
  await choose('exposure.recipients', 'unknown');
  await choose('exposure.exfiltration', 'excluded');
  await choose('evidence.logs_complete', 'false');
  await type('evidence.logs_reviewed_by', 'Päivystäjä, palomuurin loki');
  await choose('malicious', 'true');
  await press('button[value="next"]');
  await look('questions, protection');
  await choose('protection.encrypted', 'no');
  await press('button[value="next"]');
  await look('questions, loss');
  await choose('availability.loss', 'temporary');
  await type('availability.hours', '3,5');
  await press('button[value="next"]');
  await look('questions, groups');
  await type('name', 'Lapset');
  await press('button[value="go:groups"]');
  await press('button[value="group:0"]');
  await look('questions, one group');
  await type('people.count', '12');
  await press('button[value="next"]');
  await press('button[value="go:score"]');
  await look('questions, score');
  await press('button[value="done"]');
  await page.waitForURL('**/assessment');
  await look('assessment, proposal');
  await choose('tier', 'high_risk');
  await type('reason', 'Terveystietoja tuntemattoman käsissä.\nIhmisiä voidaan kiristää.');
  await type('approver', 'Eero Esimerkki');
  await press('#decide button.primary');
  await look('assessment, decided');
  return new URL(page.url()).pathname.replace('/assessment', '');
}

// afresh tells something new, which opens the decision again.
async function afresh(record) {
  await page.goto(want.url + record + '/assess?step=exposure');
  await choose('exposure.recipients', 'public');
  await press('button[value="done"]');
  await page.waitForURL('**/assessment');
  await look('assessment, open again');
  if (!await page.locator('.late-edge').count()) fault('nothing says that the decision is open again');
  await choose('tier', 'high_risk');
  await type('reason', 'Tiedot ovat nyt julkisia.');
  await type('approver', 'Eero Esimerkki');
  await press('#decide button.primary');
  await press('a[href$="/versions"]');
  await look('versions');
  const memo = await context.request.get(`${want.url}${record}/assessment.txt`);
  const text = await memo.text();
  if (memo.status() !== 200 || !text.includes('Eero Esimerkki') || text.includes('[memo.')) fault(`the memo: ${memo.status()}`);
  await page.goto(want.url + '/review');
  await look('review');
  await page.goto(want.url + record + '/assessment');
  if (want.pdf) await page.pdf({ path: want.pdf, format: 'A4' });
}

// autosave types and goes away without a button: the draft is there again.
async function autosave(record) {
  await page.goto(want.url + record + '/assess?step=people');
  await Promise.all([page.waitForResponse((r) => r.status() === 204), type('people.count.source', 'Tietokanta')]);
  await page.goto(want.url + record + '/assess?step=people');
  if (await page.inputValue('[name="people.count.source"]') !== 'Tietokanta') fault('the draft was lost');
}

let took = 0;
try {
  await enter();
  took = await quick();
  const record = await wizard();
  await afresh(record);
  if (want.js) await autosave(record);
} catch (e) {
  fault(`stopped: ${e.message.split('\n').slice(0, 3).join(' ')}`);
  if (want.shot) await page.screenshot({ path: want.shot, fullPage: true });
}
await browser.close();
for (const f of faults) console.log(f);
console.log(`${seen.size} pages looked at, ${faults.length} faults; the quick path took ${Math.round(took / 1000)} s`);
process.exit(faults.length ? 1 : 0);
