/** A lock file with the owner's process id, so that two workbenches cannot write one workspace. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { WorkbenchError } from '../../../common/errors';

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Takes the lock or throws `locked`; a lock whose owner is gone is taken over. Returns what releases it. */
export function takeLock(path: string): () => void {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = Number.parseInt(readFileSync(path, 'utf8'), 10);
      if (Number.isInteger(owner) && isAlive(owner)) {
        throw new WorkbenchError(
          'locked',
          `Another workbench (process ${owner}) has this workspace open.`,
          'Close it first, or choose another workspace.',
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new WorkbenchError('locked', 'The workspace could not be locked.', 'Try again.');
}
