/** What Browse makes in pieces and ahead: the order by text as SQL has it, and orders while nobody asks. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browseFilter, browseSort } from '../../../src/common/contract';
import { BrowseAhead } from '../../../src/main/engine/browse/ahead';
import { createBrowseService } from '../../../src/main/engine/browse/service';
import { InPieces } from '../../../src/main/engine/browse/in-pieces';
import type { PartKeeper } from '../../../src/main/engine/browse/kept-part';
import { WhenIdle } from '../../../src/main/engine/browse/when-idle';
import { DatasetColumns } from '../../../src/main/engine/workspace/repositories/browse-columns';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, addTestRun, newTestWorkspace } from '../../support/workspace';

const nothingKept: PartKeeper = {
  load: () => null,
  *save() {
    yield;
    return false;
  },
};

describe('the order by text', () => {
  it('is that of SQL, also over many pieces, with any letters', async () => {
    const letters = ['a', 'B', 'b', 'Z', 'z', '_', ' ', 'é', 'É', 'ß', '中', '\u{1f600}', '\uffee', '0'];
    let state = 1;
    const next = (end: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % end;
    const texts = Array.from({ length: 48_000 }, () =>
      Array.from({ length: next(5) }, () => letters[(next(70_000) >> 4) % letters.length]).join(''),
    );
    const { workspace, dispose } = await newTestWorkspace();
    const { datasetId } = addTestDataset(workspace, { images: texts.length / 4 });
    const { database } = workspace;
    database.exec('CREATE TEMP TABLE texts (place INTEGER PRIMARY KEY, text TEXT)');
    database.prepare('INSERT INTO texts SELECT key, value FROM json_each(?)').run(JSON.stringify(texts));
    const first = database.prepare('SELECT min(id) FROM expressions').pluck().get() as number;
    database
      .prepare('UPDATE expressions SET text = (SELECT text FROM texts WHERE place = expressions.id - ?)')
      .run(first);
    const expected = database
      .prepare(
        'SELECT dense_rank() OVER (ORDER BY text COLLATE NOCASE) FROM expressions WHERE dataset_id = ? ORDER BY id',
      )
      .pluck()
      .all(datasetId) as number[];
    const columns = new DatasetColumns(database, datasetId, nothingKept);
    let pieces = 1;
    while (!columns.read({ runIds: [], attributes: false, texts: true })) pieces += 1;
    expect(Array.from(columns.textRanks())).toEqual(expected);
    expect(pieces).toBeGreaterThan(3);
    dispose();
  });
});

describe('what is made in pieces', () => {
  it('is made to its end where it is needed, and anew once it was forgotten', () => {
    let made = 0;
    const work = new InPieces(function* () {
      yield;
      yield;
      made += 1;
      return made;
    });
    expect([work.step(), work.step()]).toEqual([false, false]);
    expect(work.value()).toBe(1);
    expect(work.step()).toBe(true);
    work.forget();
    expect(work.step()).toBe(false);
    work.forget();
    expect(work.value()).toBe(2);
  });
});

describe('work while nobody asks', () => {
  it('goes on by itself to its end, and gives way to newer work', async () => {
    const idle = new WhenIdle(() => true);
    let [older, newer] = [0, 0];
    idle.start(function* () {
      for (; ; older += 1) yield;
    });
    idle.start(function* () {
      for (; newer < 100; newer += 1) yield;
    });
    // One timer only: nothing else may wake the process.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect([older, newer]).toEqual([0, 100]);
  });
});

describe('orders that are made ahead', () => {
  let workspace: Workspace;
  let dispose: () => void;

  beforeEach(async () => ({ workspace, dispose } = await newTestWorkspace()));
  afterEach(() => {
    vi.useRealTimers();
    dispose();
  });

  it('are made after the counts were asked for, and never after the workspace was closed', async () => {
    const { datasetId } = addTestDataset(workspace, { images: 3 });
    const runId = addTestRun(workspace, datasetId, 'risclip');
    const { browse } = workspace.repositories;
    const made = vi.spyOn(browse, 'makeOrders');
    const filter = browseFilter.parse({ datasetId });
    const service = createBrowseService(workspace, new BrowseAhead(workspace, () => false));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
    const asked = service.facets({ filter, runIds: [runId] });
    expect((await asked).total).toBe(12);
    await vi.runAllTimersAsync();
    expect(made).toHaveBeenCalledWith(datasetId, [runId]);
    // Nothing is left to be made.
    expect([...browse.makeOrders(datasetId, [runId])].length).toBe(4);
    const order = browse.ids(filter, browseSort.parse({ by: 'text' }));
    expect(order).toHaveLength(12);

    const again = service.facets({ filter, runIds: [runId] });
    await again;
    workspace.database.close();
    await expect(vi.runAllTimersAsync()).resolves.toBeDefined();
  });
});

describe('an order that takes a while', () => {
  it('holds nobody up, and ends where another list is asked for', async () => {
    const { workspace, dispose } = await newTestWorkspace();
    const { datasetId, expressionIds } = addTestDataset(workspace, { images: 11_000 });
    const service = createBrowseService(workspace, new BrowseAhead(workspace, () => false));
    const filter = browseFilter.parse({ datasetId });
    const list = (by: 'text' | 'dataset') =>
      service.ids({ filter, sort: browseSort.parse({ by }), thenBy: [], groupByImage: false });
    const slow = Promise.resolve(list('text')).catch((error: unknown) => error);
    const other = await list('dataset');
    expect(Array.from(other.ids)).toEqual(expressionIds);
    expect(await slow).toMatchObject({ kind: 'cancelled' });
    const { ids } = await list('text');
    const texts = workspace.database
      .prepare('SELECT id FROM expressions ORDER BY text COLLATE NOCASE, id')
      .pluck()
      .all();
    expect(Array.from(ids)).toEqual(texts);
    dispose();
  });
});
