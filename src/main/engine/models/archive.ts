/** Takes the files of a pack out of a zip, and nothing else: a zip from elsewhere may be made to do harm. */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { unwatched, type WorkControl } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { packFileName } from './manifest';

export interface ArchiveLimits {
  entries: number;
  /** Bytes of all files together, unpacked. */
  bytes: number;
  /** Unpacked bytes per packed byte of one file. */
  ratio: number;
}

export const archiveLimits: ArchiveLimits = { entries: 500, bytes: 16_000_000_000, ratio: 200 };

/** Smaller files may be packed as tightly as they like. */
const ratioCountsFrom = 1_000_000;

/** How the zip reader says that a name leads out of the folder: it checks names before it shows them. */
const forbiddenName = /absolute path|relative path|invalid characters in fileName/i;

/**
 * Unpacks the top level of a zip, or of its single folder, into `target`. Names that would lead elsewhere, links,
 * doubles, encrypted entries and bombs are refused: then nothing of the target may be used.
 */
export async function unpackArchive(
  path: string,
  target: string,
  limits: ArchiveLimits = archiveLimits,
  control: WorkControl = unwatched,
): Promise<void> {
  const { signal } = control;
  let zip: ZipFile;
  try {
    zip = await openPromise(path, {
      autoClose: false,
      lazyEntries: true,
      strictFileNames: true,
      validateEntrySizes: true,
    });
  } catch (error) {
    throw damaged(path, error);
  }
  try {
    const files = await listFiles(zip, path, limits);
    let left = limits.bytes;
    const bytes = files.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
    control.begin('Unpacking files', bytes);
    for (const { entry, name } of files) {
      const taken = await extract(zip, entry, join(target, name), left, signal);
      left -= taken;
      control.advance(taken);
    }
  } catch (error) {
    // Errors of the disk keep their codes; what the zip reader says has none.
    if (signal.aborted || error instanceof WorkbenchError || (error as { code?: unknown } | null)?.code)
      throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw forbiddenName.test(reason) ? refused(path, reason) : damaged(path, error);
  } finally {
    zip.close();
  }
}

async function listFiles(
  zip: ZipFile,
  path: string,
  limits: ArchiveLimits,
): Promise<{ entry: Entry; name: string }[]> {
  if (zip.entryCount > limits.entries) throw refused(path, `it has ${zip.entryCount} entries`);
  const files: { entry: Entry; name: string }[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry;
    if (isLink(entry)) throw refused(path, `${fileName} is a link`);
    if (entry.isEncrypted()) throw refused(path, `${fileName} is encrypted`);
    if (fileName.endsWith('/')) continue;
    // Names that differ in case only are one file on some disks.
    const key = fileName.toLowerCase();
    if (seen.has(key)) throw refused(path, `${fileName} is there twice`);
    seen.add(key);
    bytes += entry.uncompressedSize;
    if (bytes > limits.bytes) throw refused(path, 'its files would be too large');
    const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
    if (entry.uncompressedSize > ratioCountsFrom && ratio > limits.ratio)
      throw refused(path, `${fileName} unpacks to ${Math.round(ratio)} times its size`);
    files.push({ entry, name: fileName });
  }
  return withoutFolder(files, path);
}

/** The folder that holds the manifest is the pack; what lies deeper or beside it is not part of it. */
function withoutFolder(
  files: readonly { entry: Entry; name: string }[],
  path: string,
): { entry: Entry; name: string }[] {
  const manifests = files.filter(({ name }) => /^([^/]+\/)?manifest\.json$/.test(name));
  const [manifest] = manifests;
  if (!manifest || manifests.length > 1) {
    throw new WorkbenchError(
      'unsupported',
      `${path} is not a model pack: it has ${manifests.length > 1 ? 'several' : 'no'} manifest.json.`,
      'Choose a folder or zip that holds one manifest.json.',
    );
  }
  const folder = manifest.name.slice(0, -'manifest.json'.length);
  return files
    .filter(({ name }) => name.startsWith(folder))
    .map(({ entry, name }) => ({ entry, name: name.slice(folder.length) }))
    .filter(({ name }) => packFileName.safeParse(name).success);
}

/** Writes one file; returns its bytes. The size that the zip claims is not believed. */
async function extract(
  zip: ZipFile,
  entry: Entry,
  file: string,
  most: number,
  signal?: AbortSignal,
): Promise<number> {
  signal?.throwIfAborted();
  const stream: Readable = await zip.openReadStreamPromise(entry);
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > entry.uncompressedSize || bytes > most) {
        done(new WorkbenchError('refused', `${entry.fileName} is larger than the zip says.`));
      } else done(null, chunk);
    },
  });
  await pipeline(stream, counter, createWriteStream(file, { flags: 'wx' }), { signal });
  return bytes;
}

/** Unix keeps the kind of file in the upper half of the attributes; 0o12 is a symbolic link. */
function isLink(entry: Entry): boolean {
  return ((entry.externalFileAttributes >>> 28) & 0xf) === 0o12;
}

function refused(path: string, why: string): WorkbenchError {
  return new WorkbenchError(
    'refused',
    `${path} is not unpacked: ${why}.`,
    'Use a zip made from a pack folder.',
  );
}

function damaged(path: string, error: unknown): WorkbenchError {
  const reason = error instanceof Error ? error.message : String(error);
  return new WorkbenchError('damaged', `${path} is not a whole zip: ${reason}`, 'Download it again.', {
    cause: error,
  });
}
