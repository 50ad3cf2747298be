import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetSummary, RunSummary } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useRuns } from '../../../src/renderer/stores/runs';
import BrowseView from '../../../src/renderer/views/browse/BrowseView.vue';
import ExpressionTile from '../../../src/renderer/views/browse/ExpressionTile.vue';
import { exampleDataset, exampleFacets, exampleRow, exampleRun } from '../support/examples';
import { offerWorkbench } from '../support/workbench';

// jsdom lays nothing out; the grid then waits for a size that does not come.
class NoResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

let list: DatasetSummary[];
let runs: RunSummary[];
let ids: () => number[];
let wrapper: VueWrapper;

beforeEach(() => {
  vi.stubGlobal('ResizeObserver', NoResizeObserver);
  localStorage.clear();
  setActivePinia(createPinia());
  list = [exampleDataset()];
  runs = [exampleRun(3, 'yolo-clip')];
  ids = () => [10, 20];
  offerWorkbench({
    datasets: { list: () => list },
    runs: { list: () => runs },
    browse: {
      ids: ({ filter }) => ({ ids: Int32Array.from(filter.text === '' ? ids() : []) }),
      facets: () =>
        exampleFacets({
          runs: runs.map(({ id }) => ({
            runId: id,
            right: 3,
            wrong: 1,
            missing: 1,
            iouHistogram: new Array<number>(20).fill(1),
            errors: [{ value: 'landmark' as const, count: 1 }],
          })),
        }),
      rows: ({ ids: wanted }) => wanted.map((id) => exampleRow(id)),
      attributes: () => [],
      views: () => [],
    },
  });
});
afterEach(() => {
  wrapper.unmount();
  vi.unstubAllGlobals();
});

async function show() {
  useBrowse();
  wrapper = mount(BrowseView);
  await useDatasets().load();
  await useRuns().load();
  await flushPromises();
}

describe('Browse', () => {
  it('without a dataset offers to import one', async () => {
    list = [];
    await show();
    expect(wrapper.text()).toContain('No dataset yet');
    expect(wrapper.find('aside').exists()).toBe(false);
  });

  it('shows the count, the list and the facets', async () => {
    await show();
    expect(wrapper.get('[role="status"]').text()).toBe('2 expressions');
    expect(wrapper.find('[role="listbox"]').exists()).toBe(true);
    expect(wrapper.get('aside').text()).toContain('YOLO+CLIP');
    expect(wrapper.get('aside').text()).toContain('colour');
  });

  it('says that nothing matches, and the filter can be cleared there', async () => {
    await show();
    // Not the clock: Vue drops events that seem older than their listener.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    useBrowse().changeFilter({ text: 'zebra' });
    await vi.runAllTimersAsync();
    vi.useRealTimers();
    expect(wrapper.text()).toContain('No expression matches');
    const clear = wrapper.findAll('button').find((button) => button.text() === 'Clear the filter');
    await clear?.trigger('click');
    expect(useBrowse().isFiltered).toBe(false);
  });

  it('offers to predict where no method has answered yet', async () => {
    runs = [];
    await show();
    expect(wrapper.get('[role="note"]').text()).toContain('Predict');
  });

  it('shows a failure in place with a way to try again', async () => {
    ids = () => {
      throw new WorkbenchError('damaged', 'The workspace file is damaged.', 'Restore a backup.');
    };
    await show();
    expect(wrapper.get('[role="alert"]').text()).toContain('Restore a backup.');
    ids = () => [10];
    await wrapper.get('[role="alert"] button').trigger('click');
    await flushPromises();
    expect(wrapper.find('[role="alert"]').exists()).toBe(false);
  });

  it('filters by the result of a method with one press, and takes it back with another', async () => {
    await show();
    const wrong = wrapper.findAll('button').find((button) => button.text().startsWith('Wrong'));
    await wrong?.trigger('click');
    expect(useBrowse().filter.methods['yolo-clip'].outcome).toBe('wrong');
    expect(wrong?.attributes('aria-pressed')).toBe('true');
    await wrong?.trigger('click');
    expect(useBrowse().isFiltered).toBe(false);
  });
});

describe('a tile', () => {
  function tile(row: Parameters<typeof exampleRow>[1]) {
    wrapper = mount(ExpressionTile, {
      props: {
        row: exampleRow(1, row),
        marked: false,
        selected: false,
        tileWidth: 140,
        pictureHeight: 100,
        thumbnail: 192,
        shown: () => true,
        colourBy: 'result',
      },
    });
    return wrapper;
  }
  const box = { x: 0, y: 0, width: 10, height: 10 };

  it('says of each method whether it is right, in words too', () => {
    const shown = tile({
      results: [
        { runId: 1, method: 'yolo-clip', box, iou: 0.5, type: 'right' },
        { runId: 2, method: 'blip-sam', box, iou: 0.4999, type: 'wrong-instance' },
        { runId: 3, method: 'risclip', box: null, iou: 0, type: 'no-prediction' },
      ],
    });
    expect(shown.findAll('.result').map((each) => each.attributes('title'))).toEqual([
      'YOLO+CLIP: IoU 0.50, right',
      'BLIP+SAM: IoU 0.49, wrong: wrong object, right category',
      'RisCLIP: no answer, wrong',
    ]);
  });

  it('draws a box for the ground truth and each answer that has one', () => {
    const results = [{ runId: 1, method: 'risclip' as const, box, iou: 0, type: 'background' as const }];
    expect(tile({ results }).findAll('svg.overlay rect')).toHaveLength(2);
    wrapper.unmount();
    expect(tile({ results, groundTruth: null }).findAll('svg.overlay rect')).toHaveLength(1);
  });
});
