import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { BrowseFilter } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { emptyFilter, setCondition } from '../../../src/renderer/stores/browse-filter';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useRuns } from '../../../src/renderer/stores/runs';
import { exampleDataset, exampleFacets, exampleRow, exampleRun } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let found: number[];
let answerIds: (filter: BrowseFilter) => Promise<{ ids: Int32Array }>;

beforeEach(async () => {
  vi.useFakeTimers();
  localStorage.clear();
  setActivePinia(createPinia());
  found = [10, 20, 30, 40, 50];
  answerIds = () => Promise.resolve({ ids: Int32Array.from(found) });
  workbench = offerWorkbench({
    datasets: {
      list: () => [exampleDataset(), exampleDataset({ id: 2, name: 'Other' })],
    },
    runs: {
      list: ({ datasetId }) =>
        datasetId === 1 ? [exampleRun(3, 'yolo-clip'), exampleRun(4, 'risclip')] : [],
    },
    browse: {
      ids: ({ filter }) => answerIds(filter),
      facets: () => exampleFacets(),
      rows: ({ ids }) => ids.map((id) => exampleRow(id)),
    },
  });
  const browse = useBrowse();
  await useDatasets().load();
  await useRuns().load();
  await vi.runAllTimersAsync();
  expect([...browse.ids]).toEqual(found);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('the list and the mark', () => {
  it('starts at the first expression and walks within the ends', () => {
    const browse = useBrowse();
    expect(browse.currentId).toBe(10);
    expect(browse.neighbour(-1)).toBeNull();
    expect(browse.neighbour(2)).toBe(30);
    browse.moveTo(99);
    expect(browse.currentId).toBe(50);
    expect(browse.neighbour(1)).toBeNull();
    browse.moveTo(-5);
    expect(browse.cursor).toBe(0);
  });

  it('selects by id, and says when the list does not hold it', () => {
    const browse = useBrowse();
    expect(browse.select(40)).toBe(true);
    expect(browse.cursor).toBe(3);
    expect(browse.select(41)).toBe(false);
    expect(browse.currentId).toBe(40);
  });

  it('keeps the mark on its expression when the list is read anew', async () => {
    const browse = useBrowse();
    browse.select(40);
    found = [50, 40, 30, 20, 10];
    await browse.refresh();
    expect(browse.currentId).toBe(40);
    expect(browse.cursor).toBe(1);
  });

  it('shows the first expression of another order or filter', async () => {
    const browse = useBrowse();
    browse.select(40);
    found = [50, 40, 30, 20, 10];
    browse.sort = { by: 'length', method: null, descending: true };
    await vi.runAllTimersAsync();
    expect(browse.currentId).toBe(50);
  });

  it('goes to the first match when the marked expression is filtered out, and nowhere when nothing matches', async () => {
    const browse = useBrowse();
    browse.select(40);
    found = [20, 30];
    browse.filter = setCondition(emptyFilter(), 'risclip', { outcome: 'right' });
    await vi.runAllTimersAsync();
    expect(browse.currentId).toBe(20);
    found = [];
    browse.changeFilter({ text: 'zebra' });
    await vi.runAllTimersAsync();
    expect(browse.cursor).toBe(-1);
    expect(browse.currentId).toBeNull();
  });

  it('forgets filter, order and mark with the dataset', async () => {
    const browse = useBrowse();
    browse.changeFilter({ kinds: ['colour'] });
    await vi.runAllTimersAsync();
    found = [7];
    useDatasets().choose(2);
    await vi.runAllTimersAsync();
    expect(browse.isFiltered).toBe(false);
    expect(browse.currentId).toBe(7);
  });
});

describe('asking the engine', () => {
  it('asks with the runs of the methods', async () => {
    const browse = useBrowse();
    browse.filter = setCondition(emptyFilter(), 'risclip', { outcome: 'wrong' });
    browse.sort = { by: 'iou', method: 'risclip', descending: false };
    await vi.runAllTimersAsync();
    expect(workbench.inputsOf('browse.ids').at(-1)).toMatchObject({
      filter: { datasetId: 1, results: [{ runId: 4, outcome: 'wrong' }] },
      sort: { by: 'iou', runId: 4 },
    });
  });

  it('waits until typing pauses', async () => {
    const browse = useBrowse();
    const before = workbench.inputsOf('browse.ids').length;
    for (const text of ['r', 're', 'red']) {
      browse.changeFilter({ text });
      await nextTick();
    }
    await vi.runAllTimersAsync();
    const asked = workbench.inputsOf('browse.ids').slice(before);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ filter: { text: 'red' } });
  });

  it('drops an answer that a newer question has overtaken', async () => {
    const browse = useBrowse();
    let answerSlowly: (answer: { ids: Int32Array }) => void = () => {};
    answerIds = () => new Promise((resolve) => (answerSlowly = resolve));
    browse.changeFilter({ kinds: ['colour'] });
    await vi.runAllTimersAsync();
    answerIds = () => Promise.resolve({ ids: Int32Array.of(2) });
    browse.changeFilter({ kinds: ['category'] });
    await vi.runAllTimersAsync();
    answerSlowly({ ids: Int32Array.of(1) });
    await vi.runAllTimersAsync();
    expect([...browse.ids]).toEqual([2]);
    expect(browse.loading).toBe(false);
  });

  it('keeps the failure for the view to show, until asking succeeds', async () => {
    const browse = useBrowse();
    answerIds = () =>
      Promise.reject(new WorkbenchError('damaged', 'The file is damaged.', 'Restore a backup.'));
    await browse.refresh();
    expect(browse.failure).toMatchObject({ kind: 'damaged', hint: 'Restore a backup.' });
    answerIds = () => Promise.resolve({ ids: Int32Array.of(1) });
    await browse.refresh();
    expect(browse.failure).toBeNull();
  });
});

describe('rows', () => {
  it('are read once, only for what is shown', async () => {
    const browse = useBrowse();
    await browse.show(1, 3);
    await browse.show(1, 4);
    expect(workbench.inputsOf('browse.rows')).toMatchObject([
      { ids: [20, 30], runIds: [3, 4] },
      { ids: [40] },
    ]);
    expect(browse.rowOf(20)?.text).toBe('the dog number 20');
    expect(browse.rowOf(10)).toBeNull();
  });

  it('are read anew after a correction, and stay on the screen meanwhile', async () => {
    const browse = useBrowse();
    await browse.show(0, 3);
    browse.receive({ what: 'corrections', expressionIds: [20] });
    expect(browse.rowOf(20)).not.toBeNull();
    await vi.runAllTimersAsync();
    expect(workbench.inputsOf('browse.rows').at(-1)).toMatchObject({ ids: [20] });
  });
});

describe('results that change under the list', () => {
  it('leave the order alone, and say so where it depends on them', async () => {
    const browse = useBrowse();
    browse.receive({ what: 'predictions', expressionIds: [] });
    expect(browse.stale).toBe(false);
    browse.filter = setCondition(emptyFilter(), 'risclip', { outcome: 'wrong' });
    await vi.runAllTimersAsync();
    const asked = workbench.inputsOf('browse.ids').length;
    browse.receive({ what: 'predictions', expressionIds: [] });
    await vi.runAllTimersAsync();
    expect(browse.stale).toBe(true);
    expect(workbench.inputsOf('browse.ids')).toHaveLength(asked);
    await browse.refresh();
    expect(browse.stale).toBe(false);
  });

  it('are counted anew, but not for every event of a running job', async () => {
    const browse = useBrowse();
    const before = workbench.inputsOf('browse.facets').length;
    for (let event = 0; event < 20; event += 1) browse.receive({ what: 'predictions', expressionIds: [] });
    await vi.runAllTimersAsync();
    expect(workbench.inputsOf('browse.facets')).toHaveLength(before + 1);
  });
});

describe('the selection', () => {
  it('takes single expressions and ranges', () => {
    const browse = useBrowse();
    browse.toggleSelected(50);
    browse.moveTo(1);
    browse.selectThrough(3);
    expect([...browse.selected].sort()).toEqual([20, 30, 40, 50]);
    browse.toggleSelected(30);
    expect(browse.selected.has(30)).toBe(false);
    browse.clearSelection();
    expect(browse.selected.size).toBe(0);
  });
});

describe('a list that takes a while', () => {
  async function askSlowly() {
    const browse = useBrowse();
    let give: (list: { ids: Int32Array }) => void = () => undefined;
    answerIds = () => new Promise((resolve) => (give = resolve));
    browse.sort = { by: 'text', method: null, descending: false };
    await vi.advanceTimersByTimeAsync(100);
    expect(browse.isSlow).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    return { browse, give: () => give({ ids: Int32Array.from([50, 10]) }) };
  }

  it('is said to be under way, beside the one before, until it is there', async () => {
    const { browse, give } = await askSlowly();
    expect(browse.isSlow).toBe(true);
    expect([...browse.ids]).toEqual(found);
    give();
    await vi.runAllTimersAsync();
    expect(browse.isSlow).toBe(false);
    expect([...browse.ids]).toEqual([50, 10]);
  });

  it('can be taken back, and changes nothing when it comes all the same', async () => {
    const { browse, give } = await askSlowly();
    answerIds = () => Promise.resolve({ ids: Int32Array.from(found) });
    browse.takeBack();
    expect([browse.isSlow, browse.loading]).toEqual([false, false]);
    expect(browse.sort.by).toBe('dataset');
    give();
    await vi.runAllTimersAsync();
    expect([...browse.ids]).toEqual(found);
    expect(browse.failure).toBeNull();
  });
});
