/**
 * Parts of a run that is split over machines. A part is a workspace of its own that answers its share of the images;
 * beside its data lies a note of what it is a part of, so that only what belongs together is joined again.
 */
import DatabaseConstructor from 'better-sqlite3';
import { constants, existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { shard } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { refuseNewer } from '../workspace/migrations';

export const workspaceFile = 'workspace.sqlite';
const noteFile = 'part.json';

/** What a part is a part of. */
export const partNote = z.strictObject({
  schema: z.literal(1),
  shard,
  dataset: z.strictObject({ name: z.string(), contentHash: z.string() }),
  /** The runs that the shard fills, by the hash over models and settings. */
  runs: z.array(z.strictObject({ method: z.string(), packHash: z.string() })),
  /** Which expressions are split, before the split: `{ split, limit }` as they were asked for. */
  scope: z.strictObject({ split: z.string().nullable(), limit: z.number().nullable() }),
});
export type PartNote = z.output<typeof partNote>;

/**
 * Makes the workspace of a part as a consistent copy of another one, with the packs and images that lie in it and
 * without its jobs. One that is there already stays as it is: its work goes on.
 */
export async function makePart(from: string, part: string): Promise<void> {
  const file = join(part, workspaceFile);
  if (existsSync(file)) return;
  const source = join(from, workspaceFile);
  if (!existsSync(source)) {
    throw new WorkbenchError(
      'not-found',
      `There is no workspace in ${from} to make a part of.`,
      'Import the dataset there first.',
    );
  }
  await mkdir(part, { recursive: true });
  const unfinished = `${file}.new`;
  await rm(unfinished, { force: true });
  const database = new DatabaseConstructor(source, { readonly: true, timeout: 30_000 });
  try {
    refuseNewer(database);
    database.prepare('VACUUM INTO ?').run(unfinished);
  } finally {
    database.close();
  }
  const copy = new DatabaseConstructor(unfinished);
  copy.exec('DELETE FROM jobs');
  copy.close();
  // Installed packs, and images that were added by hand.
  for (const folder of ['models', 'images']) {
    if (!existsSync(join(from, folder))) continue;
    // Shares the blocks where the file system can.
    const mode = constants.COPYFILE_FICLONE;
    await cp(join(from, folder), join(part, folder), { recursive: true, mode, filter: isWhole });
  }
  await rename(unfinished, file);
}

/** Not a download or an installation that is under way. */
function isWhole(path: string): boolean {
  return !/[\\/]\.(download|installing)-[^\\/]*$/.test(path);
}

/** Writes the note. Throws `conflict` where the folder is another part already. */
export async function notePart(folder: string, note: PartNote): Promise<void> {
  const before = await readPartNote(folder);
  if (before && JSON.stringify(before) !== JSON.stringify(note)) {
    const { index, count } = before.shard;
    throw new WorkbenchError(
      'conflict',
      `${folder} is part ${index}/${count} of another run already: other data, models, settings or another split.`,
      'Use a folder of its own for each part.',
    );
  }
  const file = join(folder, noteFile);
  await writeFile(`${file}.new`, `${JSON.stringify(note, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

/** null: the folder is no part. Throws `damaged` for a note that cannot be read. */
export async function readPartNote(folder: string): Promise<PartNote | null> {
  let text: string;
  try {
    text = await readFile(join(folder, noteFile), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return partNote.parse(JSON.parse(text));
  } catch (error) {
    throw new WorkbenchError(
      'damaged',
      `${join(folder, noteFile)} cannot be read as the note of a part.`,
      'Run the part again.',
      { cause: error },
    );
  }
}
