import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Job } from '../../../src/common/contract';
import { useJobs } from '../../../src/renderer/stores/jobs';
import { useNotices } from '../../../src/renderer/stores/notices';
import { exampleJob } from '../support/examples';
import { offerWorkbench } from '../support/workbench';

let known: Job[];

beforeEach(() => {
  setActivePinia(createPinia());
  known = [];
  offerWorkbench({ jobs: { list: () => known, clear: () => ((known = []), null) } });
});

describe('jobs', () => {
  it('follow their events, newest first', () => {
    const jobs = useJobs();
    jobs.receive(exampleJob(1));
    jobs.receive(exampleJob(2, { state: 'queued' }));
    jobs.receive(exampleJob(1, { done: 4 }));
    expect(jobs.list.map(({ id, done }) => [id, done])).toEqual([
      [2, 2],
      [1, 4],
    ]);
    expect(jobs.running?.id).toBe(1);
    expect(jobs.active).toHaveLength(2);
  });

  it('say how they ended, once', () => {
    const jobs = useJobs();
    const notices = useNotices();
    jobs.receive(exampleJob(1));
    const over = exampleJob(1, { state: 'done', failed: 3, message: '412 done, 3 failed' });
    jobs.receive(over);
    jobs.receive(over);
    expect(notices.notices).toMatchObject([
      { tone: 'warning', message: 'Predict EmojiRef: 412 done, 3 failed', count: 1 },
    ]);
  });

  it('tell a failure with its hint, and say nothing of a cancelled one', () => {
    const jobs = useJobs();
    const notices = useNotices();
    jobs.receive(exampleJob(1));
    jobs.receive(exampleJob(1, { state: 'cancelled' }));
    expect(notices.notices).toEqual([]);
    jobs.receive(exampleJob(2));
    const error = { kind: 'disk-full', message: 'No space is left.', hint: 'Free some space.' };
    jobs.receive(exampleJob(2, { state: 'failed', error }));
    expect(notices.notices).toMatchObject([{ tone: 'error', hint: 'Free some space.' }]);
  });

  it('can be waited for, whether the end comes by event, by reading the list, or has come already', async () => {
    const jobs = useJobs();
    jobs.receive(exampleJob(1));
    jobs.receive(exampleJob(2));
    const first = jobs.ended(1);
    const second = jobs.ended(2);
    jobs.receive(exampleJob(1, { state: 'done' }));
    expect((await first).state).toBe('done');
    known = [exampleJob(2, { state: 'interrupted' })];
    await jobs.load();
    expect((await second).state).toBe('interrupted');
    expect((await jobs.ended(2)).state).toBe('interrupted');
  });

  it('that ended can be forgotten', async () => {
    const jobs = useJobs();
    known = [exampleJob(1, { state: 'done' })];
    await jobs.load();
    await jobs.clear();
    expect(jobs.list).toEqual([]);
  });
});
