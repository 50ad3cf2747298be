/** A review without the mouse: fifty failures found, looked at, labelled and marked, by keys alone. */
import { demoIsShown, jobEnds, tiles, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

const wanted = 50;

test('fifty failures are reviewed without the mouse', async ({ open }) => {
  test.setTimeout(240_000);
  const { page, problems } = await open();
  await demoIsShown(page);
  await page.evaluate(() =>
    window.workbench.runs.start({
      methods: ['yolo-clip'],
      scope: { filter: { datasetId: 1, splits: ['test'] }, limit: 220 },
    }),
  );
  expect(await jobEnds(page, 'predict')).toMatchObject({ state: 'done', failed: 0 });

  await page.keyboard.press('g');
  await page.keyboard.press('b');
  await page.keyboard.press('/');
  const search = page.locator('#browse-search');
  await expect(search).toBeFocused();
  await page.keyboard.type('yolo-clip:wrong ');
  await page.keyboard.press('Enter');
  const failures = () =>
    page.evaluate(async () => {
      const runs = await window.workbench.runs.list({ datasetId: 1 });
      const run = runs.ok ? runs.value[0] : undefined;
      const found = await window.workbench.browse.ids({
        filter: { datasetId: 1, results: [{ runId: run?.id ?? 0, outcome: 'wrong' }] },
      });
      return found.ok ? [...found.value.ids] : [];
    });
  const ids = await failures();
  expect(ids.length).toBeGreaterThanOrEqual(wanted);
  await expect(page.getByRole('listbox', { name: 'Expressions' })).toHaveAttribute(
    'aria-label',
    'Expressions',
  );
  await expect(tiles(page).first()).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/inspect\/\d+/);

  for (let index = 0; index < wanted; index += 1) {
    const id = ids[index]!;
    await expect(page).toHaveURL(new RegExp(`#/inspect/${id}$`));
    await expect(page.locator('.view')).toHaveAttribute('aria-busy', 'false');
    await page.keyboard.press('Digit3');
    await page.keyboard.press('Shift+Enter');
  }
  await expect(page.getByRole('status', { name: 'Saved', exact: true })).toBeVisible();

  const reviewed = valueOf(
    await page.evaluate(() =>
      window.workbench.browse.ids({ filter: { datasetId: 1, reviewStates: ['reviewed'] } }),
    ),
  );
  expect([...reviewed.ids].sort((a, b) => a - b)).toEqual(ids.slice(0, wanted).sort((a, b) => a - b));
  const labelled = valueOf(
    await page.evaluate(
      (id) => window.workbench.expressions.get({ expressionId: id, runIds: [] }),
      ids[wanted - 1]!,
    ),
  );
  expect(labelled.failureLabel).not.toBeNull();
  expect(problems).toEqual([]);
});
