/**
 * Putting a backup in the place of the workspace's database. Done before the database is opened, by the process that
 * holds the workspace's lock. The order makes it safe to be killed at any moment: the backup is checked and copied,
 * the present state is kept as a backup of its own, and only then one rename swaps the files.
 */
import DatabaseConstructor from 'better-sqlite3';
import { createReadStream, createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { unwatched, type WorkControl } from '../../../common/contract';
import { toErrorValue, WorkbenchError } from '../../../common/errors';
import { bringBackAddedImages } from './added-images';
import { backupPath, makeBackup } from './backup';
import { flush } from './flush';
import { refuseNewer } from './migrations';

/**
 * @returns path of what was there before: a backup, or where it was damaged the file under another name; null where
 *   there was nothing.
 * Throws `not-found` and `damaged` for the backup, `newer-version`, `disk-full`; nothing is changed then.
 */
export async function restoreBackup(
  workspace: string,
  file: string,
  name: string,
  control: WorkControl = unwatched,
): Promise<string | null> {
  const backup = backupPath(workspace, name);
  if (!existsSync(backup)) {
    throw new WorkbenchError('not-found', `The backup ${backup} is not there any more.`, 'Choose another.');
  }
  const fresh = `${file}.restoring`;
  try {
    await copyBytes(backup, fresh, control);
    control.begin('Checking the backup');
    requireSound(fresh);
    flush(fresh);
    bringBackAddedImages(workspace);
    control.begin('Keeping the workspace as it is now');
    const kept = await keepPresent(workspace, file, control);
    control.begin('Putting the backup in its place');
    for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    renameSync(fresh, file);
    flush(workspace);
    return kept;
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${fresh}${suffix}`, { force: true });
  }
}

async function copyBytes(from: string, to: string, control: WorkControl): Promise<void> {
  control.begin('Copying the backup', statSync(from).size);
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      control.advance(chunk.length);
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(from, { highWaterMark: 2 ** 20 }), counted, createWriteStream(to));
}

/** Looks into the copy: SQLite puts files of its own beside what it opens. */
function requireSound(copy: string): void {
  let problem = '';
  try {
    const database = new DatabaseConstructor(copy);
    try {
      refuseNewer(database);
      const check = database.pragma('integrity_check(1)', { simple: true }) as string;
      if (check !== 'ok') problem = check;
    } finally {
      database.close();
    }
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    problem = toErrorValue(error, '').message;
  }
  if (problem) {
    throw new WorkbenchError(
      'damaged',
      `The backup is damaged and was not restored: ${problem.replace(/\.$/, '')}.`,
      'Choose another backup. The workspace was left as it is.',
    );
  }
}

async function keepPresent(workspace: string, file: string, control: WorkControl): Promise<string | null> {
  if (!existsSync(file)) return null;
  try {
    const database = new DatabaseConstructor(file, { timeout: 5_000 });
    try {
      const check = database.pragma('quick_check(1)', { simple: true }) as string;
      if (check !== 'ok') throw new WorkbenchError('damaged', check);
      return (await makeBackup(database, workspace, Infinity, control)).path;
    } finally {
      database.close();
    }
  } catch (error) {
    if (toErrorValue(error, '').kind !== 'damaged') throw error;
    return putAside(workspace, file);
  }
}

/** A damaged file is kept for whoever can still read something from it. */
function putAside(workspace: string, file: string): string {
  const aside = join(workspace, `damaged-${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`);
  for (const suffix of ['-wal', '-shm', '']) {
    if (existsSync(`${file}${suffix}`)) renameSync(`${file}${suffix}`, `${aside}${suffix}`);
  }
  return aside;
}
