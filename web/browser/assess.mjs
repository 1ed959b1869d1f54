// The assessment of a risk, in a real browser and by the keyboard alone: the
// quick path for a message to a wrong recipient, the questions one step after
// another, the proposal, the decision, new facts that reopen it, two versions
// side by side, and the memo on paper. It drives a running "hatakello demo".
//
//   node assess.mjs '{"url": …, "login": …, "password": …, "lang": "fi", "js": true, "title": …, "register": …}'
//
// Every page is looked at as visit.mjs says. With "pdf" the assessment is printed
// there, with "dir" pictures of each page are put into that folder.
import { choose, context, enter, fault, look, page, press, run, tab, tick, type, want } from './visit.mjs';

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
await run(async () => {
  await enter();
  took = await quick();
  const record = await wizard();
  await afresh(record);
  if (want.js) await autosave(record);
}, () => `; the quick path took ${Math.round(took / 1000)} s`);
