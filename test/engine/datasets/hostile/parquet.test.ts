/** Parquet that is cut off, contradicts itself, or announces more than there is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportDataset } from '../../../../src/main/engine/datasets/export';
import { openDatasets, temporaryFolder, writeFolder } from '../support';
import { picture, refused, taken } from './support';

let whole: Buffer;

beforeAll(async () => {
  const root = await writeFolder({ 'a.png': picture });
  const path = join(temporaryFolder(), 'export');
  const own = { split: 'val', kind: '', attributes: {}, category: 'dog' };
  await exportDataset({
    dataset: { name: 'x', description: '', licence: '', root },
    content: {
      images: [{ key: '1', file: 'a.png', width: 40, height: 30, split: 'val' }],
      referents: [
        {
          key: '1',
          imageKey: '1',
          category: 'dog',
          box: { x: 1, y: 2, width: 3, height: 4 },
          mask: null,
          attributes: {},
        },
      ],
      expressions: Array.from({ length: 40 }, (_, index) => ({
        key: String(index),
        imageKey: '1',
        referentKey: '1',
        text: `the dog ${index}`,
        ...own,
      })),
    },
    path,
    format: 'parquet',
  });
  whole = readFileSync(join(path, 'data/val-00000-of-00001.parquet'));
});

/** The same pages with another footer. */
function withFooter(change: (metadata: FileMetaData) => void): Buffer {
  const metadata = parquetMetadata(
    whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length) as ArrayBuffer,
  );
  change(metadata);
  const length = whole.readUInt32LE(whole.length - 8);
  const writer = new ByteWriter();
  writer.appendBytes(whole.subarray(0, whole.length - 8 - length));
  writeMetadata(writer, metadata);
  writer.appendUint32(0x31524150);
  return Buffer.from(writer.getBytes());
}

const column = (metadata: FileMetaData, name: string) => {
  const found = metadata.row_groups[0]?.columns.find(
    ({ meta_data }) => meta_data?.path_in_schema[0] === name,
  );
  if (!found?.meta_data) throw new Error(`no column ${name}`);
  return found.meta_data;
};
const group = (metadata: FileMetaData) => metadata.row_groups[0] ?? { num_rows: 0n };
const file = (bytes: Uint8Array) => ({ 'val-00000-of-00001.parquet': bytes });

describe('Parquet', () => {
  it('is taken where it is whole, with its footer written again', async () => {
    const { found } = await taken(file(withFooter(() => undefined)), 'parquet');
    expect(found).toMatchObject({ images: 1, expressions: 40, rejectedCount: 0 });
  });

  it.each([
    ['2⁶⁰ rows', (all: FileMetaData) => (all.num_rows = 2n ** 60n)],
    [
      '2⁶⁰ rows in its group too',
      (all: FileMetaData) => ((all.num_rows = 2n ** 60n), (group(all).num_rows = 2n ** 60n)),
    ],
    ['fewer rows than none', (all: FileMetaData) => ((all.num_rows = -5n), (group(all).num_rows = -5n))],
    [
      'a column longer than the file',
      (all: FileMetaData) => (column(all, 'expression').total_compressed_size = 2n ** 40n),
    ],
    ['a column before the file', (all: FileMetaData) => (column(all, 'expression').data_page_offset = -9n)],
    [
      'a column behind the file',
      (all: FileMetaData) => (column(all, 'expression').data_page_offset = 2n ** 40n),
    ],
    [
      'pages of more values than their column',
      (all: FileMetaData) => (column(all, 'expression').num_values = 39n),
    ],
    [
      'pages of more bytes than their column',
      (all: FileMetaData) => (column(all, 'expression').total_uncompressed_size = 9n),
    ],
  ])('is refused where it says that it has %s', async (_name, change) => {
    const bytes = withFooter((metadata) => void change(metadata));
    await refused(file(bytes), 'parquet', { kind: 'damaged', message: /say|lies outside|more than/ });
  });

  it.each([
    ['40 million rows', (all: FileMetaData) => (column(all, 'expression').num_values = 2n ** 40n)],
    ['a terabyte', (all: FileMetaData) => (column(all, 'expression').total_uncompressed_size = 2n ** 40n)],
  ])('is refused where one group of rows has %s', async (_name, change) => {
    const bytes = withFooter((metadata) => void change(metadata));
    await refused(file(bytes), 'parquet', { kind: 'too-large', message: /group of rows 0/ });
  });

  it('is refused where its footer says that it is longer than the file', async () => {
    const longer = Buffer.from(whole);
    longer.writeUInt32LE(0xfffffff0, longer.length - 8);
    await refused(file(longer), 'parquet', { kind: 'damaged', message: /footer has 4294967280 bytes/ });
  });

  it('is refused wherever it is cut off', async () => {
    const { preview } = await openDatasets();
    for (let length = 4; length < whole.length; length += Math.ceil(whole.length / 40)) {
      const path = await writeFolder(file(whole.subarray(0, length)));
      await expect(preview({ path, format: 'parquet' })).rejects.toMatchObject({ kind: 'damaged' });
    }
  });

  it('is read or refused, and nothing else, wherever bytes are changed', async () => {
    const { preview } = await openDatasets();
    let state = 7;
    const random = (below: number) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (let attempt = 0; attempt < 150; attempt += 1) {
      const changed = Buffer.from(whole);
      for (let count = 1 + random(4); count > 0; count -= 1) {
        changed[4 + random(whole.length - 12)] = random(256);
      }
      const path = await writeFolder(file(changed));
      const told = await preview({ path, format: 'parquet' }).catch((error: unknown) => error);
      if (told instanceof Error) expect(told).toMatchObject({ name: 'WorkbenchError' });
      else expect(told).toMatchObject({ format: 'parquet' });
    }
  });

  it('takes no box that names a length of its own', async () => {
    const bytes = parquetWriteBuffer({
      schema: [
        { name: 'root', num_children: 3 },
        { name: 'image', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'expression', type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' },
        { name: 'bbox', num_children: 1, repetition_type: 'OPTIONAL' },
        { name: 'length', type: 'DOUBLE', repetition_type: 'OPTIONAL' },
      ],
      columnData: [
        { name: 'image', data: ['a.png'] },
        { name: 'expression', data: ['the dog'] },
        { name: 'bbox', data: [{ length: 4e9 }] },
      ],
    });
    const { found, rejected } = await taken(
      { 'x.parquet': new Uint8Array(bytes), 'a.png': picture },
      'parquet',
    );
    expect(found.expressions).toBe(0);
    expect(rejected).toEqual(['not-well-formed: x.parquet row 0']);
  });
});
