/**
 * One owner for a workspace. The lock is an exclusive SQLite lock on a file of its own, held as long as the workspace
 * is open: the operating system releases it when the process ends in whatever way, so that none is ever left behind.
 */
import DatabaseConstructor from 'better-sqlite3';
import { WorkbenchError } from '../../../common/errors';

/** Takes the lock or throws `locked`. Returns what releases it. */
export function takeLock(path: string): () => void {
  const database = new DatabaseConstructor(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') throw error;
    throw new WorkbenchError(
      'locked',
      'Another workbench has this workspace open.',
      'Close it first, or choose another workspace.',
    );
  }
  return () => database.close();
}
