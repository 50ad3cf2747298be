/** A first start offers the tour: four steps over the screens, by key, with the work always in reach. */
import { expect, openWorkbench, test } from './support/workbench';
import { barriers } from './support/accessibility';
import { demoIsShown } from './support/screens';

test('the tour leads over four screens, covers nothing, and comes once', async ({ folder }) => {
  const first = await openWorkbench({ folder, tour: true });
  const { page } = first;
  await demoIsShown(page);
  const tour = page.getByRole('region', { name: 'Tour' });
  await expect(tour).toContainText('1 of 4');
  await expect(tour.getByRole('heading')).toHaveText('Browse');
  const band = (await tour.boundingBox())!;
  const screen = (await page.getByRole('main').boundingBox())!;
  expect(band.y + band.height).toBeLessThanOrEqual(screen.y);

  const steps = [
    ['Inspect', /#\/inspect/],
    ['Label and correct', /#\/inspect/],
    ['Evaluate and report', /#\/evaluate/],
  ] as const;
  for (const [title, address] of steps) {
    await tour.getByRole('button', { name: 'Next' }).focus();
    await page.keyboard.press('Enter');
    await expect(tour.getByRole('heading')).toHaveText(title);
    await expect(page).toHaveURL(address);
  }
  expect(await barriers(page, { include: '[aria-label="Tour"]' })).toEqual([]);
  await tour.getByRole('button', { name: 'Back' }).click();
  await expect(tour.getByRole('heading')).toHaveText('Label and correct');
  await tour.getByRole('button', { name: 'Skip the tour' }).click();
  await expect(tour).toBeHidden();
  expect(first.problems).toEqual([]);
  await first.close();

  const second = await openWorkbench({ folder, tour: true });
  await expect(second.page.getByRole('main')).toBeVisible();
  await expect(second.page.getByRole('region', { name: 'Tour' })).toBeHidden();
  await second.page.keyboard.press('Shift+F1');
  await expect(second.page.getByRole('region', { name: 'Tour' })).toContainText('1 of 4');
  await second.close();
});
