/** Work on a selection: one call for all, told with its count, and taken back from there. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, it } from 'vitest';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useBrowseBulk } from '../../../src/renderer/stores/browse-bulk';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { useNotices } from '../../../src/renderer/stores/notices';
import { exampleDataset, exampleFacets } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let changed: number[];

beforeEach(async () => {
  localStorage.clear();
  setActivePinia(createPinia());
  changed = [1, 2];
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [] },
    browse: { ids: () => ({ ids: Int32Array.of(1, 2, 3) }), facets: () => exampleFacets(), rows: () => [] },
    corrections: {
      applyToMany: ({ label }) => ({ expressionIds: changed, stepIds: changed.length > 0 ? [7] : [], label }),
      undoSteps: () => ({ expressionIds: changed, undone: 1, left: 0, notReached: [] }),
    },
  });
  useBrowse();
  await useDatasets().load();
  await flushPromises();
});

it('labels all that is selected in one call, and can take it back', async () => {
  useBrowse().selectAll();
  await useBrowseBulk().label('landmark');
  expect(workbench.inputsOf('corrections.applyToMany')).toEqual([
    {
      expressionIds: [1, 2, 3],
      change: { kind: 'failure-label', label: 'landmark' },
      label: 'Label “Landmark taken for the referent”',
    },
  ]);
  const [notice] = useNotices().notices;
  expect(notice?.message).toBe('Label “Landmark taken for the referent”: 2 expressions on 1 image.');
  expect(notice?.hint).toBe('Nothing to change on 1 expression.');
  notice?.action?.run();
  await flushPromises();
  expect(workbench.inputsOf('corrections.undoSteps')).toEqual([{ stepIds: [7] }]);
  expect(useNotices().notices.at(-1)?.message).toBe('Taken back for 2 expressions.');
});

it('says where there was nothing to do, and asks nothing without a selection', async () => {
  await useBrowseBulk().review('reviewed');
  expect(workbench.inputsOf('corrections.applyToMany')).toEqual([]);
  changed = [];
  useBrowse().toggleSelected(3);
  await useBrowseBulk().review('reviewed');
  expect(useNotices().notices[0]?.message).toBe('Mark as reviewed: nothing to change.');
});
