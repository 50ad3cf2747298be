/**
 * The main job in one process, with the demo dataset and the pack as they are shipped: import, predict with all
 * methods, browse, correct, undo, evaluate, and everything is still there after a restart.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownMethodIds, type ExpressionDetail, type WorkbenchEvents } from '../../src/common/contract';
import type { Result } from '../../src/common/errors';
import { createEngine, importDemoOnFirstStart, type Engine } from '../../src/main/engine';
import { temporaryFolder } from '../support/workspace';

const resourcesPath = resolve(import.meta.dirname, '../../resources');
const count = 20;

let folder: string;
let engine: Engine;
let events: { name: string; payload: unknown }[];

async function start(more: { readOnly?: boolean } = {}): Promise<void> {
  events = [];
  engine = await createEngine({
    workspacePath: join(folder, 'workspace'),
    resourcesPath,
    logPath: join(folder, 'logs'),
    version: '0.0.0',
    ...more,
  });
  engine.onEvent((name, payload) => events.push({ name, payload }));
}

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(`${result.error.kind}: ${result.error.message}`);
  return result.value;
}

// A checkout without the pack (its weights come from training/) has nothing to do the job with.
const hasPack = existsSync(join(resourcesPath, 'models', 'emojiref-small', 'manifest.json'));

describe.runIf(hasPack)('the main job', { timeout: 300_000 }, () => {
  let datasetId: number;
  let runIds: number[];
  let expressionIds: number[];

  beforeAll(async () => {
    folder = temporaryFolder();
    await start();
  });
  afterAll(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const detailOf = async (expressionId: number): Promise<ExpressionDetail> =>
    valueOf(await engine.client.expressions.get({ expressionId, runIds }));

  it('imports the demo at the first start only', async () => {
    const jobId = await importDemoOnFirstStart(engine, resourcesPath);
    const job = await engine.jobFinished(jobId ?? 0);
    expect(job).toMatchObject({ kind: 'import', state: 'done', result: { datasetId: expect.any(Number) } });
    const [dataset] = valueOf(await engine.client.datasets.list({}));
    const lines = readFileSync(join(resourcesPath, 'datasets/emojiref/expressions.jsonl'), 'utf8');
    expect(dataset).toMatchObject({
      name: 'EmojiRef',
      expressions: lines.trimEnd().split('\n').length,
      repaired: 0,
      rejected: 0,
    });
    datasetId = dataset?.id ?? 0;
    expect(await importDemoOnFirstStart(engine, resourcesPath)).toBeNull();
  });

  it('predicts with all methods, with progress', async () => {
    const filter = { datasetId, splits: ['test'], kinds: ['category', 'colour'] };
    const started = valueOf(
      await engine.client.runs.start({ methods: [...ownMethodIds], scope: { filter, limit: count } }),
    );
    const job = await engine.jobFinished(started.jobId);
    expect(job).toMatchObject({ state: 'done', done: 3 * count, total: 3 * count, failed: 0 });
    const told = events.filter(({ name }) => name === 'jobs.changed').map(({ payload }) => payload);
    expect((told as WorkbenchEvents['jobs.changed'][]).some(({ state }) => state === 'running')).toBe(true);
    runIds = started.runIds;
    const runs = valueOf(await engine.client.runs.list({ datasetId }));
    expect(runs.map(({ method, predictions, failures }) => ({ method, predictions, failures }))).toEqual(
      ownMethodIds.map((method) => ({ method, predictions: count, failures: 0 })),
    );
  });

  it('shows the results in the grid, and their evidence', async () => {
    const results = [{ runId: runIds[0] ?? 0, iouFrom: 0 }];
    expressionIds = Array.from(
      valueOf(await engine.client.browse.ids({ filter: { datasetId, results } })).ids,
    );
    expect(expressionIds).toHaveLength(count);
    const rows = valueOf(await engine.client.browse.rows({ ids: expressionIds, runIds }));
    expect(rows.every((row) => row.results.length === 3)).toBe(true);
    const facets = valueOf(await engine.client.browse.facets({ filter: { datasetId }, runIds }));
    for (const run of facets.runs) expect(run.right + run.wrong).toBe(count);
    // The demo's models know the demo: far more right than a guess among five objects.
    expect(facets.runs.map(({ right }) => right).reduce((sum, right) => sum + right, 0)).toBeGreaterThan(
      count,
    );
    const detail = await detailOf(expressionIds[0] ?? 0);
    expect(detail.predictions.map(({ evidence }) => evidence.method)).toEqual([...ownMethodIds]);
    const image = valueOf(await engine.client.images.read({ imageId: detail.image.id, size: 128 }));
    expect(image.contentType).toBe('image/jpeg');
  });

  it('corrects the ground truth by accepting an answer, and takes it back', async () => {
    const rows = valueOf(await engine.client.browse.rows({ ids: expressionIds, runIds }));
    const row = rows.find(
      ({ results }) => results[2] && results[2].box !== null && (results[2].iou ?? 1) < 1,
    );
    const before = await detailOf(row?.id ?? 0);
    const answer = before.predictions[2];
    const change = {
      kind: 'ground-truth' as const,
      referentId: row?.referentId ?? 0,
      expectedRevision: before.groundTruth?.revision ?? 0,
      box: answer?.box ?? null,
      mask: answer?.mask ?? null,
      source: 'accepted' as const,
      runId: answer?.runId ?? null,
    };
    const accepted = valueOf(await engine.client.corrections.apply({ change, label: 'Accept RisCLIP' }));
    expect(accepted).toMatchObject({ undoState: { undo: 'Accept RisCLIP', redo: null }, revision: 1 });
    const after = await detailOf(row?.id ?? 0);
    expect(after.predictions[2]?.iou).toBe(1);
    expect(after.groundTruth).toMatchObject({
      corrected: true,
      originalBox: before.groundTruth?.originalBox,
    });
    expect(await engine.client.corrections.apply({ change, label: 'Accept again' })).toMatchObject({
      ok: false,
      error: { kind: 'conflict' },
    });
    valueOf(await engine.client.corrections.undo({ imageId: before.image.id }));
    const undone = await detailOf(row?.id ?? 0);
    expect(undone.predictions).toEqual(before.predictions);
    expect(undone.groundTruth).toEqual({ ...before.groundTruth, revision: 2 });
  });

  it('evaluates, and finds everything again after a restart', async () => {
    const first = valueOf(await engine.client.evaluation.compute({ runIds }));
    expect(first.runs.map(({ overall }) => overall.count)).toEqual([count, count, count]);
    expect(first.protocol.revision).toBe(2);
    const rows = valueOf(await engine.client.browse.rows({ ids: expressionIds, runIds }));
    const jobs = valueOf(await engine.client.jobs.list({}));
    const imageId = rows[0]?.imageId ?? 0;
    const redo = valueOf(await engine.client.corrections.state({ imageId }));
    await engine.close();
    await start();
    expect(valueOf(await engine.client.browse.rows({ ids: expressionIds, runIds }))).toEqual(rows);
    expect(valueOf(await engine.client.jobs.list({}))).toEqual(jobs);
    expect(valueOf(await engine.client.corrections.state({ imageId }))).toEqual(redo);
    const again = valueOf(await engine.client.evaluation.compute({ runIds }));
    expect({ ...again, computedAt: '' }).toEqual({ ...first, computedAt: '' });
    expect(await importDemoOnFirstStart(engine, resourcesPath)).toBeNull();
    expect(existsSync(join(folder, 'logs', 'engine.log'))).toBe(true);
  });

  it('answers a free question with all methods', async () => {
    const { image } = await detailOf(expressionIds[0] ?? 0);
    const answers = valueOf(
      await engine.client.expressions.ask({
        imageId: image.id,
        text: 'the red fish',
        methods: [...ownMethodIds],
      }),
    );
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it('can be looked at without being changed', async () => {
    await engine.close();
    await start({ readOnly: true });
    expect(valueOf(await engine.client.workspace.info({})).readOnly).toBe(true);
    expect(valueOf(await engine.client.browse.rows({ ids: expressionIds, runIds }))).toHaveLength(count);
    const change = {
      kind: 'review-state' as const,
      expressionId: expressionIds[0] ?? 0,
      state: 'reviewed' as const,
    };
    expect(await engine.client.corrections.apply({ change, label: 'Mark reviewed' })).toMatchObject({
      ok: false,
      error: { kind: 'read-only', hint: expect.stringMatching(/./) },
    });
  });

  it('gives errors as values, with the id of their line in the log', async () => {
    const missing = await engine.client.expressions.get({ expressionId: 987_654, runIds: [] });
    expect(missing).toMatchObject({
      ok: false,
      error: { kind: 'not-found', id: expect.stringMatching(/^\w{8}$/) },
    });
    const id = missing.ok ? '' : missing.error.id;
    expect(readFileSync(join(folder, 'logs', 'engine.log'), 'utf8')).toContain(`"id":"${id}"`);
    expect(await engine.call('browse', 'nowhere', {})).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    });
    expect(await engine.call('browse', '__proto__', {})).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    });
    expect(await engine.call('browse', 'rows', { ids: [NaN], runIds: [] })).toMatchObject({
      ok: false,
      error: { kind: 'invalid' },
    });
  });
});
