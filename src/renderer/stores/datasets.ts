import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { DatasetSummary } from '../../common/contract';
import { api } from '../api/client';
import { recall, remember } from '../composables/memory';

/** The workspace's datasets and the one that all screens are about. */
export const useDatasets = defineStore('datasets', () => {
  const list = shallowRef<DatasetSummary[]>([]);
  /** Whether the list has been read at least once: an empty list is then really empty. */
  const loaded = ref(false);
  const failure = shallowRef<unknown>(null);
  const currentId = ref<number | null>(null);
  const current = computed(() => list.value.find((dataset) => dataset.id === currentId.value) ?? null);

  function choose(datasetId: number) {
    currentId.value = datasetId;
    remember('dataset', datasetId);
  }

  /** Reads the list; a chosen dataset that is gone gives way to the last one used, else to the first. */
  async function load() {
    try {
      list.value = await api.datasets.list({});
      loaded.value = true;
      failure.value = null;
    } catch (thrown) {
      failure.value = thrown;
      return;
    }
    const remembered = recall('dataset');
    const known = (datasetId: unknown) => list.value.find((dataset) => dataset.id === datasetId);
    currentId.value = (known(currentId.value) ?? known(remembered) ?? list.value[0])?.id ?? null;
  }

  return { list, loaded, failure, currentId, current, choose, load };
});
