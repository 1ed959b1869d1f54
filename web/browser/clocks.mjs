// The incident with four clocks, in a real browser: the own register and three
// controllers, one told by mail, one whose mail bounced and who was phoned, one
// who knew before our notice. It drives a running "hatakello demo".
//
//   node clocks.mjs '{"url": …, "login": …, "password": …, "lang": "fi", "parties": {…}, …}'
//
// Every page is looked at as visit.mjs says.
import { context, enter, fault, look, open, page, run, want } from './visit.mjs';

const submit = async () => { await page.locator('main form button.primary').last().click(); await page.waitForLoadState(); };

// log begins as a short investigation, which ends with the word that we knew.
async function log() {
  await page.goto(want.url + '/log');
  await page.fill('#f-title', want.title);
  await page.fill('#f-aware', want.signal);
  await page.locator('label.choice', { hasText: want.register }).locator('input').check();
  await page.check('input[name="unclear"]');
  await page.click('main form[action="/log"] button.primary');
  await page.waitForURL('**/incidents/*');
  const incident = new URL(page.url()).pathname;
  await look('case, under investigation');
  await open(`${incident}/inquiry`, 'inquiry');
  await submit();
  if (await page.locator('.fault').count() < 2) fault('an outcome and a reason are not demanded');
  await page.check('input[value="breach"]');
  await page.fill('#f-reason', want.why);
  await page.fill('#f-at', want.aware);
  await submit();
  await page.goto(`${want.url}${incident}/affect`);
  await page.fill('#f-words', Object.values(want.parties).map((p) => p.id).join('\n'));
  await submit();
  return incident;
}

async function tell(incident) {
  await page.goto(`${want.url}${incident}/notify`);
  for (const area of await page.locator('textarea[name^="text_"]').all()) await area.fill(want.why);
  await page.click('button[value="check"]');
  await page.click('button[value="send"]');
  await page.waitForLoadState();
  for (let i = 0; i < 80; i++) {
    await page.goto(want.url + incident);
    const done = (key) => page.locator(`[data-figure="${key}"]`).innerText();
    if (await done('accepted') === '2' && await done('failed') === '1') return;
    await page.waitForTimeout(250);
  }
  throw new Error('two mails were not taken and one refused');
}

// records finds the address of each party's record.
async function records(incident) {
  await page.goto(`${want.url}${incident}/records`);
  for (const p of Object.values(want.parties)) p.path = await page.locator('ul.rows a[href^="/records/"]', { hasText: p.name }).first().getAttribute('href');
}

// correct gives a moment of a record another time; the reason is demanded.
async function correct(path, moment, at) {
  await page.goto(`${want.url}${path}/moments/${moment}`);
  await page.fill('#f-at', at);
  await page.fill('#f-why', want.why);
  await submit();
  if (!page.url().includes('/moments?said=moved')) fault(`${moment} was not taken`);
}

async function demandsReason(path) {
  await open(`${path}/moments/controller_informed`, 'moment form');
  await page.fill('#f-at', want.parties.A.informed);
  await submit();
  if (!await page.locator('#e-why').count() || await page.inputValue('#f-at') !== want.parties.A.informed) fault('a correction without a reason was taken, or lost');
}

async function call(path, at) {
  await page.goto(`${want.url}${path}/call`);
  await page.fill('#f-who', 'Vastaaja');
  await page.fill('#f-at', at);
  await page.fill('#f-said', want.why);
  await submit();
}

// limits holds that each party's page names its own limit and no other's.
async function limits(incident) {
  for (const [name, p] of Object.entries(want.parties)) {
    await open(`${p.path}/clocks`, `clocks of ${name}`);
    if (!(await page.innerText('main')).includes(p.due)) fault(`${name}: no limit at ${p.due}`);
  }
  await open(`${incident}/clocks`, 'clocks');
  const text = await page.innerText('main');
  for (const [name, due] of [['own', want.own], ...Object.entries(want.parties).map(([n, p]) => [n, p.due])]) {
    if (!text.includes(due)) fault(`the page of all clocks does not show the limit of ${name}: ${due}`);
  }
  for (const basis of ['GDPR Art. 33(1)', 'GDPR Art. 33(2)']) if (!text.includes(basis)) fault(`no ${basis}`);
}

async function laws(incident) {
  await open(`${incident}/regimes`, 'regimes');
  await page.check('input[value="nis2"]');
  await submit();
  await look('regimes, chosen');
  await page.locator('a[href$="/moments/detected"]').click();
  await page.fill('#f-at', want.aware);
  await submit();
  await open(`${incident}/regimes`, 'regimes, running');
  await page.locator('a[href^="/records/"]').first().click();
  await look('clocks of the company');
  await page.locator('a[href*="duty=nis2.first"]').click();
  await look('done');
  await page.fill('#f-at', want.parties.B.informed);
  await page.fill('#f-why', want.why);
  await submit();
  if (!await page.locator('#e-late_reason').count()) fault('a late report without a reason was taken');
  await page.fill('#f-late_reason', want.why);
  await submit();
  if (!page.url().includes('/clocks')) fault('the report was not taken');
  await open(`${incident}/compare`, 'compare');
}

async function rest(incident) {
  await open(`${incident}/moments`, 'moments');
  await open(`${want.parties.C.path}/moments`, 'moments of C');
  await open(`${want.parties.C.path}/hold`, 'hold');
  await open(`${incident}/explain`, 'explain');
  await open(`${incident}/close`, 'close');
  await page.goto(`${want.url}${incident}/parties`);
  await page.fill('#f-name', 'Konesali Oy');
  await page.fill('#f-their_aware', want.signal);
  await page.fill('#f-they_told', want.aware);
  await page.fill('#f-hours', '24');
  await page.locator('form[action$="/source"] button.primary').click();
  await page.waitForURL('**/parties?said=saved');
  for (const p of [want.parties.A, want.parties.C]) await page.locator('form[action$="/joint"] label.choice', { hasText: p.name }).locator('input').check();
  await page.locator('form[action$="/joint"] button.primary').click();
  await page.waitForURL('**/parties?said=saved');
  await look('parties');
  await page.goto(want.url + incident);
  await look('case');
  await open('/', 'board');
  await open('/calendar', 'calendar');
  await page.click('button[value="make"]');
  await page.waitForSelector('#once');
  await look('calendar, once');
  const feed = await context.request.get((await page.innerText('#once')).replace(/^https?:\/\/[^/]+/, want.url));
  if (feed.status() !== 200 || !(await feed.text()).includes('BEGIN:VEVENT')) fault('the calendar has no deadline');
}

// answer takes up the alarm about the controller that waits for a call; it is
// over when the call has been made.
async function answer() {
  await look('case, ringing');
  const answer = page.locator('form[action^="/rings/"] button').first();
  if (await answer.count() === 0) fault('no alarm waits on the case');
  else {
    await answer.click();
    await page.waitForURL('**?said=answered');
    if (await page.locator('form[action^="/rings/"]').count()) fault('the answered alarm still asks');
  }
}

await run(async () => {
  await enter();
  const incident = await log();
  await tell(incident);
  await answer();
  await records(incident);
  await demandsReason(want.parties.A.path);
  await correct(want.parties.A.path, 'controller_informed', want.parties.A.informed);
  await call(want.parties.B.path, want.parties.B.informed);
  await correct(want.parties.C.path, 'controller_informed', want.parties.C.informed);
  await correct(want.parties.C.path, 'controller_aware', want.parties.C.aware);
  await limits(incident);
  await laws(incident);
  await rest(incident);
});
