import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { methodIds, type MethodId, type RunSummary } from '../../common/contract';
import { api } from '../api/client';
import { nameImported } from '../composables/useMethodColours';
import { datasetList } from './dataset-list';
import { useDatasets } from './datasets';

/** The runs over the current dataset, and which of them stands for each method on every screen. */
export const useRuns = defineStore('runs', () => {
  const datasets = useDatasets();
  const { list, failure, load } = datasetList((datasetId) => api.runs.list({ datasetId }));
  /** Runs chosen by hand; every other method shows its newest. */
  const chosen = shallowRef<Partial<Record<MethodId, number>>>({});

  function runFor(method: MethodId): RunSummary | null {
    const own = list.value.filter((run) => run.method === method);
    const newest = own.reduce<RunSummary | null>(
      (best, run) => (best === null || run.id > best.id ? run : best),
      null,
    );
    return own.find((run) => run.id === chosen.value[method]) ?? newest;
  }

  const byMethod = computed(() => new Map(methodIds.map((method) => [method, runFor(method)] as const)));
  /** In the order of the methods; methods without a run are left out. */
  const shown = computed(() => [...byMethod.value.values()].filter((run) => run !== null));
  const shownIds = computed(() => shown.value.map((run) => run.id));

  watch(
    () => byMethod.value.get('imported')?.packName ?? null,
    (name) => nameImported(name),
    { immediate: true },
  );

  function choose(run: RunSummary) {
    chosen.value = { ...chosen.value, [run.method]: run.id };
  }

  /** Chooses by hand what was chosen before; runs that are gone give way to the newest. */
  function restore(runIds: Partial<Record<MethodId, number>>) {
    chosen.value = runIds;
  }

  watch(
    () => datasets.currentId,
    () => {
      chosen.value = {};
      list.value = [];
      void load();
    },
    { immediate: true },
  );

  return { list, failure, chosen, byMethod, shown, shownIds, choose, restore, load };
});
