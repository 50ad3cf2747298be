/** The main process's log: one JSON object a line, in a file that is put aside once when it grows large. */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const largest = 2_000_000;

export interface MainLog {
  readonly path: string;
  /** Returns the id that finds the line. Never throws: a full disk must not close the window. */
  write(message: string, details?: Record<string, unknown>): string;
}

export function openLog(folder: string): MainLog {
  const path = join(folder, 'window.log');
  return {
    path,
    write(message, details = {}) {
      const id = randomUUID().slice(0, 8);
      try {
        mkdirSync(folder, { recursive: true });
        if (existsSync(path) && statSync(path).size > largest) renameSync(path, `${path}.old`);
        appendFileSync(
          path,
          `${JSON.stringify({ time: new Date().toISOString(), id, message, ...details })}\n`,
        );
      } catch (error) {
        console.error('The log cannot be written:', error);
      }
      return id;
    },
  };
}
