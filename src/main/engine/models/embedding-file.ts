/**
 * One encoded picture as bytes: a mark, the SHA-256 of all that follows it, the length of a header, the header as JSON
 * (names, types and sizes of the tensors, and what is no tensor), and the tensors' numbers one after the other.
 */
import { createHash } from 'node:crypto';
import type { Tensor, Tensors } from './session';

/** What encoders made of a picture: enough to answer on it without them. */
export interface Encoded<Facts = null> {
  readonly tensors: Tensors;
  /** What is no tensor; must survive JSON. */
  readonly facts: Facts;
}

interface Header {
  facts: unknown;
  tensors: { name: string; type: Tensor['type']; dims: number[]; bytes: number }[];
}

const mark = Buffer.from('GWEMBED1');
const hashBytes = 32;
const lengthAt = mark.length + hashBytes;
const headerAt = lengthAt + 4;

export function writeEncoded({ tensors, facts }: Encoded<unknown>): Uint8Array[] {
  const named = Object.entries(tensors);
  const header: Header = {
    facts,
    tensors: named.map(([name, { type, dims, data }]) => ({
      name,
      type,
      dims: [...dims],
      bytes: data.byteLength,
    })),
  };
  const headerText = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headerText.length);
  const rest = [
    length,
    headerText,
    ...named.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
  ];
  const hash = createHash('sha256');
  for (const part of rest) hash.update(part);
  return [mark, hash.digest(), ...rest];
}

/** Throws an Error where a single bit is not as it was written. */
export function readEncoded(bytes: Uint8Array): Encoded<unknown> {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.length < headerAt || !view.subarray(0, mark.length).equals(mark)) {
    throw new Error('it is no encoded picture');
  }
  const hash = createHash('sha256').update(view.subarray(lengthAt)).digest();
  if (!hash.equals(view.subarray(mark.length, lengthAt))) throw new Error('its hash differs');
  let at = headerAt + view.readUInt32LE(lengthAt);
  const header = JSON.parse(view.toString('utf8', headerAt, at)) as Header;
  const tensors: Record<string, Tensor> = {};
  for (const { name, type, dims, bytes: size } of header.tensors) {
    // A copy of its own: numbers of four or eight bytes must lie at such a boundary.
    const data = Uint8Array.from(view.subarray(at, at + size)).buffer;
    tensors[name] =
      type === 'float32'
        ? { type, dims, data: new Float32Array(data) }
        : { type, dims, data: new BigInt64Array(data) };
    at += size;
  }
  return { tensors, facts: header.facts };
}
