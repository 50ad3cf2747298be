/** What Browse keeps on the disk: taken where it is what the workspace has, and never where it is not. */
import fc from 'fast-check';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browseFilter, browseSort, type BrowseSort } from '../../../src/common/contract';
import { BrowseReader } from '../../../src/main/engine/workspace/repositories/browse-reader';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { idsBySql } from '../../support/browse-sql';
import {
  addTestDataset,
  addTestRun,
  boxWithIou,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

const texts = ['a cat', 'A Cat', 'a dog', 'zebra', '', 'the cup', 'the Cup on it', 'éclair'];

let path: string;
let workspace: Workspace;
let dataset: TestDataset;
let runIds: number[];

beforeEach(async () => {
  path = temporaryFolder();
  workspace = await openTestWorkspace(path);
  addTestDataset(workspace, { images: 1 });
  dataset = addTestDataset(workspace, { images: 520 });
  const edit = workspace.database.prepare('UPDATE expressions SET text = ?, attributes = ? WHERE id = ?');
  workspace.database.transaction(() => {
    for (const [index, id] of dataset.expressionIds.entries()) {
      edit.run(texts[(index * 7) % texts.length], JSON.stringify({ logic: index % 3 }), id);
    }
  })();
  runIds = (['yolo-clip', 'risclip'] as const).map((method) =>
    addTestRun(workspace, dataset.datasetId, method),
  );
  for (const runId of runIds)
    answer(
      runId,
      dataset.expressionIds.filter((id) => (id * runId) % 5 > 0),
    );
});
afterEach(() => {
  workspace.close();
  vi.restoreAllMocks();
});

function answer(runId: number, expressionIds: readonly number[], shift = 0) {
  const { expressions, predictions } = workspace.repositories;
  predictions.save(
    runId,
    expressionIds.map((expressionId) => {
      const box = boxWithIou(truthBox(0), ((expressionId * 3 + runId + shift) % 20) / 20);
      const text = expressions.get(expressionId)?.text ?? '';
      return { expressionId, text, prediction: testPrediction('yolo-clip', box) };
    }),
  );
}

async function reopen() {
  workspace.close();
  workspace = await openTestWorkspace(path);
}

const sorts = (): Partial<BrowseSort>[] => [
  {},
  { by: 'text' },
  { by: 'text', descending: true },
  { by: 'category' },
  { by: 'label' },
  { by: 'length' },
  ...runIds.map((runId) => ({ by: 'iou' as const, runId })),
  { by: 'spread' },
];

/** Everything that Browse answers is what SQL answers. */
function expectRight() {
  const { browse } = workspace.repositories;
  const { datasetId } = dataset;
  for (const given of sorts()) {
    const sort = browseSort.parse(given);
    for (const more of [{}, { reviewStates: ['reviewed'] }, { attributes: { logic: ['1'] } }]) {
      const filter = browseFilter.parse({ datasetId, ...more });
      expect([...browse.ids(filter, sort)]).toEqual(idsBySql(workspace.database, filter, [sort], runIds));
    }
  }
  const count = (more: object) =>
    idsBySql(workspace.database, browseFilter.parse({ datasetId, ...more })).length;
  const facets = browse.facets(browseFilter.parse({ datasetId }), runIds);
  for (const { runId, right, missing } of facets.runs) {
    expect(right).toBe(count({ results: [{ runId, outcome: 'right' }] }));
    expect(missing).toBe(count({ results: [{ runId, outcome: 'missing' }] }));
  }
  expect(facets.attributes.map(({ name }) => name)).toEqual(['logic']);
}

const read = () => {
  const reads = (['expressions', 'results', 'attributes', 'textsAfter'] as const).map((name) =>
    vi.spyOn(BrowseReader.prototype, name),
  );
  return () => reads.filter((each) => each.mock.calls.length > 0).map((each) => each.getMockName());
};

describe('what Browse has read', () => {
  it('is there at the next start, unchanged, and nothing is read again', async () => {
    expectRight();
    await reopen();
    const parts = read();
    expectRight();
    expect(parts()).toEqual([]);
  });

  it('is kept ahead, without anybody asking', async () => {
    expect([...workspace.repositories.browse.readAhead()].length).toBeGreaterThan(3);
    expect([...workspace.repositories.browse.readAhead()]).toEqual([]);
    await reopen();
    const parts = read();
    expectRight();
    expect(parts()).toEqual([]);
  });

  it('is read by one who may not write, who writes nothing', async () => {
    expectRight();
    workspace.close();
    workspace = await openTestWorkspace(path, true);
    const parts = read();
    expectRight();
    expect(parts()).toEqual([]);
    expect([...workspace.repositories.browse.readAhead()]).toEqual([]);
  });

  it('is not taken after any change, whether or not Browse was asked since', async () => {
    const { expressionIds, datasetId } = dataset;
    const [first = 0, second = 0, third = 0] = expressionIds;
    const changes: (() => void)[] = [
      () => workspace.repositories.expressions.setReviewState(first, 'reviewed'),
      () => workspace.database.prepare("UPDATE expressions SET text = 'm' WHERE id = ?").run(second),
      () => answer(runIds[0] ?? 0, [first, third], 7),
      () =>
        workspace.database
          .prepare(
            `INSERT INTO expressions (dataset_id, image_id, key, text, original_text, kind, word_count, attributes, split, category)
             SELECT dataset_id, image_id, 'new', 'new', 'new', kind, 1, '{"logic":1}', split, category FROM expressions WHERE id = ?`,
          )
          .run(first),
      () => workspace.database.prepare('DELETE FROM expressions WHERE id = ?').run(third),
      () => {
        workspace.repositories.runs.remove(runIds.pop() ?? 0);
        runIds.push(addTestRun(workspace, datasetId, 'blip-sam'));
      },
    ];
    for (const [place, change] of changes.entries()) {
      expectRight();
      await reopen();
      if (place % 2 === 0) expectRight();
      change();
      await reopen();
      expectRight();
    }
  });

  it('stays where a change was rolled back', async () => {
    expectRight();
    await reopen();
    const given = () =>
      workspace.database.transaction(() => {
        workspace.repositories.expressions.setReviewState(dataset.expressionIds[0] ?? 0, 'reviewed');
        throw new Error('on purpose');
      })();
    expect(given).toThrow('on purpose');
    const parts = read();
    expectRight();
    expect(parts()).toEqual([]);
  });

  it('does not count as kept where it changed while it was written', async () => {
    expectRight();
    const keeping = workspace.repositories.browse.keepRead();
    keeping.next();
    workspace.repositories.expressions.setReviewState(dataset.expressionIds[5] ?? 0, 'reviewed');
    while (!keeping.next().done);
    const kept = workspace.database.prepare("SELECT id FROM kept_parts WHERE what = 'expressions'").pluck();
    expect(kept.all()).toEqual([]);
    expect([...workspace.repositories.browse.keepRead()].length).toBeGreaterThan(0);
    expect(kept.all()).toEqual([dataset.datasetId]);
    await reopen();
    expectRight();
  });

  it('is read again where the file was damaged or is gone', async () => {
    const file = join(path, 'cache', 'browse-columns.sqlite');
    expectRight();
    workspace.close();
    const bytes = readFileSync(file);
    // Past the first page, so that it is a database still.
    for (let at = 70_000; at < bytes.length; at += 1_000) bytes[at] = (bytes[at] ?? 0) ^ 0x55;
    writeFileSync(file, bytes);
    workspace = await openTestWorkspace(path);
    expectRight();
    workspace.close();
    writeFileSync(file, 'no database');
    workspace = await openTestWorkspace(path);
    expectRight();
    workspace.close();
    rmSync(file, { force: true });
    workspace = await openTestWorkspace(path);
    expectRight();
  });

  it('goes with its dataset', async () => {
    expectRight();
    await reopen();
    workspace.repositories.datasets.remove(dataset.datasetId);
    expect([...workspace.repositories.datasets.clear(dataset.datasetId)].length).toBeGreaterThan(1);
    expect(workspace.database.prepare('SELECT * FROM kept_parts').all()).toEqual([]);
  });
});

describe('the order by text', () => {
  it('follows edited texts one by one as SQL orders them', () => {
    const filter = browseFilter.parse({ datasetId: dataset.datasetId });
    const sort = browseSort.parse({ by: 'text' });
    const { browse } = workspace.repositories;
    browse.ids(filter, sort);
    const reads = vi.spyOn(BrowseReader.prototype, 'textsAfter');
    const set = workspace.database.prepare('UPDATE expressions SET text = ? WHERE id = ?');
    const edits = fc.array(
      fc.record({
        id: fc.constantFrom(...dataset.expressionIds.slice(0, 40)),
        text: fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 3 })),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(edits, (made) => {
        for (const { id, text } of made) set.run(text, id);
        expect([...browse.ids(filter, sort)]).toEqual(idsBySql(workspace.database, filter, [sort]));
      }),
      { numRuns: 60 },
    );
    expect(reads).not.toHaveBeenCalled();
  });
});

describe('the counts of a dataset', () => {
  it('are kept, and counted again after any change', async () => {
    const { datasets, structure } = workspace.repositories;
    const ids = [...datasets.list()].map(({ id }) => id);
    const recounted = () => {
      workspace.database.prepare("DELETE FROM kept_parts WHERE what = 'counts'").run();
      return datasets.list();
    };
    const [image = 0] = dataset.imageIds;
    const [referent = 0] = dataset.referentIds;
    const [expression = 0] = dataset.expressionIds;
    const { database } = workspace;
    const changes = [
      () => database.prepare("UPDATE expressions SET kind = 'another' WHERE id = ?").run(expression),
      () => database.prepare("UPDATE expressions SET split = 'another' WHERE id = ?").run(expression),
      () => database.prepare("UPDATE referents SET category = 'another' WHERE id = ?").run(referent),
      () => database.prepare('UPDATE referents SET retired_revision = 1 WHERE id = ?').run(referent),
      () => structure.addImage(dataset.datasetId, { width: 5, height: 5, file: 'new.png' }),
      () => database.prepare('DELETE FROM expressions WHERE id = ?').run(expression),
      () => database.prepare('DELETE FROM images WHERE id = ?').run(image),
    ];
    for (const change of changes) {
      const before = datasets.list();
      change();
      const after = datasets.list();
      expect(after).not.toEqual(before);
      expect(after).toEqual(recounted());
    }
    const kept = database.prepare("SELECT id FROM kept_parts WHERE what = 'counts' ORDER BY id").pluck();
    expect(kept.all()).toEqual(ids);
    await reopen();
    expect(workspace.repositories.datasets.list().map(({ id }) => id)).toEqual(ids);
  });
});
