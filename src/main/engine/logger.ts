/**
 * The engine's log: one JSON object a line, in a file that is turned over when it grows. Every error gets an id that
 * the person sees beside the message. Bytes (images, tensors, evidence) never get in, and long texts are cut.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { WorkbenchError } from '../../common/errors';
import type { Logger } from './context';

export interface ClosableLogger extends Logger {
  close(): void;
}

const fileName = 'engine.log';
const oldFilesKept = 2;
const longestText = 2_000;
const longestList = 50;
const deepest = 6;

/** `folder` null: nothing is written, ids are given all the same. `largestBytes`: when the file is turned over. */
export function createLogger(folder: string | null, largestBytes = 4_000_000): ClosableLogger {
  const file = folder === null ? null : new LogFile(folder, largestBytes);
  const write = (level: string, message: string, details: Record<string, unknown>) =>
    file?.append(JSON.stringify({ time: new Date().toISOString(), level, message, ...details }));
  return {
    info: (message, details = {}) => write('info', message, loggableEntries(details)),
    warn: (message, details = {}) => write('warn', message, loggableEntries(details)),
    error(message, thrown) {
      const id = randomUUID().slice(0, 8);
      write('error', message, { id, error: loggable(thrown) });
      return id;
    },
    close: () => file?.close(),
  };
}

function loggableEntries(value: object, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, longestList)
      .map(([key, entry]) => [key, loggable(entry, depth + 1)]),
  );
}

/** A value as it may stand in the log: bounded in length and depth, errors with their stack, bytes only counted. */
function loggable(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    return value.length > longestText
      ? `${value.slice(0, longestText)}… (${value.length} characters)`
      : value;
  }
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  if (typeof value === 'function') return '[function]';
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (depth >= deepest) return '[deeper]';
  if (value instanceof Error) {
    const { kind, hint } = value instanceof WorkbenchError ? value : { kind: undefined, hint: undefined };
    const { code } = value as { code?: unknown };
    const cause = value.cause === undefined ? undefined : loggable(value.cause, depth + 1);
    return {
      name: value.name,
      kind,
      code,
      message: loggable(value.message),
      hint,
      stack: loggable(value.stack),
      cause,
    };
  }
  if (Array.isArray(value)) {
    const entries = value.slice(0, longestList).map((entry) => loggable(entry, depth + 1));
    return value.length > longestList ? [...entries, `[${value.length} entries]`] : entries;
  }
  return loggableEntries(value, depth);
}

/** Written at once, so that the last line before a crash is there. A log that cannot be written stops nothing. */
class LogFile {
  readonly #path: string;
  readonly #largestBytes: number;
  #file: number | null = null;
  #bytes = 0;

  constructor(folder: string, largestBytes: number) {
    this.#path = join(folder, fileName);
    this.#largestBytes = largestBytes;
    try {
      mkdirSync(folder, { recursive: true });
      this.#open();
    } catch {
      this.#file = null;
    }
  }

  append(line: string): void {
    if (this.#file === null) return;
    try {
      if (this.#bytes >= this.#largestBytes) this.#turnOver();
      this.#bytes += writeSync(this.#file, `${line}\n`);
    } catch {
      // A full disk: the next line may fit again.
    }
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #open(): void {
    this.#file = openSync(this.#path, 'a');
    this.#bytes = fstatSync(this.#file).size;
  }

  #turnOver(): void {
    this.close();
    for (let age = oldFilesKept; age > 0; age -= 1) {
      const from = age === 1 ? this.#path : `${this.#path}.${age - 1}`;
      try {
        renameSync(from, `${this.#path}.${age}`);
      } catch {
        // There are not so many old files yet.
      }
    }
    this.#open();
  }
}
