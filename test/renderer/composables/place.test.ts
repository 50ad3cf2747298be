/** Leads back to where the person was; tells where they are, but nothing before what was kept has been put back. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import { nowhere, viewState, type Place } from '../../../src/common/contract';
import { usePlace } from '../../../src/renderer/composables/usePlace';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useBrowseLayout } from '../../../src/renderer/stores/browse-layout';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useDrafts } from '../../../src/renderer/stores/drafts';
import { useRuns } from '../../../src/renderer/stores/runs';
import { exampleDataset, exampleFacets, exampleRow, exampleRun } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const view = viewState.omit({ examples: true }).parse({
  query: 'kind:colour',
  sorts: [{ by: 'length', method: null, descending: true }],
  layout: 'table',
  columns: ['text'],
  tileSize: 'large',
  groupByImage: false,
  colourBy: 'method',
});
const kept: Place = {
  ...nowhere,
  browse: { datasetId: 1, view, markedId: 20, runs: { 'yolo-clip': 3 } },
  selected: [10, 30],
  drafts: [{ key: 'note:12', text: 'half a sentence' }],
};

let workbench: FakeWorkbench;
let scope: EffectScope;
let tellFails: boolean;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  localStorage.clear();
  setActivePinia(createPinia());
  tellFails = false;
  workbench = offerWorkbench({
    app: {
      keepPlace: () => {
        if (tellFails) throw new Error('The main process is busy.');
        return null;
      },
    },
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [exampleRun(5, 'yolo-clip'), exampleRun(3, 'yolo-clip')] },
    browse: {
      ids: () => ({ ids: Int32Array.of(10, 20, 30) }),
      facets: () => exampleFacets(),
      rows: ({ ids }) => ids.map((id) => exampleRow(id)),
    },
  });
  scope = effectScope();
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

async function begin(place: Place) {
  useBrowse();
  scope.run(() => usePlace(place));
  await flushPromises();
}

async function openDataset() {
  await useDatasets().load();
  await useRuns().load();
  await flushPromises();
}

/** All that was told so far, the newest of each part. */
async function told(after = 150): Promise<Partial<Place>> {
  vi.advanceTimersByTime(after);
  await flushPromises();
  return Object.assign({}, ...(workbench.inputsOf('app.keepPlace') as object[])) as Partial<Place>;
}

describe('the place of a window that begins', () => {
  it('is where the person was: filter, order, looks, runs, mark, selection and drafts', async () => {
    await begin(kept);
    await openDataset();
    const browse = useBrowse();
    expect(browse.filter.kinds).toEqual(['colour']);
    expect(browse.sorts).toEqual(view.sorts);
    expect(browse.currentId).toBe(20);
    expect([...browse.selected]).toEqual([10, 30]);
    expect(useBrowseLayout()).toMatchObject({ layout: 'table', tileSize: 'large', colourBy: 'method' });
    expect(useRuns().byMethod.get('yolo-clip')?.id).toBe(3);
    expect(useDrafts().of('note:12')).toBe('half a sentence');
  });

  it('is told only after what was kept has been put back', async () => {
    await begin(kept);
    expect(await told()).toEqual({});
    await openDataset();
    expect(await told()).toMatchObject({ browse: kept.browse, selected: [10, 30], examples: null });
  });

  it('of another dataset is left alone', async () => {
    await begin({ ...kept, browse: { datasetId: 9, view, markedId: 20, runs: {} } });
    await openDataset();
    expect(useBrowse().filter.kinds).toEqual([]);
    expect(useBrowse().selected.size).toBe(0);
    expect(await told()).toMatchObject({ browse: { datasetId: 1 } });
  });
});

describe('where the person is', () => {
  beforeEach(async () => {
    await begin(nowhere);
    await openDataset();
    await told();
    workbench.calls.length = 0;
  });

  it('is told in one call for all that changes within a moment', async () => {
    useBrowse().changeFilter({ kinds: ['colour'] });
    await flushPromises();
    useBrowseLayout().tileSize = 'small';
    useDrafts().put('note:12', 'half');
    await flushPromises();
    useDrafts().put('note:12', 'half a sentence');
    await flushPromises();
    expect(workbench.inputsOf('app.keepPlace')).toHaveLength(0);
    expect(await told()).toMatchObject({
      browse: { view: { query: 'kind:colour', tileSize: 'small' } },
      drafts: [{ key: 'note:12', text: 'half a sentence' }],
    });
    expect(workbench.inputsOf('app.keepPlace')).toHaveLength(1);
  });

  it('is told at once when the page goes', async () => {
    useDrafts().put('note:12', 'half');
    await flushPromises();
    window.dispatchEvent(new Event('pagehide'));
    expect(await told(0)).toMatchObject({ drafts: [{ key: 'note:12', text: 'half' }] });
    expect(await told()).toBeDefined();
    expect(workbench.inputsOf('app.keepPlace')).toHaveLength(1);
  });

  it('costs nothing else where it cannot be told, and is told again with the next change', async () => {
    tellFails = true;
    useDrafts().put('note:12', 'half');
    await flushPromises();
    await told();
    tellFails = false;
    useDrafts().put('note:12', 'whole');
    await flushPromises();
    await told();
    expect(workbench.inputsOf('app.keepPlace').at(-1)).toEqual({
      drafts: [{ key: 'note:12', text: 'whole' }],
    });
  });
});
