/** Numbered migrations under SQLite's user_version. Each is one transaction: it happens wholly or not at all. */
import type { Database } from 'better-sqlite3';
import { WorkbenchError } from '../../../../common/errors';
import { initialSchema } from './001-initial';

/** In order; the position (from 1) is the version that a migration leads to. Never edited once released. */
const migrations: readonly string[] = [initialSchema];

export const schemaVersion = migrations.length;

export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/** Brings the database to `target`. A newer database is refused, because an older workbench could damage it. */
export function migrate(database: Database, target = schemaVersion): void {
  const version = versionOf(database);
  if (version > schemaVersion) {
    throw new WorkbenchError(
      'newer-version',
      `The workspace has version ${version}; this workbench knows versions up to ${schemaVersion}.`,
      'Open it with a newer Grounding Workbench. Nothing was changed.',
    );
  }
  for (let next = version + 1; next <= target; next += 1) {
    const statements = migrations[next - 1];
    if (statements === undefined) break;
    database.transaction(() => {
      database.exec(statements);
      database.pragma(`user_version = ${next}`);
    })();
  }
}
