/** Opening a workspace: one folder, one SQLite file, one owner. */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkspaceInfo } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Logger } from '../context';
import { takeLock } from './lock';
import { migrate, schemaVersion, versionOf } from './migrations';
import { createRepositories, type Repositories } from './repositories';

export interface Workspace {
  readonly path: string;
  readonly database: Database;
  readonly repositories: Repositories;
  info(): WorkspaceInfo;
  checkIntegrity(): { ok: boolean; problems: string[] };
  backup(): Promise<{ path: string }>;
  close(): void;
}

const fileName = 'workspace.sqlite';
const backupsKept = 10;

export async function openWorkspace(options: {
  path: string;
  readOnly?: boolean;
  log: Logger;
}): Promise<Workspace> {
  const { path, readOnly = false, log } = options;
  const file = join(path, fileName);
  if (!readOnly) mkdirSync(join(path, 'backups'), { recursive: true });
  const release = readOnly ? () => undefined : takeLock(join(path, 'workspace.lock'));
  let database: Database | null = null;
  try {
    database = openDatabase(file, readOnly, path);
    if (!readOnly) {
      if (versionOf(database) > 0 && versionOf(database) < schemaVersion) await backupTo(database, path);
      migrate(database);
    }
    const opened = database;
    log.info('workspace opened', { version: versionOf(opened), readOnly });
    return {
      path,
      database: opened,
      repositories: createRepositories(opened),
      info: () => ({
        path,
        schemaVersion: versionOf(opened),
        revision: opened.prepare('SELECT revision FROM state').pluck().get() as number,
        bytes: statSync(file).size,
        readOnly,
        newestBackup: newestBackup(path),
      }),
      checkIntegrity: () => checkIntegrity(opened),
      backup: () => backupTo(opened, path),
      close() {
        opened.close();
        release();
      },
    };
  } catch (error) {
    database?.close();
    release();
    throw error;
  }
}

function openDatabase(file: string, readOnly: boolean, folder: string): Database {
  const isNew = !existsSync(file);
  let database: Database | null = null;
  try {
    database = new DatabaseConstructor(file, { readonly: readOnly, timeout: 5_000 });
    // A file from a colleague must not run code of its schema.
    database.pragma('trusted_schema = OFF');
    database.pragma('cell_size_check = ON');
    database.pragma('foreign_keys = ON');
    if (!readOnly) {
      database.pragma('journal_mode = WAL');
      // Human work survives a power cut, not only a crash.
      database.pragma('synchronous = FULL');
    }
    // Opening alone does not notice damage; reading does.
    const check = isNew ? 'ok' : (database.pragma('quick_check(1)', { simple: true }) as string);
    if (check !== 'ok') throw new WorkbenchError('damaged', `The workspace file is damaged: ${check}`);
    return database;
  } catch (error) {
    database?.close();
    const code = (error as { code?: string }).code ?? '';
    const damaged =
      error instanceof WorkbenchError || code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT');
    if (!damaged) throw error;
    const backup = newestBackup(folder);
    throw new WorkbenchError(
      'damaged',
      'The workspace file is damaged. It was left as it is.',
      backup ? `The newest backup is ${backup}; put it in the place of ${file}.` : 'There is no backup.',
      { cause: error },
    );
  }
}

function checkIntegrity(database: Database): { ok: boolean; problems: string[] } {
  const rows = database.pragma('integrity_check') as { integrity_check: string }[];
  const problems = rows.map((row) => row.integrity_check).filter((text) => text !== 'ok');
  const orphans = database.pragma('foreign_key_check') as unknown[];
  if (orphans.length > 0) problems.push(`${orphans.length} rows refer to rows that do not exist`);
  return { ok: problems.length === 0, problems };
}

function backupFiles(folder: string): string[] {
  const backups = join(folder, 'backups');
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .filter((name) => name.endsWith('.sqlite'))
    .sort();
}

function newestBackup(folder: string): string | null {
  const name = backupFiles(folder).at(-1);
  return name === undefined ? null : join(folder, 'backups', name);
}

/** A consistent copy while the workspace is in use; a plain copy of a live file would miss what is in the WAL. */
async function backupTo(database: Database, folder: string): Promise<{ path: string }> {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  const path = join(folder, 'backups', `${stamp}.sqlite`);
  const unfinished = `${path}.unfinished`;
  try {
    await database.backup(unfinished);
    renameSync(unfinished, path);
  } finally {
    rmSync(unfinished, { force: true });
  }
  for (const name of backupFiles(folder).slice(0, -backupsKept)) rmSync(join(folder, 'backups', name));
  return { path };
}
