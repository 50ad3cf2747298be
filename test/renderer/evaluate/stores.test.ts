/** The stores behind Evaluate: which runs count, saved evaluations instead of the present, and the queue of suspects. */
import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { nextTick } from 'vue';
import type { Evaluation, OpenedEvaluation, Suspect } from '../../../src/common/contract';
import { evaluationOptions } from '../../../src/common/contract';
import { router } from '../../../src/renderer/router';
import { useDatasets } from '../../../src/renderer/stores/datasets';
import { mostRuns, useEvaluation } from '../../../src/renderer/stores/evaluation';
import { useRuns } from '../../../src/renderer/stores/runs';
import { useSuspects } from '../../../src/renderer/stores/suspects';
import { exampleDataset, exampleFacets, exampleRow, exampleRun } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

const evaluationOf = (revision: number) =>
  ({ runs: [], pairs: [], protocol: { revision } }) as unknown as Evaluation;
const suspect = (expressionId: number): Suspect => ({
  expressionId,
  text: `expression ${expressionId}`,
  suspicion: 1 / expressionId,
  reasons: ['methods-agree'],
  otherReferentId: null,
});
const saved: OpenedEvaluation = {
  saved: {
    id: 7,
    datasetId: 1,
    name: 'then',
    note: '',
    options: evaluationOptions.parse({ runIds: [1, 2], revision: 3 }),
    revision: 3,
    resultHash: 'f00d',
    author: '',
    savedAt: '2026-11-25T01:00:00.000Z',
  },
  evaluation: evaluationOf(3),
  reproduced: true,
  changes: [],
};

let workbench: FakeWorkbench;
let reviewed: Set<number>;

beforeEach(async () => {
  setActivePinia(createPinia());
  reviewed = new Set();
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => Array.from({ length: 10 }, (_, index) => exampleRun(index + 1, 'risclip')) },
    browse: {
      ids: () => ({ ids: new Int32Array() }),
      facets: () => exampleFacets(),
      rows: ({ ids }) =>
        ids.map((id) => exampleRow(id, { reviewState: reviewed.has(id) ? 'reviewed' : 'unreviewed' })),
    },
    evaluation: {
      compute: () => evaluationOf(5),
      open: () => saved,
      suspects: () => [suspect(1), suspect(2), suspect(3)],
    },
  });
  if (!router.hasRoute('inspect')) {
    router.addRoute({ path: '/inspect/:expressionId?', name: 'inspect', component: {} });
  }
  await useDatasets().load();
  await useRuns().load();
});

describe('the evaluation', () => {
  it('is of the newest eight runs, and one more takes the place of the oldest', () => {
    const store = useEvaluation();
    expect(store.chosenIds).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
    store.toggleRun(1);
    expect(store.chosenIds).toHaveLength(mostRuns);
    store.toggleRun(10);
    expect(store.chosenIds).not.toContain(10);
  });

  it('gives way to a saved one with its own options, and comes back', async () => {
    const store = useEvaluation();
    await store.compute();
    expect(store.evaluation?.protocol.revision).toBe(5);
    await store.open(7);
    expect(store.evaluation?.protocol.revision).toBe(3);
    expect(store.options).toMatchObject({ runIds: [1, 2], revision: 3 });
    const before = workbench.inputsOf('evaluation.compute').length;
    await store.compute();
    expect(workbench.inputsOf('evaluation.compute')).toHaveLength(before);
    await store.close();
    expect(store.evaluation?.protocol.revision).toBe(5);
    expect(store.options.revision).toBeNull();
  });
});

describe('the queue of suspects', () => {
  it('begins at the first that nobody has looked at, and skips those that somebody has', async () => {
    reviewed.add(1);
    const queue = useSuspects();
    await queue.load();
    expect([queue.done, queue.total]).toEqual([1, 3]);
    await queue.start();
    expect(queue.current?.expressionId).toBe(2);
    expect(router.currentRoute.value.params['expressionId']).toBe('2');
    await queue.next();
    expect(queue.current?.expressionId).toBe(3);
    // One was passed over: the queue comes back to it before it ends.
    await queue.next();
    expect(queue.current?.expressionId).toBe(2);
  });

  it('keeps its own list while it is on, and follows what is done', async () => {
    const queue = useSuspects();
    await queue.load();
    await queue.start();
    await queue.load();
    expect(workbench.inputsOf('evaluation.suspects')).toHaveLength(1);
    reviewed.add(2);
    workbench.emit('data.changed', { what: 'corrections', expressionIds: [2] });
    await nextTick();
    await expect.poll(() => queue.done).toBe(1);
    expect(queue.isLookedAt(2)).toBe(true);
    queue.stop();
    expect(queue.current).toBeNull();
  });
});
