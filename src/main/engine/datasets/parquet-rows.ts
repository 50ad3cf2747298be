/**
 * The rows of a Parquet file, a bounded number at a time. What the file says of itself is not believed: counts and
 * sizes of groups and pages are compared with each other and with the file before anything of that size is made.
 */
import { open, stat } from 'node:fs/promises';
import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { WorkbenchError } from '../../../common/errors';
import type { Breather } from './breathe';
import { checkPages } from './parquet-pages';
import { pageUnpackers } from './parquet-runs';

export type ParquetRow = Record<string, unknown>;

/** Rows that are in memory together: fewer where they hold images. */
const [fewestRows, mostRows, bytesAtOnce] = [500, 20_000, 64_000_000];
const largestRowGroup = 2_000_000_000;
const largestFooter = 64_000_000;
/** Values of the wanted columns in one group of rows; a run of equal ones takes no space in the file. */
const mostValues = 40_000_000;
const magic = 'PAR1';
/** The magic at both ends and the length of the footer between them. */
const smallestFile = 12;

export async function isParquetFile(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    return buffer.toString('latin1') === magic;
  } finally {
    await file.close();
  }
}

/**
 * The rows with those of the wanted columns that are there. `check` is told all columns first and may throw. Throws
 * `unreadable` with the place that cannot be read, `damaged` where the file contradicts itself, `too-large`.
 */
export async function* parquetRows(
  path: string,
  name: string,
  options: { wanted: readonly string[]; check(columns: readonly string[]): void; breather: Breather },
): AsyncGenerator<ParquetRow> {
  const { wanted, check, breather } = options;
  const { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, parquetSchema } =
    await import('hyparquet');
  const { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } =
    await import('hyparquet/src/schema.js');
  const levelsOf = ({ schema }: FileMetaData, path: string[]) => {
    const along = getSchemaPath(schema, path);
    return { repetition: getMaxRepetitionLevel(along), definition: getMaxDefinitionLevel(along) };
  };
  const { size } = await stat(path);
  const file = await asyncBufferFromFile(path);
  const metadata = await attempt(name, 'its end', async () => {
    await checkFooter(file, name);
    return parquetMetadataAsync(file);
  });
  const present = await attempt(name, 'its schema', () =>
    parquetSchema(metadata).children.map(({ element }) => element.name),
  );
  check(present);
  const columns = present.filter((column) => wanted.includes(column));
  await attempt(name, 'its end', () => checkCounts(metadata, columns, size, name));
  const unpackers = await pageUnpackers();
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const rows = Number(group.num_rows);
    const chunks = group.columns.filter(({ meta_data }) =>
      columns.includes(meta_data?.path_in_schema[0] ?? ''),
    );
    const bytes = chunks.reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size), 0);
    const atOnce = Math.min(mostRows, Math.max(fewestRows, Math.floor((bytesAtOnce * rows) / (bytes + 1))));
    for (const { meta_data } of chunks) {
      if (!meta_data) continue;
      await attempt(name, `column ${meta_data.path_in_schema.join('.')}`, () =>
        checkPages(
          file,
          meta_data,
          { levels: levelsOf(metadata, meta_data.path_in_schema), unpackers },
          name,
        ),
      );
      await breather.breathe();
    }
    for (let first = groupStart; first < groupStart + rows; first += atOnce) {
      const rowEnd = Math.min(groupStart + rows, first + atOnce);
      yield* await attempt(name, `rows ${first} to ${rowEnd - 1}`, () =>
        parquetReadObjects({
          file,
          metadata,
          columns,
          rowStart: first,
          rowEnd,
          utf8: false,
          compressors: unpackers,
        }),
      );
      await breather.breathe();
    }
    groupStart += rows;
  }
}

async function attempt<Value>(
  name: string,
  what: string,
  work: () => Value | Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkbenchError) throw error;
    const detail = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('unreadable', `${name}, ${what}: ${detail}`, 'The file may be damaged.', {
      cause: error,
    });
  }
}

/** The footer's length is believed by nobody before it was compared with the file's. */
async function checkFooter(file: AsyncBuffer, name: string): Promise<void> {
  const end = Buffer.from(await file.slice(Math.max(0, file.byteLength - 8)));
  if (file.byteLength < smallestFile || end.toString('latin1', end.length - magic.length) !== magic) {
    throw damaged(`${name} does not end as Parquet does; it may be cut off.`);
  }
  const length = end.readUInt32LE(end.length - 8);
  if (length > file.byteLength - smallestFile || length > largestFooter) {
    throw damaged(`${name} says that its footer has ${length} bytes, of ${file.byteLength} in all.`);
  }
}

/** A group of rows is in memory at once, so what a file says of its size is checked first. */
function checkCounts(
  { num_rows, row_groups }: FileMetaData,
  columns: readonly string[],
  fileSize: number,
  name: string,
): void {
  let rows = 0n;
  for (const [index, group] of row_groups.entries()) {
    rows += group.num_rows;
    const sum = (count: (meta: NonNullable<(typeof group.columns)[number]['meta_data']>) => bigint) =>
      group.columns.reduce(
        (total, { meta_data }) =>
          meta_data && columns.includes(meta_data.path_in_schema[0] ?? '')
            ? total + Number(count(meta_data))
            : total,
        0,
      );
    const bytes = sum((meta) => meta.total_uncompressed_size);
    const values = sum((meta) => meta.num_values);
    if (group.num_rows < 0n || sum((meta) => meta.total_compressed_size) > fileSize) {
      throw damaged(`${name} says that it holds more than its ${fileSize} bytes.`);
    }
    if (values < Number(group.num_rows)) {
      throw damaged(`${name} says that group ${index} has ${group.num_rows} rows and ${values} values.`);
    }
    if (bytes > largestRowGroup || values > mostValues) {
      throw new WorkbenchError(
        'too-large',
        `The group of rows ${index} of ${name} has ${Math.round(bytes / 1_000_000)} MB in ${values} values.`,
        'Write the file with smaller row groups.',
      );
    }
  }
  if (rows !== num_rows) throw damaged(`${name} says that it has ${num_rows} rows; its groups have ${rows}.`);
}

function damaged(message: string): WorkbenchError {
  return new WorkbenchError('damaged', message, 'Get the file again from its source.');
}
