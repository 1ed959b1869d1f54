// The controller's side, in a real browser, on a phone and by the keyboard
// alone: the mail, the page behind its link, the check of its code, the
// acknowledgement, the code, the form, the pack, and the filing entered. It
// drives a running "hatakello demo".
//
//   node controller.mjs '{"url": …, "login": …, "password": …, "lang": "fi", "js": true, "parts": ["H"], …}'
//
// Every page is looked at as visit.mjs says; "parts" are
// those of the form that are looked at beside the two that are answered.
import { choose, context, enter, fault, linkIn, look, open, page, press, run, send, settled, tab, tick, type, want } from './visit.mjs';

const name = 'Lempi Lukija, tietosuojavastaava';

// tell logs a case and tells its controllers of it; that is the staff's side.
async function tell() {
  await page.goto(want.url + '/log');
  await page.fill('#f-title', want.title);
  await page.fill('#f-aware', want.aware);
  await page.locator('input[name="services"]').first().check();
  await page.click('main form[action="/log"] button.primary');
  await page.waitForURL('**/incidents/*');
  const incident = new URL(page.url()).pathname;
  await page.goto(`${want.url}${incident}/notify`);
  await send(want.text);
  await page.goto(want.url + incident);
  await settled('[data-figure="accepted"]:not(:text-is("0"))');
}

// mail opens the newest mail whose subject fits.
async function mail(subject) {
  await page.goto(want.url + '/demo/outbox');
  const mine = page.locator('ul.rows li', { hasText: subject });
  for (let i = 0; i < 60 && await mine.count() === 0; i++) {
    await page.waitForTimeout(250);
    await page.reload();
  }
  await mine.first().locator('a').click();
  await page.waitForLoadState();
}

// read follows the mail: its link, its code, and the page on which it is checked.
async function read() {
  await mail(want.subject);
  const link = await linkIn();
  const text = await page.innerText('.letter pre');
  for (const part of [want.url + '/check', '.json', 'hatakello verify']) if (!text.includes(part)) fault(`the mail does not name ${part}`);
  const code = text.match(/[A-ZÅÄÖ]{3,}-\d{3,}[-A-Z\d]*/)?.[0] ?? '';
  await page.goto(link);
  await look('link');
  const shown = await page.innerText('.code');
  if (shown !== code) fault(`the mail has the code ${code}, the page ${shown}`);
  if ((await page.innerText('main')).includes(want.text)) fault('the link alone tells what has happened');
  await press('a[href^="/check"]');
  await look('check of the code');
  await type('code', 'EI-OLE-0000');
  await press('main form button.primary');
  if (!await page.locator('.faults').count()) fault('a code that was never sent is taken for genuine');
  await look('check, no');
  await type('code', code.toLowerCase());
  await press('main form button.primary');
  if (!await page.locator('.done-edge').count()) fault('the code of the mail is not known');
  await look('check, yes');
  return link;
}

// acknowledge signs with a name; without one nothing is taken.
async function acknowledge(link) {
  await page.goto(link);
  await press('.next form button.primary');
  await look('link, no name');
  if (!await page.locator('#e-name').count()) fault('no sentence at the missing name');
  await type('name', name);
  await press('.next form button.primary');
  if (!(await page.innerText('p.said')).includes(name)) fault('the acknowledgement is not said back');
  await look('link, acknowledged');
}

// enterCode asks for a code and types it; a wrong one opens nothing.
async function enterCode() {
  await press('form[action*="/code"] button');
  await look('link, code sent');
  const at = page.url();
  await mail(want.codeSubject);
  const code = (await page.innerText('.letter pre')).match(/\b\d{4} \d{4}\b/)?.[0];
  await page.goto(at);
  await type('code', '0000 0000');
  await press('form[action*="/open"] button');
  if (!await page.locator('#e-code').count()) fault('a wrong code was taken');
  await look('link, wrong code');
  await type('code', code);
  await press('form[action*="/open"] button');
  if (!await page.locator('#known').count() || !(await page.innerText('main')).includes(want.text)) fault('the open page does not tell what is known');
  await look('link, open');
}

// answer fills in two parts of the form; what is wrong is said, nothing is lost.
async function answer() {
  await press('#task a.btn');
  await look('form');
  const parts = await page.locator('.toc a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
  if (parts.length < 15) fault(`${parts.length} parts of the form`);
  for (const p of parts.filter((p) => want.parts.includes(p.split('part=')[1]))) await open(p, `part ${p.split('part=')[1]}`);
  await page.goto(want.url + parts.find((p) => p.endsWith('part=B')));
  await look('part B');
  await type('a.controller_address', 'Esimerkkitie 1, 00000 Esimerkkilä');
  if (want.js) await copied();
  await tick('done.controller_name', 'yes');
  await press('form.stack button.primary');
  await page.goto(want.url + parts.find((p) => p.endsWith('part=F')));
  await type('a.aware_at', 'joskus eilen');
  await press('form.stack button.primary');
  await look('part F, a time that cannot be read');
  if (await page.inputValue('[name="a.aware_at"]') !== 'joskus eilen') fault('what was typed was lost');
  await type('a.aware_at', want.aware);
  await press('form.stack button.primary');
  await page.goto(want.url + parts.find((p) => p.endsWith('part=B')));
  if (await page.inputValue('[name="a.controller_address"]') !== 'Esimerkkitie 1, 00000 Esimerkkilä') fault('an answer was not kept');
  if (!await page.isChecked('[name="done.controller_name"]')) fault('a tick was not kept');
  await press('.crumb a');
}

// copied presses a copy button and looks into the clipboard.
async function copied() {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await tab('[data-copy="v-controller_name"]');
  await page.keyboard.press('Enter');
  const want = await page.innerText('#v-controller_name');
  await page.waitForFunction(() => document.activeElement.textContent === document.activeElement.dataset.copied);
  if (await page.evaluate(() => navigator.clipboard.readText()) !== want) fault('the copy button copies something else');
}

// pack takes everything as one file and finds its receipt.
async function pack() {
  await press('form[action*="/pack"] button');
  await look('form, packed');
  const receipt = page.locator('#pack a[href*="/pack/"]').first();
  if (!(await receipt.innerText()).includes(name)) fault('the receipt does not say who took the pack');
  const zip = await context.request.get(want.url + await receipt.getAttribute('href'));
  if (zip.status() !== 200 || (await zip.body()).subarray(0, 2).toString() !== 'PK') fault('the pack is no zip file');
}

// file enters that the notification has been made.
async function file() {
  await press('#filing button.primary');
  await look('form, filing without a time');
  if (!await page.locator('#e-at').count() || !await page.locator('#e-channel').count()) fault('no sentence at the missing time or channel');
  await choose('kind', 'preliminary');
  await type('at', want.filed);
  await type('channel', 'Turvalomake');
  await type('reference', '171/2026');
  await type('name', name);
  await press('#filing button.primary');
  await look('form, filed');
  if (!(await page.innerText('#filing')).includes('171/2026')) fault('the filing is not shown');
}

async function leave(link) {
  await press('.crumb a');
  await look('link, filed');
  if (!await page.locator('#task').count()) fault('no next step after the filing');
  await press('form[action*="/leave"] button');
  await page.goto(`${link}/form`);
  if (await page.locator('#door').count() === 0) fault('after leaving, the form still opens');
}

await run(async () => {
  await enter();
  await tell();
  const link = await read();
  await acknowledge(link);
  await enterCode();
  await answer();
  await pack();
  await file();
  await leave(link);
});
