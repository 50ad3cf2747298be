/** From a number to the expressions behind it: Browse with exactly those, and the way back to all. */
import { flushPromises, mount } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SavedView } from '../../../src/common/contract';
import { router } from '../../../src/renderer/router';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useBrowseViews } from '../../../src/renderer/stores/browse-views';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useExamplesStore } from '../../../src/renderer/stores/examples';
import { useNotices } from '../../../src/renderer/stores/notices';
import FilterTerms from '../../../src/renderer/views/browse/FilterTerms.vue';
import QueryField from '../../../src/renderer/views/browse/QueryField.vue';
import { exampleDataset, exampleFacets } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let saved: SavedView[];
const label = 'RisCLIP: wrong object';

beforeEach(async () => {
  localStorage.clear();
  setActivePinia(createPinia());
  saved = [];
  router.addRoute({ name: 'browse', path: '/browse', component: {} });
  router.addRoute({ name: 'evaluate', path: '/evaluate', component: {} });
  await router.push({ name: 'evaluate' });
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [] },
    browse: {
      ids: ({ filter }) => ({ ids: Int32Array.from(filter.expressionIds ?? [1, 2, 3, 4, 5]) }),
      facets: () => exampleFacets(),
      attributes: () => [],
      views: () => saved,
      saveView: ({ name, state }) => {
        const view = { id: 1, name, state, isDefault: false };
        saved = [view];
        return view;
      },
    },
  });
  useBrowse();
  await useDatasets().load();
  await flushPromises();
});

const askedFor = () =>
  (workbench.inputsOf('browse.ids').at(-1) as { filter: { expressionIds: number[] | null } }).filter;

describe('opening examples', () => {
  it('goes to Browse, which asks for exactly these', async () => {
    useBrowse().changeFilter({ kinds: ['colour'] });
    await useExamplesStore().open({ label, expressionIds: [2, 4] });
    await flushPromises();
    expect(router.currentRoute.value.name).toBe('browse');
    expect(askedFor()).toMatchObject({ expressionIds: [2, 4], kinds: [] });
    expect([...useBrowse().ids]).toEqual([2, 4]);
  });

  it('shows them as a chip that is cleared by itself, and typing keeps them', async () => {
    const field = mount(QueryField);
    const terms = mount(FilterTerms);
    await useExamplesStore().open({ label, expressionIds: [2, 4] });
    await flushPromises();
    expect(field.get('.examples').text()).toBe(label);
    expect(terms.get('.term').text()).toBe(label);
    await field.get('input').setValue('kind:colour');
    await flushPromises();
    expect(askedFor()).toMatchObject({ expressionIds: [2, 4], kinds: ['colour'] });
    await field.get('.examples').trigger('click');
    await flushPromises();
    expect(askedFor()).toMatchObject({ expressionIds: null, kinds: ['colour'] });
    expect(field.find('.examples').exists()).toBe(false);
  });

  it('says so where there are more than a filter can name', async () => {
    const expressionIds = Array.from({ length: 100_001 }, (_, index) => index + 1);
    await useExamplesStore().open({ label, expressionIds });
    await flushPromises();
    expect(askedFor().expressionIds).toHaveLength(100_000);
    expect(useNotices().notices[0]?.message).toContain('first 100,000 of 100,001');
  });

  it('are kept by a view', async () => {
    const browse = useBrowse();
    const views = useBrowseViews();
    await useExamplesStore().open({ label, expressionIds: [2, 4] });
    await views.saveAs('To do');
    browse.clearFilter();
    expect(views.isChanged).toBe(true);
    const [view] = views.list;
    if (view) views.show(view);
    expect(browse.filter.examples).toEqual({ label, expressionIds: [2, 4] });
    expect(views.isChanged).toBe(false);
  });
});
