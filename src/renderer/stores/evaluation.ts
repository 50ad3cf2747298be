/** What is evaluated and what came out; shared by Evaluate and Report, so that the report says what was seen. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Evaluation, EvaluationOptions } from '../../common/contract';
import { api, listen } from '../api/client';
import { useDatasets } from './datasets';
import { useRuns } from './runs';

type Choices = Pick<EvaluationOptions, 'split' | 'unit' | 'comparator' | 'coverage' | 'groundTruth'>;

export const useEvaluation = defineStore('evaluation', () => {
  const datasets = useDatasets();
  const runs = useRuns();
  const choices = ref<Choices>({
    split: null,
    unit: 'expression',
    comparator: '>=',
    coverage: 'common',
    groundTruth: 'corrected',
  });
  /** Runs left out by hand; all others of the dataset that hold predictions are in. */
  const leftOut = ref<ReadonlySet<number>>(new Set());
  const evaluation = shallowRef<Evaluation | null>(null);
  const failure = shallowRef<unknown>(null);
  const computing = ref(false);
  /** Something changed since the evaluation was computed. */
  const stale = ref(false);
  let newest = 0;

  const candidates = computed(() => runs.list.filter((run) => run.predictions > 0).slice(-8));
  const options = computed<EvaluationOptions>(() => ({
    ...choices.value,
    runIds: candidates.value.map((run) => run.id).filter((id) => !leftOut.value.has(id)),
    revision: null,
  }));

  async function compute() {
    const asked = (newest += 1);
    failure.value = null;
    if (options.value.runIds.length === 0) {
      evaluation.value = null;
      computing.value = false;
      return;
    }
    computing.value = true;
    try {
      const found = await api.evaluation.compute(options.value);
      if (asked !== newest) return;
      evaluation.value = found;
      stale.value = false;
    } catch (thrown) {
      if (asked === newest) failure.value = thrown;
    } finally {
      if (asked === newest) computing.value = false;
    }
  }

  function toggleRun(runId: number) {
    const next = new Set(leftOut.value);
    if (!next.delete(runId)) next.add(runId);
    leftOut.value = next;
  }

  // Another dataset has other splits and runs. All splits together always hold what has been predicted.
  watch(
    () => datasets.current?.id,
    () => {
      choices.value = { ...choices.value, split: null };
      leftOut.value = new Set();
      evaluation.value = null;
    },
    { immediate: true },
  );
  listen('data.changed', ({ what }) => {
    if (what === 'predictions' || what === 'corrections' || what === 'runs') stale.value = true;
  });

  return {
    choices,
    candidates,
    leftOut,
    options,
    evaluation,
    failure,
    computing,
    stale,
    compute,
    toggleRun,
  };
});
