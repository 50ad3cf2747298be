/** Merging workspaces: what is taken over, what is left alone, and what is refused with nothing changed. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MethodId } from '../../../src/common/contract';
import { createLogger } from '../../../src/main/engine/logger';
import type { JobControl } from '../../../src/main/engine/jobs/queue';
import { merge } from '../../../src/main/engine/parts/merge';
import { makePart, notePart, type PartNote } from '../../../src/main/engine/parts/part';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  addTestRun,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

let folder: string;
let opened: Workspace[];
let whole: Workspace;
let dataset: TestDataset;

beforeEach(async () => {
  folder = temporaryFolder();
  opened = [];
  whole = await open('whole');
  dataset = addTestDataset(whole, { images: 6 });
});
afterEach(() => {
  for (const workspace of opened) workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(name: string): Promise<Workspace> {
  const workspace = await openTestWorkspace(join(folder, name));
  opened.push(workspace);
  return workspace;
}

function close(workspace: Workspace): void {
  workspace.close();
  opened.splice(opened.indexOf(workspace), 1);
}

interface Answering {
  method?: MethodId;
  packHash?: string;
  /** Which expressions, by their place in the dataset. */
  places?: number[];
  shard?: PartNote['shard'];
}

const atPlaces = (places: number[]) => places.flatMap((place) => dataset.expressionIds[place] ?? []);

/** A part of `whole` that has answered some expressions; returns its folder. */
async function answeredPart(name: string, options: Answering = {}): Promise<string> {
  const { method = 'risclip', packHash = 'pack', shard = null } = options;
  const path = join(folder, name);
  await makePart(join(folder, 'whole'), path);
  const part = await open(name);
  const { transfer, predictions } = part.repositories;
  const runId = addTestRun(part, dataset.datasetId, method, packHash);
  const ids = shard
    ? transfer.ofShard(dataset.datasetId, dataset.expressionIds, shard)
    : atPlaces(options.places ?? [0, 1, 2, 3]);
  predictions.save(
    runId,
    ids.map((expressionId) => ({
      expressionId,
      text: textOf(part, expressionId),
      prediction: testPrediction(method, truthBox(expressionId)),
    })),
  );
  close(part);
  if (shard) {
    await notePart(path, {
      schema: 1,
      shard,
      dataset: { name: 'Synthetic', contentHash: 'hash' },
      runs: [{ method, packHash }],
      scope: { split: null, limit: null },
    });
  }
  return path;
}

function textOf({ database }: Workspace, expressionId: number): string {
  return database.prepare('SELECT text FROM expressions WHERE id = ?').pluck().get(expressionId) as string;
}

function control(signal = new AbortController().signal): JobControl {
  const nothing = () => undefined;
  return {
    signal,
    cancelled: () => signal.aborted,
    totalBefore: 0,
    begin: nothing,
    setTotal: nothing,
    advance: nothing,
    say: nothing,
    keep: nothing,
  };
}

function mergeInto(workspace: Workspace, paths: string[], given = control()) {
  return merge({ paths }, { workspace, emit: () => undefined, log: createLogger(null) }, given);
}

/** Every row that a merge could change. */
function contentOf({ database }: Workspace): unknown {
  const tables = [
    'runs',
    'predictions',
    'prediction_failures',
    'ground_truth',
    'expressions',
    'referents',
    'state',
  ];
  return tables.map((table) => database.prepare(`SELECT * FROM ${table}`).all());
}

const answeredIds = ({ database }: Workspace) =>
  database.prepare('SELECT expression_id FROM predictions ORDER BY expression_id').pluck().all();

describe('takes over', () => {
  it('the parts of a whole, each expression once, and repeated it changes nothing', async () => {
    const paths: string[] = [];
    for (const index of [0, 1, 2])
      paths.push(await answeredPart(`part-${index}`, { shard: { index, count: 3 } }));
    const first = await mergeInto(whole, paths.slice(0, 2));
    expect(first.result).toMatchObject({ answers: 16, known: 0, missingParts: [2] });
    expect(first.message).toMatch(/Still missing: part 2/);
    const rest = await mergeInto(whole, paths);
    expect(rest.result).toMatchObject({ answers: 8, known: 16, missingParts: [] });
    expect(answeredIds(whole)).toEqual(dataset.expressionIds);
    const before = contentOf(whole);
    expect((await mergeInto(whole, paths)).result).toMatchObject({ answers: 0, known: 24 });
    expect(contentOf(whole)).toEqual(before);
  });

  it('answers with their evidence, scores and times, and failures', async () => {
    const path = await answeredPart('part', { places: [0] });
    const part = await open('part');
    const [failed = 0] = atPlaces([5]);
    part.repositories.predictions.saveFailure(1, failed, 'unreadable', 'The image is gone.');
    const [expressionId = 0] = atPlaces([0]);
    const [was] = part.repositories.predictions.ofExpression(expressionId, [1]);
    close(part);
    expect((await mergeInto(whole, [path])).result).toMatchObject({ answers: 1, failures: 1 });
    const [is] = whole.repositories.predictions.ofExpression(expressionId, [1]);
    expect(is).toEqual(was);
    const [run] = whole.repositories.runs.list(dataset.datasetId);
    expect(run).toMatchObject({ predictions: 1, failures: 1, packHash: 'pack', provider: 'cpu' });
  });

  it('nothing over human work: answers are measured against the corrected box, of edited texts they are old', async () => {
    const path = await answeredPart('part', { places: [0, 1] });
    const { groundTruth } = whole.repositories;
    const [corrected = 0] = dataset.referentIds;
    const [kept = 0, edited = 0] = atPlaces([0, 1]);
    whole.database.transaction(() => {
      groundTruth.add(
        corrected,
        { box: { x: 400, y: 300, width: 50, height: 50 }, mask: null },
        { source: 'drawn', runId: null, label: 'Draw box', author: 'A person' },
      );
      whole.database.prepare("UPDATE expressions SET text = 'another text' WHERE id = ?").run(edited);
    })();
    const human = () =>
      ['ground_truth', 'expressions', 'referents', 'state'].map((table) =>
        whole.database.prepare(`SELECT * FROM ${table}`).all(),
      );
    const before = human();
    await mergeInto(whole, [path]);
    expect(human()).toEqual(before);
    const rows = whole.database.prepare('SELECT expression_id, iou, stale FROM predictions').all();
    expect(rows).toEqual([
      { expression_id: kept, iou: 0, stale: 0 },
      { expression_id: edited, iou: 0, stale: 1 },
    ]);
  });

  it('what is there stays, though another machine answered it otherwise', async () => {
    const path = await answeredPart('part', { places: [0, 1] });
    const runId = addTestRun(whole, dataset.datasetId, 'risclip');
    const [expressionId = 0] = atPlaces([0]);
    whole.repositories.predictions.save(runId, [
      { expressionId, text: textOf(whole, expressionId), prediction: testPrediction('risclip', null) },
    ]);
    expect((await mergeInto(whole, [path])).result).toMatchObject({ answers: 1, known: 1 });
    expect(whole.repositories.predictions.ofExpression(expressionId, [runId])[0]?.box).toBeNull();
  });

  it('different methods from different machines', async () => {
    const paths = [
      await answeredPart('one', { method: 'risclip' }),
      await answeredPart('two', { method: 'yolo-clip' }),
    ];
    await mergeInto(whole, paths);
    const runs = whole.repositories.runs.list(dataset.datasetId);
    expect(runs.map(({ method, predictions }) => [method, predictions])).toEqual([
      ['risclip', 4],
      ['yolo-clip', 4],
    ]);
  });

  it('the rest after it was cancelled', async () => {
    const paths = [
      await answeredPart('one', { places: [0, 1] }),
      await answeredPart('two', { places: [2, 3] }),
    ];
    const abort = new AbortController();
    const stopping = { ...control(abort.signal), advance: () => abort.abort() };
    await expect(mergeInto(whole, paths, stopping)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(answeredIds(whole)).toEqual(atPlaces([0, 1]));
    expect((await mergeInto(whole, paths)).result).toMatchObject({ answers: 2, known: 2 });
  });
});

describe('refuses, with nothing changed,', () => {
  async function refused(paths: string[], message: RegExp, kind = 'conflict'): Promise<void> {
    const before = contentOf(whole);
    await expect(mergeInto(whole, paths)).rejects.toMatchObject({
      kind,
      message: expect.stringMatching(message) as string,
    });
    expect(contentOf(whole)).toEqual(before);
  }

  it('parts with other models or settings', async () => {
    const paths = [await answeredPart('one'), await answeredPart('two', { packHash: 'other' })];
    await refused(paths, /RisCLIP ran with other models or settings in .*two .* than in .*one/);
  });

  it('other data under the same name, and data that is not here', async () => {
    const path = await answeredPart('part');
    whole.database.exec("UPDATE datasets SET content_hash = 'another'");
    await refused([path], /Synthetic of .*part has other contents than the one here/);
    whole.database.exec("UPDATE datasets SET name = 'Others'");
    await refused([path], /Synthetic of .*part is not in this workspace/);
  });

  it('the same part twice, and parts of different wholes', async () => {
    const one = await answeredPart('one', { shard: { index: 0, count: 2 } });
    await refused([one, await answeredPart('two', { shard: { index: 0, count: 2 } })], /are both part 0\/2/);
    await refused(
      [one, await answeredPart('three', { shard: { index: 1, count: 3 } })],
      /not parts of one whole/,
    );
  });

  it('itself, and what is no workspace', async () => {
    await refused([whole.path], /into itself/, 'invalid');
    await refused([join(folder, 'nowhere')], /no workspace in/, 'not-found');
  });
});

describe('shards', () => {
  it('are all of the expressions, each in one shard only, with all that is said of an image', () => {
    const { transfer } = whole.repositories;
    for (const count of [1, 2, 4, 5, 9]) {
      const parts = Array.from({ length: count }, (_, index) =>
        transfer.ofShard(dataset.datasetId, dataset.expressionIds, { index, count }),
      );
      expect(parts.flat().sort((a, b) => a - b)).toEqual(dataset.expressionIds);
      const images = parts.map((ids) => new Set(ids.map((id) => Math.floor((id - 1) / 4))));
      expect(images.reduce((sum, { size }) => sum + size, 0)).toBe(6);
      expect(Math.max(...images.map(({ size }) => size))).toBe(Math.ceil(6 / count));
    }
  });

  it('a part is made once, without the jobs of the whole, and its folder is no other part', async () => {
    whole.database.exec(`INSERT INTO jobs (state, job, request) VALUES ('interrupted', '{}', 'null')`);
    const path = await answeredPart('part', { shard: { index: 0, count: 2 } });
    await makePart(whole.path, path);
    const part = await open('part');
    expect(answeredIds(part)).toHaveLength(12);
    expect(part.repositories.jobs.list()).toEqual([]);
    const note: PartNote = {
      schema: 1,
      shard: { index: 1, count: 2 },
      dataset: { name: 'Synthetic', contentHash: 'hash' },
      runs: [],
      scope: { split: null, limit: null },
    };
    await expect(notePart(path, note)).rejects.toMatchObject({ kind: 'conflict' });
  });
});
