/** The stores follow what the engine tells, and are read anew when it comes back. */
import { flushPromises } from '@vue/test-utils';
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, type EffectScope } from 'vue';
import type { WorkbenchEvents } from '../../../src/common/contract';
import { useLiveData } from '../../../src/renderer/composables/useLiveData';
import { useBrowse } from '../../../src/renderer/stores/browse';
import { useEngine } from '../../../src/renderer/stores/engine';
import { useJobs } from '../../../src/renderer/stores/jobs';
import { exampleDataset, exampleFacets, exampleJob, exampleRow, exampleRun } from '../support/examples';
import { offerWorkbench, type FakeWorkbench } from '../support/workbench';

let workbench: FakeWorkbench;
let scope: EffectScope;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  localStorage.clear();
  setActivePinia(createPinia());
  workbench = offerWorkbench({
    datasets: { list: () => [exampleDataset()] },
    runs: { list: () => [exampleRun(3, 'yolo-clip')] },
    jobs: { list: () => [exampleJob(8)] },
    browse: {
      ids: () => ({ ids: Int32Array.of(1, 2) }),
      facets: () => exampleFacets(),
      rows: ({ ids }) => ids.map((id) => exampleRow(id)),
    },
  });
  scope = effectScope();
  scope.run(useLiveData);
  await flushPromises();
  workbench.calls.length = 0;
});
afterEach(() => {
  scope.stop();
  vi.useRealTimers();
});

/** What was asked since, each name once. */
const asked = () => [...new Set(workbench.calls.map(({ name }) => name))].sort();

async function tell(change: Partial<WorkbenchEvents['data.changed']>) {
  workbench.emit('data.changed', { what: 'runs', expressionIds: [], ...change });
  await flushPromises();
}

describe('what the stores hold', () => {
  it('is read at the start', () => {
    expect(useJobs().active.map(({ id }) => id)).toEqual([8]);
    expect(useBrowse().ids).toHaveLength(2);
  });

  it('is read anew when the engine came back, and not while it is away', async () => {
    workbench.emit('engine.status', { state: 'restarting', detail: 'The engine ended.', logId: 'log-1' });
    await flushPromises();
    expect(asked()).toEqual([]);
    workbench.emit('engine.status', { state: 'ready', detail: '' });
    await flushPromises();
    expect(useEngine().starts).toBe(1);
    expect(asked()).toEqual(
      expect.arrayContaining(['browse.ids', 'datasets.list', 'jobs.list', 'runs.list', 'workspace.settings']),
    );
  });

  it('is read anew where it changed, and only there', async () => {
    await tell({ what: 'runs' });
    expect(asked()).toEqual(['runs.list']);
    workbench.calls.length = 0;
    await tell({ what: 'settings' });
    expect(asked()).toEqual(['workspace.settings']);
  });

  it('is another list when a person added expressions', async () => {
    await tell({ what: 'datasets', expressionIds: [3] });
    expect(asked()).toEqual(expect.arrayContaining(['browse.ids', 'datasets.list']));
  });

  it('counts predictions that are being written at most every 1.5 seconds', async () => {
    for (let batch = 0; batch < 20; batch += 1) await tell({ what: 'predictions', expressionIds: [1] });
    expect(workbench.inputsOf('runs.list')).toHaveLength(0);
    vi.advanceTimersByTime(1_500);
    await flushPromises();
    expect(workbench.inputsOf('runs.list')).toHaveLength(1);
  });

  it('is a new list of expressions when a prediction ended, and not when it goes on', async () => {
    workbench.emit('jobs.changed', exampleJob(8, { done: 4 }));
    await flushPromises();
    expect(asked()).toEqual([]);
    workbench.emit('jobs.changed', exampleJob(8, { state: 'done' }));
    await flushPromises();
    expect(useJobs().active).toEqual([]);
    expect(asked()).toEqual(expect.arrayContaining(['browse.ids', 'runs.list']));
  });

  it('stays as it is when nobody looks any more', async () => {
    await tell({ what: 'predictions', expressionIds: [1] });
    scope.stop();
    vi.advanceTimersByTime(5_000);
    await tell({ what: 'runs' });
    expect(workbench.inputsOf('runs.list')).toHaveLength(0);
  });
});
