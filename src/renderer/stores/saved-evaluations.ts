/** The evaluations that a person has kept of the current dataset. */
import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api } from '../api/client';
import { datasetList } from './dataset-list';
import { useEvaluation } from './evaluation';
import { useNotices } from './notices';

export const useSavedEvaluations = defineStore('saved-evaluations', () => {
  const evaluation = useEvaluation();
  const notices = useNotices();
  const { list, failure, load } = datasetList((datasetId) => api.evaluation.saved({ datasetId }));
  const isSaving = ref(false);

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
