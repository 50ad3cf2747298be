import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useRuns } from '../../../src/renderer/stores/runs';
import { exampleDataset, exampleRun } from '../support/examples';
import { offerWorkbench } from '../support/workbench';

const older = exampleRun(1, 'yolo-clip');
const newer = exampleRun(5, 'yolo-clip', { packId: 'other' });
const ris = exampleRun(3, 'risclip');

beforeEach(async () => {
  localStorage.clear();
  setActivePinia(createPinia());
  offerWorkbench({
    datasets: { list: () => [exampleDataset(), exampleDataset({ id: 2 })] },
    runs: { list: ({ datasetId }) => (datasetId === 1 ? [newer, older, ris] : []) },
  });
  await useDatasets().load();
  await useRuns().load();
});

describe('the runs that are shown', () => {
  it('are the newest of each method, in the order of the methods', () => {
    expect(useRuns().shownIds).toEqual([5, 3]);
    expect(useRuns().byMethod.get('blip-sam')).toBeNull();
  });

  it('can be chosen, until another dataset is opened', async () => {
    const runs = useRuns();
    runs.choose(older);
    expect(runs.shownIds).toEqual([1, 3]);
    useDatasets().choose(2);
    await nextTick();
    expect(runs.shownIds).toEqual([]);
    useDatasets().choose(1);
    await nextTick();
    await runs.load();
    expect(runs.shownIds).toEqual([5, 3]);
  });
});

describe('the dataset', () => {
  it('used last is opened again; one that is gone gives way to the first', async () => {
    useDatasets().choose(2);
    setActivePinia(createPinia());
    await useDatasets().load();
    expect(useDatasets().currentId).toBe(2);
    localStorage.setItem('workbench:dataset', '77');
    setActivePinia(createPinia());
    await useDatasets().load();
    expect(useDatasets().currentId).toBe(1);
  });
});
