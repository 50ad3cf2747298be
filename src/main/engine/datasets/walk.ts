/** Files below a folder, with bounds: links to folders are not followed, and nothing is deeper than a dataset is. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WorkbenchError } from '../../../common/errors';

const deepest = 12;
const mostFiles = 2_000_000;

/** Paths relative to the folder, with forward slashes, of files whose name passes, sorted. */
export async function filesBelow(
  folder: string,
  passes: (name: string) => boolean,
  most = mostFiles,
): Promise<string[]> {
  const found: string[] = [];
  const visit = async (inner: string, depth: number) => {
    const entries = await readdir(join(folder, inner), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length > most) return;
      const path = inner === '' ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory() && depth < deepest && !entry.name.startsWith('.')) await visit(path, depth + 1);
      else if (entry.isFile() && passes(entry.name)) found.push(path);
    }
  };
  await visit('', 0);
  if (found.length > mostFiles) {
    throw new WorkbenchError(
      'too-large',
      `${folder} holds more than ${mostFiles} annotation files.`,
      'Choose the dataset’s own folder, or import its parts one by one.',
    );
  }
  return found;
}
