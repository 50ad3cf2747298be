/** A list that belongs to the current dataset: read anew with it, and never shown under another one. */
import { shallowRef } from 'vue';
import { useDatasets } from './datasets';

export function datasetList<Item>(read: (datasetId: number) => Promise<Item[]>) {
  const datasets = useDatasets();
  const list = shallowRef<Item[]>([]);
  /** What was thrown by the last reading; the list before it is kept. */
  const failure = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    const datasetId = datasets.currentId;
    if (datasetId === null) {
      list.value = [];
      return;
    }
    try {
      const found = await read(datasetId);
      if (datasetId !== datasets.currentId) return;
      list.value = found;
      failure.value = null;
    } catch (thrown) {
      failure.value = thrown;
    }
  }

  return { list, failure, load };
}
