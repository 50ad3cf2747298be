import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  browseFilter,
  browseSort,
  type Job,
  type MethodId,
  type WorkbenchEvents,
} from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { decodeStoredImage } from '../../../src/main/engine/expressions/image-files';
import { predict, type PredictRequest, type PredictTools } from '../../../src/main/engine/jobs/predict';
import { JobQueue } from '../../../src/main/engine/jobs/queue';
import { createJobsService } from '../../../src/main/engine/jobs/service';
import { createRunsService } from '../../../src/main/engine/jobs/runs-service';
import { createLogger } from '../../../src/main/engine/logger';
import type { Method } from '../../../src/main/engine/methods/method';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { middleMethod } from '../../support/method';
import {
  addTestDataset,
  addTestRun,
  imageHeight,
  imageWidth,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
  type TestDataset,
} from '../../support/workspace';

let folder: string;
let workspace: Workspace;
let dataset: TestDataset;
let method: Method;
let decoded: number[];
let events: WorkbenchEvents['jobs.changed'][];
let jobs: JobQueue;
let diskFull: boolean;

beforeEach(async () => {
  folder = temporaryFolder();
  workspace = await openTestWorkspace(join(folder, 'workspace'));
  const background = { r: 90, g: 120, b: 40 };
  const image = sharp({ create: { width: imageWidth, height: imageHeight, channels: 3, background } });
  await image.png().toFile(join(folder, 'one.png'));
  dataset = addTestDataset(workspace, {
    images: 12,
    root: folder,
    fileName: (number) => (number === 3 ? 'missing.png' : 'one.png'),
  });
  method = middleMethod();
  decoded = [];
  events = [];
  diskFull = false;
  const log = createLogger(null);
  const { predictions } = workspace.repositories;
  const tools: PredictTools = {
    pendingTasks: (runId, expressionIds) => predictions.pendingTasks(runId, expressionIds),
    save(runId, answers) {
      const room = diskFull
        ? (workspace.database.pragma('page_count', { simple: true }) as number)
        : 1_000_000;
      workspace.database.pragma(`max_page_count = ${room}`);
      predictions.save(runId, answers);
    },
    saveFailure: (runId, expressionId, kind, message) =>
      predictions.saveFailure(runId, expressionId, kind, message),
    decode(imageId) {
      decoded.push(imageId);
      return decodeStoredImage(workspace, imageId);
    },
    method: async () => method,
    emit: () => undefined,
    log,
  };
  jobs = new JobQueue({
    store: workspace.repositories.jobs,
    works: {
      import: () => Promise.reject(new Error('Nothing is imported here.')),
      predict: (request, control) => predict(request as PredictRequest, tools, control),
    },
    emit: (name, payload) => {
      if (name === 'jobs.changed') events.push(payload as Job);
    },
    log,
  });
});
afterEach(async () => {
  await jobs.close();
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

function runsService(damaged: readonly MethodId[] = []) {
  return createRunsService({
    workspace,
    jobs,
    emit: () => undefined,
    expressionIds: (filter) => Array.from(workspace.repositories.browse.ids(filter, browseSort.parse({}))),
    defaultPackId: () => 'pack',
    describeMethod: async (id, methodId) => {
      if (damaged.includes(methodId)) {
        throw new WorkbenchError(
          'model-damaged',
          'text.onnx is not the file it should be.',
          'Install it again.',
        );
      }
      return {
        pack: { id, name: 'Pack', version: '1', hash: 'hash' },
        settings: {},
        variant: 'float32',
        settingsHash: 'settings',
        provider: 'cpu',
        versions: {},
      };
    },
  });
}

async function start(scope: object = {}) {
  const filter = browseFilter.parse({ datasetId: dataset.datasetId });
  return runsService().start({
    methods: ['yolo-clip'],
    packId: null,
    variant: null,
    scope: { filter, expressionIds: null, limit: null, shard: null, ...scope },
  });
}

describe('a predict job', () => {
  it('leaves out a method whose model is damaged, says so, and goes on with the others', async () => {
    const filter = browseFilter.parse({ datasetId: dataset.datasetId });
    const scope = { filter, expressionIds: null, limit: 4, shard: null };
    const { jobId, runIds } = await runsService(['risclip']).start({
      methods: ['risclip', 'yolo-clip'],
      packId: null,
      variant: null,
      scope,
    });
    expect(runIds).toHaveLength(1);
    const reason = 'RisCLIP is left out: text.onnx is not the file it should be.';
    expect(await jobs.finished(jobId)).toMatchObject({
      state: 'done',
      message: `4 answered. ${reason}`,
      result: { answered: 4, leftOut: [reason] },
    });
    const alone = runsService(['risclip']).start({
      methods: ['risclip'],
      packId: null,
      variant: null,
      scope,
    });
    await expect(Promise.resolve(alone)).rejects.toMatchObject({ kind: 'model-damaged' });
  });

  it('answers each expression once, decoding each image once, and tells what failed', async () => {
    const { jobId, runIds } = await start();
    const job = await jobs.finished(jobId);
    expect(job).toMatchObject({
      state: 'done',
      done: 48,
      total: 48,
      failed: 4,
      message: '44 answered, 4 failed.',
      result: { answered: 44, failed: 4, runIds },
    });
    expect(decoded).toEqual(dataset.imageIds);
    expect(workspace.repositories.runs.get(runIds[0] ?? 0)).toMatchObject({ predictions: 44, failures: 4 });
    const failures = workspace.database
      .prepare('SELECT DISTINCT kind, message FROM prediction_failures')
      .all();
    const message = 'The image missing.png is missing.';
    expect(failures).toEqual([{ kind: 'not-found', message }]);
    const [failed, answered] = [dataset.expressionIds[12] ?? 0, dataset.expressionIds[0] ?? 0];
    const { failures: kept } = workspace.repositories;
    expect(kept.ofExpression(failed, runIds)).toEqual([{ runId: runIds[0], method: 'yolo-clip', message }]);
    expect(kept.ofExpression(answered, runIds)).toEqual([]);
    expect(events.filter(({ state }) => state === 'running').length).toBeGreaterThan(0);
  });

  it('continues the run of the same pack: what is answered is skipped, what failed is tried again', async () => {
    await jobs.finished((await start({ limit: 6 })).jobId);
    decoded.length = 0;
    await sharp(join(folder, 'one.png')).toFile(join(folder, 'missing.png'));
    const { jobId, runIds } = await start();
    expect(await jobs.finished(jobId)).toMatchObject({ total: 42, done: 42, failed: 0 });
    // The first image had all of its expressions answered, the second half of them.
    expect(decoded).toEqual(dataset.imageIds.slice(1));
    expect(workspace.repositories.runs.get(runIds[0] ?? 0)).toMatchObject({ predictions: 48, failures: 0 });
    const again = await jobs.finished((await start()).jobId);
    expect(again).toMatchObject({ state: 'done', message: 'Nothing to do: all answered before.' });
  });

  it('goes on when the method fails on one expression', async () => {
    method = middleMethod({ failsOn: (text) => text.includes('number 5') });
    const { jobId, runIds } = await start({ expressionIds: dataset.expressionIds.slice(0, 8) });
    expect(await jobs.finished(jobId)).toMatchObject({ state: 'done', done: 8, failed: 1 });
    expect(workspace.repositories.runs.get(runIds[0] ?? 0)).toMatchObject({ predictions: 7, failures: 1 });
  });

  it('is cancelled within a second, and what it answered is kept', async () => {
    method = middleMethod({ delay: 30 });
    const { jobId, runIds } = await start();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const cancelledAt = performance.now();
    jobs.cancel(jobId);
    const job = await jobs.finished(jobId);
    expect(performance.now() - cancelledAt).toBeLessThan(1_000);
    expect(job.state).toBe('cancelled');
    const kept = workspace.repositories.runs.get(runIds[0] ?? 0)?.predictions;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBe(job.done - job.failed);
    jobs.resume(jobId);
    method = middleMethod();
    expect(await jobs.finished(jobId)).toMatchObject({ state: 'done', total: 48, done: 48 });
  });

  it('pauses where it is, waits over a restart, and goes on when it is resumed', async () => {
    method = middleMethod({ delay: 20 });
    const { jobId, runIds } = await start();
    await new Promise((resolve) => setTimeout(resolve, 200));
    jobs.pause(jobId);
    const paused = await jobs.finished(jobId);
    const kept = workspace.repositories.runs.get(runIds[0] ?? 0)?.predictions ?? 0;
    expect(kept).toBeGreaterThan(0);
    expect(paused).toMatchObject({ state: 'paused', done: kept + paused.failed, total: 48, endedAt: null });
    // What a start of the engine does: interrupted jobs go on, paused ones wait.
    jobs.recover(true);
    expect(jobs.list()[0]?.state).toBe('paused');
    method = middleMethod();
    jobs.resume(jobId);
    expect(await jobs.finished(jobId)).toMatchObject({
      state: 'done',
      done: 48,
      total: 48,
      failed: 4,
      message: '44 answered, 4 failed.',
    });
  });

  it('pauses before its turn, and is cancelled from there', async () => {
    method = middleMethod({ delay: 20 });
    const { jobId: first } = await start({ limit: 8 });
    const { jobId } = await start();
    jobs.pause(jobId);
    await jobs.finished(first);
    expect(jobs.list()[0]).toMatchObject({ id: jobId, state: 'paused', done: 0 });
    jobs.cancel(jobId);
    expect(jobs.list()[0]).toMatchObject({ id: jobId, state: 'cancelled' });
  });

  it('names what failed, until it is answered', async () => {
    method = middleMethod({ failsOn: (text) => text.includes('number 5') });
    const service = createJobsService({ jobs, repositories: workspace.repositories });
    const { jobId } = await start({ expressionIds: dataset.expressionIds.slice(0, 8) });
    await jobs.finished(jobId);
    expect(await service.failures({ jobId })).toEqual({
      count: 1,
      failures: [
        {
          expressionId: dataset.expressionIds[5],
          text: expect.stringContaining('number 5') as string,
          imageId: dataset.imageIds[1],
          method: 'yolo-clip',
          kind: 'internal',
          message: expect.stringContaining('cannot read') as string,
        },
      ],
    });
    method = middleMethod();
    await jobs.finished((await start({ expressionIds: dataset.expressionIds.slice(0, 8) })).jobId);
    expect(await service.failures({ jobId })).toEqual({ count: 0, failures: [] });
  });

  it('fails as a whole when answers cannot be written', async () => {
    diskFull = true;
    const { jobId } = await start();
    expect(await jobs.finished(jobId)).toMatchObject({ state: 'failed', error: { kind: 'disk-full' } });
    expect(jobs.list()[0]).toMatchObject({ id: jobId, state: 'failed' });
    diskFull = false;
    jobs.resume(jobId);
    expect(await jobs.finished(jobId)).toMatchObject({ state: 'done', done: 48 });
  });

  it('ends with a reason when its run is removed meanwhile', async () => {
    method = middleMethod({ delay: 20 });
    const { jobId, runIds } = await start();
    await new Promise((resolve) => setTimeout(resolve, 100));
    workspace.repositories.runs.remove(runIds[0] ?? 0);
    const job = await jobs.finished(jobId);
    expect(job).toMatchObject({
      state: 'failed',
      error: { kind: 'not-found', message: 'The run was removed while it was being filled.' },
    });
    expect(await workspace.checkIntegrity()).toEqual({ ok: true, problems: [] });
  });

  it('is not started on nothing', async () => {
    await expect(start({ expressionIds: [987_654] })).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('model output', () => {
  /** Everything that a person makes. */
  function humanWork() {
    const tables = ['ground_truth', 'referents', 'expressions', 'correction_steps', 'settings', 'state'];
    return tables.map((table) => workspace.database.prepare(`SELECT * FROM ${table}`).all());
  }

  it('never touches human work', async () => {
    const service = createCorrectionsService({ workspace, emit: () => undefined });
    const expressionId = dataset.expressionIds[0] ?? 0;
    await service.apply({
      change: {
        kind: 'ground-truth',
        referentId: dataset.referentIds[0] ?? 0,
        expectedRevision: 0,
        box: { x: 1, y: 2, width: 30, height: 40 },
        mask: null,
        source: 'drawn',
        runId: null,
      },
      label: 'Draw box',
    });
    await service.apply({
      change: { kind: 'failure-label', expressionId, label: 'landmark' },
      label: 'Label failure',
    });
    await service.apply({ change: { kind: 'text', expressionId, text: 'the black cat' }, label: 'Edit' });
    await service.undo({ imageId: dataset.imageIds[0] ?? 0 });
    const before = humanWork();
    const { jobId, runIds } = await start();
    await jobs.finished(jobId);
    workspace.repositories.predictions.save(runIds[0] ?? 0, [
      { expressionId, text: 'the cat', prediction: testPrediction('yolo-clip', null) },
    ]);
    workspace.repositories.predictions.saveFailure(runIds[0] ?? 0, expressionId, 'internal', 'failed');
    expect(humanWork()).toEqual(before);
    workspace.repositories.runs.remove(runIds[0] ?? 0);
    expect(humanWork()).toEqual(before);
  });

  it('is measured against the ground truth of the moment it is saved', async () => {
    const run = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
    const [task] = workspace.repositories.predictions.pendingTasks(run, dataset.expressionIds);
    const box = { x: 300, y: 300, width: 50, height: 50 };
    const service = createCorrectionsService({ workspace, emit: () => undefined });
    // A person corrects the box after the job has read its tasks and before it saves the answer.
    await service.apply({
      change: {
        kind: 'ground-truth',
        referentId: dataset.referentIds[0] ?? 0,
        expectedRevision: 0,
        box,
        mask: null,
        source: 'drawn',
        runId: null,
      },
      label: 'Draw box',
    });
    const prediction = testPrediction('yolo-clip', box);
    workspace.repositories.predictions.save(run, [
      { expressionId: task?.expressionId ?? 0, text: task?.text ?? '', prediction },
    ]);
    expect(workspace.repositories.browse.rows([task?.expressionId ?? 0], [run])[0]?.results[0]?.iou).toBe(1);
  });

  it('goes with its run, and everything goes with its dataset', async () => {
    const first = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
    const second = addTestRun(workspace, dataset.datasetId, 'risclip');
    for (const [run, id] of [
      [first, 'yolo-clip'],
      [second, 'risclip'],
    ] as const) {
      const box = { x: 1, y: 1, width: 9, height: 9 };
      const answers = dataset.expressionIds.map((expressionId) => ({
        expressionId,
        text: '',
        prediction: testPrediction(id, box),
      }));
      workspace.repositories.predictions.save(run, answers);
      workspace.repositories.predictions.saveFailure(
        run,
        dataset.expressionIds[0] ?? 0,
        'internal',
        'failed',
      );
    }
    const count = (table: string) =>
      workspace.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    expect(count('prediction_evidence')).toBe(96);
    workspace.repositories.runs.remove(first);
    expect([count('predictions'), count('prediction_evidence'), count('prediction_failures')]).toEqual([
      48, 48, 1,
    ]);
    const service = createCorrectionsService({ workspace, emit: () => undefined });
    await service.apply({
      change: { kind: 'review-state', expressionId: dataset.expressionIds[0] ?? 0, state: 'reviewed' },
      label: 'Mark reviewed',
    });
    workspace.repositories.datasets.remove(dataset.datasetId);
    expect([...workspace.repositories.datasets.clear(dataset.datasetId)].length).toBeGreaterThan(1);
    const tables = ['images', 'referents', 'ground_truth', 'expressions', 'runs', 'predictions'];
    for (const table of [...tables, 'prediction_evidence', 'prediction_failures', 'correction_steps']) {
      expect(count(table), table).toBe(0);
    }
    expect(await workspace.checkIntegrity()).toEqual({ ok: true, problems: [] });
  });
});
