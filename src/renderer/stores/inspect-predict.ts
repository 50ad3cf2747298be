import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { methodIds } from '../../common/contract';
import { api } from '../api/client';
import { useInspect } from './inspect';
import { useJobs } from './jobs';
import { useRuns } from './runs';

/** Has the missing methods answer the one expression on the screen. */
export const usePredictExpression = defineStore('inspect-predict', () => {
  const inspect = useInspect();
  const runningFor = ref<number | null>(null);

  const missing = computed(() => {
    const { detail } = inspect;
    if (!detail) return [];
    return methodIds.filter((method) => detail.predictions.every((each) => each.method !== method));
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
