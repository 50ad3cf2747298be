/** Evaluate as a researcher uses it: from numbers to examples and back, charts to files, numbers kept, labels questioned. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { barriers } from './support/accessibility';
import { demoIsShown, go, jobEnds, startPrediction, valueOf } from './support/screens';
import { expect, test, type Workbench } from './support/workbench';

async function section(page: Page, name: string) {
  await page.getByRole('tab', { name, exact: true }).click();
}

/** The ids that Browse lists. */
const listed = (page: Page) => page.getByRole('listbox', { name: 'Expressions' }).getByRole('option');

/** The native dialog is the system's; it is answered here as a person would. */
async function answerSaveDialog({ app }: Workbench, path: string) {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

/** The numbers of the results table, as they stand there. */
const resultTexts = (page: Page) =>
  page.getByRole('tabpanel').locator('table').first().getByRole('cell').allInnerTexts();

test('from numbers to examples, files and kept evaluations', async ({ folder, open }) => {
  const workbench = await open();
  const { page } = workbench;
  await demoIsShown(page);
  await startPrediction(page, 160);
  await jobEnds(page, 'predict');
  await go(page, 'Evaluate');
  await expect(page.getByRole('heading', { name: 'Results' })).toBeVisible();

  await test.step('a number of the table opens exactly its expressions, and the section is still there', async () => {
    const runs = valueOf(await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 })));
    const runIds = runs.map((run) => run.id);
    const yolo = runs.find((run) => run.method === 'yolo-clip')!.id;
    const wanted = valueOf(
      await page.evaluate(
        ({ runIds, yolo }) =>
          window.workbench.evaluation.examples({
            options: { runIds },
            where: [{ type: 'reaches', runId: yolo, measure: 'iou', threshold: 0.5, reached: false }],
          }),
        { runIds, yolo },
      ),
    ).ids;
    await page.getByTitle(/^YOLO\+CLIP, Acc@0\.5 /).click();
    await expect(page).toHaveURL(/#\/browse/);
    await expect(listed(page).first()).toHaveAttribute('aria-setsize', String(wanted.length));
    await go(page, 'Evaluate');
  });

  await test.step('a slice opens what is wrong in it', async () => {
    await section(page, 'Slices');
    await page.getByLabel('Fewest in a slice').fill('5');
    await page.getByLabel('Fewest in a slice').press('Enter');
    const plot = page.getByRole('group', { name: 'Acc@0.5 by Kind of expression' });
    await plot
      .getByRole('button', { name: /^YOLO\+CLIP, (position|relation|ordinal|size)/ })
      .first()
      .click();
    await expect(page).toHaveURL(/#\/browse/);
    await expect(listed(page).first()).toBeVisible();
    await go(page, 'Evaluate');
    await expect(page.getByRole('tab', { name: 'Slices', exact: true })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });

  await test.step('two fields make a heat table', async () => {
    await page.getByLabel('And by', { exact: true }).selectOption('length');
    await expect(page.getByRole('group', { name: /by Kind of expression and Words/ })).toBeVisible();
    await page.getByLabel('And by', { exact: true }).selectOption('');
  });

  await test.step('drawing round points chooses them', async () => {
    await section(page, 'Compare');
    const cloud = page.getByRole('img', { name: /^IoU of the boxes of / });
    await cloud.scrollIntoViewIfNeeded();
    const box = (await cloud.boundingBox())!;
    const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const;
    await page.mouse.move(...at(0.12, 0.01));
    await page.mouse.down();
    for (const corner of [at(0.99, 0.01), at(0.99, 0.92), at(0.11, 0.92)]) {
      await page.mouse.move(...corner, { steps: 12 });
    }
    await page.mouse.up();
    const show = page.getByRole('button', { name: /^Show the \d+ chosen in Browse/ });
    const count = Number(/\d+/.exec(await show.innerText())?.[0]);
    expect(count).toBeGreaterThan(10);
    await show.click();
    await expect(listed(page).first()).toHaveAttribute('aria-setsize', String(count));
    await go(page, 'Evaluate');
  });

  await test.step('a chart is saved as SVG, PNG and CSV', async () => {
    await section(page, 'Overview');
    const title = 'Accuracy over the IoU threshold';
    for (const [kind, item] of [
      ['svg', 'Save as SVG'],
      ['png', 'Save as PNG'],
      ['csv', 'Save its numbers as CSV'],
    ] as const) {
      const file = join(folder, `chart.${kind}`);
      await answerSaveDialog(workbench, file);
      await page.getByRole('button', { name: `Save the chart: ${title}` }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await expect.poll(() => existsSync(file) && readFileSync(file).length > 100).toBe(true);
    }
    const svg = readFileSync(join(folder, 'chart.svg'), 'utf8');
    expect(svg).toContain(`<title>${title}</title>`);
    expect(svg).toContain('ground truth, revision');
    expect(svg).toContain('stroke-dasharray');
    expect(svg).not.toMatch(/var\(--|href|class=|<script/);
    const wellFormed = await page.evaluate(
      (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null,
      svg,
    );
    expect(wellFormed).toBe(true);
    expect(readFileSync(join(folder, 'chart.png')).subarray(1, 4).toString()).toBe('PNG');
    const [head, ...rows] = readFileSync(join(folder, 'chart.csv'), 'utf8').trimEnd().split('\r\n');
    expect(head).toBe('run,method,threshold,accuracy');
    expect(rows).toHaveLength(3 * 21);
  });

  let before: string[] = [];
  await test.step('an evaluation is kept', async () => {
    before = await resultTexts(page);
    await page.getByRole('button', { name: 'Save evaluation' }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this evaluation' });
    await dialog.getByLabel('Name').fill('Before correcting');
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(dialog).toBeHidden();
  });

  await test.step('suspects are reviewed by keys, and a step is taken back', async () => {
    await section(page, 'Suspects');
    await page.getByRole('button', { name: 'Review', exact: true }).click();
    await expect(page).toHaveURL(/#\/inspect\/\d+$/);
    const banner = page.getByRole('status').filter({ hasText: /^Suspect|Suspect \d+ of/ });
    await expect(banner).toContainText('Suspect 1 of');
    const first = page.url();
    // Keys do nothing before the expression is there.
    const ready = () => expect(banner.getByRole('button', { name: /^Keep/ })).toBeEnabled();
    await ready();
    await page.keyboard.press('Shift+k');
    await expect(banner).toContainText('Suspect 2 of');
    await expect(banner).toContainText('1 looked at');
    await ready();
    await page.keyboard.press('Shift+Backspace');
    await expect(banner).toContainText('Suspect 1 of');
    await expect(page).toHaveURL(first);
    await expect(banner).toContainText('0 looked at');
    await ready();
    await page.keyboard.press('Shift+m');
    await expect(banner).toContainText('Suspect 2 of');
    const id = Number(/(\d+)$/.exec(first)?.[1]);
    await expect
      .poll(async () => {
        const detail = await page.evaluate(
          (expressionId) => window.workbench.expressions.get({ expressionId, runIds: [] }),
          id,
        );
        return valueOf(detail).groundTruth?.corrected;
      })
      .toBe(true);
    await page.getByRole('button', { name: 'Leave the queue' }).click();
    await expect(page.getByRole('tab', { name: 'Suspects', exact: true })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });

  await test.step('the kept evaluation has the same numbers, those of now differ', async () => {
    await section(page, 'Overview');
    await expect.poll(() => resultTexts(page)).not.toEqual(before);
    await section(page, 'Saved');
    await page.getByRole('button', { name: 'Compare with now' }).click();
    await expect(page.getByText(/of them have another ground truth than at revision 0/)).toBeVisible();
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(page.getByText(/is the same to the last digit\./)).toBeVisible();
    expect(await resultTexts(page)).toEqual(before);
    await page.getByRole('button', { name: 'Back to the present' }).click();
    await expect.poll(() => resultTexts(page)).not.toEqual(before);
  });

  await test.step('no section keeps anybody out', async () => {
    for (const name of ['Overview', 'Compare', 'Slices', 'Errors', 'Agreement', 'Suspects', 'Saved']) {
      await section(page, name);
      await expect(page.getByRole('tabpanel').locator('.card').first()).toBeVisible();
      const busy = page.locator('#evaluate-panel[aria-busy="true"], #evaluate-panel [aria-busy="true"]');
      await expect(busy).toHaveCount(0);
      expect.soft(await barriers(page), name).toEqual([]);
    }
    await section(page, 'Overview');
  });

  await test.step('a run takes a note, which Jobs shows too', async () => {
    await page.getByRole('button', { name: /^3 runs/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Runs' });
    await dialog
      .getByRole('button', { name: /^Note on run/ })
      .first()
      .click();
    await dialog.getByRole('textbox', { name: /^Note on run/ }).fill('first try');
    await dialog.getByRole('button', { name: 'Save note' }).click();
    await expect(dialog.getByText('first try')).toBeVisible();
    await page.keyboard.press('Escape');
    await go(page, 'Jobs');
    await expect(page.getByText('first try')).toBeVisible();
  });
  expect(workbench.problems).toEqual([]);
});
