/** The Report screen: what goes into a report, what it then looks like, and the files it becomes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { barriers } from './support/accessibility';
import { demoIsShown, go, jobEnds, startPrediction } from './support/screens';
import { expect, test } from './support/workbench';

test('sections and examples are chosen, shown at once, and written in every format', async ({
  folder,
  open,
}) => {
  const { page, app } = await open();
  await demoIsShown(page);
  await startPrediction(page, 80);
  await jobEnds(page, 'predict');

  await test.step('an example is picked in Browse, another in Inspect', async () => {
    await go(page, 'Browse');
    await page.getByRole('option').first().click();
    await page.keyboard.press('x');
    await page.getByRole('button', { name: 'Add to report' }).click();
    await expect(page.getByText('1 of the report’s examples')).toBeVisible();
    await page.getByRole('option').nth(1).dblclick();
    await expect(page).toHaveURL(/#\/inspect/);
    await page.getByRole('button', { name: 'Add to the report’s examples' }).click();
    await expect(page.getByText('2 of the report’s examples')).toBeVisible();
  });

  await go(page, 'Report');
  const preview = page.frameLocator('iframe[title="Preview of the report"]');
  await expect(preview.getByRole('heading', { level: 1 })).toHaveText(/Visual grounding on EmojiRef/);
  await expect(preview.getByRole('heading', { name: /^Chosen/ })).toBeVisible();

  await test.step('nothing keeps anybody from using it', async () => {
    expect(await barriers(page, { exclude: 'iframe' })).toEqual([]);
  });

  await test.step('a section that is not wanted is not there', async () => {
    await expect(preview.getByRole('heading', { name: /^Protocol/ })).toBeVisible();
    await page.getByRole('checkbox', { name: 'Protocol' }).uncheck();
    await expect(preview.getByRole('heading', { name: /^Protocol/ })).toHaveCount(0);
    await expect(preview.getByRole('heading', { name: /^Results/ })).toBeVisible();
  });

  await test.step('the examples are taken out again', async () => {
    await expect(page.getByRole('button', { name: /^Take out:/ })).toHaveCount(2);
    await page.getByRole('button', { name: 'Take all out' }).click();
    await expect(preview.getByRole('heading', { name: /^Chosen/ })).toHaveCount(0);
  });

  await test.step('every format is written', async () => {
    const target = join(folder, 'report');
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, target);
    await page.getByRole('checkbox', { name: 'REFER (RefCOCO style)' }).check();
    await page.getByRole('checkbox', { name: 'COCO results' }).check();
    await page.getByRole('button', { name: 'Export…' }).click();
    await expect(page.getByText('Exported.')).toBeVisible({ timeout: 60_000 });
    const read = (name: string) => readFileSync(join(target, name), 'utf8');
    expect(read('report.html')).toMatch(/^<!doctype html>/);
    expect(read('report.html')).not.toContain('<h2>Protocol');
    expect(read('report.md')).toMatch(/^# Visual grounding on EmojiRef/m);
    expect(read('report.tex')).toContain('\\toprule');
    expect(read('expressions.csv')).toMatch(/^expression,split,/);
    expect(read('answers.csv')).toMatch(/^expression,run,/);
    expect(read('runs.csv')).toContain('risclip');
    expect((JSON.parse(read('report.json')) as { schema: number }).schema).toBe(1);
    expect(read('corrections.csv')).toMatch(/^kind,image,/);
    expect(read('dataset-refer/instances.json')).toContain('"annotations"');
    expect(read('predictions-run-1-yolo-clip.coco.json')).toContain('"bbox"');
    expect(read('report.pdf').slice(0, 5)).toBe('%PDF-');
  });
});
