/** Saved views: everything that decides what Browse shows and how, under a name. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { SavedView, ViewState } from '../../common/contract';
import { emptyFilter, type ExampleSet } from '../../common/query/filter';
import { parseQuery } from '../../common/query/parse';
import { printQuery } from '../../common/query/print';
import { api } from '../api/client';
import { inNaturalOrder } from '../composables/natural-order';
import { useBrowse } from './browse';
import { datasetOrder } from './browse-filter';
import { useBrowseLayout } from './browse-layout';
import { useDatasets } from './datasets';

/** As the contract takes it, with its fields in a fixed order. */
function examplesOf(examples: ExampleSet | null): ViewState['examples'] {
  return examples && { label: examples.label, expressionIds: [...examples.expressionIds] };
}

export const useBrowseViews = defineStore('browse-views', () => {
  const browse = useBrowse();
  const layout = useBrowseLayout();
  const datasets = useDatasets();
  const list = shallowRef<readonly SavedView[]>([]);
  /** The view that was shown last, though it may have been changed since. */
  const currentId = ref<number | null>(null);
  const current = computed(() => list.value.find(({ id }) => id === currentId.value) ?? null);

  const state = computed<ViewState>(() => ({
    query: printQuery(browse.filter),
    examples: examplesOf(browse.filter.examples),
    sorts: browse.sorts.map((sort) => ({ ...sort })),
    layout: layout.layout,
    columns: [...layout.columns],
    tileSize: layout.tileSize,
    groupByImage: layout.groupByImage,
    colourBy: layout.colourBy,
  }));
  /** Whether what is shown differs from the view as it was saved. */
  const isChanged = computed(
    () =>
      current.value !== null && JSON.stringify(inOrder(current.value.state)) !== JSON.stringify(state.value),
  );

  /** The state with its fields in the order of `state`, and the query printed as this version prints it. */
  function inOrder(saved: ViewState): ViewState {
    return {
      query: printQuery(parseQuery(saved.query).filter),
      examples: examplesOf(saved.examples),
      sorts: saved.sorts.map(({ by, method, descending }) => ({ by, method, descending })),
      layout: saved.layout,
      columns: saved.columns,
      tileSize: saved.tileSize,
      groupByImage: saved.groupByImage,
      colourBy: saved.colourBy,
    };
  }

  async function load() {
    const views = await api.browse.views({});
    list.value = views.sort((one, other) => inNaturalOrder(one.name, other.name));
  }

  function showState(wanted: ViewState) {
    const { query, examples, sorts, columns, tileSize, groupByImage, colourBy } = wanted;
    layout.layout = wanted.layout;
    layout.columns = columns;
    layout.tileSize = tileSize;
    layout.groupByImage = groupByImage;
    layout.colourBy = colourBy;
    browse.filter = { ...parseQuery(query).filter, examples };
    browse.sorts = sorts.length > 0 ? sorts : [datasetOrder];
  }

  function show(view: SavedView) {
    showState(view.state);
    currentId.value = view.id;
  }

  /** Everything, in the order of the dataset; how it looks stays. */
  function showAll() {
    browse.filter = emptyFilter();
    browse.sort = datasetOrder;
    currentId.value = null;
  }

  async function saveAs(name: string) {
    const saved = await api.browse.saveView({ viewId: null, name, state: state.value });
    await load();
    currentId.value = saved.id;
  }

  /** Keeps what is shown under the name of the current view. */
  async function saveCurrent() {
    const view = current.value;
    if (!view) return;
    await api.browse.saveView({ viewId: view.id, name: view.name, state: state.value });
    await load();
  }

  async function rename(view: SavedView, name: string) {
    await api.browse.saveView({ viewId: view.id, name, state: view.state });
    await load();
  }

  async function remove(view: SavedView) {
    await api.browse.deleteView({ viewId: view.id });
    if (currentId.value === view.id) currentId.value = null;
    await load();
  }

  /** Puts back a view that was deleted. */
  async function restore(view: SavedView) {
    const saved = await api.browse.saveView({ viewId: null, name: view.name, state: view.state });
    await setDefault(view.isDefault ? saved : (list.value.find(({ isDefault }) => isDefault) ?? null));
  }

  /** The view that a dataset is first shown with; null: none. */
  async function setDefault(view: SavedView | null) {
    await api.browse.setDefaultView({ viewId: view?.id ?? null });
    await load();
  }

  /** Shows the default view, unless somebody has asked for something already. */
  function begin() {
    const preferred = list.value.find(({ isDefault }) => isDefault);
    if (preferred && !browse.isFiltered && browse.sort === datasetOrder) show(preferred);
  }

  watch(
    () => datasets.currentId,
    () => {
      currentId.value = null;
      begin();
    },
  );

  return {
    list,
    current,
    state,
    isChanged,
    load,
    begin,
    show,
    showState,
    showAll,
    saveAs,
    saveCurrent,
    rename,
    remove,
    restore,
    setDefault,
  };
});
