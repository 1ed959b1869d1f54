// Checks bundles with the page that stands in each, from a file and with the
// network off.
//
//   node bundle.mjs '{"page": "file://…/check.html", "files": [{"File": …, "Verdict": "good", "Step": "", "Where": ""}], "shot": ""}'
import { chromium } from 'playwright-core';

const want = JSON.parse(process.argv[2]), faults = [];
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ offline: true, viewport: { width: 360, height: 780 } });
const page = await context.newPage();
page.on('pageerror', e => faults.push('error: ' + e));
page.on('console', m => { if (m.type() === 'error') faults.push('console: ' + m.text()); });
page.on('request', r => { if (!r.url().startsWith('file:') && !r.url().startsWith('blob:')) faults.push('it asks the network: ' + r.url()); });
await page.goto(want.page);
const says = {};
for (const f of want.files) {
  await page.evaluate(() => document.getElementById('result').removeAttribute('data-verdict'));
  await page.setInputFiles('#file', f.File);
  await page.waitForSelector('#result[data-verdict]', { timeout: 15000 });
  const verdict = await page.getAttribute('#result', 'data-verdict');
  const bad = await page.$$eval('.result li.no', all => all.map(e => e.dataset.step));
  const first = await page.locator('#first').count() ? await page.innerText('#first') : '';
  const all = await page.innerText('#result');
  if (verdict !== f.Verdict) faults.push(`${f.File}: ${verdict}, want ${f.Verdict}\n${all}`);
  if (f.Step && (bad[0] !== f.Step || !first.includes(f.Where))) faults.push(`${f.File}: ${bad} ${first}, want ${f.Step} at ${f.Where}`);
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push(f.File + ': wider than the screen');
  says[f.File.split('/').pop()] = first.replace(/\s+/g, ' ');
  if (want.shot && (f === want.files[0] || f === want.files[2])) await page.screenshot({ path: `${want.shot}/check-${verdict}.png`, fullPage: true });
}
for (const [lang, word] of [['Svenska', 'Kontroll'], ['English', 'Check']]) {
  await page.getByRole('button', { name: lang }).click();
  if (!(await page.innerText('h1')).startsWith(word)) faults.push(lang + ' is not spoken');
  if (/\[[a-z.]+\]/.test(await page.innerText('body'))) faults.push(lang + ' lacks words');
}
await browser.close();
if (faults.length) { console.error(faults.join('\n')); process.exit(1); }
console.log(Object.entries(says).map(([k, v]) => k + ': ' + v).join('\n'));
