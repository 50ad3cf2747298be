/** Whether a workspace is sound: table by table and image by image, so that other calls are answered in between. */
import type { Database } from 'better-sqlite3';
import type { WorkControl } from '../../../common/contract';
import { addedFiles, addedImageProblems } from './added-images';

/** More is said of no table: what is wrong with one is wrong with many of its rows. */
const mostProblems = 20;

/** Problems in words; none where all is well. */
export async function checkWorkspace(
  database: Database,
  workspace: string,
  control: WorkControl,
): Promise<string[]> {
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .pluck()
    .all() as string[];
  const problems: string[] = [];
  control.begin('Checking the database', tables.length + 1);
  for (const table of tables) {
    await turn(control);
    control.say(`Checking the table ${table}`);
    problems.push(...found(database, `integrity_check("${table}")`, 'integrity_check'));
    const orphans = (database.pragma(`foreign_key_check("${table}")`) as unknown[]).length;
    if (orphans > 0) problems.push(`${orphans} rows of ${table} refer to rows that do not exist`);
    control.advance(1);
  }
  await turn(control);
  // What belongs to no table: the list of free pages.
  control.say('Checking the file as a whole');
  problems.push(...found(database, 'quick_check', 'quick_check'));
  control.advance(1);
  if (problems.length === 0) problems.push(...(await imageProblems(database, workspace, control)));
  return [...new Set(problems)].slice(0, mostProblems);
}

async function imageProblems(database: Database, workspace: string, control: WorkControl): Promise<string[]> {
  const files = addedFiles(database);
  control.begin('Checking the added images', files.length);
  return addedImageProblems(files, workspace, async () => {
    await turn(control);
    control.advance(1);
  });
}

function found(database: Database, pragma: string, column: string): string[] {
  const rows = database.pragma(pragma) as Record<string, string>[];
  return rows.map((row) => row[column] ?? '').filter((text) => text !== 'ok');
}

/** Lets other calls be answered, and ends where the check is no longer wanted. */
async function turn({ signal }: WorkControl): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
