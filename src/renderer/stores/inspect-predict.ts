import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { ownMethodIds, type ExpressionDetail, type MeasuredPrediction } from '../../common/contract';
import { api } from '../api/client';
import { useInspect } from './inspect';
import { useJobs } from './jobs';
import { useRuns } from './runs';

/** Whether a stored answer was given to the text as it was before somebody edited it. */
export function isOutdated(prediction: MeasuredPrediction, detail: ExpressionDetail): boolean {
  return prediction.answeredText !== detail.text;
}

/** Has the missing methods answer the one expression on the screen. */
export const usePredictExpression = defineStore('inspect-predict', () => {
  const inspect = useInspect();
  const runningFor = ref<number | null>(null);

  /** Methods without an answer to the text as it is now. */
  const missing = computed(() => {
    const { detail } = inspect;
    if (!detail) return [];
    return ownMethodIds.filter((method) =>
      detail.predictions.every((each) => each.method !== method || isOutdated(each, detail)),
    );
  });
  const isRunning = computed(() => runningFor.value !== null);

  async function predict() {
    const { detail } = inspect;
    if (!detail || missing.value.length === 0 || isRunning.value) return;
    runningFor.value = detail.id;
    try {
      const { jobId } = await api.runs.start({
        methods: [...missing.value],
        scope: { filter: { datasetId: detail.image.datasetId }, expressionIds: [detail.id] },
      });
      await useJobs().ended(jobId);
      await useRuns().load();
      await inspect.refresh();
    } finally {
      runningFor.value = null;
    }
  }

  return { missing, isRunning, predict };
});
