/** WebAssembly put together here, instruction by instruction: what the innermost loops of resampling consist of. */

/** Unsigned LEB128. */
export function whole(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...whole(value >>> 7)];
}

export const type = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b } as const;
type Type = (typeof type)[keyof typeof type];

export const get = (local: number) => [0x20, ...whole(local)];
export const set = (local: number) => [0x21, ...whole(local)];
export const tee = (local: number) => [0x22, ...whole(local)];
/** A number from 0 to 63. */
export const small = (value: number) => [0x41, value];
export const add32 = 0x6a;
/** Adds a small number to an address, and leaves it. */
export const advance = (local: number, by: number) => [...get(local), ...small(by), add32, ...tee(local)];
/** The steps again while the last one leaves anything but 0. */
export const again = (...steps: number[]) => [0x03, 0x40, ...steps, 0x0d, 0, 0x0b];

export const scalar = {
  load32: (offset: number) => [0x28, 2, offset],
  load16: [0x2f, 1, 0],
  loadDouble: (offset: number) => [0x2b, 3, offset],
  store32: (offset: number) => [0x36, 2, offset],
  store16: [0x3b, 1, 0],
  storeDouble: (offset: number) => [0x39, 3, offset],
  isBelow: 0x49,
  subtract: 0x6b,
  multiply: 0x6c,
  exclusiveOr: 0x73,
  shiftLeft: 0x74,
  rotateLeft: 0x77,
  add64: 0x7c,
  multiply64: 0x7e,
  shiftRight64: 0x88,
  addDouble: 0xa0,
  toWord: 0xa7,
  toLong: 0xad,
  toDouble: 0xb9,
  long: (value: number) => [0x42, value],
} as const;

const vectorCode = (code: number, ...rest: number[]) => [0xfd, ...whole(code), ...rest];
export const vector = {
  load: vectorCode(0x00, 4, 0),
  /** Eight products of 16 bits, each two neighbours added: four sums of 32 bits. */
  dot: vectorCode(0xba),
  add32: vectorCode(0xae),
  lowToLong: vectorCode(0xc7),
  highToLong: vectorCode(0xc8),
  add64: vectorCode(0xce),
  laneOfLong: (lane: number) => vectorCode(0x1d, lane),
} as const;

export interface WasmFunction {
  name: string;
  /** How many parameters, all of them i32. */
  parameters: number;
  /** Further locals in groups of one type; all 0 at first. */
  locals: readonly (readonly [count: number, type: Type])[];
  body: readonly number[];
}

const counted = (bytes: readonly number[]) => [...whole(bytes.length), ...bytes];
const list = (entries: readonly (readonly number[])[]) => [...whole(entries.length), ...entries.flat()];
const section = (id: number, bytes: readonly number[]) => [id, ...counted(bytes)];
const text = (words: string) => counted([...new TextEncoder().encode(words)]);

/** A module of functions without results over the memory `engine.memory`. */
export function moduleOf(functions: readonly WasmFunction[]): Uint8Array {
  const signatures = functions.map(({ parameters }) => [
    ...[0x60, ...counted(Array.from({ length: parameters }, () => type.i32))],
    0,
  ]);
  const bodies = functions.map(({ locals, body }) =>
    counted([...list(locals.map(([count, of]) => [...whole(count), of])), ...body, 0x0b]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(signatures)),
    ...section(2, list([[...text('engine'), ...text('memory'), 2, 0, 0]])),
    ...section(3, list(functions.map((_, index) => whole(index)))),
    ...section(7, list(functions.map(({ name }, index) => [...text(name), 0, ...whole(index)]))),
    ...section(10, list(bodies)),
  ]);
}

/** What is used of WebAssembly, which the types of Node leave out. */
interface WebAssemblyParts {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => WasmMemory;
  Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
export const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyParts })
  .WebAssembly;
