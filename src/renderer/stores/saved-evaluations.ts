/** The evaluations that a person has kept of the current dataset. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { SavedEvaluation } from '../../common/contract';
import { api } from '../api/client';
import { useDatasets } from './datasets';
import { useEvaluation } from './evaluation';
import { useNotices } from './notices';

export const useSavedEvaluations = defineStore('saved-evaluations', () => {
  const datasets = useDatasets();
  const evaluation = useEvaluation();
  const notices = useNotices();
  const list = shallowRef<SavedEvaluation[]>([]);
  const failure = shallowRef<unknown>(null);
  const isSaving = ref(false);

  async function load() {
    const datasetId = datasets.currentId;
    if (datasetId === null) {
      list.value = [];
      return;
    }
    try {
      const found = await api.evaluation.saved({ datasetId });
      if (datasetId !== datasets.currentId) return;
      list.value = found;
      failure.value = null;
    } catch (thrown) {
      failure.value = thrown;
    }
  }

  /** Keeps what is shown, pinned to the ground truth of this moment. Whether it worked. */
  async function save(name: string, note: string): Promise<boolean> {
    isSaving.value = true;
    const saved = await notices.attempt(() =>
      api.evaluation.save({ options: evaluation.options, name, note }),
    );
    isSaving.value = false;
    if (!saved) return false;
    list.value = [saved, ...list.value];
    notices.push({
      tone: 'success',
      message: `Saved “${saved.name}” at ground-truth revision ${saved.revision}.`,
    });
    return true;
  }

  async function remove(id: number) {
    const answer = await notices.attempt(() => api.evaluation.remove({ id }));
    if (answer) list.value = list.value.filter((one) => one.id !== id);
  }

  return { list, failure, isSaving, load, save, remove };
});
