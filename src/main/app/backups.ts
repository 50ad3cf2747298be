/** The workspace's backups as files. Read by the main process, because they are needed when the engine cannot start. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Backup } from '../../common/contract';

/** Newest first. */
export function listBackups(workspace: string): Backup[] {
  const folder = join(workspace, 'backups');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /^[\w-]+\.sqlite$/.test(name))
    .map((name) => {
      const path = join(folder, name);
      const { size, mtime } = statSync(path);
      return { name, path, bytes: size, madeAt: timeOf(name) ?? mtime.toISOString() };
    })
    .sort((a, b) => b.madeAt.localeCompare(a.madeAt));
}

/** A backup's name is the time it was made, with `-` where a file name may not have `:` and `.`. */
function timeOf(name: string): string | null {
  const parts = /^(\d{4}-\d{2}-\d{2}T\d{2})-(\d{2})-(\d{2})-(\d{3}Z)\.sqlite$/.exec(name);
  return parts ? `${parts[1]}:${parts[2]}:${parts[3]}.${parts[4]}` : null;
}
