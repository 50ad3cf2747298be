/** Imported attributes of the current dataset; they never change after the import. */
import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import type { AttributeSummary } from '../../common/contract';
import { api } from '../api/client';
import { useDatasets } from './datasets';
import { useNotices } from './notices';

export const useBrowseAttributes = defineStore('browse-attributes', () => {
  const datasets = useDatasets();
  const list = shallowRef<readonly AttributeSummary[]>([]);

  watch(
    () => datasets.currentId,
    async (datasetId) => {
      list.value = [];
      if (datasetId === null) return;
      const found = await useNotices().attempt(() => api.browse.attributes({ datasetId }));
      if (found && datasets.currentId === datasetId) list.value = found;
    },
    { immediate: true },
  );

  return { list };
});
