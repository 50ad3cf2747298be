/** Numbered migrations under SQLite's user_version. Each is one transaction: it happens wholly or not at all. */
import type { Database } from 'better-sqlite3';
import { WorkbenchError } from '../../../../common/errors';
import { initialSchema } from './001-initial';
import { measurements } from './002-measurements';
import { browsing } from './003-browsing';
import { runNotes } from './004-run-notes';
import { structure } from './005-structure';
import { probes } from './006-probes';
import { latencies } from './007-latencies';
import { answerTypesOfPredictions } from './008-answer-types';
import { runVariant } from './009-run-variant';
import { savedInputs } from './010-saved-inputs';
import { orderByText } from './011-order-by-text';
import { keptParts } from './012-kept-parts';
import { revisionLabels } from './013-revision-labels';
import { inSlices } from './014-in-slices';

/** In order; the position (from 1) is the version that a migration leads to. Never edited once released. */
const released: readonly string[] = [
  initialSchema,
  measurements,
  browsing,
  runNotes,
  structure,
  probes,
  latencies,
  answerTypesOfPredictions,
  runVariant,
  savedInputs,
  orderByText,
  keptParts,
  revisionLabels,
  inSlices,
];

export const schemaVersion = released.length;

export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number;
}

/** Throws `newer-version` for a database of a newer workbench, because an older one could damage it. */
export function refuseNewer(database: Database, known = schemaVersion): void {
  const version = versionOf(database);
  if (version <= known) return;
  throw new WorkbenchError(
    'newer-version',
    `The workspace has version ${version}; this workbench knows versions up to ${known}.`,
    'Open it with a newer Grounding Workbench. Nothing was changed.',
  );
}

/** Brings the database to the version of the last migration. */
export function migrate(database: Database, migrations: readonly string[] = released): void {
  refuseNewer(database, migrations.length);
  for (const [index, statements] of migrations.entries()) {
    if (index < versionOf(database)) continue;
    database.transaction(() => {
      database.exec(statements);
      const orphans = database.pragma('foreign_key_check') as unknown[];
      if (orphans.length > 0) {
        throw new WorkbenchError(
          'damaged',
          `Bringing the workspace to version ${index + 1} would leave ${orphans.length} rows without what they refer to.`,
          'Nothing was changed. Restore a backup, or report this with the log.',
        );
      }
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
}
