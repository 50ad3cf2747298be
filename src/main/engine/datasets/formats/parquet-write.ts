/**
 * Writes Parquet as Hugging Face's datasets have it: `data/<split>-00000-of-00001.parquet`, a row for each expression,
 * and one without an expression for each image that would have no row: its picture has no other place.
 * The column `image` is the struct {bytes, path} that `datasets` decodes to a picture.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SchemaElement } from 'hyparquet';
import type { ColumnSource } from 'hyparquet-writer';
import type { DatasetContent, ValidExpression, ValidImage, ValidReferent } from '../model';
import { counted, fileSplit, grouped, missingImage } from '../write-files';
import type { DatasetWriter } from '../writer';
import { boxOf } from './coco-ids';

const optional = { repetition_type: 'OPTIONAL' } as const;
const text = (name: string): SchemaElement => ({
  name,
  type: 'BYTE_ARRAY',
  converted_type: 'UTF8',
  ...optional,
});
const whole = (name: string): SchemaElement => ({ name, type: 'INT32', ...optional });

const schema: SchemaElement[] = [
  { name: 'root', num_children: 14 },
  { name: 'image', num_children: 2, ...optional },
  { name: 'bytes', type: 'BYTE_ARRAY', ...optional },
  text('path'),
  whole('width'),
  whole('height'),
  text('expression'),
  { name: 'bbox', num_children: 1, converted_type: 'LIST', ...optional },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  { name: 'element', type: 'DOUBLE', ...optional },
  text('category'),
  text('split'),
  text('kind'),
  { name: 'mask', num_children: 2, ...optional },
  { name: 'size', num_children: 1, converted_type: 'LIST', ...optional },
  { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
  whole('element'),
  text('counts'),
  text('image_id'),
  text('object_id'),
  text('expression_id'),
  text('attributes'),
  text('object_attributes'),
];
/** How the trees of `datasets` are told to a reader: the column of pictures. */
const huggingFace = JSON.stringify({ info: { features: { image: { _type: 'Image' } } } });
/** Rows of a group are in memory together, and so are the pictures in them. */
const [mostRows, mostBytes] = [5_000, 64_000_000];

export const writeParquet: DatasetWriter = async ({ folder, dataset, content, images: embeds, control }) => {
  const { ParquetWriter, fileWriter } = await import('hyparquet-writer');
  const images = new Map(content.images.map((image) => [image.key, image]));
  const referents = new Map(content.referents.map((referent) => [referent.key, referent]));
  const heldImages = new Map<string, string>();
  const heldReferents = new Map<string, string>();
  const heldExpressions = new Map<string, string>();
  const files: string[] = [];
  await mkdir(join(folder, 'data'));
  const entries = entriesOf(content, images, referents);
  for (const [split, ofSplit] of grouped(entries, (one) => fileSplit(one.split))) {
    const name = `data/${split}-00000-of-00001.parquet`;
    files.push(name);
    const writer = new ParquetWriter({
      writer: fileWriter(join(folder, name)),
      schema,
      kvMetadata: [{ key: 'huggingface', value: huggingFace }],
    });
    let rows: Row[] = [];
    let bytes = 0;
    const flush = async () => {
      await writer.write({ columnData: columnsOf(rows), rowGroupSize: Math.max(1, rows.length) });
      rows = [];
      bytes = 0;
    };
    for (const { expression, image, referent } of counted('Writing rows', ofSplit, control)) {
      heldImages.set(image.key, image.file);
      if (expression) heldExpressions.set(expression.key, expression.key);
      if (referent) heldReferents.set(referent.key, referent.key);
      const picture = embeds ? await readImage(dataset.root, image.file) : null;
      rows.push(rowOf(expression, image, referent, picture));
      bytes += picture?.length ?? 0;
      if (rows.length >= mostRows || bytes >= mostBytes) await flush();
    }
    if (rows.length > 0) await flush();
    await writer.finish();
  }
  return { images: heldImages, referents: heldReferents, expressions: heldExpressions, files };
};

interface Entry {
  split: string;
  /** null: the image alone. */
  expression: ValidExpression | null;
  image: ValidImage;
  referent: ValidReferent | null;
}

function entriesOf(
  content: DatasetContent,
  images: ReadonlyMap<string, ValidImage>,
  referents: ReadonlyMap<string, ValidReferent>,
): Entry[] {
  const entries = content.expressions.flatMap((expression): Entry[] => {
    const image = images.get(expression.imageKey);
    const referent = referents.get(expression.referentKey ?? '') ?? null;
    // A row without a box means nothing; an object without one would look like that.
    if (!image || (expression.referentKey !== null && !(referent && boxOf(referent)))) return [];
    return [{ split: expression.split, expression, image, referent }];
  });
  const present = new Set(entries.map(({ image }) => image.key));
  const alone = content.images.filter(({ key }) => !present.has(key));
  return [
    ...entries,
    ...alone.map((image) => ({ split: image.split, expression: null, image, referent: null })),
  ];
}

type Row = ReturnType<typeof rowOf>;

function rowOf(
  expression: ValidExpression | null,
  image: ValidImage,
  referent: ValidReferent | null,
  picture: Uint8Array | null,
) {
  const box = referent && boxOf(referent);
  return {
    image: { bytes: picture, path: image.file },
    width: image.width,
    height: image.height,
    expression: expression?.text ?? null,
    bbox: box && [box.x, box.y, box.width, box.height],
    category: referent?.category ?? null,
    split: expression?.split ?? image.split,
    kind: expression?.kind ?? null,
    mask: referent?.mask ? { size: [...referent.mask.size], counts: referent.mask.counts } : null,
    image_id: image.key,
    object_id: referent?.key ?? null,
    expression_id: expression?.key ?? null,
    attributes: expression && JSON.stringify(expression.attributes),
    object_attributes: referent && JSON.stringify(referent.attributes),
  };
}

function columnsOf(rows: readonly Row[]): ColumnSource[] {
  const names = Object.keys(rows[0] ?? {}) as (keyof Row)[];
  return names.map((name) => ({ name, data: rows.map((row) => row[name]), statistics: name !== 'image' }));
}

async function readImage(root: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(join(root, file));
  } catch (error) {
    throw missingImage(file, root, error);
  }
}
