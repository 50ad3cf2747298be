import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { ProgressMeter } from '../../../src/common/works/progress-meter';
import { JobQueue, type JobControl, type JobStore, type JobWork } from '../../../src/main/engine/jobs/queue';

/** The store's contract kept in a list; the one of the workspace is tested with a real file. */
function listStore(): JobStore {
  const entries: { job: Job; request: unknown }[] = [];
  return {
    create(job, request) {
      const created = { ...job, id: entries.length + 1 };
      entries.push({ job: created, request });
      return created;
    },
    update(job) {
      const entry = entries.find((one) => one.job.id === job.id);
      if (entry) entry.job = job;
    },
    list: () => entries.map(({ job }) => job),
    get: (jobId) => entries.find(({ job }) => job.id === jobId) ?? null,
    clearEnded: () => undefined,
  };
}

function queueWith(work: JobWork, store = listStore()) {
  const events: Job[] = [];
  const silent = { info: () => undefined, warn: () => undefined, error: () => 'id' };
  const queue = new JobQueue({
    store,
    works: { predict: work, import: work },
    emit: (name, payload) => {
      if (name === 'jobs.changed') events.push(payload as Job);
    },
    log: silent,
  });
  return { queue, events, store };
}

/** Counts to the request, a turn of the event loop for each item. */
const counting: JobWork = async (request, control: JobControl) => {
  control.setTotal(request as number);
  for (let index = 0; index < (request as number); index += 1) {
    if (control.signal.aborted) throw new WorkbenchError('cancelled', 'Cancelled.');
    control.advance(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { message: 'All counted.', result: { counted: request } };
};

describe('the job queue', () => {
  it('runs one job after the other and ends truthfully', async () => {
    const { queue, events } = queueWith(counting);
    const first = queue.start('predict', 'first', 5);
    const second = queue.start('import', 'second', 3);
    const ended = await queue.finished(second.id);
    expect(ended).toMatchObject({
      state: 'done',
      done: 3,
      total: 3,
      message: 'All counted.',
      result: { counted: 3 },
    });
    expect((await queue.finished(first.id)).done).toBe(5);
    const order = events
      .filter(({ state }) => state === 'running' || state === 'done')
      .map(({ id, state }) => `${id} ${state}`);
    expect(order.indexOf('1 done')).toBeLessThan(order.indexOf('2 running'));
  });

  it('cancels a running job and can take it up again', async () => {
    const { queue } = queueWith(counting);
    const job = queue.start('predict', 'long', 1_000_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    queue.cancel(job.id);
    expect(await queue.finished(job.id)).toMatchObject({ state: 'cancelled' });
    queue.resume(job.id);
    expect(queue.list()[0]?.state).toMatch(/queued|running/);
    queue.cancel(job.id);
    await queue.finished(job.id);
  });

  it('keeps kind and hint of a failure', async () => {
    const { queue } = queueWith(() =>
      Promise.reject(new WorkbenchError('model-missing', 'No pack.', 'Install one.')),
    );
    const job = queue.start('predict', 'fails', null);
    expect(await queue.finished(job.id)).toMatchObject({
      state: 'failed',
      error: { kind: 'model-missing', message: 'No pack.', hint: 'Install one.' },
    });
  });

  it('marks what a killed process left running, and resumes it where that is wanted', async () => {
    const left = queueWith(counting);
    left.queue.start('predict', 'left behind', 4);
    const store = left.store;
    const [job] = store.list();
    if (job) store.update({ ...job, state: 'running' });
    await left.queue.close();
    const waiting = queueWith(counting, store);
    waiting.queue.recover(false);
    expect(store.list()[0]?.state).toBe('interrupted');
    const resuming = queueWith(counting, store);
    resuming.queue.recover(true);
    expect(await resuming.queue.finished(1)).toMatchObject({ state: 'done', done: 4 });
  });

  it('leaves a job to the person during which the process ended three times before anything was done', async () => {
    const { store, queue } = queueWith(counting);
    queue.start('predict', 'ends the process', 4);
    await queue.close();
    const crash = (done: number) => {
      const [job] = store.list();
      if (job) store.update({ ...job, state: 'running', done });
    };
    for (const done of [0, 0, 3, 0, 0]) {
      crash(done);
      const next = queueWith(counting, store).queue;
      next.recover(true);
      expect(store.list()[0]?.state).toBe('queued');
      await next.close();
    }
    crash(0);
    const last = queueWith(counting, store).queue;
    last.recover(true);
    expect(store.list()[0]).toMatchObject({ state: 'interrupted', crashes: 3 });
    last.resume(1);
    expect(await last.finished(1)).toMatchObject({ state: 'done' });
  });

  it('interrupts instead of cancelling when the engine closes', async () => {
    const { queue } = queueWith(counting);
    const job = queue.start('predict', 'long', 1_000_000);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await queue.close();
    expect(await queue.finished(job.id)).toMatchObject({ state: 'interrupted', endedAt: null });
  });
});

it('forecasts from the last ten seconds only', () => {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  meter.record(0);
  expect(meter.rate).toBeNull();
  now = 20_000;
  meter.record(10);
  for (; now < 40_000; now += 1_000) meter.record(10 + (now - 20_000) / 100);
  expect(meter.rate).toBeCloseTo(10, 5);
  expect(meter.remainingSeconds(300)).toBeCloseTo(10, 5);
});
