/** Long calls: each tells how far it is in numbers, and ends as cancelled, leaving nothing half done, when it is stopped. */
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contract, type Work, type WorkName, workNames } from '../../../src/common/contract';
import type { Result } from '../../../src/common/errors';
import { createEngine, type Engine } from '../../../src/main/engine';
import { Works } from '../../../src/common/works/works';
import { temporaryFolder } from '../../support/workspace';

const resources = resolve('resources');
let folder = '';
let engine: Engine;
let datasetId = 0;
let told: Work[] = [];

function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

/** The dataset's own boxes as answers: 2,201 of them, so that they are stored in two portions. */
function answersFile(count: number): string {
  const path = join(folder, `answers-${count}.csv`);
  const ids = engineIds.slice(0, count);
  writeFileSync(
    path,
    `expression,x,y,width,height,score\n${ids.map((id) => `${id},1,2,3,4,0.5\n`).join('')}`,
  );
  return path;
}
let engineIds: string[] = [];

beforeAll(async () => {
  folder = temporaryFolder();
  engine = await createEngine({
    workspacePath: join(folder, 'workspace'),
    resourcesPath: resources,
    logPath: null,
    version: 'test',
  });
  engine.onEvent((name, payload) => {
    if (name === 'work.progress') told.push(payload as Work);
  });
  const { jobId } = valueOf(
    await engine.client.datasets.import({ path: join(resources, 'datasets', 'emojiref') }),
  );
  datasetId = Number((await engine.jobFinished(jobId)).result?.['datasetId']);
  const lines = (await import('node:fs')).readFileSync(
    join(resources, 'datasets', 'emojiref', 'expressions.jsonl'),
    'utf8',
  );
  engineIds = lines
    .trim()
    .split('\n')
    .map((line) => String((JSON.parse(line) as { id: string }).id));
}, 120_000);
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Calls, and stops the work a turn after it has told something that `when` accepts. */
async function stopped<Value>(
  name: WorkName,
  call: () => Promise<Result<Value>>,
  when: (work: Work) => boolean,
) {
  const off = engine.onEvent((event, payload) => {
    if (event !== 'work.progress') return;
    const work = payload as Work;
    if (work.name === name && !work.ended && when(work))
      setImmediate(() => void engine.client.works.stop({ work: name }));
  });
  const result = await call();
  off();
  return result;
}

async function watched<Value>(call: () => Promise<Result<Value>>): Promise<Work[]> {
  told = [];
  valueOf(await call());
  return told;
}

describe('the contract', () => {
  it('names one call for each work', () => {
    const named = Object.values(contract).flatMap((domain) =>
      Object.values(domain).flatMap(({ work }) => work ?? []),
    );
    expect([...new Set<string>(named)].sort()).toEqual([...workNames].sort());
  });
});

describe('a work', () => {
  it('tells its rate and the time that is left, and that it has ended', async () => {
    const events: Work[] = [];
    let now = 0;
    const works = new Works(
      (work) => events.push(work),
      () => now,
    );
    await works.run('measure', (control) => {
      control.begin('Round 1', 100);
      for (let step = 0; step < 10; step += 1) {
        now += 1_000;
        control.advance(5);
      }
      expect(works.list()).toMatchObject([{ name: 'measure', message: 'Round 1', done: 50, total: 100 }]);
    });
    expect(events.at(-2)).toMatchObject({ rate: 5, remainingSeconds: 10, ended: false });
    expect(events.at(-1)).toMatchObject({ ended: true });
    expect(works.list()).toEqual([]);
  });
});

describe('importing predictions', () => {
  it('tells numbers for each step', async () => {
    const path = answersFile(2_201);
    const works = await watched(() =>
      engine.client.runs.importPredictions({ datasetId, path, name: 'watched' }),
    );
    expect(works.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['Reading the file', 'Looking up what is answered', 'Storing answers']),
    );
    expect(works.some(({ total }) => total === 2_201)).toBe(true);
    expect(works.at(-1)).toMatchObject({ done: 2_201, total: 2_201, ended: true });
  });

  it('keeps what is stored when it is stopped, says how much, and goes on with the same file', async () => {
    const path = answersFile(2_202);
    const call = () => engine.client.runs.importPredictions({ datasetId, path, name: 'stopped' });
    const result = await stopped('import-predictions', call, ({ message }) => message === 'Storing answers');
    expect(result).toMatchObject({
      ok: false,
      error: { kind: 'cancelled', message: 'Stopped: 2,000 of 2,202 answers are stored.' },
    });
    const count = async () =>
      valueOf(await engine.client.runs.list({ datasetId })).find(({ packName }) => packName === 'stopped')
        ?.predictions;
    expect(await count()).toBe(2_000);
    expect(valueOf(await call())).toMatchObject({ answered: 2_202 });
    expect(await count()).toBe(2_202);
  });
});

describe('writing', () => {
  it('a dataset counts its images, and leaves nothing where it is stopped', async () => {
    const request = { datasetId, format: 'coco', images: true } as const;
    const works = await watched(() =>
      engine.client.datasets.export({ ...request, path: join(folder, 'whole') }),
    );
    const images = readdirSync(join(folder, 'whole', 'images'), { recursive: true }).filter((name) =>
      String(name).endsWith('.webp'),
    ).length;
    expect(works.at(-1)).toMatchObject({ message: 'Copying images', done: images, total: images });
    const before = readdirSync(folder).sort();
    const result = await stopped(
      'export-dataset',
      () => engine.client.datasets.export({ ...request, path: join(folder, 'half') }),
      ({ message }) => message === 'Copying images',
    );
    expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(readdirSync(folder).sort()).toEqual(before);
  });

  it('predictions and a report count what they write', async () => {
    const [run] = valueOf(await engine.client.runs.list({ datasetId }));
    const runId = run?.id ?? 0;
    const path = join(folder, 'predictions.json');
    const predictions = await watched(() =>
      engine.client.runs.exportPredictions({ runId, path, format: 'json' }),
    );
    expect(predictions.at(-1)).toMatchObject({ done: run?.predictions, total: run?.predictions });
    const options = { evaluation: { runIds: [runId] }, examples: 2 };
    const report = await watched(() =>
      engine.client.reports.export({ options, folder: join(folder, 'report'), formats: ['html', 'csv'] }),
    );
    expect(report.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['Drawing examples', 'Writing report.html', 'Writing tables']),
    );
    const result = await stopped(
      'report',
      () => engine.client.reports.export({ options, folder: join(folder, 'no-report'), formats: ['html'] }),
      ({ message }) => message === 'Drawing examples',
    );
    expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(readdirSync(join(folder, 'no-report'))).toEqual([]);
  });
});

describe('an evaluation', () => {
  const options = async () => {
    const runs = valueOf(await engine.client.runs.list({ datasetId }));
    return { runIds: runs.filter(({ predictions }) => predictions > 1).map(({ id }) => id) };
  };

  it('tells each of its steps, and other calls are answered before it has ended', async () => {
    const asked = await options();
    const ended: string[] = [];
    const off = engine.onEvent((event, payload) => {
      if (event !== 'work.progress' || ended.length > 0) return;
      if (!(payload as Work).message.startsWith('Drawing')) return;
      off();
      void engine.client.browse
        .ids({ filter: { datasetId }, sort: {} })
        .then((result) => ended.push(result.ok ? 'list' : result.error.message));
    });
    const works = await watched(async () => {
      const result = await engine.client.evaluation.compute(asked);
      ended.push('evaluation');
      return result;
    });
    expect(ended).toEqual(['list', 'evaluation']);
    expect(works.map(({ message }) => message)).toEqual(
      expect.arrayContaining([
        'Reading expressions',
        'Reading the answers of run 1 of 2',
        'Adding up the measures of each image',
        'Drawing images for the intervals',
        'Drawing images for medians and areas under curves',
      ]),
    );
    expect(works.some(({ total }) => total === 10_000)).toBe(true);
  });

  it('ends where it is stopped, and where it is asked for anew', async () => {
    const asked = await options();
    const compute = () => engine.client.evaluation.compute(asked);
    const isDrawing = ({ message }: Work) => message.startsWith('Drawing');
    expect(await stopped('evaluation', compute, isDrawing)).toMatchObject({
      ok: false,
      error: { kind: 'cancelled', message: 'It was stopped.' },
    });
    const before = compute();
    const after = compute();
    expect(await before).toMatchObject({
      ok: false,
      error: { kind: 'cancelled', message: 'It was stopped, because it was asked for anew.' },
    });
    expect(await after).toMatchObject({ ok: true });
  });

  it('is saved whole or not at all, and opened with progress', async () => {
    const asked = await options();
    const save = () => engine.client.evaluation.save({ options: asked, name: 'kept' });
    const kept = async () => valueOf(await engine.client.evaluation.saved({ datasetId }));
    for (const step of ['Reading', 'Packing']) {
      const result = await stopped('save-evaluation', save, ({ message }) => message.startsWith(step));
      expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
      expect(await kept()).toEqual([]);
    }
    const works = await watched(save);
    expect(works.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['Packing what it is computed from', 'Writing it into the workspace']),
    );
    const [saved] = await kept();
    const open = () => engine.client.evaluation.open({ id: saved?.id ?? 0 });
    const result = await stopped('open-evaluation', open, ({ message }) => message.startsWith('Drawing'));
    expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    expect(valueOf(await open())).toMatchObject({ reproduced: true, changes: [] });
  });
});

describe('the workspace', () => {
  it('is backed up and checked with progress, and neither leaves anything when it is stopped', async () => {
    const backup = await watched(() => engine.client.workspace.backup({}));
    expect(backup.at(-1)?.total).toBeGreaterThan(1_000_000);
    expect(backup.at(-1)?.done).toBe(backup.at(-1)?.total);
    const check = await watched(() => engine.client.workspace.checkIntegrity({}));
    expect(check.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['Checking the database', 'Checking the added images']),
    );
    const before = readdirSync(join(folder, 'workspace', 'backups'));
    for (const [name, call] of [
      ['backup', () => engine.client.workspace.backup({})],
      ['integrity', () => engine.client.workspace.checkIntegrity({})],
    ] as const) {
      expect(await stopped<unknown>(name, call, ({ total }) => total > 0)).toMatchObject({
        ok: false,
        error: { kind: 'cancelled' },
      });
    }
    expect(readdirSync(join(folder, 'workspace', 'backups'))).toEqual(before);
  });
});

describe('packs', () => {
  it('are verified and measured with progress, and installed or not at all', async () => {
    const [pack] = valueOf(await engine.client.models.packs({}));
    const packId = pack?.id ?? '';
    const verified = await watched(() => engine.client.models.verify({ packId }));
    expect(verified.at(-1)).toMatchObject({ done: pack?.bytes, total: pack?.bytes });
    const measured = await watched(() => engine.client.models.measure({ packId, method: 'yolo-clip' }));
    expect(measured.at(-1)).toMatchObject({ done: 8, total: 8 });
    const result = await stopped(
      'install-pack',
      () => engine.client.models.install({ path: pack?.path ?? '' }),
      ({ message }) => message === 'Copying files',
    );
    expect(result).toMatchObject({ ok: false, error: { kind: 'cancelled' } });
    const models = join(folder, 'workspace', 'models');
    expect(existsSync(models) ? readdirSync(models) : []).toEqual([]);
  });
});
