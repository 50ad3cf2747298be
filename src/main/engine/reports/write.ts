/** Writing a report's files: each appears whole or not at all. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { toErrorValue, WorkbenchError } from '../../../common/errors';

/**
 * Makes the folder and those above it where they are missing. Throws `read-only` where nothing can be written there.
 * One by one, because Node's `recursive` never ends where a file system answers "no such file" to a new folder.
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  for (let path = resolve(folder); !existsSync(path) && path !== dirname(path); path = dirname(path)) {
    missing.unshift(path);
  }
  await explained(folder, async () => {
    for (const path of missing) await mkdir(path);
  });
}

/** Writes the parts one after the other beside the file, then puts it in its place; an older one is replaced. */
export async function writeWhole(
  folder: string,
  name: string,
  parts: Iterable<string | Uint8Array>,
): Promise<string> {
  const [path = ''] = await writeTogether(folder, [name], alone(parts));
  return path;
}

function* alone<Part>(parts: Iterable<Part>): Iterable<[Part]> {
  for (const part of parts) yield [part];
}

/** The same for several files whose contents come about together: each part has a piece for each of them. */
export async function writeTogether(
  folder: string,
  names: readonly string[],
  parts: Iterable<readonly (string | Uint8Array)[]>,
): Promise<string[]> {
  const paths = names.map((name) => join(folder, name));
  const unfinished = names.map((name) => join(folder, `.${name}.${randomUUID()}.unfinished`));
  await explained(folder, async () => {
    const files: FileHandle[] = [];
    try {
      for (const path of unfinished) files.push(await open(path, 'wx'));
      for (const pieces of parts) {
        for (const [index, file] of files.entries()) await file.writeFile(pieces[index] ?? '');
      }
      for (const file of files) await file.sync();
      for (const [index, path] of unfinished.entries()) await rename(path, paths[index] ?? path);
    } finally {
      for (const file of files) await file.close();
      for (const path of unfinished) await rm(path, { force: true });
    }
  });
  return paths;
}

/** Errors of the file system with the folder's name and something to do about them. */
async function explained<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { kind, message, hint } = toErrorValue(error, '');
    if (kind === 'cancelled') throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (kind === 'read-only') {
      throw new WorkbenchError(
        'read-only',
        `The report cannot be written to ${folder}: the folder is read-only.`,
        'Choose a folder that you may write to.',
        { cause: error },
      );
    }
    if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EISDIR') {
      throw new WorkbenchError(
        'invalid',
        `The report cannot be written to ${folder}: something else is in its place.`,
        'Choose another folder.',
        { cause: error },
      );
    }
    throw new WorkbenchError(kind, `The report cannot be written to ${folder}: ${message}`, hint, {
      cause: error,
    });
  }
}
