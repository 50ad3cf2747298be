/**
 * The list of expressions: which match, in what order, and where the person is in it. Browse shows it, Inspect
 * walks through it. The store holds ids and what is near the screen; the workspace holds the rest.
 */
import { defineStore } from 'pinia';
import { computed, nextTick, ref, shallowRef, triggerRef, watch } from 'vue';
import type { ExpressionRow, Facets, MethodId, WorkbenchEvents } from '../../common/contract';
import { api } from '../api/client';
import {
  datasetOrder,
  dependsOnHumanWork,
  dependsOnResults,
  emptyFilter,
  filterInput,
  filterTerms,
  sortInputs,
  type FilterState,
  type SortState,
} from './browse-filter';
import { useBrowseLayout } from './browse-layout';
import { useDatasets } from './datasets';
import { useNotices } from './notices';
import { useRuns } from './runs';

const rowsPerCall = 200;
const rowsKept = 4_000;
/** Milliseconds that typing may pause before it is searched for. */
const typingPause = 140;
/** While a job writes, results are read anew at most this often. */
const refreshPause = 1_200;
/** Milliseconds after which a list that is not there yet is said to be under way. */
const slowAfter = 300;
export const mostSorts = 4;
const noIds = new Int32Array();

export const useBrowse = defineStore('browse', () => {
  const datasets = useDatasets();
  const runs = useRuns();
  const layout = useBrowseLayout();

  const filter = shallowRef<FilterState>(emptyFilter());
  /** The first decides; each further one decides between what those before it find equal. Never empty. */
  const sorts = shallowRef<readonly SortState[]>([datasetOrder]);
  const sort = computed({
    get: () => sorts.value[0] ?? datasetOrder,
    set: (value: SortState) => (sorts.value = [value]),
  });
  const ids = shallowRef<Int32Array>(noIds);
  /** The image of each of `ids` where they are grouped by image; else null. */
  const imageIds = shallowRef<Int32Array | null>(null);
  /** Index into `ids` of the expression that is marked; −1: none, the list is empty. */
  const cursor = ref(-1);
  const currentId = computed(() => ids.value[cursor.value] ?? null);
  const facets = shallowRef<Facets | null>(null);
  const loading = ref(false);
  /** Whether `ids` belongs to the current dataset: before, nothing can be said about it. */
  const loaded = ref(false);
  const failure = shallowRef<unknown>(null);
  /** Results have changed since the list was made; it is left alone until the person asks. */
  const stale = ref(false);
  const selected = shallowRef<ReadonlySet<number>>(new Set());

  /** Set by the list on the screen: the entry so many rows below (or, negative, above) an entry. */
  const steppedBy = shallowRef((index: number, rowsDown: number) => index + rowsDown);
  const rowsOnScreen = ref(1);

  const terms = computed(() => filterTerms(filter.value));
  const isFiltered = computed(() => terms.value.length > 0);
  const total = computed(() => datasets.current?.expressions ?? 0);

  const rows = shallowRef(new Map<number, ExpressionRow>());
  /** Ids whose row is as the workspace has it; others are shown until they are read anew. */
  const fresh = new Set<number>();
  /** Counts up with whatever makes rows old. */
  let changes = 0;
  let reading: Promise<void> | null = null;
  let shownFrom = 0;
  let shownTo = 0;

  /** The filter as the contract takes it; null without a dataset. */
  const contractFilter = computed(() =>
    datasets.currentId === null ? null : filterInput(filter.value, datasets.currentId, runs.byMethod),
  );

  let newestRefresh = 0;
  /** A list is under way that takes a while; the one before is shown until it is there. */
  const isSlow = ref(false);
  /** What the list that is shown was asked by; null: there is none. */
  let shownBy: { filter: FilterState; sorts: readonly SortState[]; groupByImage: boolean } | null = null;

  /** Reads the list and the counts anew. `keep`: the marked expression stays marked where it still matches. */
  async function refresh(mark: 'keep' | 'first' = 'keep') {
    const input = contractFilter.value;
    const ticket = (newestRefresh += 1);
    stale.value = false;
    if (!input) {
      ids.value = noIds;
      imageIds.value = null;
      cursor.value = -1;
      facets.value = null;
      return;
    }
    loading.value = true;
    isSlow.value = false;
    const slow = setTimeout(() => (isSlow.value = ticket === newestRefresh), slowAfter);
    try {
      const asked = { filter: filter.value, sorts: sorts.value, groupByImage: layout.groupByImage };
      const order = sortInputs(sorts.value, runs.byMethod);
      const found = await api.browse.ids({ filter: input, ...order, groupByImage: asked.groupByImage });
      if (ticket !== newestRefresh) return;
      clearTimeout(slow);
      isSlow.value = false;
      shownBy = asked;
      accept(found.ids, mark);
      imageIds.value = found.imageIds ?? null;
      // The engine answers one call after the other: the rows on the screen come before the counts.
      await nextTick();
      const counted = await api.browse.facets({ filter: input, runIds: runs.shownIds });
      if (ticket !== newestRefresh) return;
      facets.value = counted;
      failure.value = null;
    } catch (thrown) {
      if (ticket === newestRefresh) failure.value = thrown;
    } finally {
      clearTimeout(slow);
      if (ticket === newestRefresh) [loading.value, isSlow.value] = [false, false];
    }
  }

  /** Instead of a list that takes a while, the one that is shown. */
  function takeBack() {
    if (!shownBy) return;
    newestRefresh += 1;
    [loading.value, isSlow.value] = [false, false];
    filter.value = shownBy.filter;
    sorts.value = shownBy.sorts;
    layout.groupByImage = shownBy.groupByImage;
  }

  /** The mark to be put on the first list of this filter, until the person moves it. */
  let restored: { filter: FilterState; markedId: number | null } | null = null;

  function accept(found: Int32Array, mark: 'keep' | 'first') {
    const kept = restored?.filter === filter.value ? restored.markedId : null;
    const before = kept ?? (mark === 'keep' ? currentId.value : null);
    const again = before === null ? -1 : found.indexOf(before);
    ids.value = found;
    cursor.value = again >= 0 ? again : found.length > 0 ? 0 : -1;
    loaded.value = true;
  }

  /** Reads the rows of a part of the list, and remembers it as what is on the screen. */
  function show(from: number, to: number): Promise<void> {
    shownFrom = Math.max(0, from);
    shownTo = Math.min(ids.value.length, to);
    reading ??= readShown().finally(() => (reading = null));
    return reading;
  }

  /** One call after the other, each for what is on the screen by then: what was scrolled past is never asked for. */
  async function readShown() {
    for (;;) {
      const wanted = Array.from(ids.value.subarray(shownFrom, shownTo))
        .filter((expressionId) => !fresh.has(expressionId))
        .slice(0, rowsPerCall);
      if (wanted.length === 0 || !(await loadRows(wanted))) return;
    }
  }

  /** false: they could not be read. */
  async function loadRows(wanted: number[]): Promise<boolean> {
    const runIds = runs.shownIds;
    const asked = changes;
    const found = await useNotices().attempt(() => api.browse.rows({ ids: wanted, runIds }));
    if (!found) return false;
    // Other runs are shown by now: these rows answer an old question.
    if (runIds.join() !== runs.shownIds.join()) return true;
    for (const row of found) {
      rows.value.delete(row.id);
      rows.value.set(row.id, row);
    }
    // Also those that are not there any more. What has changed meanwhile is shown, and read again.
    if (asked === changes) for (const expressionId of wanted) fresh.add(expressionId);
    for (const expressionId of rows.value.keys()) {
      if (rows.value.size <= rowsKept) break;
      rows.value.delete(expressionId);
      fresh.delete(expressionId);
    }
    triggerRef(rows);
    return true;
  }

  /** The row if it has been read; it may be a moment old. */
  function rowOf(expressionId: number): ExpressionRow | null {
    return rows.value.get(expressionId) ?? null;
  }

  /** Rows to be read anew: those given, or all. */
  function invalidate(expressionIds: readonly number[] | null) {
    changes += 1;
    if (expressionIds === null) fresh.clear();
    else for (const expressionId of expressionIds) fresh.delete(expressionId);
    void show(shownFrom, shownTo);
  }

  async function refreshFacets() {
    const input = contractFilter.value;
    const ticket = newestRefresh;
    if (!input) return;
    const counted = await api.browse.facets({ filter: input, runIds: runs.shownIds });
    if (ticket === newestRefresh) facets.value = counted;
  }

  /** Puts selection and mark back as they were with the filter that is set now. */
  function restore(selectedIds: readonly number[], markedId: number | null) {
    selected.value = new Set(selectedIds);
    restored = { filter: filter.value, markedId };
  }

  function moveTo(index: number) {
    if (ids.value.length === 0) return;
    restored = null;
    cursor.value = Math.min(ids.value.length - 1, Math.max(0, index));
  }

  function moveByRows(rowsDown: number) {
    moveTo(steppedBy.value(cursor.value, rowsDown));
  }

  /** Puts the mark on an expression; false where the list does not hold it. */
  function select(expressionId: number): boolean {
    if (currentId.value === expressionId) return true;
    const index = ids.value.indexOf(expressionId);
    if (index < 0) return false;
    restored = null;
    cursor.value = index;
    return true;
  }

  /** The id so many steps after (or, negative, before) the marked one; null beyond the ends. */
  function neighbour(step: number): number | null {
    return ids.value[cursor.value + step] ?? null;
  }

  function changeFilter(change: Partial<FilterState>) {
    filter.value = { ...filter.value, ...change };
  }

  function clearFilter() {
    filter.value = emptyFilter();
  }

  /** A filter of these conditions and no others. */
  function showOnly(conditions: Partial<FilterState>) {
    filter.value = { ...emptyFilter(), ...conditions };
  }

  /** Sorts by this alone, or with `further` by this after what it is sorted by already; again: turned round. */
  function sortBy(by: SortState['by'], method: MethodId | null, further: boolean) {
    const same = (each: SortState) => each.by === by && each.method === method;
    const before = sorts.value.find(same);
    // The widest spread is what one looks for first.
    const next = { by, method, descending: before ? !before.descending : by === 'spread' };
    const others = sorts.value.filter((each) => each.by !== 'dataset');
    if (!further) sorts.value = [next];
    else if (before) sorts.value = others.map((each) => (same(each) ? next : each));
    else sorts.value = [...others, next].slice(-mostSorts);
  }

  function toggleSelected(expressionId: number) {
    const next = new Set(selected.value);
    if (!next.delete(expressionId)) next.add(expressionId);
    selected.value = next;
  }

  /** Adds everything between the mark and an index to the selection. */
  function selectThrough(index: number) {
    const [from, to] = cursor.value < index ? [cursor.value, index] : [index, cursor.value];
    selected.value = new Set([...selected.value, ...ids.value.subarray(Math.max(0, from), to + 1)]);
  }

  function selectAll() {
    selected.value = new Set(ids.value);
  }

  function clearSelection() {
    selected.value = new Set();
  }

  let pause: ReturnType<typeof setTimeout> | undefined;
  function refreshAfter(milliseconds: number) {
    clearTimeout(pause);
    pause = setTimeout(() => void refresh('first'), milliseconds);
  }

  let resultsPause: ReturnType<typeof setTimeout> | undefined;

  /** Takes in that data has changed elsewhere: rows and counts follow, the order waits for the person. */
  function receive({ what, expressionIds }: WorkbenchEvents['data.changed']) {
    if (what !== 'predictions' && what !== 'corrections') return;
    if (what === 'corrections' && expressionIds.length > 0) invalidate(expressionIds);
    if (dependsOnResults(filter.value, sorts.value)) stale.value = true;
    if (what === 'corrections' && dependsOnHumanWork(filter.value, sorts.value)) stale.value = true;
    resultsPause ??= setTimeout(() => {
      resultsPause = undefined;
      if (what === 'predictions' || expressionIds.length === 0) invalidate(null);
      void useNotices().attempt(refreshFacets);
    }, refreshPause);
  }

  watch(
    () => datasets.currentId,
    () => {
      filter.value = emptyFilter();
      sort.value = datasetOrder;
      shownBy = null;
      ids.value = noIds;
      imageIds.value = null;
      cursor.value = -1;
      loaded.value = false;
      rows.value = new Map();
      fresh.clear();
      clearSelection();
    },
  );
  watch(
    [() => datasets.currentId, filter, sorts, () => layout.groupByImage],
    ([dataset, now], [datasetBefore, before]) => {
      const typing = dataset === datasetBefore && now.text !== before?.text;
      if (typing) refreshAfter(typingPause);
      else void refresh('first');
    },
    { immediate: true },
  );
  watch(
    () => runs.shownIds.join(),
    () => {
      invalidate(null);
      void refresh();
    },
  );

  return {
    filter,
    sorts,
    sort,
    ids,
    imageIds,
    cursor,
    currentId,
    facets,
    loading,
    isSlow,
    takeBack,
    loaded,
    failure,
    stale,
    selected,
    steppedBy,
    rowsOnScreen,
    terms,
    isFiltered,
    total,
    contractFilter,
    refresh,
    show,
    restore,
    rowOf,
    invalidate,
    moveTo,
    moveByRows,
    select,
    neighbour,
    changeFilter,
    clearFilter,
    showOnly,
    sortBy,
    toggleSelected,
    selectThrough,
    selectAll,
    clearSelection,
    receive,
  };
});
