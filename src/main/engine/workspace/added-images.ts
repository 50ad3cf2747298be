/**
 * The images that a person added: the only pictures that lie in the workspace. Each is named by the SHA-256 of its bytes
 * and never written again, so that one copy of it serves every backup.
 */
import type { Database } from 'better-sqlite3';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { flush } from './flush';
import { ownSource } from './repositories/structure';

export const addedImages = (workspace: string): string => join(workspace, 'images');
const copiesOf = (workspace: string) => join(workspace, 'backups', 'images');

/** Copies those that no backup has yet. */
export function backUpAddedImages(workspace: string): void {
  copyMissing(addedImages(workspace), copiesOf(workspace));
}

/** Puts back what a restored backup may name and the folder has lost; what is there stays. */
export function bringBackAddedImages(workspace: string): void {
  copyMissing(copiesOf(workspace), addedImages(workspace));
}

/** What is wrong with files of added images, in words; `turn` comes between two of them. */
export async function addedImageProblems(
  files: readonly string[],
  workspace: string,
  turn: () => Promise<void>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const file of files) {
    await turn();
    const what = await stateOf(join(addedImages(workspace), file), file);
    if (what === 'sound') continue;
    const copy = join(copiesOf(workspace), file);
    const help = (await stateOf(copy, file)) === 'sound' ? `; ${copy} is a copy that can be put there` : '';
    problems.push(`the added image ${file} is ${what}${help}`);
  }
  return problems;
}

/** The files of all added images that the database names. */
export function addedFiles(database: Database): string[] {
  return database
    .prepare(
      'SELECT file FROM images JOIN datasets ON datasets.id = dataset_id WHERE source_path = ? AND removed_at IS NULL ORDER BY images.id',
    )
    .pluck()
    .all(ownSource) as string[];
}

async function stateOf(path: string, name: string): Promise<'sound' | 'missing' | 'not what was added'> {
  if (!existsSync(path)) return 'missing';
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return name.startsWith(hash.digest('hex')) ? 'sound' : 'not what was added';
}

/** A half-written copy never has an image's name. */
function copyMissing(from: string, to: string): void {
  const missing = namesIn(from).filter((name) => !existsSync(join(to, name)));
  if (missing.length === 0) return;
  mkdirSync(to, { recursive: true });
  for (const name of missing) {
    const half = join(to, `${name}.half`);
    try {
      copyFileSync(join(from, name), half);
      flush(half);
      renameSync(half, join(to, name));
    } finally {
      rmSync(half, { force: true });
    }
  }
  flush(to);
}

function namesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => /^[0-9a-f]{64}\.png$/.test(name));
}
