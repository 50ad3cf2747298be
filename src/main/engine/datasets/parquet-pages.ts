/**
 * The headers of a Parquet column's pages, looked at before the pages are unpacked. A few bytes can announce two
 * billion values, or a gigabyte that a kilobyte unfolds to; no page may hold more than its column says it has.
 */
import type { AsyncBuffer, ColumnMetaData } from 'hyparquet';
import type { PageHeader } from 'hyparquet/src/types.js';
import { WorkbenchError } from '../../../common/errors';
import { checkRuns, type PageLevels, type Unpackers } from './parquet-runs';

export const mostPageBytes = 1_000_000_000;
/** Headers may hold a smallest and a largest value. */
const headerBytes = 65_536;
/** What pandas and datasets write. Of the others some let a small page unfold to any size. */
const encodings = ['PLAIN', 'PLAIN_DICTIONARY', 'RLE_DICTIONARY'];

/** Throws `damaged` or `too-large`; an error of another kind where a header cannot be read. */
export async function checkPages(
  file: AsyncBuffer,
  column: ColumnMetaData,
  { levels, unpackers }: { levels: PageLevels; unpackers: Unpackers },
  name: string,
): Promise<void> {
  const unpack = unpackers[column.codec];
  if (!unpack) {
    throw new WorkbenchError(
      'unsupported',
      `${name} is compressed by ${column.codec}.`,
      'Write the file uncompressed or with snappy, gzip or brotli.',
    );
  }
  const { parquetHeader } = await import('hyparquet/src/column.js');
  const start = Number(column.dictionary_page_offset ?? 0n) || Number(column.data_page_offset);
  const end = start + Number(column.total_compressed_size);
  const what = `${name}, column ${column.path_in_schema.join('.')}`;
  if (!(start >= 0 && end >= start && end <= file.byteLength))
    throw damaged(`${what}: it lies outside the file.`);
  let values = 0;
  let bytes = 0;
  for (let position = start; position < end - 1;) {
    const window = await file.slice(position, Math.min(end, position + headerBytes));
    const reader = { view: new DataView(window), offset: 0 };
    const header = parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    position += reader.offset;
    if (!(packed >= 0 && size >= 0) || position + packed > end) {
      throw damaged(`${what}: a page says that it has ${packed} bytes.`);
    }
    if (size > mostPageBytes) {
      throw new WorkbenchError(
        'too-large',
        `${what}: a page has ${size} bytes.`,
        'Write it with smaller pages.',
      );
    }
    const page = position;
    position += packed;
    bytes += size;
    if (header.data_page_header_v2 && !isWhole(header.data_page_header_v2, packed)) {
      throw damaged(`${what}: the parts of a page are longer than the page.`);
    }
    const { count, encoding } = contentOf(header);
    if (!(count >= 0)) throw damaged(`${what}: a page says that it has ${count} values.`);
    if (header.type !== 'DICTIONARY_PAGE') values += count;
    if (!encodings.includes(encoding)) {
      throw new WorkbenchError(
        'unsupported',
        `${what} is encoded as ${encoding}.`,
        'Write the file with plain or dictionary encoding, as pandas and datasets do.',
      );
    }
    if (values > Number(column.num_values) || count > Number(column.num_values)) {
      throw damaged(
        `${what}: its pages say that they have ${Math.max(values, count)} values, of ${column.num_values}.`,
      );
    }
    if (bytes > Number(column.total_uncompressed_size)) {
      throw damaged(`${what}: its pages have more than its ${column.total_uncompressed_size} bytes.`);
    }
    if (header.type === 'DICTIONARY_PAGE') continue;
    try {
      checkRuns(new Uint8Array(await file.slice(page, position)), header, unpack, levels);
    } catch (error) {
      throw damaged(`${what}: a page says what cannot be: ${(error as Error).message}.`);
    }
  }
}

function isWhole(header: NonNullable<PageHeader['data_page_header_v2']>, packed: number): boolean {
  const parts = [header.repetition_levels_byte_length, header.definition_levels_byte_length];
  const counts = [header.num_values, header.num_nulls, header.num_rows];
  return (
    [...parts, ...counts].every((value) => Number.isInteger(value) && value >= 0) &&
    parts.reduce((sum, length) => sum + length, 0) <= packed &&
    header.num_nulls <= header.num_values
  );
}

function contentOf(header: PageHeader): { count: number; encoding: string } {
  const found = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
  return { count: found?.num_values ?? 0, encoding: found?.encoding ?? '' };
}

function damaged(message: string): WorkbenchError {
  return new WorkbenchError('damaged', message, 'Get the file again from its source.');
}
