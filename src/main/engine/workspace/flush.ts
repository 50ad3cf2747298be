import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Makes sure that a file or folder is on the disk before what depends on it happens. */
export function flush(path: string): void {
  // Windows can neither open folders nor needs it.
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
