/** Answers of other methods, in and out of the window; and a preview of a dataset that is not waited for. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { barriers } from './support/accessibility';
import { demoIsShown, go, valueOf } from './support/screens';
import { expect, root, test } from './support/workbench';

const demo = join(root, 'resources', 'datasets', 'emojiref');

interface DemoLine {
  id: string;
  referent: string | null;
  box: [number, number, number, number];
}

function demoLines(name: string): DemoLine[] {
  const lines = readFileSync(join(demo, name), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as DemoLine);
}

/** The system's own dialog, answered as a person would. */
async function answerOpenDialog(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
}

test('a fourth method’s predictions are taken, evaluated and given out again', async ({ folder, open }) => {
  const { page, app, problems } = await open();
  await demoIsShown(page);
  const truths = new Map(demoLines('referents.jsonl').map(({ id, box }) => [id, box]));
  const asked = demoLines('expressions.jsonl')
    .filter(({ referent }) => referent !== null && truths.has(referent))
    .slice(0, 60);
  // Right in three of four; one names no expression of the dataset.
  const answers = asked.map(({ id, referent }, index) => ({
    expression: id,
    box: index % 4 === 3 ? [0, 0, 1, 1] : truths.get(referent ?? ''),
    score: 0.5,
  }));
  const given = join(folder, 'fourth method.json');
  writeFileSync(given, JSON.stringify([...answers, { expression: 'unheard of', box: [1, 1, 2, 2] }]));

  await test.step('they become a run named as their file; what cannot be taken is told', async () => {
    await go(page, 'Datasets');
    await answerOpenDialog(app, given);
    await page.getByRole('button', { name: 'More about EmojiRef' }).click();
    await page.getByRole('menuitem', { name: 'Import predictions…' }).click();
    await expect(page.getByText('fourth method: 60 expressions answered, 1 answer left out.')).toBeVisible();
    const [run] = valueOf(await page.evaluate(() => window.workbench.runs.list({ datasetId: 1 })));
    expect(run).toMatchObject({ method: 'imported', packName: 'fourth method', predictions: 60 });
  });

  await test.step('Evaluate shows its numbers under its name', async () => {
    await go(page, 'Evaluate');
    await page.getByLabel('Split').selectOption({ label: 'All splits' });
    const row = page.getByRole('row', { name: /fourth method/ }).first();
    await expect(row).toBeVisible();
    await expect(row).toContainText('75.0');
  });

  const target = join(folder, 'given out.json');
  const dialog = page.getByRole('dialog', { name: 'Export predictions' });
  await test.step('the dialog to export is accessible, and wants a file', async () => {
    await page.keyboard.press('Control+Shift+E');
    await expect(dialog).toBeVisible();
    await expect(dialog.getByLabel('Run')).toContainText('fourth method');
    await expect(dialog.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
    expect(await barriers(page, { include: '[role="dialog"]' })).toEqual([]);
  });

  await test.step('its predictions are written', async () => {
    await dialog.getByLabel('Form').selectOption({ label: 'COCO results' });
    await dialog.getByLabel('New file').fill(target);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText(/^60 predictions of fourth method, run \d+ exported\./)).toBeVisible();
    const written = JSON.parse(readFileSync(target, 'utf8')) as { bbox: number[] }[];
    expect(written).toHaveLength(60);
    expect(written[3]?.bbox).toEqual([0, 0, 1, 1]);
  });

  await test.step('nothing that exists is overwritten', async () => {
    const before = readFileSync(target, 'utf8');
    await page.keyboard.press('Control+Shift+E');
    await dialog.getByLabel('New file').fill(target);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByText(`${target} exists already.`)).toBeVisible();
    expect(readFileSync(target, 'utf8')).toBe(before);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });
  expect(problems).toEqual([]);
});

/** Our own format: one picture, and so many expressions on one object of it. */
function makeDataset(folder: string, expressions: number): string {
  mkdirSync(folder);
  const [image = { file: '' }] = readFileSync(join(demo, 'images.jsonl'), 'utf8')
    .trimEnd()
    .split('\n', 1)
    .map((line) => JSON.parse(line) as { file: string });
  copyFileSync(join(demo, image.file), join(folder, 'one.webp'));
  const lines = (values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const words = { name: 'Long', description: '', licence: '', source: '' };
  writeFileSync(
    join(folder, 'dataset.json'),
    JSON.stringify({ format: 'grounding-jsonl', version: 1, ...words }),
  );
  writeFileSync(join(folder, 'images.jsonl'), lines([{ ...image, id: 'one', file: 'one.webp' }]));
  writeFileSync(
    join(folder, 'referents.jsonl'),
    lines([{ id: 'r', image: 'one', category: 'thing', box: [1, 1, 20, 20] }]),
  );
  writeFileSync(
    join(folder, 'expressions.jsonl'),
    lines(
      Array.from({ length: expressions }, (_, index) => ({ id: `e${index}`, referent: 'r', text: 'it' })),
    ),
  );
  return folder;
}

test('reading a long dataset is stopped; another is looked at at once', async ({ folder, open }) => {
  const { page, problems } = await open();
  await demoIsShown(page);
  const long = makeDataset(join(folder, 'long'), 600_000);
  const short = makeDataset(join(folder, 'short'), 3);
  await go(page, 'Datasets');
  await page
    .getByRole('button', { name: /^Import/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog', { name: 'Import a dataset' });
  const path = dialog.getByLabel('Folder or annotation file');

  await test.step('the preview says that it reads, and stops when told', async () => {
    await path.fill(long);
    await path.press('Enter');
    await dialog.getByRole('button', { name: 'Stop reading' }).click();
    await expect(dialog.getByRole('button', { name: 'Look at it' })).toBeEnabled();
    await expect(path).toHaveValue(long);
    const under = () => page.evaluate(() => window.workbench.works.list({}));
    await expect.poll(async () => valueOf(await under()).map(({ name }) => name)).not.toContain('preview');
  });

  await test.step('what was stopped never comes up; the next one does', async () => {
    await path.fill(short);
    await dialog.getByRole('button', { name: 'Look at it' }).click();
    await expect(dialog.getByRole('button', { name: 'Import 3 expressions' })).toBeEnabled();
    await expect(dialog.getByText(/600,000/)).toHaveCount(0);
  });
  expect(problems).toEqual([]);
});
