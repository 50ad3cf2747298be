/** What writers of formats share: files line by line, copies of images, and names that do not collide. */
import { constants, createWriteStream } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { WorkControl } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { ValidImage } from './model';

const copiesAtOnce = 8;
/** Characters that are put together before they are written. */
const pieceLength = 262_144;

/** Writes pieces of text one after the other, never more of them in memory than the disk wants. */
export async function writePieces(path: string, pieces: Iterable<string>): Promise<void> {
  await pipeline(Readable.from(gathered(pieces)), createWriteStream(path));
}

/** The same text in fewer, larger pieces. */
export function* gathered(pieces: Iterable<string>): Generator<string> {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < pieceLength) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** One JSON value a line. */
export async function writeLines(path: string, values: Iterable<unknown>): Promise<void> {
  await writePieces(path, linesOf(values));
}

function* linesOf(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** A JSON object whose lists may be long; each of their items stands on a line of its own. */
export async function writeJsonObject(path: string, object: Record<string, unknown>): Promise<void> {
  await writePieces(path, objectPieces(object));
}

function* objectPieces(object: Record<string, unknown>): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries(object)) {
    yield `${before}\n${JSON.stringify(name)}: `;
    if (Array.isArray(value)) yield* listPieces(value);
    else yield JSON.stringify(value);
    before = ',';
  }
  yield '\n}\n';
}

/** A JSON list, an item a line. */
export function* listPieces(values: Iterable<unknown>): Generator<string> {
  let before = '[';
  for (const value of values) {
    yield `${before}\n${JSON.stringify(value)}`;
    before = ',';
  }
  yield before === '[' ? '[]' : '\n]';
}

/** The items of a step one after the other, counted; ends between two of them where they are no longer wanted. */
export function* counted<Item>(step: string, items: readonly Item[], control: WorkControl): Generator<Item> {
  control.begin(step, items.length);
  for (const item of items) {
    control.signal.throwIfAborted();
    yield item;
    control.advance(1);
  }
}

/** Copies images of `root` into a folder, under the names given for them; throws `not-found` where one is gone. */
export async function copyImages(
  root: string,
  folder: string,
  names: ReadonlyMap<string, string>,
  control: WorkControl,
): Promise<void> {
  const files = counted('Copying images', [...names], control);
  const work = async () => {
    for (const file of files) {
      const target = join(folder, file[1]);
      await mkdir(dirname(target), { recursive: true });
      try {
        // Shares the blocks on disk where the file system can.
        await copyFile(join(root, file[0]), target, constants.COPYFILE_FICLONE);
      } catch (error) {
        throw missingImage(file[0], root, error);
      }
    }
  };
  await Promise.all(Array.from({ length: copiesAtOnce }, work));
}

/** The error for an image that is gone; any other error as it is. */
export function missingImage(file: string, root: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return error;
  return new WorkbenchError(
    'not-found',
    `The image ${file} is no longer in ${root}.`,
    'Put the images back where they were imported from, or export without images.',
    { cause: error },
  );
}

/** `a/b.png` → `a/b` */
export function withoutExtension(file: string): string {
  return file.replace(/\.[^./]*$/, '');
}

/**
 * A name for each image's own annotation file, without its extension: the image's without extension, or the whole
 * name where two images differ in nothing else. Keyed by the image's file; case does not tell names apart.
 */
export function annotationNames(images: readonly Pick<ValidImage, 'file'>[]): Map<string, string> {
  const stems = new Map<string, number>();
  for (const { file } of images) {
    const stem = withoutExtension(file).toLowerCase();
    stems.set(stem, (stems.get(stem) ?? 0) + 1);
  }
  return new Map(
    images.map(({ file }) => {
      const stem = withoutExtension(file);
      return [file, stems.get(stem.toLowerCase()) === 1 ? stem : file];
    }),
  );
}

/** A split as part of a file's name: letters, digits and dashes. */
export function fileSplit(split: string): string {
  return split.replace(/[^\p{L}\p{N}-]+/gu, '-') || 'all';
}

/** Items by what `keyOf` gives, in order of first appearance. */
export function grouped<Item>(items: Iterable<Item>, keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
