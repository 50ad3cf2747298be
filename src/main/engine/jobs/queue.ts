/**
 * The queue of long works. One job runs at a time, because inference wants all cores; every state is in the
 * workspace, so that a killed process finds its jobs again. Works must be resumable: they ask the workspace
 * what is already there instead of remembering where they were.
 */
import { jobAmount } from '../../../common/amounts';
import type { Job, WorkControl } from '../../../common/contract';
import { toErrorValue, WorkbenchError } from '../../../common/errors';
import type { Emit, Logger } from '../context';
import { ProgressMeter } from '../../../common/works/progress-meter';

export interface JobStore {
  create(job: Omit<Job, 'id'>, request: unknown): Job;
  update(job: Job): void;
  list(): Job[];
  get(jobId: number): { job: Job; request: unknown } | null;
  clearEnded(): void;
}

/** What a job's work is given to report and to notice that it is no longer wanted. */
export interface JobControl extends WorkControl {
  /** Whether the signal means that a person gave the job up, and not only that it pauses or the process ends. */
  cancelled(): boolean;
  /** How much there was at an earlier attempt at this job; 0 at the first. */
  readonly totalBefore: number;
  /** `done`: what was there before this attempt did anything, which is no part of its rate. */
  setTotal(total: number, done?: number): void;
  advance(done: number, failed?: number): void;
  /** Says that what was done so far is on the disk: a next attempt will go on from there. */
  keep(): void;
}

export interface JobOutcome {
  message: string;
  result: Record<string, unknown> | null;
}

export type JobWork = (request: unknown, control: JobControl) => Promise<JobOutcome>;

const announceEveryMilliseconds = 100;
const crashesBeforeAsking = 3;
/** Why a job's signal is aborted when a person cancels it. */
const givenUp = 'cancelled';

/** What each kind of job does; a queue need not know all kinds. */
export type JobWorks = Partial<Record<Job['kind'], JobWork>>;

export class JobQueue {
  readonly #store: JobStore;
  readonly #works: JobWorks;
  readonly #emit: Emit;
  readonly #log: Logger;
  readonly #waiting: number[] = [];
  /** States newer than the written ones: of the running job, and of one whose state could not be written. */
  readonly #newer = new Map<number, Job>();
  #running: { jobId: number; abort: AbortController; ended: Promise<void>; pausing: boolean } | null = null;
  #closing = false;

  constructor(options: { store: JobStore; works: JobWorks; emit: Emit; log: Logger }) {
    this.#store = options.store;
    this.#works = options.works;
    this.#emit = options.emit;
    this.#log = options.log;
  }

  /**
   * Jobs that a killed process left behind: marked, and started again where that is wanted. A job during which the
   * process ended again and again before anything of it was kept is left to the person: it may be what ends it.
   */
  recover(resume: boolean): void {
    // Oldest first, as they were waiting.
    for (const job of this.#store.list().reverse()) {
      if (job.state !== 'running' && job.state !== 'queued' && job.state !== 'interrupted') continue;
      const before = job.crashes ?? 0;
      const crashes = job.state !== 'running' ? before : job.done > 0 ? 0 : before + 1;
      const message = 'Interrupted; can be resumed.';
      const interrupted: Job = { ...job, state: 'interrupted', message, crashes };
      this.#store.update(interrupted);
      if (resume && crashes < crashesBeforeAsking) this.resume(job.id);
      else this.#emit('jobs.changed', interrupted);
    }
  }

  start(kind: Job['kind'], title: string, request: unknown): Job {
    const job = this.#store.create(
      {
        kind,
        title,
        state: 'queued',
        done: 0,
        total: 0,
        failed: 0,
        rate: null,
        remainingSeconds: null,
        message: 'Waiting',
        createdAt: new Date().toISOString(),
        endedAt: null,
        result: null,
        error: null,
      },
      request,
    );
    this.#enqueue(job);
    return job;
  }

  cancel(jobId: number): void {
    if (this.#running?.jobId === jobId) {
      this.#running.abort.abort(givenUp);
      return;
    }
    const { job } = this.#find(jobId);
    const place = this.#waiting.indexOf(jobId);
    if (place >= 0) this.#waiting.splice(place, 1);
    if (job.state === 'queued' || job.state === 'interrupted' || job.state === 'paused') {
      this.#change({ ...job, state: 'cancelled', message: 'Cancelled.', endedAt: new Date().toISOString() });
    }
  }

  /** Stops a job where it is until somebody resumes it. What has ended stays as it ended. */
  pause(jobId: number): void {
    if (this.#running?.jobId === jobId) {
      this.#running.pausing = true;
      this.#running.abort.abort();
      return;
    }
    const { job } = this.#find(jobId);
    const place = this.#waiting.indexOf(jobId);
    if (place < 0) return;
    this.#waiting.splice(place, 1);
    this.#change({ ...job, state: 'paused', message: 'Paused before it began.' });
  }

  resume(jobId: number): void {
    const { job } = this.#find(jobId);
    if (job.state === 'running' || job.state === 'queued' || job.state === 'done') {
      throw new WorkbenchError(
        'conflict',
        `The job is ${job.state}.`,
        'Only a job that ended early can be resumed.',
      );
    }
    this.#enqueue({ ...job, state: 'queued', message: 'Waiting', endedAt: null, error: null });
  }

  /** A job of this kind and request that waits, runs or ended early, the newest first; null where there is none. */
  unfinished(kind: Job['kind'], request: unknown): Job | null {
    const wanted = JSON.stringify(request);
    const found = this.list().find(
      (job) =>
        job.kind === kind &&
        job.state !== 'done' &&
        job.state !== 'cancelled' &&
        JSON.stringify(this.#find(job.id).request) === wanted,
    );
    return found ?? null;
  }

  list(): Job[] {
    return this.#store.list().map((job) => this.#newer.get(job.id) ?? job);
  }

  /** What the job was asked to do, as it was stored. */
  requestOf(jobId: number): unknown {
    return this.#find(jobId).request;
  }

  clear(): void {
    this.#store.clearEnded();
  }

  /** Resolves when the job is neither waiting nor running, with its last state. */
  async finished(jobId: number): Promise<Job> {
    for (;;) {
      const { job } = this.#find(jobId);
      if (job.state !== 'queued' && job.state !== 'running') return job;
      // A closing queue starts nothing more: what waits, waits for the next start.
      if (this.#closing && !this.#running) return job;
      if (this.#running) await this.#running.ended;
      else await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Stops the running job where it is; it stays `interrupted` and is resumed at the next start. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#waiting.length = 0;
    this.#running?.abort.abort();
    await this.#running?.ended;
  }

  #enqueue(job: Job): void {
    this.#change(job);
    this.#waiting.push(job.id);
    this.#next();
  }

  #next(): void {
    if (this.#running || this.#closing) return;
    const jobId = this.#waiting.shift();
    if (jobId === undefined) return;
    const abort = new AbortController();
    const ended = this.#run(jobId, abort.signal).finally(() => {
      this.#running = null;
      this.#next();
    });
    this.#running = { jobId, abort, ended, pausing: false };
  }

  async #run(jobId: number, signal: AbortSignal): Promise<void> {
    // The caller learns the job's id before the job's first event.
    await Promise.resolve();
    const { job: stored, request } = this.#find(jobId);
    let job: Job = { ...stored, state: 'running', message: 'Starting', done: 0, failed: 0 };
    this.#change(job);
    const meter = new ProgressMeter();
    let announcedAt = 0;
    const progress = (changed: Partial<Job>) => {
      job = { ...job, ...changed, rate: meter.rate, remainingSeconds: meter.remainingSeconds(job.total) };
      this.#newer.set(jobId, job);
      const now = performance.now();
      if (now - announcedAt < announceEveryMilliseconds) return;
      announcedAt = now;
      this.#emit('jobs.changed', job);
    };
    const control: JobControl = {
      signal,
      cancelled: () => signal.reason === givenUp,
      totalBefore: stored.total,
      setTotal: (total, done = 0) => {
        meter.restart(done);
        progress({ total, done });
      },
      begin(step, total) {
        if (total !== undefined) control.setTotal(total);
        control.say(step);
      },
      advance: (done, failed = 0) => {
        meter.record(job.done + done);
        progress({ done: job.done + done, failed: job.failed + failed });
      },
      say: (message) => progress({ message }),
      keep: () => this.#write(job),
    };
    const end = (changed: Partial<Job>) =>
      this.#change({
        ...job,
        rate: meter.rate,
        remainingSeconds: null,
        endedAt: new Date().toISOString(),
        ...changed,
      });
    try {
      const outcome = await this.#workOf(job.kind)(request, control);
      end({ state: 'done', message: outcome.message, result: outcome.result });
    } catch (thrown) {
      if (signal.aborted && this.#closing) {
        end({ state: 'interrupted', message: 'Interrupted; can be resumed.', endedAt: null });
      } else if (signal.aborted && this.#running?.pausing) {
        end({
          state: 'paused',
          message: `Paused at ${jobAmount(job)}.`,
          endedAt: null,
          rate: null,
        });
      } else if (signal.aborted) {
        end({ state: 'cancelled', message: `Cancelled after ${jobAmount(job)}.` });
      } else {
        const { kind, message, hint } = toErrorValue(
          thrown,
          this.#log.error(`job ${job.kind} failed`, thrown),
        );
        end({ state: 'failed', message, error: { kind, message, hint } });
      }
    }
  }

  #workOf(kind: Job['kind']): JobWork {
    const work = this.#works[kind];
    if (!work) throw new WorkbenchError('internal', `Nothing here does a job of the kind ${kind}.`);
    return work;
  }

  #change(job: Job): void {
    this.#write(job);
    this.#emit('jobs.changed', job);
  }

  #write(job: Job): void {
    try {
      this.#store.update(job);
      this.#newer.delete(job.id);
    } catch (error) {
      // On a full disk the state is still true and still told; only the next start will not know it.
      this.#log.error('the state of a job could not be written', error);
      this.#newer.set(job.id, job);
    }
  }

  #find(jobId: number): { job: Job; request: unknown } {
    const found = this.#store.get(jobId);
    if (!found) throw new WorkbenchError('not-found', `There is no job ${jobId}.`);
    return { ...found, job: this.#newer.get(jobId) ?? found.job };
  }
}
