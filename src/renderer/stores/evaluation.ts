/** What is evaluated and what came out; shared by Evaluate and Report, so that the report says what was seen. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Evaluation, EvaluationOptions, OpenedEvaluation } from '../../common/contract';
import { api, isCancelled, listen } from '../api/client';
import { lookOfRuns, type RunLook } from '../charts/series';
import { useDatasets } from './datasets';
import { useRuns } from './runs';

type Choices = Pick<
  EvaluationOptions,
  'split' | 'unit' | 'comparator' | 'boxes' | 'coverage' | 'groundTruth'
>;

/** More cannot be told apart in a chart. */
export const mostRuns = 8;

export const useEvaluation = defineStore('evaluation', () => {
  const datasets = useDatasets();
  const runs = useRuns();
  const choices = ref<Choices>({
    split: null,
    unit: 'expression',
    comparator: '>=',
    boxes: 'exclusive',
    coverage: 'common',
    groundTruth: 'corrected',
  });
  /** Runs left out by hand; of all others of the dataset that hold predictions, the newest eight are in. */
  const leftOut = ref<ReadonlySet<number>>(new Set());
  const present = shallowRef<Evaluation | null>(null);
  const failure = shallowRef<unknown>(null);
  const computing = ref(false);
  /** Something changed since the evaluation was computed. */
  const stale = ref(false);
  /** A person stopped the computation of what is chosen: what is shown is of the choices before. */
  const stopped = ref(false);
  /** A saved evaluation that is looked at instead of the present one. */
  const opened = shallowRef<OpenedEvaluation | null>(null);
  /** Id of the saved evaluation that is being opened; null: none is. */
  const opening = ref<number | null>(null);
  let newest = 0;

  const candidates = computed(() => runs.list.filter((run) => run.predictions > 0));
  const chosenIds = computed(() =>
    candidates.value
      .map((run) => run.id)
      .filter((id) => !leftOut.value.has(id))
      .slice(-mostRuns),
  );
  const options = computed<EvaluationOptions>(
    () =>
      opened.value?.saved.options ?? {
        ...choices.value,
        runIds: chosenIds.value,
        revision: null,
        saved: null,
      },
  );
  const evaluation = computed(() => opened.value?.evaluation ?? present.value);
  const looks = computed<RunLook[]>(() => lookOfRuns(evaluation.value?.runs ?? []));
  const looksById = computed(() => new Map(looks.value.map((look) => [look.runId, look])));

  async function compute() {
    const asked = (newest += 1);
    failure.value = null;
    stopped.value = false;
    if (opened.value) return;
    if (options.value.runIds.length === 0) {
      present.value = null;
      computing.value = false;
      return;
    }
    computing.value = true;
    try {
      const found = await api.evaluation.compute(options.value);
      if (asked !== newest) return;
      present.value = found;
      stale.value = false;
    } catch (thrown) {
      if (asked !== newest) return;
      stopped.value = isCancelled(thrown);
      if (!stopped.value) failure.value = thrown;
    } finally {
      if (asked === newest) computing.value = false;
    }
  }

  function toggleRun(runId: number) {
    const next = new Set(leftOut.value);
    if (!chosenIds.value.includes(runId)) {
      // One that was pushed out by newer ones comes in only when one of those goes.
      next.delete(runId);
      const [oldest] = chosenIds.value;
      if (chosenIds.value.length >= mostRuns && oldest !== undefined) next.add(oldest);
    } else next.add(runId);
    leftOut.value = next;
  }

  /** Looks at a saved evaluation; everything then counts as it did when it was saved. */
  async function open(savedId: number) {
    opening.value = savedId;
    const found = await api.evaluation.open({ id: savedId }).finally(() => (opening.value = null));
    newest += 1;
    computing.value = false;
    stopped.value = false;
    failure.value = null;
    opened.value = found;
  }

  /** Back to the present evaluation. */
  async function close() {
    opened.value = null;
    if (present.value === null || stale.value) await compute();
  }

  // Another dataset has other splits and runs. All splits together always hold what has been predicted.
  watch(
    () => datasets.current?.id,
    () => {
      choices.value = { ...choices.value, split: null };
      leftOut.value = new Set();
      present.value = null;
      opened.value = null;
    },
    { immediate: true },
  );
  listen('data.changed', ({ what }) => {
    if (what === 'predictions' || what === 'corrections' || what === 'runs') stale.value = true;
  });

  return {
    choices,
    candidates,
    chosenIds,
    options,
    evaluation,
    opened,
    looks,
    looksById,
    failure,
    computing,
    stale,
    stopped,
    opening,
    compute,
    toggleRun,
    open,
    close,
  };
});
