/** The query field and saved views: both are the same filter in another shape. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ViewState } from '../../../src/common/contract';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useBrowseLayout } from '../../../src/renderer/stores/browse-layout';
import { useBrowseViews } from '../../../src/renderer/stores/browse-views';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useRuns } from '../../../src/renderer/stores/runs';
import { useDrafts } from '../../../src/renderer/stores/drafts';
import QueryField from '../../../src/renderer/views/browse/QueryField.vue';
import { exampleDataset, exampleFacets, exampleRun } from '../support/examples';
import { KeptViews } from '../support/views';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let views: KeptViews;
let wrapper: VueWrapper | undefined;

beforeEach(async () => {
  localStorage.clear();
  setActivePinia(createPinia());
  views = new KeptViews();
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [exampleRun(3, 'risclip')] },
    browse: {
      ids: () => ({ ids: Int32Array.of(10, 20) }),
      facets: () => exampleFacets(),
      attributes: () => [{ name: 'logic', distinct: 2, values: [{ value: 'negation', count: 2 }] }],
      ...views.calls,
    },
  });
  useBrowse();
  await useDatasets().load();
  await useRuns().load();
  await flushPromises();
});
afterEach(() => wrapper?.unmount());

describe('the query field', () => {
  async function showField() {
    wrapper = mount(QueryField, { attachTo: document.body });
    await flushPromises();
    const input = wrapper.get('input');
    await input.trigger('focus');
    return input;
  }
  const options = () => wrapper?.findAll('[role="option"]').map((option) => option.get('code').text());

  it('keeps a query that cannot be applied yet over a restart, and throws it away by a button', async () => {
    const key = `query:${exampleDataset().id}`;
    useDrafts().restore([{ key, text: 'kind:' }]);
    const input = await showField();
    expect(input.element.value).toBe('kind:');
    useBrowse().changeFilter({ kinds: ['colour'] });
    await flushPromises();
    expect(input.element.value).toBe('kind:');
    await input.trigger('blur');
    await wrapper?.get('[aria-label="Not applied yet: throw it away"]').trigger('click');
    expect(input.element.value).toBe('kind:colour');
    expect(useDrafts().list).toEqual([]);
  });

  it('shows the filter as a query, wherever it was changed', async () => {
    const input = await showField();
    useBrowse().changeFilter({ kinds: ['colour'], text: 'dog' });
    await flushPromises();
    expect(input.element.value).toBe('dog kind:colour');
    useBrowse().clearFilter();
    await flushPromises();
    expect(input.element.value).toBe('');
  });

  it('changes the filter while one types, and leaves the typing alone', async () => {
    const input = await showField();
    await input.setValue('kind:colour   risclip:iou<0.5 ');
    expect(useBrowse().filter.kinds).toEqual(['colour']);
    expect(useBrowse().filter.methods.risclip).toMatchObject({ iouTo: 0.5, openTo: true });
    expect(input.element.value).toBe('kind:colour   risclip:iou<0.5 ');
    await input.trigger('blur');
    expect(input.element.value).toBe('kind:colour risclip:iou<0.5');
  });

  it('says what is wrong and keeps the last filter meanwhile', async () => {
    const input = await showField();
    await input.setValue('kind:colour');
    await input.setValue('kind:colour risclip:good');
    expect(useBrowse().filter.kinds).toEqual(['colour']);
    expect(input.attributes('aria-invalid')).toBe('true');
    expect(wrapper?.get('[role="status"]').text()).toContain('is no result of RisCLIP');
    expect(wrapper?.get('[role="status"]').text()).toContain('character 13');
  });

  it('completes names and values by key', async () => {
    const input = await showField();
    await input.setValue('@lo');
    expect(options()).toEqual(['@logic:']);
    await input.trigger('keydown', { key: 'ArrowDown' });
    await input.trigger('keydown', { key: 'Enter' });
    await flushPromises();
    expect(input.element.value).toBe('@logic:');
    expect(options()).toEqual(['negation']);
    await input.trigger('keydown', { key: 'ArrowDown' });
    await input.trigger('keydown', { key: 'Enter' });
    await flushPromises();
    expect(input.element.value).toBe('@logic:negation ');
    expect(useBrowse().filter.attributes).toEqual({ logic: ['negation'] });
  });
});

describe('saved views', () => {
  it('keep filter, orders and looks, and bring them back', async () => {
    const browse = useBrowse();
    const layout = useBrowseLayout();
    const views = useBrowseViews();
    browse.changeFilter({ kinds: ['colour'] });
    browse.sortBy('iou', 'risclip', false);
    browse.sortBy('length', null, true);
    layout.layout = 'table';
    layout.toggleColumn('split');
    layout.groupByImage = true;
    layout.colourBy = 'method';
    await views.saveAs('Worst colours');
    const kept: ViewState = { ...views.state };
    views.showAll();
    layout.layout = 'grid';
    layout.toggleColumn('split');
    layout.groupByImage = false;
    layout.colourBy = 'result';
    await flushPromises();
    expect(browse.isFiltered).toBe(false);
    const [view] = views.list;
    if (!view) throw new Error('The view was not kept.');
    views.show(view);
    await flushPromises();
    expect(views.state).toEqual(kept);
    expect(kept.colourBy).toBe('method');
    expect(views.isChanged).toBe(false);
    layout.colourBy = 'result';
    expect(views.isChanged).toBe(true);
    layout.colourBy = 'method';
    expect(workbench.inputsOf('browse.ids').at(-1)).toMatchObject({
      filter: { kinds: ['colour'] },
      sort: { by: 'iou', runId: 3 },
      thenBy: [{ by: 'length' }],
      groupByImage: true,
    });
    browse.changeFilter({ text: 'dog' });
    expect(views.isChanged).toBe(true);
    await views.saveCurrent();
    expect(views.isChanged).toBe(false);
  });

  it('can be renamed, deleted, put back, and one is what Browse starts with', async () => {
    const views = useBrowseViews();
    useBrowse().changeFilter({ text: 'dog' });
    await views.saveAs('Dogs');
    const [view] = views.list;
    if (!view) throw new Error('The view was not kept.');
    await views.rename(view, 'All dogs');
    expect(views.current?.name).toBe('All dogs');
    await views.setDefault(view);
    views.showAll();
    views.begin();
    expect(useBrowse().filter.text).toBe('dog');
    const [preferred] = views.list;
    if (!preferred) throw new Error('The view is gone.');
    await views.remove(preferred);
    expect(views.list).toEqual([]);
    await views.restore(preferred);
    expect(views.list).toMatchObject([{ name: 'All dogs', isDefault: true }]);
    useBrowse().changeFilter({ text: 'cat' });
    views.begin();
    expect(useBrowse().filter.text).toBe('cat');
  });
});
