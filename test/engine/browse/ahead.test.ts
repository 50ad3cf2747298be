/** What Browse makes in pieces and ahead: the order by text as SQL has it, and orders while nobody asks. */
import DatabaseConstructor from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browseFilter, browseSort } from '../../../src/common/contract';
import { createBrowseService } from '../../../src/main/engine/browse/service';
import { InPieces } from '../../../src/main/engine/browse/in-pieces';
import { textRanks } from '../../../src/main/engine/browse/text-order';
import { WhenIdle } from '../../../src/main/engine/browse/when-idle';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, addTestRun, newTestWorkspace } from '../../support/workspace';

describe('the order by text', () => {
  it('is that of SQL, also over many pieces, with any letters', () => {
    const letters = ['a', 'B', 'b', 'Z', 'z', '_', ' ', 'é', 'É', 'ß', '中', '\u{1f600}', '\uffee', '0'];
    let state = 1;
    const next = (end: number) => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % end;
    const texts = Array.from({ length: 47_000 }, () =>
      Array.from({ length: next(5) }, () => letters[(next(70_000) >> 4) % letters.length]).join(''),
    );
    const database = new DatabaseConstructor(':memory:');
    database.exec('CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)');
    database.prepare('INSERT INTO texts SELECT key, value FROM json_each(?)').run(JSON.stringify(texts));
    const expected = database
      .prepare('SELECT dense_rank() OVER (ORDER BY text COLLATE NOCASE) FROM texts ORDER BY id')
      .pluck()
      .all() as number[];
    database.close();
    const work = textRanks(texts.length, (from, length) => texts.slice(from, from + length));
    let pieces = 0;
    let turn = work.next();
    for (; !turn.done; turn = work.next()) pieces += 1;
    expect(Array.from(turn.value)).toEqual(expected);
    expect(pieces).toBeGreaterThan(4);
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
    const service = createBrowseService(workspace);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate'] });
    const asked = service.facets({ filter, runIds: [runId] });
    await vi.runAllTimersAsync();
    expect((await asked).total).toBe(12);
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
