/** A column of an evaluation's inputs as bytes, small and without loss: numbers come back to the last bit. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { WorkbenchError } from '../../../common/errors';

/** Numbers, or anything that JSON can say without loss. */
export type Column = Float64Array | Int32Array | Uint8Array | { plain: unknown };

/** The first byte says what follows; never changed, because kept evaluations are read by it. */
const plainTag = 0;
const numberTags = [
  { tag: 1, Numbers: Float64Array },
  { tag: 2, Numbers: Int32Array },
  { tag: 3, Numbers: Uint8Array },
] as const;

/** Most digits of measurements are noise, which no effort makes smaller. */
const effort = { level: 1 } as const;

/** The numbers as they lie in memory, or the JSON text. */
export function rawBytes(column: Column): Uint8Array {
  return ArrayBuffer.isView(column)
    ? new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
    : Buffer.from(JSON.stringify(column.plain));
}

/** `raw`: the column's `rawBytes`. */
export function packBytes(column: Column, raw: Uint8Array): Buffer {
  const tag = numberTags.find(({ Numbers }) => column instanceof Numbers)?.tag ?? plainTag;
  const sorted = ArrayBuffer.isView(column) ? planes(raw, column.BYTES_PER_ELEMENT) : raw;
  return Buffer.concat([Buffer.of(tag), deflateRawSync(sorted, effort)]);
}

/** Throws `damaged` for bytes that `packBytes` has not made. */
export function columnFromBytes(bytes: Uint8Array): Column {
  const tag = bytes[0];
  const content = inflateRawSync(bytes.subarray(1));
  if (tag === plainTag) return { plain: JSON.parse(content.toString('utf8')) as unknown };
  const kind = numberTags.find((one) => one.tag === tag);
  if (!kind) throw new WorkbenchError('damaged', 'What a saved evaluation was computed from cannot be read.');
  const { Numbers } = kind;
  const numbers = new Numbers(content.length / Numbers.BYTES_PER_ELEMENT);
  new Uint8Array(numbers.buffer).set(elements(content, Numbers.BYTES_PER_ELEMENT));
  return numbers;
}

/** The first bytes of all numbers, then the second ones and so on: like stands beside like, and packs better. */
function planes(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const count = bytes.length / size;
  const sorted = new Uint8Array(bytes.length);
  for (let plane = 0; plane < size; plane += 1) {
    for (let at = 0; at < count; at += 1) sorted[plane * count + at] = bytes[at * size + plane] ?? 0;
  }
  return sorted;
}

/** Takes `planes` back. */
function elements(bytes: Uint8Array, size: number): Uint8Array {
  if (size === 1) return bytes;
  const count = bytes.length / size;
  const sorted = new Uint8Array(bytes.length);
  for (let plane = 0; plane < size; plane += 1) {
    for (let at = 0; at < count; at += 1) sorted[at * size + plane] = bytes[plane * count + at] ?? 0;
  }
  return sorted;
}
