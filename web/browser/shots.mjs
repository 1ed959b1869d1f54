// Draws the pictures that the README shows, from a running "hatakello demo":
//
//   node shots.mjs '{"url": …, "login": …, "password": …, "dir": "docs/screenshots", …}'
import { browser, draw, enter, linkIn, page, want } from './visit.mjs';

// shoot draws what is seen first of a page on both screens, light and dark.
const shoot = (name) => draw(name, false);

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

await enter();
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
await page.goto(await linkIn());
await shoot('controller');
await browser.close();
