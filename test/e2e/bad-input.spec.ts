/** Bad input gives an error with kind, message and hint, in the window and on the command line; the rest goes on. */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import type { Page } from '@playwright/test';
import type { ErrorValue } from '../../src/common/errors';
import {
  makeDamagedPack,
  makeHostileRefer,
  makeTroubledDataset,
  unwritableFolder,
} from './support/bad-input';
import { demoIsShown, go, jobEnds, tiles, valueOf } from './support/screens';
import { expect, root, test } from './support/workbench';

async function lookAtImport(page: Page, path: string): Promise<void> {
  await go(page, 'Datasets');
  await page.getByRole('button', { name: 'Import…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Import a dataset' });
  await dialog.getByLabel('Folder or annotation file').fill(path);
  await dialog.getByRole('button', { name: 'Look at it' }).click();
}

/** Runs the built command line; gives its exit code and what it said as JSON lines. */
async function commandLine(...args: string[]): Promise<{ code: number; lines: Record<string, unknown>[] }> {
  const cli = join(root, 'out', 'main', 'cli.js');
  const run = promisify(execFile)(process.execPath, [cli, ...args, '--json'], { maxBuffer: 1e8 });
  const { stdout, code } = await run.then(
    (output) => ({ stdout: output.stdout + output.stderr, code: 0 }),
    (failed: { stdout: string; stderr: string; code: number }) => ({
      stdout: failed.stdout + failed.stderr,
      code: failed.code,
    }),
  );
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  return { code, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

function errorIn(lines: Record<string, unknown>[]): ErrorValue {
  const line = lines.find((each) => each['type'] === 'error');
  return line?.['error'] as ErrorValue;
}

const troubles = ['truncated.jpg', 'text.png', 'huge.png', 'missing.png'];

test('unreadable, huge and missing images, boxes outside and endless expressions', async ({
  folder,
  open,
}) => {
  const dataset = makeTroubledDataset(join(folder, 'troubled'));

  await test.step('in the window', async () => {
    const { page } = await open();
    await demoIsShown(page);
    await lookAtImport(page, dataset);
    const dialog = page.getByRole('dialog', { name: 'Import a dataset' });
    await dialog.getByRole('button', { name: /^Import \d+ expression/ }).click();
    await jobEnds(page, 'import');
    await dialog.getByRole('button', { name: 'Browse it' }).click();
    await expect(tiles(page).filter({ hasText: 'the sound one' })).toBeVisible();
    await expect(tiles(page).filter({ hasText: 'the clipped one' })).toBeVisible();
    const problems = valueOf(await page.evaluate(() => window.workbench.datasets.problems({ datasetId: 2 })));
    const rejected = JSON.stringify(problems.rejected);
    for (const file of troubles) expect(rejected).toContain(file);
    expect(rejected).toContain('outside');
    expect(JSON.stringify(problems.repaired)).toContain('clipped');
    for (const problem of [...problems.rejected, ...problems.repaired]) {
      expect(problem).toMatchObject({
        kind: expect.stringMatching(/^[a-z-]+$/),
        where: expect.stringMatching(/./),
        message: expect.stringMatching(/./),
      });
    }
    await go(page, 'Datasets');
    await expect(page.getByText('Troubled').first()).toBeVisible();
  });

  await test.step('on the command line', async () => {
    const { code, lines } = await commandLine('import', dataset, '--workspace', join(folder, 'cli'));
    expect(code).toBe(3);
    const said = JSON.stringify(lines);
    for (const file of troubles) expect(said).toContain(file);
  });
});

test('a pickle that would run a command', async ({ folder, open }) => {
  const refer = makeHostileRefer(join(folder, 'hostile'));
  const { page } = await open();
  await demoIsShown(page);
  await lookAtImport(page, refer);
  const alert = page.getByRole('dialog').getByRole('alert');
  await expect(alert).toBeVisible();
  const source = { path: refer };
  const result = await page.evaluate((given) => window.workbench.datasets.preview(given), source);
  expect(result).toMatchObject({ ok: false, error: { kind: 'refused', hint: expect.stringMatching(/./) } });
  if (!result.ok) await expect(alert).toContainText(result.error.message);

  const { code, lines } = await commandLine('import', refer, '--workspace', join(folder, 'cli'));
  expect(code).toBe(1);
  expect(errorIn(lines)).toMatchObject({ kind: 'refused', hint: expect.stringMatching(/./) });
});

test('a model file with one byte flipped', async ({ folder, open }) => {
  const workspace = join(folder, 'workspace');
  makeDamagedPack(join(workspace, 'models'));
  const { page } = await open();
  await demoIsShown(page);
  await go(page, 'Models');
  const card = page.getByRole('article', { name: 'Damaged pack' });
  await card.getByRole('button', { name: 'Verify files' }).click();
  await expect(card.getByRole('alert')).toContainText('detector.onnx');
  const asked = await page.evaluate(() =>
    window.workbench.expressions.ask({
      imageId: 1,
      text: 'the dog',
      methods: ['yolo-clip'],
      packId: 'damaged',
    }),
  );
  expect(JSON.stringify(asked)).toContain('detector.onnx');
  // The sound pack beside it still answers.
  const sound = valueOf(
    await page.evaluate(() =>
      window.workbench.expressions.ask({
        imageId: 1,
        text: 'the dog',
        methods: ['yolo-clip'],
        packId: 'emojiref-small',
      }),
    ),
  );
  expect(sound).toMatchObject([{ ok: true }]);
});

test('a workspace from a newer version is left alone', async ({ folder, open }) => {
  const first = await open();
  await demoIsShown(first.page);
  const { path } = valueOf(await first.page.evaluate(() => window.workbench.workspace.info({})));
  await first.close();
  const file = join(path, 'workspace.sqlite');
  const database = new Database(file);
  database.pragma('user_version = 999');
  database.close();

  const { page } = await open();
  await expect(page.getByRole('alert').filter({ hasText: 'newer' }).first()).toBeVisible();
  const result = await page.evaluate(() => window.workbench.datasets.list({}));
  expect(result).toMatchObject({
    ok: false,
    error: { kind: 'newer-version', hint: expect.stringMatching(/./) },
  });

  const { code, lines } = await commandLine('evaluate', '--workspace', join(folder, 'workspace'));
  expect(code).toBe(1);
  expect(errorIn(lines)).toMatchObject({ kind: 'newer-version', hint: expect.stringMatching(/./) });
});

test('a folder that cannot be written', async ({ folder, open }) => {
  const unwritable = unwritableFolder(join(folder, 'unwritable'));
  const { page } = await open();
  await demoIsShown(page);
  const result = await page.evaluate(
    (path) =>
      window.workbench.datasets.export({ datasetId: 1, path: `${path}/export`, format: 'grounding-jsonl' }),
    unwritable,
  );
  expect(result).toMatchObject({ ok: false, error: { kind: 'read-only', hint: expect.stringMatching(/./) } });
  await expect(tiles(page).first()).toBeVisible();

  const { code, lines } = await commandLine('evaluate', '--workspace', `${unwritable}/workspace`);
  expect(code).toBe(1);
  expect(errorIn(lines)).toMatchObject({ kind: 'read-only', hint: expect.stringMatching(/./) });
});

test('a REFER folder written by Python’s own pickle, protocols 0 and 2, on the command line', async ({
  folder,
}) => {
  for (const protocol of [0, 2]) {
    const workspace = join(folder, `workspace-${protocol}`);
    mkdirSync(workspace);
    const imported = await commandLine(
      'import',
      join(root, 'test', 'fixtures', 'datasets', `refer-protocol-${protocol}`),
      '--images',
      join(root, 'resources', 'datasets', 'emojiref', 'images'),
      '--workspace',
      workspace,
    );
    expect([0, 3]).toContain(imported.code);
    const predicted = await commandLine('predict', '--limit', '2', '--workspace', workspace);
    expect(predicted.code).toBe(0);
    const report = await commandLine(
      'report',
      '--workspace',
      workspace,
      '--out',
      join(folder, `report-${protocol}`),
    );
    expect(report.code).toBe(0);
  }
});
