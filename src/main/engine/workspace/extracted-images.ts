/**
 * Images that were inside an imported file (Parquet) lie in a folder of their own below the workspace. It goes when neither
 * the workspace nor a backup that is kept has a dataset of it.
 */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { existsSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { backupPaths } from './backup';

export const extractedImages = (workspace: string): string => join(workspace, 'extracted-images');

/** Beside a folder whose dataset was removed: an import that is under way has a folder without dataset too. */
const removedMark = '.removed';

/** Whether the workbench made this folder of images, in this workspace. */
export function isExtracted(workspace: string, root: string): boolean {
  const own = extractedImages(workspace);
  return existsSync(own) && root.startsWith(realpathSync(own) + sep);
}

/** The dataset with these images was removed: they go with the last backup that has it. */
export function giveUpExtracted(workspace: string, root: string): void {
  if (!isExtracted(workspace, root) || !existsSync(root)) return;
  writeFileSync(join(extractedImages(workspace), `${basename(root)}${removedMark}`), '');
}

/** Kept backups that have a dataset with these images. */
export function backupsWith(workspace: string, root: string): string[] {
  return backupPaths(workspace).filter((backup) => rootsIn(backup)?.includes(root) ?? true);
}

/** Removes the folders that were given up and that nothing has any more. */
export async function sweepExtracted(workspace: string, database: Database): Promise<void> {
  const own = extractedImages(workspace);
  if (!existsSync(own)) return;
  const given = readdirSync(own).filter((name) => name.endsWith(removedMark));
  if (given.length === 0) return;
  const wanted = rootsOf(database);
  for (const backup of backupPaths(workspace)) {
    const roots = rootsIn(backup);
    // A backup that cannot be read may have any of them.
    if (roots === null) return;
    wanted.push(...roots);
  }
  const names = new Set(wanted.map((root) => basename(root)));
  for (const mark of given) {
    const name = mark.slice(0, -removedMark.length);
    if (names.has(name)) continue;
    await rm(join(own, name), { recursive: true, force: true });
    await rm(join(own, mark), { force: true });
  }
}

/** null: the backup cannot be read. */
function rootsIn(backup: string): string[] | null {
  // SQLite puts files of its own beside what it opens; a reader leaves them.
  const besides = ['-wal', '-shm'].map((ending) => `${backup}${ending}`).filter((path) => !existsSync(path));
  let database: Database | null = null;
  try {
    database = new DatabaseConstructor(backup, { readonly: true });
    return rootsOf(database);
  } catch {
    return null;
  } finally {
    database?.close();
    for (const path of besides) rmSync(path, { force: true });
  }
}

/** A backup may be of a time when removed datasets were not marked. */
function rootsOf(database: Database): string[] {
  const columns = database
    .prepare("SELECT name FROM pragma_table_info('datasets')")
    .pluck()
    .all() as string[];
  const condition = columns.includes('removed_at') ? 'WHERE removed_at IS NULL' : '';
  return database.prepare(`SELECT root FROM datasets ${condition}`).pluck().all() as string[];
}
