/** Backups of a workspace: consistent copies made while it is in use, the newest few kept, and the images they name. */
import type { Database } from 'better-sqlite3';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unwatched, type WorkControl } from '../../../common/contract';
import { backUpAddedImages } from './added-images';
import { flush } from './flush';

function folderOf(workspace: string): string {
  return join(workspace, 'backups');
}

/** Oldest first: a name is the time it was made. */
function backupNames(workspace: string): string[] {
  const folder = folderOf(workspace);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sqlite'))
    .sort();
}

/** Path of the newest backup; null where there is none. */
export function newestBackup(workspace: string): string | null {
  const name = backupNames(workspace).at(-1);
  return name === undefined ? null : join(folderOf(workspace), name);
}

/** Oldest first. */
export function backupPaths(workspace: string): string[] {
  return backupNames(workspace).map((name) => join(folderOf(workspace), name));
}

/** Path of a backup by its name. */
export function backupPath(workspace: string, name: string): string {
  return join(folderOf(workspace), name);
}

/**
 * Only the newest `backupsKept` stay; `Infinity` where the settings cannot be read, so that none is lost.
 * SQLite's own backup: a plain copy of a file in use would miss what is still in its write-ahead log.
 */
export async function makeBackup(
  database: Database,
  workspace: string,
  backupsKept: number,
  control: WorkControl = unwatched,
): Promise<{ path: string }> {
  const folder = folderOf(workspace);
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${new Date().toISOString().replace(/[:.]/g, '-')}.sqlite`);
  const unfinished = `${path}.unfinished`;
  try {
    await copyPages(database, unfinished, control);
    // After the pages: an image is written before the row that names it.
    backUpAddedImages(workspace);
    flush(unfinished);
    renameSync(unfinished, path);
    flush(folder);
  } finally {
    rmSync(unfinished, { force: true });
  }
  for (const name of backupNames(workspace).slice(0, -backupsKept)) rmSync(join(folder, name));
  return { path };
}

/** Pages copied between two turns of other calls; SQLite begins anew where another process writes in between. */
const pagesAtOnce = 500;

async function copyPages(database: Database, path: string, control: WorkControl): Promise<void> {
  const pageBytes = database.pragma('page_size', { simple: true }) as number;
  let [copied, all] = [0, 0];
  await database.backup(path, {
    progress({ totalPages, remainingPages }) {
      // Thrown in here, it ends the copy.
      control.signal.throwIfAborted();
      if (all === 0) control.begin('Copying the database', totalPages * pageBytes);
      all = totalPages;
      const now = totalPages - remainingPages;
      control.advance((now - copied) * pageBytes);
      copied = now;
      return pagesAtOnce;
    },
  });
  control.advance((all - copied) * pageBytes);
}
