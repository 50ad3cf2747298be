/**
 * What the command line prints. On a terminal: a progress line that is redrawn, and sentences. Elsewhere
 * (a pipe, continuous integration): one JSON object a line on standard output, so that programs can read it.
 */
import type { Job } from '../../../common/contract';
import type { ErrorValue } from '../../../common/errors';

export interface Output {
  readonly json: boolean;
  /** A sentence for people; as JSON `{type:"message"}`. */
  say(message: string): void;
  /** Preformatted text for people only, e.g. a table. */
  print(text: string): void;
  /** What the command found out; the object that programs read. */
  result(name: string, value: unknown): void;
  progress(job: Job): void;
  problem(error: ErrorValue): void;
}

const barWidth = 24;

/** `[#####-----] 120/300  41.2/s  4 s left  Predicting` */
export function progressLine(job: Job): string {
  const share = job.total > 0 ? Math.min(1, job.done / job.total) : 0;
  const filled = Math.round(share * barWidth);
  const bar = '#'.repeat(filled) + '-'.repeat(barWidth - filled);
  const rate = job.rate === null ? '' : `  ${job.rate.toFixed(1)}/s`;
  const left = job.remainingSeconds === null ? '' : `  ${Math.ceil(job.remainingSeconds)} s left`;
  return `[${bar}] ${job.done}/${job.total}${rate}${left}  ${job.message}`;
}

export function createOutput(stream: NodeJS.WriteStream, options: { json?: boolean } = {}): Output {
  const json = options.json ?? !stream.isTTY;
  let drawn = false;
  let announcedAt = 0;
  const clear = () => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  const line = (value: Record<string, unknown>) => stream.write(`${JSON.stringify(value)}\n`);
  return {
    json,
    say(message) {
      clear();
      if (json) line({ type: 'message', message });
      else stream.write(`${message}\n`);
    },
    print(text) {
      clear();
      if (!json) stream.write(`${text}\n`);
    },
    result(name, value) {
      clear();
      if (json) line({ type: 'result', name, value });
    },
    progress(job) {
      if (json || !stream.isTTY) {
        // A line every other second is enough for a log file; the end is always told.
        const now = performance.now();
        if (job.endedAt === null && now - announcedAt < 2_000) return;
        announcedAt = now;
      }
      if (json) {
        const { id, kind, state, done, total, failed, rate, remainingSeconds, message } = job;
        line({
          type: 'progress',
          job: { id, kind, state, done, total, failed, rate, remainingSeconds, message },
        });
        return;
      }
      if (!stream.isTTY) {
        stream.write(`${progressLine(job)}\n`);
        return;
      }
      stream.write(`\r\u001b[2K${progressLine(job)}`);
      drawn = true;
      if (job.endedAt !== null) {
        stream.write('\n');
        drawn = false;
      }
    },
    problem(error) {
      clear();
      if (json) line({ type: 'error', error });
      else stream.write(`Error (${error.kind}): ${error.message}\n${error.hint ? `  ${error.hint}\n` : ''}`);
    },
  };
}
