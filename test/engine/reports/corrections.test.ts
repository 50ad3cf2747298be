/** The corrections that a report lists, made by the service that people's changes go through. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import {
  reportOptions,
  type Change,
  type CorrectionEffect,
  type CorrectionMade,
  type Evaluation,
} from '../../../src/common/contract';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { mostListed } from '../../../src/main/engine/reports/corrections';
import { createReportsService } from '../../../src/main/engine/reports/service';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  addTestRun,
  maskOfBox,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

const schema = z.fromJSONSchema(
  JSON.parse(readFileSync('docs/report.schema.json', 'utf8')) as Parameters<typeof z.fromJSONSchema>[0],
);

let path: string;
let workspace: Workspace;
let dataset: TestDataset;
let runId: number;

beforeEach(async () => {
  path = temporaryFolder();
  workspace = await openTestWorkspace(join(path, 'workspace'));
  workspace.repositories.settings.change({ author: 'Ada' });
  dataset = addTestDataset(workspace, { images: 40, masks: true });
  runId = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
  workspace.repositories.predictions.save(
    runId,
    dataset.expressionIds.map((expressionId) => ({
      expressionId,
      text: textOf(expressionId),
      prediction: testPrediction('yolo-clip', truthBox(0)),
    })),
  );
});
afterEach(() => {
  workspace.close();
  rmSync(path, { recursive: true, force: true });
});

const textOf = (id: number) => workspace.repositories.expressions.get(id)?.text ?? '';
const expressionId = (index: number) => dataset.expressionIds[index] ?? 0;
const referentId = (index: number) => dataset.referentIds[index] ?? 0;

async function apply(change: Change) {
  const service = createCorrectionsService({ workspace, emit: () => {} });
  return service.apply({ change, label: 'Change' });
}

async function moveBox(index: number, by: number, mask: boolean) {
  const now = workspace.repositories.groundTruth.of(referentId(index));
  const box = now?.original.box ?? truthBox(index);
  const moved = { ...box, x: box.x + by };
  await apply({
    kind: 'ground-truth',
    referentId: referentId(index),
    expectedRevision: now?.revision ?? 0,
    box: moved,
    mask: mask ? maskOfBox(moved) : null,
    source: 'accepted',
    runId,
  });
}

async function write(evaluation: Record<string, unknown> = {}) {
  const service = createReportsService({
    workspace,
    version: '1',
    imagePath: async () => join('test', 'fixtures', 'images', 'colour.jpg'),
  });
  const options = reportOptions.parse({ evaluation: { runIds: [runId], ...evaluation }, examples: 0 });
  const folder = join(path, 'report');
  await service.export({ options, folder, formats: ['html', 'csv', 'json'] });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const report = JSON.parse(read('report.json')) as Evaluation & {
    corrections: CorrectionMade[];
    correctionEffect: CorrectionEffect | null;
  };
  expect(schema.safeParse(report).error?.issues ?? []).toEqual([]);
  return { report, page: read('report.html'), lines: read('corrections.csv').trimEnd().split('\r\n') };
}

it('lists boxes, masks, texts, objects and additions with who, when, why and the IoU', async () => {
  await moveBox(0, 25, true);
  await apply({ kind: 'note', expressionId: expressionId(1), note: 'the box had the shadow in it' });
  const untouched = workspace.repositories.groundTruth.of(referentId(3));
  await apply({
    kind: 'ground-truth',
    referentId: referentId(3),
    expectedRevision: 0,
    box: untouched?.box ?? null,
    mask: maskOfBox({ ...truthBox(3), width: 50 }),
    source: 'segmented',
    runId: null,
  });
  await apply({ kind: 'text', expressionId: expressionId(9), text: 'the other dog' });
  await apply({ kind: 'link-referent', expressionId: expressionId(12), referentId: referentId(7) });
  await apply({
    kind: 'add-expression',
    imageId: dataset.imageIds[5] ?? 0,
    text: 'the new one',
    referent: { referentId: referentId(10) },
  });

  const { report, page, lines } = await write({ coverage: 'all' });
  const made = report.corrections;
  expect(made.map(({ kind, image }) => [kind, image])).toEqual([
    ['box', 'image-0'],
    ['mask', 'image-1'],
    ['text', 'image-2'],
    ['object', 'image-3'],
    ['added', 'image-5'],
  ]);
  expect(made[0]).toMatchObject({
    referent: 'referent-0',
    expressions: ['expression-0', 'expression-1'],
    originalBox: { x: 10, y: 20, width: 100, height: 80 },
    correctedBox: { x: 35, y: 20, width: 100, height: 80 },
    iou: 75 / 125,
    maskIou: 75 / 125,
    source: 'accepted',
    runId,
    author: 'Ada',
    note: 'the box had the shadow in it',
  });
  expect(made[1]).toMatchObject({ iou: 1, maskIou: 0.5, source: 'segmented', runId: null });
  expect(made[2]).toMatchObject({ text: 'the other dog', originalText: 'the cat left of number 9' });
  expect(made[3]).toMatchObject({ referent: 'referent-7', expressions: ['expression-12'] });
  expect(made[4]).toMatchObject({ text: 'the new one', author: 'Ada', originalBox: null, iou: null });
  for (const one of made) {
    expect(one.author).toBe('Ada');
    expect(Date.parse(one.savedAt)).toBeGreaterThan(Date.parse('2026-01-01'));
  }
  expect(report.correctionEffect).toMatchObject({ corrected: 3, runs: expect.any(Array) as unknown });
  // The protocol counts the expressions that these concern.
  expect(report.protocol.corrections).toBe(new Set(made.flatMap(({ expressions }) => expressions)).size);
  expect(lines).toHaveLength(1 + made.length);
  expect(lines[1]).toContain(
    'box,image-0,referent-0,"[""expression-0"",""expression-1""]",the cat,,10,20,100,80,35',
  );
  expect(page).toContain('1 box (IoU with the imported ones 60.0% on average)');
  expect(page).toContain('the box had the shadow in it');
  expect(page).toContain('Box: Accepted, YOLO+CLIP');
});

it('forgets what was taken back, and what came after a pinned revision', async () => {
  await moveBox(0, 25, true);
  const { revision } = await createCorrectionsService({ workspace, emit: () => {} }).undo({
    imageId: dataset.imageIds[0] ?? 0,
  });
  expect((await write()).report.corrections).toEqual([]);
  await moveBox(2, 30, true);
  expect((await write()).report.corrections).toHaveLength(1);
  expect((await write({ split: 'train' })).report.corrections).toHaveLength(0);
  expect((await write({ revision })).report.corrections).toEqual([]);
  const { report, page, lines } = await write({ groundTruth: 'original' });
  expect(report.corrections).toEqual([]);
  expect(page).not.toContain('>Corrections');
  expect(lines).toHaveLength(1);
});

it('lists so many on the page, and all in the files', async () => {
  for (let index = 0; index < mostListed + 5; index += 1) await moveBox(index, 10, false);
  const { report, page, lines } = await write();
  expect(report.corrections).toHaveLength(mostListed + 5);
  expect(lines).toHaveLength(1 + mostListed + 5);
  expect(page).toContain('… and 5 more: corrections.csv and report.json list all.');
  expect(page.match(/Box: Accepted/g)).toHaveLength(mostListed);
});
