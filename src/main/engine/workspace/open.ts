/** Opening a workspace: one folder, one SQLite file, one owner. */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unwatched, type WorkControl, type WorkspaceInfo } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { ColumnStore } from '../browse/column-store';
import type { Logger } from '../context';
import { addedImages } from './added-images';
import { makeBackup, newestBackup } from './backup';
import { sweepExtracted } from './extracted-images';
import { checkWorkspace } from './integrity';
import { noteLeftWhole, takeLeftWhole } from './left-whole';
import { takeLock } from './lock';
import { migrate, refuseNewer, schemaVersion, versionOf } from './migrations';
import { createRepositories, type Repositories } from './repositories';
import { restoreBackup } from './restore';

export interface Workspace {
  readonly path: string;
  readonly readOnly: boolean;
  readonly database: Database;
  readonly repositories: Repositories;
  info(): WorkspaceInfo;
  checkIntegrity(control?: WorkControl): Promise<{ ok: boolean; problems: string[] }>;
  backup(control?: WorkControl): Promise<{ path: string }>;
  close(): void;
}

const fileName = 'workspace.sqlite';
/** Bytes; smaller files are checked each time, which takes less than a second. */
const checkedEachTime = 400_000_000;

/**
 * Makes the workspace where there is none. Throws `locked` where another process owns it, `newer-version`, `damaged`
 * (the file stays as it is) and `read-only`.
 */
export async function openWorkspace(options: {
  path: string;
  readOnly?: boolean;
  /** Name of a backup that is put in place first. */
  restore?: string | undefined;
  /** Is told how far restoring is. */
  control?: WorkControl;
  log: Logger;
}): Promise<Workspace> {
  const { path, readOnly = false, restore, control = unwatched, log } = options;
  const file = join(path, fileName);
  if (!readOnly) makeFolder(path);
  const release = readOnly ? () => undefined : ownWorkspace(path);
  let database: Database | null = null;
  try {
    if (restore !== undefined && !readOnly) {
      const kept = await restoreBackup(path, file, restore, control);
      log.info('a backup was restored', { backup: restore, kept });
    }
    if (restore !== undefined) control.begin('Opening the workspace');
    database = openDatabase(file, readOnly, path);
    await bringUpToDate(database, readOnly, path);
    const opened = database;
    const columns = new ColumnStore({ path: join(path, 'cache', 'browse-columns.sqlite'), readOnly, log });
    const repositories = createRepositories(opened, columns);
    if (!readOnly) {
      repositories.structure.followFolder(addedImages(path));
      repositories.predictions.judgeByNewRules();
    }
    log.info('workspace opened', { version: versionOf(opened), readOnly });
    return {
      path,
      readOnly,
      database: opened,
      repositories,
      info: () => ({
        path,
        schemaVersion: versionOf(opened),
        revision: opened.prepare('SELECT revision FROM state').pluck().get() as number,
        bytes: statSync(file).size,
        readOnly,
        newestBackup: newestBackup(path),
      }),
      async checkIntegrity(control = unwatched) {
        const problems = await checkWorkspace(opened, path, control);
        return { ok: problems.length === 0, problems };
      },
      async backup(control) {
        const made = await makeBackup(opened, path, repositories.settings.get().backupCount, control);
        // With the oldest backup, images may go that only it had.
        await sweepExtracted(path, opened);
        return made;
      },
      close() {
        keepColumns(repositories, log);
        columns.close();
        opened.close();
        if (!readOnly) noteLeftWhole(file);
        release();
      },
    };
  } catch (error) {
    database?.close();
    release();
    throw error;
  }
}

/** What is not kept is read again at the next start. */
function keepColumns({ browse }: Repositories, log: Logger): void {
  try {
    const keeping = browse.keepRead();
    while (!keeping.next().done);
  } catch (error) {
    log.warn('columns of Browse could not be kept', { reason: String(error) });
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new WorkbenchError('invalid', `${path} is not a folder.`, 'Choose a folder for the workspace.');
  }
}

function ownWorkspace(path: string): () => void {
  try {
    return takeLock(join(path, 'workspace.lock'));
  } catch (error) {
    throw openFailure(path, error);
  }
}

function openDatabase(file: string, readOnly: boolean, folder: string): Database {
  const isNew = !existsSync(file);
  if (isNew && readOnly) {
    throw new WorkbenchError('not-found', `There is no workspace in ${folder}.`, 'Check the path.');
  }
  let database: Database | null = null;
  try {
    if (!isNew && statSync(file).size === 0 && newestBackup(folder) !== null) {
      // SQLite takes an empty file for a new one; it would look as if there had never been anything.
      throw new WorkbenchError('damaged', 'The workspace file is empty.');
    }
    const isAsLeft = !isNew && !readOnly && takeLeftWhole(file) && statSync(file).size > checkedEachTime;
    database = new DatabaseConstructor(file, { readonly: readOnly, timeout: 5_000 });
    // A file from a colleague must not run code of its schema.
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    database.pragma('foreign_keys = ON');
    // Kibibytes; the indexes of a grid of 100,000 expressions with three runs.
    database.pragma('cache_size = -64000');
    refuseNewer(database);
    if (!readOnly) {
      database.pragma('journal_mode = WAL');
      // Human work survives a power cut, not only a crash.
      database.pragma('synchronous = FULL');
    }
    // Opening alone does not notice damage; reading does.
    const check = isNew || isAsLeft ? 'ok' : (database.pragma('quick_check(1)', { simple: true }) as string);
    if (check !== 'ok') throw new WorkbenchError('damaged', `The workspace file is damaged: ${check}`);
    return database;
  } catch (error) {
    database?.close();
    throw isDamage(error) ? damaged(file, folder, error) : openFailure(folder, error);
  }
}

function isDamage(error: unknown): boolean {
  if (error instanceof WorkbenchError) return error.kind === 'damaged';
  const code = (error as { code?: string }).code ?? '';
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT');
}

function damaged(file: string, folder: string, cause: unknown): WorkbenchError {
  const backup = newestBackup(folder);
  return new WorkbenchError(
    'damaged',
    'The workspace file is damaged. It was left as it is.',
    backup
      ? `Move ${file} and the files beside it that start with its name to another folder, then copy the newest backup, ${backup}, to ${file}.`
      : `There is no backup. Move ${file} to another folder to start anew.`,
    { cause },
  );
}

/** SQLite says only that it could not open; the person needs to know that it is a matter of permissions. */
function openFailure(folder: string, error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (!code.startsWith('SQLITE_CANTOPEN') && !code.startsWith('SQLITE_READONLY')) return error;
  return new WorkbenchError(
    'read-only',
    `The workspace ${folder} cannot be written.`,
    'Check the permissions of the folder, or choose another folder.',
    { cause: error },
  );
}

/** An older workspace is copied before it is changed. */
async function bringUpToDate(database: Database, readOnly: boolean, path: string): Promise<void> {
  const version = versionOf(database);
  if (version === schemaVersion) return;
  if (readOnly) {
    throw new WorkbenchError(
      'read-only',
      'The workspace was made by an older version and must be brought up to date first.',
      'Open it once in a place where it can be written.',
    );
  }
  if (version > 0) await makeBackup(database, path, Infinity);
  migrate(database);
}
