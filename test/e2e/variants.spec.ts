/** The int8 variant of the shipped pack: chosen on the Models screen, taken back, and a run of its own with it. */
import { demoIsShown, go, jobEnds, startPrediction, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

test('a variant is chosen with its accuracy and speed in sight, and runs with it say so', async ({
  open,
}) => {
  const { page } = await open();
  await demoIsShown(page);
  await go(page, 'Models');
  const card = page.getByRole('article', { name: 'EmojiRef small' });
  const choice = card.getByRole('radiogroup', { name: /Variant of EmojiRef small/ });
  const row = card.getByRole('row', { name: /int8/ }).filter({ hasText: 'times as fast' }).first();

  await test.step('what it costs and gives stands beside it', async () => {
    await expect(choice.getByRole('radio', { name: /^float32/ })).toBeChecked();
    await expect(row).toContainText(/0\.\d{3}\s*([+−]0\.\d{2} points|no change)/);
    await card.getByRole('button', { name: 'Measure the time of RisCLIP as int8' }).click();
    await expect(card.getByText('an expression')).toBeVisible();
  });

  await test.step('a choice can be taken back', async () => {
    await choice.getByRole('radio', { name: /^int8/ }).click();
    await expect(choice.getByRole('radio', { name: /^int8/ })).toBeChecked();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(choice.getByRole('radio', { name: /^float32/ })).toBeChecked();
  });

  await test.step('the palette chooses the next one', async () => {
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('next variant');
    await page.keyboard.press('Enter');
    await expect(choice.getByRole('radio', { name: /^int8/ })).toBeChecked();
  });

  await test.step('what is predicted now is a run of the variant', async () => {
    await go(page, 'Browse');
    await startPrediction(page, 4);
    expect(await jobEnds(page, 'predict')).toMatchObject({ state: 'done', failed: 0 });
    const runs = valueOf(await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 })));
    expect(runs.map(({ variant, packName }) => [variant, packName])).toEqual(
      Array.from({ length: 3 }, () => ['int8', 'EmojiRef small, int8']),
    );
    await go(page, 'Evaluate');
    await expect(page.getByText('EmojiRef small, int8').first()).toBeVisible();
  });
});
