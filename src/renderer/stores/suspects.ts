/**
 * The queue of expressions whose ground truth may be wrong: which there are, which a person has looked at, and the way
 * through them. What a person decides goes through the ordinary corrections; nothing here changes ground truth itself.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, triggerRef } from 'vue';
import type { ExpressionRow, MethodId, Suspect } from '../../common/contract';
import { api, listen } from '../api/client';
import { openExpression } from '../router';
import { useCorrections } from './corrections';
import { useEditor } from './corrections-editor';
import { useLabels } from './corrections-labels';
import { useEvaluation } from './evaluation';
import { useInspect } from './inspect';
import { useRuns } from './runs';

/** More are not reviewed in one go; the most suspect come first. */
const mostSuspects = 1_000;
const rowsPerCall = 200;
/** Whose answer is taken where several agree: those with masks first. */
const preferred: readonly MethodId[] = ['risclip', 'blip-sam', 'yolo-clip'];

export const useSuspects = defineStore('suspects', () => {
  const evaluation = useEvaluation();
  const inspect = useInspect();
  const editor = useEditor();
  const labels = useLabels();
  const corrections = useCorrections();
  const runs = useRuns();

  const list = shallowRef<Suspect[] | null>(null);
  const rows = shallowRef(new Map<number, ExpressionRow>());
  const failure = shallowRef<unknown>(null);
  const loading = ref(false);
  /** Place in the list of the one that is being reviewed; −1: the queue is not on. */
  const position = ref(-1);
  /** Those left behind in this queue, the last at the end, and whether something was done to them. */
  const trail = shallowRef<{ position: number; changed: boolean }[]>([]);
  let newest = 0;

  const isLookedAt = (expressionId: number) => {
    const row = rows.value.get(expressionId);
    return row !== undefined && (row.reviewState !== 'unreviewed' || row.corrected);
  };
  const total = computed(() => list.value?.length ?? 0);
  const done = computed(
    () => (list.value ?? []).filter(({ expressionId }) => isLookedAt(expressionId)).length,
  );
  const current = computed(() => list.value?.[position.value] ?? null);
  /** The queue is on, and the screen shows its expression. */
  const isHere = computed(
    () => current.value !== null && current.value.expressionId === inspect.expressionId,
  );

  async function loadRows(ids: readonly number[]) {
    const runIds = runs.shownIds;
    for (let start = 0; start < ids.length; start += rowsPerCall) {
      const found = await api.browse.rows({ ids: ids.slice(start, start + rowsPerCall), runIds });
      for (const row of found) rows.value.set(row.id, row);
    }
    triggerRef(rows);
  }

  /** Ranks anew. A queue under way keeps its own list, or what was decided would change what comes next. */
  async function load() {
    if (position.value >= 0) return;
    const asked = (newest += 1);
    loading.value = true;
    try {
      const found = await api.evaluation.suspects({ options: evaluation.options, limit: mostSuspects });
      if (asked !== newest) return;
      await loadRows(found.map(({ expressionId }) => expressionId));
      if (asked !== newest) return;
      list.value = found;
      failure.value = null;
    } catch (thrown) {
      if (asked === newest) failure.value = thrown;
    } finally {
      if (asked === newest) loading.value = false;
    }
  }

  async function goTo(index: number) {
    const suspect = list.value?.[index];
    if (!suspect) return;
    position.value = index;
    await openExpression(suspect.expressionId);
  }

  /** The first after a place that nobody has looked at; −1: none. */
  function nextOpen(after: number): number {
    const found = list.value ?? [];
    const ahead = found.findIndex(({ expressionId }, index) => index > after && !isLookedAt(expressionId));
    return ahead >= 0
      ? ahead
      : found.findIndex(({ expressionId }, index) => index < after && !isLookedAt(expressionId));
  }

  /** Starts at a place, or at the first that nobody has looked at. */
  async function start(index?: number) {
    trail.value = [];
    const first = nextOpen(-1);
    await goTo(index ?? (first >= 0 ? first : 0));
  }

  function stop() {
    position.value = -1;
    trail.value = [];
  }

  /** `changed`: something was done to the present one. Ends the queue after the last. */
  async function goOn(changed: boolean) {
    trail.value = [...trail.value, { position: position.value, changed }];
    const next = nextOpen(position.value);
    if (next >= 0) await goTo(next);
    else position.value = -1;
  }

  /** Marks what was decided before the workspace says so: the next one is chosen at once. */
  function markLookedAt(expressionId: number, change: Partial<ExpressionRow>) {
    const row = rows.value.get(expressionId);
    if (!row) return;
    rows.value.set(expressionId, { ...row, ...change });
    triggerRef(rows);
  }

  /** The ground truth is right as it is. */
  async function keep() {
    const suspect = current.value;
    if (!suspect || !isHere.value || !inspect.isReady) return;
    labels.review('reviewed');
    markLookedAt(suspect.expressionId, { reviewState: 'reviewed' });
    await goOn(true);
  }

  /** The method whose answer would be taken; null where none has one. */
  const acceptable = computed(() => preferred.find((method) => editor.prediction(method)?.box) ?? null);

  /** What the methods answered becomes the ground truth. */
  async function accept() {
    const suspect = current.value;
    const method = acceptable.value;
    if (!suspect || !isHere.value || !inspect.isReady || !method) return;
    editor.accept(method);
    markLookedAt(suspect.expressionId, { corrected: true });
    await goOn(true);
  }

  /** On to the next, whatever was done or not done to this one. */
  async function next() {
    const suspect = current.value;
    await goOn(suspect !== null && isLookedAt(suspect.expressionId));
  }

  /** Back to the last one; what was done to it is taken back. */
  async function back() {
    const last = trail.value.at(-1);
    const suspect = last && list.value?.[last.position];
    if (!last || !suspect) return;
    trail.value = trail.value.slice(0, -1);
    await goTo(last.position);
    await inspect.open(suspect.expressionId);
    if (!last.changed) return;
    corrections.undo();
    markLookedAt(suspect.expressionId, { reviewState: 'unreviewed', corrected: false });
  }

  listen('data.changed', ({ what, expressionIds }) => {
    if (what !== 'corrections' || list.value === null) return;
    const known = expressionIds.filter((id) => rows.value.has(id));
    if (known.length > 0) void loadRows(known).catch(() => undefined);
  });

  return {
    list,
    rows,
    failure,
    loading,
    position,
    trail,
    total,
    done,
    current,
    isHere,
    acceptable,
    isLookedAt,
    load,
    start,
    stop,
    keep,
    accept,
    next,
    back,
  };
});
