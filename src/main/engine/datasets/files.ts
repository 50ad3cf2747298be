/** Reading annotation files, and finding the folder that a dataset's images lie in. */
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { WorkbenchError } from '../../../common/errors';
import { Breather } from './breathe';

const headBytes = 131_072;
/** Node cannot hold a longer text. */
const longestText = 500_000_000;
const pieceBytes = 4_194_304;

/**
 * The text of a UTF-8 file, without its byte order mark; throws `unreadable` or `too-large`. A large file is read in
 * pieces, between which the breather lets other work happen.
 */
export async function readText(path: string, breather = new Breather()): Promise<string> {
  const { size } = await stat(path);
  if (size > longestText) {
    throw new WorkbenchError(
      'too-large',
      `${basename(path)} has ${Math.round(size / 1_000_000)} MB; at most ${longestText / 1_000_000} MB can be read.`,
      'Split the dataset into parts.',
    );
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    if (size <= pieceBytes) return decoder.decode(await readFile(path));
    const pieces: string[] = [];
    for await (const piece of createReadStream(path, { highWaterMark: pieceBytes })) {
      pieces.push(decoder.decode(piece as Buffer, { stream: true }));
      await breather.pause();
    }
    pieces.push(decoder.decode());
    return pieces.join('');
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new WorkbenchError(
      'unreadable',
      `${basename(path)} is not UTF-8 text.`,
      'Save it as UTF-8 (in a spreadsheet program: "CSV UTF-8") and import it again.',
      { cause: error },
    );
  }
}

/** The first characters of a file, without its byte order mark: enough to guess what it is. */
export async function readHead(path: string, bytes: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\ufeff/, '');
  } finally {
    await file.close();
  }
}

/** A JSON file's content, of any shape. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new WorkbenchError(
      'unreadable',
      `${basename(path)} is not valid JSON: ${(error as Error).message}`,
      'Note that NaN and Infinity are not JSON; Python writes them unless allow_nan=False.',
      { cause: error },
    );
  }
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Names of the files of a folder, sorted; for a file, its own name. */
export async function filesAt(path: string): Promise<{ folder: string; names: string[] }> {
  if (await isFolder(path)) {
    const names: string[] = [];
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const isLinked = entry.isSymbolicLink() && (await isFile(join(path, entry.name)));
      if (entry.isFile() || isLinked) names.push(entry.name);
    }
    return { folder: path, names: names.sort() };
  }
  return { folder: dirname(path), names: [basename(path)] };
}

/** A folder with more JSON files than this holds one for each image, which is none of our formats. */
const mostJsonFiles = 200;

/** Names of those JSON files at a path whose beginning looks like the wanted format. */
export async function jsonFilesAt(
  path: string,
  looksRight: (head: string) => boolean,
): Promise<{ folder: string; names: string[] }> {
  const { folder, names } = await filesAt(path);
  const candidates = names.filter((name) => /\.json$/i.test(name)).slice(0, mostJsonFiles);
  const found: string[] = [];
  for (const name of candidates) {
    if (looksRight(await readHead(join(folder, name), headBytes))) found.push(name);
  }
  return { folder, names: found };
}

/** A name to show, made of a folder's or file's name. */
export function nameOf(path: string): string {
  return basename(path).replace(/\.(json|jsonl|csv|p)$/i, '') || 'dataset';
}

/** A path inside a dataset, written with forward slashes; null where it leads out of its folder. */
export function innerPath(file: string): string | null {
  const path = file.replace(/\\/g, '/').replace(/^(\.\/)+/, '');
  if (path === '' || path.includes('\0') || isAbsolute(path) || /^[a-zA-Z]:/.test(path)) return null;
  return path.split('/').includes('..') ? null : path;
}

/** Where COCO pictures usually lie beside annotations, as REFER's and COCO's own folders do. */
const usualFolders = [
  '.',
  'images',
  'train2014',
  'images/train2014',
  'images/mscoco/images/train2014',
  'train2017',
  'val2017',
  'images/train2017',
  'images/val2017',
  'val2014',
  'images/val2014',
];
const triedFiles = 5;

/**
 * The folder that the image files are relative to: the one given or a usual one beneath it; else a usual one beside
 * the annotations or beside their folder. The one that holds most of the first files wins.
 */
export async function findImagesFolder(
  annotationsFolder: string,
  imagesPath: string | null,
  files: readonly string[],
): Promise<string> {
  const bases = imagesPath ? [imagesPath] : [annotationsFolder, dirname(annotationsFolder)];
  const tried = files.slice(0, triedFiles);
  let best = { folder: bases[0] ?? annotationsFolder, found: 0 };
  for (const base of bases) {
    for (const usual of usualFolders) {
      const folder = join(base, usual);
      const present = await Promise.all(tried.map((file) => isFile(join(folder, file))));
      const found = present.filter(Boolean).length;
      if (found > best.found) best = { folder, found };
      if (found > 0 && found === tried.length) return folder;
    }
  }
  return best.folder;
}
