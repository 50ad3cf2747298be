/**
 * What the command line prints. On a terminal: a progress line that is redrawn, and sentences. Elsewhere
 * (a pipe, continuous integration): one JSON object a line on standard output, so that programs can read it.
 */
import { worksInBytes, type Job, type Work } from '../../../common/contract';
import type { ErrorValue } from '../../../common/errors';

/** The part of a stream that is written to. */
export interface TextStream {
  write(text: string): unknown;
  isTTY?: boolean;
  /** Width of the terminal in characters. */
  columns?: number;
}

export interface Streams {
  out: TextStream;
  /** Errors in words; as JSON they go to `out` with everything else. */
  err: TextStream;
}

export interface Output {
  readonly json: boolean;
  /** A sentence for people; as JSON `{type:"message"}`. */
  say(message: string): void;
  /** Preformatted text for people only, e.g. a table. */
  print(text: string): void;
  /** What the command found out; the object that programs read. */
  result(name: string, value: unknown): void;
  progress(job: Job): void;
  /** How far a long call is: a line that is redrawn, or as JSON one a second once it takes longer than that. */
  work(work: Work): void;
  problem(error: ErrorValue): void;
}

const barWidth = 24;

/** `3 s`, `2 min 05 s`, `1 h 12 min` */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** What a progress line tells. */
interface Progress extends Pick<Job, 'done' | 'total' | 'failed' | 'rate' | 'remainingSeconds' | 'message'> {
  inBytes: boolean;
  ended: boolean;
}

/** `[#####-----] 120/300  41.2/s  4 s left  Predicting`, cut to the terminal's width. */
export function progressLine(job: Job, columns = 200): string {
  // What is downloaded is counted in bytes.
  return lineOf({ ...job, inBytes: job.kind === 'install', ended: job.endedAt !== null }, columns);
}

function lineOf(progress: Progress, columns: number): string {
  const { done, total, failed, rate, remainingSeconds, message, inBytes, ended } = progress;
  const filled = Math.round((total > 0 ? Math.min(1, done / total) : 0) * barWidth);
  const bar = '#'.repeat(filled) + '-'.repeat(barWidth - filled);
  const count = (value: number) => (inBytes ? megabytes(value) : String(value));
  const amount = `${count(done)}/${inBytes && total === 0 ? '?' : count(total)}`;
  const speed = inBytes ? megabytes(rate ?? 0) : (rate ?? 0).toFixed(1);
  const perSecond = rate === null || ended ? '' : `  ${speed}/s`;
  const left = remainingSeconds === null || ended ? '' : `  ${duration(remainingSeconds)} left`;
  const failures = failed > 0 ? `  ${failed} failed` : '';
  return `[${bar}] ${amount}${perSecond}${left}${failures}  ${message}`.slice(0, columns - 1);
}

export function createOutput({ out, err }: Streams, json = !out.isTTY): Output {
  // Without a terminal there is nothing to redraw.
  const redraws = out.isTTY === true;
  let drawn = false;
  let announcedAt = -Infinity;
  let workToldAt: number | null = null;
  const clear = () => {
    if (drawn) out.write('\r\u001b[2K');
    drawn = false;
  };
  const line = (value: Record<string, unknown>) => out.write(`${JSON.stringify(value)}\n`);
  /** A program wants to know each second, the reader of a log file less often; the end is always told. */
  const due = (job: Job) => {
    const now = performance.now();
    if (job.endedAt === null && now - announcedAt < (json ? 1_000 : 10_000)) return false;
    announcedAt = now;
    return true;
  };
  return {
    json,
    say(message) {
      clear();
      if (json) line({ type: 'message', message });
      else out.write(`${message}\n`);
    },
    print(text) {
      clear();
      if (!json) out.write(`${text}\n`);
    },
    result(name, value) {
      clear();
      if (json) line({ type: 'result', name, value });
    },
    progress(job) {
      if (json) {
        if (!due(job)) return;
        const { id, kind, state, done, total, failed, rate, remainingSeconds, message } = job;
        line({
          type: 'progress',
          job: { id, kind, state, done, total, failed, rate, remainingSeconds, message },
        });
        return;
      }
      if (!redraws) {
        if (due(job)) out.write(`${progressLine(job)}\n`);
        return;
      }
      out.write(`\r\u001b[2K${progressLine(job, out.columns)}`);
      drawn = true;
      if (job.endedAt !== null) {
        out.write('\n');
        drawn = false;
      }
    },
    work({ ended, ...work }) {
      if (ended) {
        workToldAt = null;
        clear();
        return;
      }
      const now = performance.now();
      workToldAt ??= now;
      if (json) {
        if (now - workToldAt < 1_000) return;
        workToldAt = now;
        line({ type: 'progress', work });
      } else if (redraws) {
        const progress = { ...work, failed: 0, inBytes: worksInBytes.has(work.name), ended };
        out.write(`\r\u001b[2K${lineOf(progress, out.columns ?? 200)}`);
        drawn = true;
      }
    },
    problem(error) {
      clear();
      if (json) {
        line({ type: 'error', error });
        return;
      }
      const id = error.kind === 'internal' && error.id ? ` [${error.id}]` : '';
      err.write(`Error (${error.kind})${id}: ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
    },
  };
}
