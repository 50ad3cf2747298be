/** The main job from first start to the report, as a person does it in the window. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Evaluation, ExpressionRow } from '../../src/common/contract';
import { demoIsShown, go, jobEnds, shownIous, startPrediction, tiles, valueOf } from './support/screens';
import { expect, test } from './support/workbench';

/** Rows of the demo that all runs have answered and that mean something in the image, as Browse lists them. */
async function answeredRows(page: Page, runIds: number[], split: string | null): Promise<ExpressionRow[]> {
  const rows = await page.evaluate(
    async ({ runIds, splits }) => {
      const listed = await window.workbench.browse.ids({ filter: { datasetId: 1, splits } });
      const ids = listed.ok ? Array.from(listed.value.ids) : [];
      const all: ExpressionRow[] = [];
      for (let start = 0; start < ids.length; start += 500) {
        const some = await window.workbench.browse.rows({ ids: ids.slice(start, start + 500), runIds });
        if (some.ok) all.push(...some.value);
      }
      return all;
    },
    { runIds, splits: split === null ? [] : [split] },
  );
  return rows.filter((row) => row.referentId !== null && row.results.length === runIds.length);
}

test('first start, predict, filter, inspect, correct, label, restart, report', async ({ folder, open }) => {
  const first = await open();
  const { page } = first;

  await test.step('the demo is there on first start', async () => {
    await demoIsShown(page);
  });

  await test.step('50 expressions are predicted with all methods', async () => {
    await startPrediction(page, 50);
    const job = await jobEnds(page, 'predict');
    expect(job).toMatchObject({ state: 'done', done: 150, failed: 0 });
    await go(page, 'Jobs');
    await expect(page.getByRole('listitem', { name: job.title })).toContainText('150');
  });

  await test.step('what RisCLIP gets right and YOLO+CLIP gets wrong is found', async () => {
    await go(page, 'Browse');
    await page
      .getByRole('group', { name: 'RisCLIP: result' })
      .getByRole('button', { name: /^Right/ })
      .click();
    await page
      .getByRole('group', { name: 'YOLO+CLIP: result' })
      .getByRole('button', { name: /^Wrong/ })
      .click();
    await expect(tiles(page).first()).toContainText('RisCLIP');
    const count = await tiles(page).first().getAttribute('aria-setsize');
    expect(Number(count)).toBeGreaterThan(0);
    expect(Number(count)).toBeLessThan(50);
  });

  let expressionId = 0;
  await test.step('one is opened and its heat map is laid over the image', async () => {
    await tiles(page).first().dblclick();
    await expect(page).toHaveURL(/#\/inspect\/\d+$/);
    expressionId = Number(/(\d+)$/.exec(page.url())?.[1]);
    const rasters = page.locator('canvas');
    await expect(page.getByLabel('Heat map', { exact: true })).toBeEnabled();
    const before = await rasters.count();
    await page.getByLabel('Heat map', { exact: true }).check();
    await expect(rasters).toHaveCount(before + 1);
    const painted = await rasters.last().evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    });
    expect(painted).toBe(true);
    await page.keyboard.press('h');
    await expect(rasters).toHaveCount(before);
  });

  const original = await shownIous(page);
  expect(original.risclip).toBeGreaterThanOrEqual(0.5);
  expect(original['yolo-clip'] ?? 0).toBeLessThan(0.5);

  await test.step('its box is corrected by dragging, and the IoUs follow', async () => {
    await page.getByRole('tab', { name: 'Correct' }).click();
    await page.getByRole('button', { name: /^Edit box/ }).click();
    const handles = page.locator('.handle');
    await expect(handles).toHaveCount(8);
    const corners = await handles.evaluateAll((all) =>
      all.map((handle) => {
        const { x, y, width, height } = handle.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }),
    );
    const corner = corners.reduce((a, b) => (a.x + a.y > b.x + b.y ? a : b));
    const opposite = corners.reduce((a, b) => (a.x + a.y < b.x + b.y ? a : b));
    await page.mouse.move(corner.x, corner.y);
    await page.mouse.down();
    await page.mouse.move((corner.x + opposite.x) / 2, (corner.y + opposite.y) / 2, { steps: 8 });
    await page.mouse.up();
    await expect.poll(() => shownIous(page)).not.toEqual(original);
  });
  const corrected = await shownIous(page);
  expect(corrected.risclip!).toBeLessThan(original.risclip!);

  await test.step('undo and redo go back and forth', async () => {
    await page.keyboard.press('Control+z');
    await expect.poll(() => shownIous(page)).toEqual(original);
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => shownIous(page)).toEqual(corrected);
    await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  });

  await test.step('the failure is labelled by digit', async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('1');
    await expect(
      page.getByRole('list', { name: 'Failure labels' }).getByRole('button', { pressed: true }),
    ).toHaveText(/Wrong object, right category/);
  });

  const readDetail = (from: typeof page) =>
    from.evaluate(async (id) => {
      const runs = await window.workbench.runs.list({ datasetId: 1 });
      const runIds = runs.ok ? runs.value.map((run) => run.id) : [];
      return window.workbench.expressions.get({ expressionId: id, runIds });
    }, expressionId);
  const before = valueOf(await readDetail(page));
  expect(before.groundTruth).toMatchObject({ corrected: true });
  expect(before.failureLabel).not.toBeNull();
  expect(first.problems).toEqual([]);
  await first.close();

  const second = await open();
  await test.step('after a restart all is still there', async () => {
    // The window comes back with the same expression.
    await expect(second.page).toHaveURL(new RegExp(`#/inspect/${expressionId}$`));
    expect(valueOf(await readDetail(second.page))).toEqual(before);
    await expect.poll(() => shownIous(second.page)).toEqual(corrected);
    await second.page.getByRole('tab', { name: 'Correct' }).click();
    await expect(
      second.page.getByRole('list', { name: 'Failure labels' }).getByRole('button', { pressed: true }),
    ).toHaveText(/Wrong object, right category/);
    // One revision more than the import, and the one that undo took back.
    await expect(second.page.getByRole('list', { name: 'Ground-truth history' })).toContainText('current');
  });

  await test.step('the report is exported and its numbers are those of the answers', async () => {
    const target = join(folder, 'report');
    mkdirSync(target);
    // The native dialog is the system's; it is answered here as a person would.
    await second.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, target);
    await go(second.page, 'Report');
    await second.page.getByLabel('Split').selectOption({ label: 'All splits' });
    const preview = second.page.frameLocator('iframe');
    await expect(preview.getByRole('heading', { level: 1 })).toBeVisible({ timeout: 60_000 });
    await second.page.getByRole('button', { name: 'Export…' }).click();
    await expect(second.page.getByText('Exported.')).toBeVisible({ timeout: 60_000 });
    for (const file of ['report.html', 'report.md', 'report.tex', 'expressions.csv', 'report.json']) {
      expect(existsSync(join(target, file)), file).toBe(true);
    }
    expect(readFileSync(join(target, 'report.pdf')).subarray(0, 5).toString('latin1')).toBe('%PDF-');
    const report = JSON.parse(readFileSync(join(target, 'report.json'), 'utf8')) as {
      evaluation?: Evaluation;
    } & Evaluation;
    const evaluation = report.evaluation ?? report;
    expect(evaluation.protocol.groundTruth).toBe('corrected');
    expect(evaluation.protocol.corrections).toBeGreaterThan(0);
    expect(evaluation.runs).toHaveLength(3);
    const runIds = evaluation.runs.map((run) => run.runId);
    const rows = await answeredRows(second.page, runIds, evaluation.dataset.split);
    for (const run of evaluation.runs) {
      const ious = rows.map(({ results }) => results.find(({ runId }) => runId === run.runId)!.iou ?? 0);
      expect(run.overall.count).toBe(ious.length);
      const accuracy = ious.filter((iou) => iou >= 0.5).length / ious.length;
      expect(run.overall.accuracy50.value).toBeCloseTo(accuracy, 9);
      const mean = ious.reduce((sum, iou) => sum + iou, 0) / ious.length;
      expect(run.overall.meanIou.value).toBeCloseTo(mean, 9);
    }
  });
  expect(second.problems).toEqual([]);
});
