import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { Job } from '../../common/contract';
import { api } from '../api/client';
import { goTo } from '../router';
import { useNotices } from './notices';

export function isActive(job: Job): boolean {
  return job.state === 'queued' || job.state === 'running';
}

/** Everything long that runs or has run; kept true by the engine's events. */
export const useJobs = defineStore('jobs', () => {
  /** Newest first. */
  const list = shallowRef<Job[]>([]);
  const failure = shallowRef<unknown>(null);
  const active = computed(() => list.value.filter(isActive));
  const running = computed(
    () => list.value.find((job) => job.state === 'running') ?? active.value[0] ?? null,
  );
  const waiting = new Map<number, ((job: Job) => void)[]>();

  function announce(job: Job) {
    const notices = useNotices();
    const action = { label: 'Show jobs', run: () => void goTo('jobs') };
    if (job.state === 'failed') {
      const { message, hint } = job.error ?? { message: job.message, hint: '' };
      notices.push({ tone: 'error', message: `${job.title}: ${message}`, hint, action });
    } else if (job.state === 'done') {
      const tone = job.failed > 0 ? 'warning' : 'success';
      notices.push({ tone, message: `${job.title}: ${job.message || 'done'}`, action });
    }
  }

  function settle(job: Job) {
    for (const tell of waiting.get(job.id) ?? []) tell(job);
    waiting.delete(job.id);
  }

  /** Takes in what an event says about a job. */
  function receive(job: Job) {
    const before = list.value.find((each) => each.id === job.id);
    list.value = before
      ? list.value.map((each) => (each.id === job.id ? job : each))
      : [job, ...list.value].sort((a, b) => b.id - a.id);
    // A paused job is not over: who waits for its end waits on.
    if (isActive(job) || job.state === 'paused') return;
    if (!before || isActive(before)) announce(job);
    settle(job);
  }

  async function load() {
    try {
      list.value = (await api.jobs.list({})).sort((a, b) => b.id - a.id);
      failure.value = null;
      for (const job of list.value) if (!isActive(job) && job.state !== 'paused') settle(job);
    } catch (thrown) {
      failure.value = thrown;
    }
  }

  /** The job when it is over, however it ended. */
  function ended(jobId: number): Promise<Job> {
    const known = list.value.find((job) => job.id === jobId);
    if (known && !isActive(known) && known.state !== 'paused') return Promise.resolve(known);
    return new Promise((resolve) => waiting.set(jobId, [...(waiting.get(jobId) ?? []), resolve]));
  }

  async function cancel(jobId: number) {
    await api.jobs.cancel({ jobId });
  }

  async function pause(jobId: number) {
    await api.jobs.pause({ jobId });
  }

  async function resume(jobId: number) {
    await api.jobs.resume({ jobId });
  }

  async function clear() {
    await api.jobs.clear({});
    await load();
  }

  return { list, failure, active, running, receive, load, ended, cancel, pause, resume, clear };
});
