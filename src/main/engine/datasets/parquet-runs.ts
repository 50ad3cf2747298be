/**
 * The runs in a Parquet page's levels and dictionary indices, walked without unpacking them: four bytes can say that a
 * value is repeated two billion times.
 */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { CompressionCodec, PageHeader } from 'hyparquet/src/types.js';

export interface PageLevels {
  repetition: number;
  definition: number;
}

export type Unpack = (input: Uint8Array, length: number) => Uint8Array;

export type Unpackers = Partial<Record<CompressionCodec, Unpack>>;

/** How pages are unpacked, never to more than `length` bytes. */
export async function pageUnpackers(): Promise<Unpackers> {
  const { snappyUncompress } = await import('hyparquet');
  return {
    UNCOMPRESSED: (input) => input,
    SNAPPY(input, length) {
      const output = new Uint8Array(length);
      snappyUncompress(input, output);
      return output;
    },
    GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(1, length) }),
    BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(1, length) }),
  };
}

const dictionaryEncodings = ['PLAIN_DICTIONARY', 'RLE_DICTIONARY'];

/** Throws a RangeError where runs hold more values than their page says it has. `bytes`: the page as it is in the file. */
export function checkRuns(bytes: Uint8Array, header: PageHeader, unpack: Unpack, levels: PageLevels): void {
  const first = header.data_page_header;
  const second = header.data_page_header_v2;
  if (first) {
    const view = viewOf(unpack(bytes, header.uncompressed_page_size));
    let offset = 0;
    for (const most of [levels.repetition, levels.definition]) {
      if (most === 0) continue;
      walkRuns(view, offset + 4, bitsOf(most), first.num_values);
      offset += 4 + view.getUint32(offset, true);
    }
    if (dictionaryEncodings.includes(first.encoding)) walkIndices(view, offset, first.num_values);
  } else if (second) {
    const view = viewOf(bytes);
    const { repetition_levels_byte_length: before, definition_levels_byte_length: between } = second;
    if (levels.repetition > 0) walkRuns(view, 0, bitsOf(levels.repetition), second.num_values);
    if (levels.definition > 0) walkRuns(view, before, bitsOf(levels.definition), second.num_values);
    if (!dictionaryEncodings.includes(second.encoding)) return;
    const rest = bytes.subarray(before + between);
    const length = header.uncompressed_page_size - before - between;
    walkIndices(viewOf(second.is_compressed === false ? rest : unpack(rest, length)), 0, second.num_values);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function bitsOf(most: number): number {
  return 32 - Math.clz32(most);
}

/** The width of the indices stands before them; of no bits, all are the first entry. */
function walkIndices(view: DataView, offset: number, values: number): void {
  // A page of nothing but nulls may end before its indices.
  if (offset >= view.byteLength) return;
  const bits = view.getUint8(offset);
  if (bits > 32) throw new RangeError(`indices of ${bits} bits`);
  if (bits > 0) walkRuns(view, offset + 1, bits, values);
}

/** Until there are as many values as there may be, or the page ends: nulls have levels and no index. */
function walkRuns(view: DataView, start: number, bits: number, values: number): void {
  let seen = 0;
  for (let offset = start; seen < values && offset < view.byteLength;) {
    let header = 0;
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = view.getUint8(offset++);
      header += (byte & 0x7f) * 2 ** shift;
      more = (byte & 0x80) !== 0;
      if (shift > 28) throw new RangeError('a run without a length');
    }
    const isPacked = header % 2 === 1;
    const half = Math.floor(header / 2);
    const count = isPacked ? half * 8 : half;
    // Packed values come by eights; the last of them may be none.
    if (count > values - seen + (isPacked ? 7 : 0)) throw new RangeError(`a run of ${count} values`);
    seen += count;
    offset += isPacked ? half * bits : Math.ceil(bits / 8);
  }
}
