/**
 * Parquet as Hugging Face's datasets have it: rows with an image (a path, bytes, or the struct {bytes, path}), an
 * expression or a list of them, and a box. Images that are inside the file are written out to a folder first.
 */
import { createHash } from 'node:crypto';
import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { FileMetaData } from 'hyparquet';
import { WorkbenchError } from '../../../../common/errors';
import type { ImageBox } from '../../../../common/geometry/types';
import { filesBelow } from '../walk';
import { findImagesFolder, innerPath, isFolder, nameOf } from '../files';
import type { Attributes, DatasetReader, SourceDataset } from '../model';
import { attributes, key, toMask } from '../parse';

/** Rows that are in memory together. */
const rowsAtOnce = 500;
const largestRowGroup = 2_000_000_000;
const mostPageBytes = 1_000_000_000;

type Row = Record<string, unknown>;

const imageColumns = ['image', 'img', 'image_path', 'file_name', 'filename'];
const textColumns = [
  'expression',
  'expressions',
  'caption',
  'captions',
  'sentence',
  'sentences',
  'text',
  'answer',
];

async function parquetFiles(path: string, most?: number): Promise<{ folder: string; names: string[] }> {
  const isParquet = (name: string) => /\.parquet$/i.test(name);
  if (!(await isFolder(path)))
    return { folder: dirname(path), names: isParquet(path) ? [basename(path)] : [] };
  return { folder: path, names: await filesBelow(path, isParquet, most) };
}

/** The split in a name such as data/test-00000-of-00001.parquet; a name without one has none. */
function splitOf(name: string): string {
  return /^(.+?)-\d{5}-of-\d{5}/.exec(basename(name))?.[1] ?? basename(name).replace(/\.parquet$/i, '');
}

export const parquet: DatasetReader = {
  format: 'parquet',

  async detect(path) {
    const { folder, names } = await parquetFiles(path, 0);
    const [first] = names;
    if (first === undefined) return false;
    const file = await open(join(folder, first), 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return buffer.toString('latin1') === 'PAR1';
    } finally {
      await file.close();
    }
  },

  async read({ path, imagesPath, breather, extract }) {
    const { folder, names } = await parquetFiles(path);
    const dataset: SourceDataset = {
      format: 'parquet',
      name: nameOf(path).replace(/\.parquet$/i, ''),
      description: '',
      licence: '',
      root: imagesPath ?? folder,
      images: [],
      referents: [],
      expressions: [],
      rejected: [],
    };
    const reading = new Reading(dataset, extract);
    for (const name of names) {
      let row = 0;
      for await (const values of rowsOf(join(folder, name), name)) {
        await reading.row(values, splitOf(name), `${name} row ${row}`);
        row += 1;
        await breather.breathe();
      }
    }
    if (reading.folder !== null) dataset.root = reading.folder;
    else {
      const files = dataset.images.map(({ file }) => file);
      dataset.root = await findImagesFolder(folder, imagesPath, files);
    }
    return dataset;
  },
};

/** The rows of a file, some at a time; throws `unreadable` with the rows that cannot be read. */
async function* rowsOf(path: string, name: string): AsyncGenerator<Row> {
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } =
    await import('hyparquet');
  const { size } = await stat(path);
  const file = await asyncBufferFromFile(path);
  const attempt = async <Value>(what: string, work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      throw new WorkbenchError('unreadable', `${name}, ${what}: ${detail}`, 'The file may be damaged.', {
        cause: error,
      });
    }
  };
  const metadata = await attempt('its end', () => parquetMetadataAsync(file));
  checkSizes(metadata, size, name);
  const present = parquetSchema(metadata).children.map(({ element }) => element.name);
  const isWanted = (column: string) => !['raw_anns', 'raw_image_info', 'global_features'].includes(column);
  const columns = present.filter(isWanted);
  if (!textColumns.some((column) => columns.includes(column))) {
    throw new WorkbenchError(
      'invalid',
      `${name} has no column with expressions: ${present.slice(0, 20).join(', ')}.`,
      `One of these is looked for: ${textColumns.join(', ')}.`,
    );
  }
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += rowsAtOnce) {
    const rowEnd = Math.min(total, rowStart + rowsAtOnce);
    const rows = await attempt(`rows ${rowStart} to ${rowEnd - 1}`, () =>
      parquetReadObjects({ file, metadata, columns, rowStart, rowEnd, utf8: false, compressors }),
    );
    yield* rows;
  }
}

const compressors = {
  GZIP: (input: Uint8Array) => gunzipSync(input, { maxOutputLength: mostPageBytes }),
  BROTLI: (input: Uint8Array) => brotliDecompressSync(input, { maxOutputLength: mostPageBytes }),
};

/** A group of rows is in memory at once, so what a file says of its size is checked first. */
function checkSizes({ row_groups }: FileMetaData, fileSize: number, name: string): void {
  for (const [index, { columns }] of row_groups.entries()) {
    const bytes = columns.reduce(
      (sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0n),
      0,
    );
    const packed = columns.reduce(
      (sum, { meta_data }) => sum + Number(meta_data?.total_compressed_size ?? 0n),
      0,
    );
    if (bytes > largestRowGroup) {
      throw new WorkbenchError(
        'too-large',
        `The group of rows ${index} of ${name} has ${Math.round(bytes / 1_000_000)} MB.`,
        'Write the file with smaller row groups.',
      );
    }
    if (packed > fileSize) {
      throw new WorkbenchError('damaged', `${name} says that it holds more than its ${fileSize} bytes.`);
    }
  }
}

/** Turns rows into a dataset, and bytes of images into files. */
class Reading {
  folder: string | null = null;
  readonly #dataset: SourceDataset;
  readonly #extract: () => Promise<string>;
  readonly #images = new Map<string, string>();
  readonly #digests = new Map<string, string>();
  readonly #referents = new Set<string>();

  constructor(dataset: SourceDataset, extract: () => Promise<string>) {
    this.#dataset = dataset;
    this.#extract = extract;
  }

  async row(row: Row, fileSplit: string, where: string): Promise<void> {
    const split = typeof row['split'] === 'string' ? row['split'] : fileSplit;
    const file = await this.#fileOf(
      imageColumns.map((name) => row[name]).find((value) => value !== null && value !== undefined),
      where,
    );
    if (file === null) {
      this.#dataset.rejected.push({ kind: 'image-missing', where, message: 'the row has no image' });
      return;
    }
    const imageKey = this.#imageOf(row, file, split, where);
    // The export's row for an image that no other row shows.
    if (row['expression'] === null && row['expression_id'] === null) return;
    const box = boxOf(row['bbox'] ?? row['box']);
    const mask = toMask(plain(row['mask'] ?? polygonsOf(row['segmentation'])));
    if (box === undefined || mask === undefined) {
      const message = box === undefined ? 'bbox: not four numbers' : 'mask: neither run lengths nor polygons';
      this.#dataset.rejected.push({ kind: 'not-well-formed', where, message });
      return;
    }
    const referentKey = this.#referentOf(row, imageKey, box, mask, where);
    const texts = textColumns.map((name) => row[name]).find((value) => value !== null && value !== undefined);
    const all = (Array.isArray(texts) ? texts : [texts]).map(textOf);
    const own = firstKey(row, ['expression_id', 'sent_id', 'question_id', 'id']) ?? where;
    for (const [index, text] of all.entries()) {
      this.#dataset.expressions.push({
        key: all.length === 1 ? own : `${own}-${index}`,
        referentKey,
        imageKey,
        text,
        kind: typeof row['kind'] === 'string' ? row['kind'].slice(0, 200) : '',
        split,
        attributes: attributesOf(row['attributes']),
        where,
      });
    }
  }

  #imageOf(row: Row, file: string, split: string, where: string): string {
    const known = this.#images.get(file);
    if (known !== undefined) return known;
    const imageKey = firstKey(row, ['image_id']) ?? file;
    this.#images.set(file, imageKey);
    const side = (value: unknown) => (typeof value === 'number' ? value : null);
    const [width, height] = [side(row['width']), side(row['height'])];
    this.#dataset.images.push({ key: imageKey, file, width, height, split, where });
    return imageKey;
  }

  #referentOf(
    row: Row,
    imageKey: string,
    box: ImageBox | null,
    mask: SourceDataset['referents'][number]['mask'],
    where: string,
  ): string | null {
    if (box === null && mask === null) return null;
    const own = firstKey(row, ['object_id', 'ann_id', 'annotation_id']);
    const referentKey = own ?? `${imageKey}#${box ? [box.x, box.y, box.width, box.height].join(',') : where}`;
    if (this.#referents.has(referentKey)) return referentKey;
    this.#referents.add(referentKey);
    const category = [row['category'], row['category_name'], row['label']].find(
      (one) => typeof one === 'string',
    );
    const kept = attributesOf(row['object_attributes']);
    this.#dataset.referents.push({
      key: referentKey,
      imageKey,
      category: typeof category === 'string' ? category : '',
      box,
      mask,
      attributes: kept,
      where,
    });
    return referentKey;
  }

  /** The image's file relative to the dataset's folder; null where there is no image. */
  async #fileOf(value: unknown, where: string): Promise<string | null> {
    if (typeof value === 'string') return value;
    const { bytes, path } =
      value instanceof Uint8Array
        ? { bytes: value, path: null }
        : ((value ?? {}) as { bytes?: unknown; path?: unknown });
    const named = typeof path === 'string' ? path : null;
    if (!(bytes instanceof Uint8Array)) return named;
    const digest = createHash('sha256').update(bytes).digest('hex');
    const inner = named === null ? null : innerPath(named);
    const taken = inner === null ? undefined : this.#digests.get(inner);
    // Other images may have the same name: each file of a sharded dataset begins its names anew.
    const file =
      inner !== null && (taken === undefined || taken === digest) ? inner : `${digest}${extensionOf(inner)}`;
    if (this.#digests.get(file) === digest) return file;
    this.#digests.set(file, digest);
    this.folder ??= await this.#extract();
    const place = join(this.folder, file);
    try {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, bytes, { flag: 'wx' });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' && code !== 'ENAMETOOLONG' && code !== 'ENOTDIR') throw error;
      throw new WorkbenchError('unreadable', `${where}: the image cannot be written as ${file}.`, '', {
        cause: error,
      });
    }
    return file;
  }
}

function extensionOf(path: string | null): string {
  const extension = path === null ? '' : extname(path);
  return /^\.\w{1,5}$/.test(extension) ? extension : '.img';
}

function firstKey(row: Row, columns: readonly string[]): string | null {
  for (const column of columns) {
    const parsed = key.safeParse(row[column]);
    if (parsed.success) return parsed.data;
  }
  return null;
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const { sent, raw, text } = (value ?? {}) as Row;
  return ([sent, raw, text].find((one) => typeof one === 'string') as string | undefined) ?? '';
}

/** Four numbers x, y, width, height. null: none; undefined: something else. */
function boxOf(value: unknown): ImageBox | null | undefined {
  if (value === null || value === undefined) return null;
  const numbers = Array.from(value as ArrayLike<unknown>, Number);
  if (numbers.length === 0) return null;
  const [x, y, width, height] = numbers;
  if (numbers.length !== 4 || !numbers.every(Number.isFinite)) return undefined;
  return { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 };
}

/** A polygon may stand alone, without the list around it. */
function polygonsOf(value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0) return null;
  return typeof value[0] === 'number' ? [value] : value;
}

/** Numbers of 64 bits as numbers, in lists and structs. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plain);
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]));
}

function attributesOf(value: unknown): Attributes {
  if (typeof value !== 'string') return {};
  try {
    return attributes.parse(JSON.parse(value));
  } catch {
    // Not JSON: another program's column of the same name.
    return {};
  }
}
