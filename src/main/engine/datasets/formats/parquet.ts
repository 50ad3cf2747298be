/**
 * Parquet as Hugging Face's datasets have it: rows with an image (a path, bytes, or the struct {bytes, path}), an
 * expression or a list of them, and a box. Images that are inside the file are written out to a folder first.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { WorkbenchError } from '../../../../common/errors';
import type { ImageBox } from '../../../../common/geometry/types';
import { filesBelow } from '../walk';
import { findImagesFolder, innerPath, isFolder, nameOf } from '../files';
import { emptyDataset, type Attributes, type DatasetReader, type SourceDataset } from '../model';
import { isParquetFile, parquetRows, type ParquetRow as Row } from '../parquet-rows';
import { attributes, key, toMask } from '../parse';

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
const keyColumns = {
  image: ['image_id'],
  object: ['object_id', 'ann_id', 'annotation_id'],
  expression: ['expression_id', 'sent_id', 'question_id', 'id'],
};
const boxColumns = ['bbox', 'box'];
const categoryColumns = ['category', 'category_name', 'label'];
/** Nothing else of a row is unpacked. */
const wantedColumns = [
  ...imageColumns,
  ...textColumns,
  ...Object.values(keyColumns).flat(),
  ...boxColumns,
  ...categoryColumns,
  ...['width', 'height', 'split', 'kind', 'mask', 'segmentation', 'attributes', 'object_attributes'],
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
    return isParquetFile(join(folder, first));
  },

  async read({ path, imagesPath, breather, extract }) {
    const { folder, names } = await parquetFiles(path);
    const dataset = emptyDataset({
      format: 'parquet',
      name: nameOf(path).replace(/\.parquet$/i, ''),
      root: imagesPath ?? folder,
    });
    const reading = new Reading(dataset, extract);
    for (const name of names) {
      let row = 0;
      const check = (columns: readonly string[]) => checkColumns(columns, name);
      const options = { wanted: wantedColumns, check, breather };
      for await (const values of parquetRows(join(folder, name), name, options)) {
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

function checkColumns(columns: readonly string[], name: string): void {
  if (textColumns.some((column) => columns.includes(column))) return;
  throw new WorkbenchError(
    'invalid',
    `${name} has no column with expressions: ${columns.slice(0, 20).join(', ')}.`,
    `One of these is looked for: ${textColumns.join(', ')}.`,
  );
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
    const file = await this.#fileOf(valueOf(row, imageColumns), where);
    if (file === null) {
      this.#dataset.rejected.push({ kind: 'image-missing', where, message: 'the row has no image' });
      return;
    }
    const imageKey = this.#imageOf(row, file, split, where);
    // The export's row for an image that no other row shows.
    if (row['expression'] === null && row['expression_id'] === null) return;
    const box = boxOf(valueOf(row, boxColumns));
    const mask = toMask(plain(row['mask'] ?? polygonsOf(row['segmentation'])));
    if (box === undefined || mask === undefined) {
      const message = box === undefined ? 'bbox: not four numbers' : 'mask: neither run lengths nor polygons';
      this.#dataset.rejected.push({ kind: 'not-well-formed', where, message });
      return;
    }
    const referentKey = this.#referentOf(row, imageKey, box, mask, where);
    const texts = valueOf(row, textColumns);
    const all = (Array.isArray(texts) ? texts : [texts]).map(textOf);
    const own = firstKey(row, keyColumns.expression) ?? where;
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
    const imageKey = firstKey(row, keyColumns.image) ?? file;
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
    const own = firstKey(row, keyColumns.object);
    const referentKey = own ?? `${imageKey}#${box ? [box.x, box.y, box.width, box.height].join(',') : where}`;
    if (this.#referents.has(referentKey)) return referentKey;
    this.#referents.add(referentKey);
    const category = categoryColumns.map((name) => row[name]).find((one) => typeof one === 'string');
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

function valueOf(row: Row, columns: readonly string[]): unknown {
  return columns.map((name) => row[name]).find((value) => value !== null && value !== undefined);
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
  // A struct could name a length of its own.
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return undefined;
  const numbers = Array.from(value as unknown as ArrayLike<unknown>, Number);
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
