// The newcomer's first ten minutes, in a real browser: log a breach, see who is
// affected, tell them, watch the clocks, see what left, acknowledge as a
// customer, download the report. It drives a running "hatakello demo".
//
//   node walk.mjs '{"url": …, "login": …, "password": …, "lang": "fi", "js": true}'
//
// Every page that it visits is looked at, as visit.mjs says.
import { context, fault, linkIn, look, open, page, run, send, settled, want, everyPage } from './visit.mjs';

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
  await send(want.text);
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
  const link = await linkIn();
  const html = await page.locator('a[href$="/html"]').getAttribute('href');
  const answer = await context.request.get(want.url + html);
  if (answer.status() !== 200 || !(await answer.text()).includes('<html')) fault('the HTML part cannot be opened');
  return link;
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

// rest looks at what the way did not lead to; once at every page there is.
async function rest(incident) {
  if (want.every) {
    await everyPage(want.url + incident);
    return;
  }
  for (const path of ['/customers', '/customers/new', '/customers/import', '/services', '/deliveries', '/settings', '/password']) await open(path, path);
}

await run(async () => {
  await enter();
  const incident = await log();
  await tell(incident);
  await acknowledge(await outbox());
  await report(incident);
  await rest(incident);
});
