/** A kept evaluation shows the same numbers in every section, whatever a person changes afterwards. */
import type { Page } from '@playwright/test';
import { demoIsShown, go, jobEnds, startPrediction, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

/** How far a person is with the review is of today. */
const ofToday = /^(\d+ of \d+ looked at|Review|Go on reviewing|Review again|Open|Corrected|Reviewed)$/;
const sections = ['Overview', 'Compare', 'Slices', 'Errors', 'Agreement', 'Suspects'];

/** Everything that the sections say, with slices by what a person can change. */
async function everything(page: Page): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  const panel = page.getByRole('tabpanel');
  const read = async (name: string) => {
    await expect(
      page.locator('#evaluate-panel[aria-busy="true"], #evaluate-panel [aria-busy="true"]'),
    ).toHaveCount(0);
    await expect(panel.getByRole('status').filter({ hasText: /…$/ })).toHaveCount(0);
    const lines = (await panel.innerText()).split('\n').filter((line) => !ofToday.test(line.trim()));
    said[name] = lines.join('\n');
  };
  for (const name of sections) {
    await page.getByRole('tab', { name, exact: true }).click();
    await expect(panel.locator('.card').first()).toBeVisible();
    if (name !== 'Slices') {
      await read(name);
      continue;
    }
    await page.getByLabel('Fewest in a slice').fill('2');
    await page.getByLabel('Fewest in a slice').press('Enter');
    for (const field of ['Words', 'Relation words', 'Size of the referent', 'View “Mine”']) {
      const option = page.getByLabel('Slice by').locator('option').filter({ hasText: field });
      await page.getByLabel('Slice by').selectOption((await option.first().getAttribute('value')) ?? '');
      await expect(panel.getByRole('heading', { name: `Acc@0.5 by ${field}`, exact: true })).toBeVisible();
      await read(`${name} by ${field}`);
    }
  }
  return said;
}

test('a kept evaluation stays as it was in every section', async ({ open }) => {
  const workbench = await open();
  const { page } = workbench;
  await demoIsShown(page);
  await startPrediction(page, 90);
  await jobEnds(page, 'predict');
  const view = {
    sorts: [],
    layout: 'grid' as const,
    columns: [],
    tileSize: 'small' as const,
    groupByImage: false,
  };
  const saveView = (viewId: number | null, query: string) =>
    page.evaluate(({ viewId, state }) => window.workbench.browse.saveView({ viewId, name: 'Mine', state }), {
      viewId,
      state: { ...view, query },
    });
  const { id: viewId } = valueOf(await saveView(null, 'left'));
  await go(page, 'Evaluate');
  const before = await everything(page);

  await page.getByRole('button', { name: 'Save evaluation' }).click();
  const dialog = page.getByRole('dialog', { name: 'Save this evaluation' });
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog).toBeHidden();

  const runIds = valueOf(await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 }))).map(
    ({ id }) => id,
  );
  const { ids } = valueOf(
    await page.evaluate(
      (runIds) => window.workbench.evaluation.examples({ options: { runIds }, where: [] }),
      runIds,
    ),
  );
  const problems = await page.evaluate(async (ids) => {
    const { corrections, expressions } = window.workbench;
    const [texts = [], others = []] = [ids.slice(0, 20), ids.slice(20, 40)];
    const results = [];
    for (const expressionId of texts) {
      const text = 'the second one that is not left of it';
      results.push(
        await corrections.apply({ change: { kind: 'text', expressionId, text }, label: 'Edit text' }),
      );
    }
    for (const expressionId of others) {
      const detail = await expressions.get({ expressionId, runIds: [] });
      const truth = detail.ok ? detail.value.groundTruth : null;
      if (!truth) continue;
      const box = { x: 5, y: 6, width: 30, height: 20 };
      const { referentId, revision: expectedRevision } = truth;
      const geometry = { box, mask: null, source: 'edited', runId: null } as const;
      results.push(
        await corrections.apply({
          change: { kind: 'ground-truth', referentId, expectedRevision, ...geometry },
          label: 'Move box',
        }),
        await corrections.apply({
          change: { kind: 'review-state', expressionId, state: 'reviewed' },
          label: 'Review',
        }),
        await corrections.apply({
          change: { kind: 'failure-label', expressionId, label: 'background' },
          label: 'Label',
        }),
      );
    }
    return results.flatMap((result) => (result.ok ? [] : [result.error.message]));
  }, ids);
  expect(problems).toEqual([]);
  valueOf(await saveView(viewId, 'the'));

  await page.getByRole('button', { name: 'Update: data changed' }).click();
  await expect(page.getByRole('button', { name: 'Compute again' })).toBeVisible();
  const after = await everything(page);
  for (const part of Object.keys(before)) expect.soft(after[part], part).not.toBe(before[part]);

  await page.getByRole('tab', { name: 'Saved', exact: true }).click();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  const banner = page.getByRole('status').filter({ hasText: 'is the same to the last digit' });
  await banner.getByText(/Changed since, and not in these numbers: /).click();
  await expect(banner.getByText('another text of 20 expressions')).toBeVisible();
  await expect(banner.getByText('another review state of 20 expressions')).toBeVisible();
  await expect(banner.getByText(/the view “Mine” differs in \d/)).toBeVisible();
  expect(await everything(page)).toEqual(before);
  await banner.getByRole('button', { name: 'Back to the present' }).click();
  await expect(banner).toBeHidden();
  expect(workbench.problems).toEqual([]);
});
