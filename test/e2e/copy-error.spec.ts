/** An error can be given to somebody who helps: what happened, what to do, and where the log tells more. */
import { demoIsShown } from './support/screens';
import { expect, test } from './support/workbench';

test('an error that fills a screen is copied with its log id', async ({ open }) => {
  const { app, page } = await open();
  await demoIsShown(page);
  await page.evaluate(() => (location.hash = '#/inspect/999999'));
  const shown = page.getByRole('main').getByRole('alert');
  await expect(shown).toBeVisible();
  await shown.getByRole('button', { name: 'Copy' }).click();
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toMatch(/\nLog id \w+$/);
  expect(await copied()).toContain(await shown.locator('.message').innerText());
});
