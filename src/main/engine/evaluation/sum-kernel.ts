/**
 * The innermost loop of resampling, in WebAssembly: two columns times four draws, each product added to a sum of its
 * own. Its instructions work on two doubles at a time, which JavaScript cannot say; every sum is made in the same order
 * and rounded as JavaScript would, so that the numbers are the same to the last digit. The module is put together here,
 * instruction by instruction, because it is one loop.
 */

const bytesOfDouble = 8;
const pageBytes = 65_536;

/** Unsigned LEB128. */
function whole(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...whole(value >>> 7)];
}

const counted = (bytes: readonly number[]) => [...whole(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]) => [id, ...counted(bytes)];
const name = (text: string) => counted([...new TextEncoder().encode(text)]);

const type = { i32: 0x7f, v128: 0x7b, function: 0x60 };
const get = (local: number) => [0x20, ...whole(local)];
const set = (local: number) => [0x21, ...whole(local)];
const tee = (local: number) => [0x22, ...whole(local)];
/** Adds a small number to an address. */
const advance = (local: number, by: number) => [...get(local), 0x41, by, 0x6a, ...tee(local)];
const vector = (code: number, ...rest: number[]) => [0xfd, ...whole(code), ...rest];
/** Two doubles from an address; the same double twice. Aligned to 8 bytes. */
const load = (offset: number) => vector(0x00, 3, offset);
const loadTwice = vector(0x0a, 3, 0);
const store = (offset: number) => vector(0x0b, 3, offset);
const add = vector(0xf0);
const multiply = vector(0xf2);
const drop = 0x1a;

// Parameters, all addresses: two columns, the counts of four draws side by side, the end of the first column, and where
// the four sums of each column are added to. Then the sums of two draws each, and what is loaded once and used twice.
const [first, second, counts, end, sums, others] = [0, 1, 2, 3, 4, 5];
const [sumsA, sumsB, othersA, othersB, value, drawsA, drawsB] = [6, 7, 8, 9, 10, 11, 12];

const addProduct = (sum: number, draws: number) => [
  ...get(sum),
  ...get(value),
  ...get(draws),
  ...multiply,
  ...add,
  ...set(sum),
];
const addTo = (address: number, offset: number, sum: number) => [
  ...get(address),
  ...get(address),
  ...load(offset),
  ...get(sum),
  ...add,
  ...store(offset),
];

const body = [
  // One group of locals: seven vectors, all 0 at first.
  ...[1, 7, type.v128],
  ...[0x03, 0x40],
  ...[...get(counts), ...load(0), ...set(drawsA)],
  ...[...get(counts), ...load(16), ...set(drawsB)],
  ...[...get(first), ...loadTwice, ...set(value)],
  ...addProduct(sumsA, drawsA),
  ...addProduct(sumsB, drawsB),
  ...[...get(second), ...loadTwice, ...set(value)],
  ...addProduct(othersA, drawsA),
  ...addProduct(othersB, drawsB),
  ...[...advance(counts, 32), drop],
  ...[...advance(second, 8), drop],
  // Again while the first column is not at its end.
  ...[...advance(first, 8), ...get(end), 0x49, 0x0d, 0],
  0x0b,
  ...addTo(sums, 0, sumsA),
  ...addTo(sums, 16, sumsB),
  ...addTo(others, 0, othersA),
  ...addTo(others, 16, othersB),
  0x0b,
];

const moduleBytes = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...section(1, [1, type.function, ...counted(Array.from({ length: 6 }, () => type.i32)), 0]),
  ...section(2, [1, ...name('engine'), ...name('memory'), 2, 0, 0]),
  ...section(3, [1, 0]),
  ...section(7, [1, ...name('add'), 0, 0]),
  ...section(10, [1, ...counted(body)]),
]);

/** What is used of WebAssembly, which the types of Node leave out. */
interface WebAssemblyParts {
  Module: new (bytes: Uint8Array) => object;
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer; grow(pages: number): number };
  Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> };
}
const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

/** Adds up columns that lie in a memory of its own. Addresses are in bytes. */
export class SumKernel {
  readonly #memory = new Memory({ initial: 1 });
  readonly #add: (...addresses: number[]) => void;
  #used = 0;

  constructor() {
    const { exports } = new Instance(new Module(moduleBytes), {
      engine: { memory: this.#memory },
    });
    this.#add = exports['add'] as (...addresses: number[]) => void;
  }

  /** Makes room for so many doubles in all; what was there is given up. */
  reserve(doubles: number): void {
    const missing = doubles * bytesOfDouble - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#used = 0;
  }

  /** The next doubles of what was reserved, 0 each. */
  take(doubles: number): Float64Array {
    const taken = new Float64Array(this.#memory.buffer, this.#used, doubles);
    this.#used += taken.byteLength;
    return taken.fill(0);
  }

  /**
   * Adds `column[i] · counts[4 i + draw]` over the places `from` to `to` to `sums[at + draw]` for four draws, and the same
   * of another column to `others`. All of them were taken here; there is at least one place.
   */
  add(
    [column, sums]: readonly [Float64Array, Float64Array],
    [other, others]: readonly [Float64Array, Float64Array],
    counts: Float64Array,
    { from, to, at }: { from: number; to: number; at: number },
  ): void {
    this.#add(
      column.byteOffset + from * bytesOfDouble,
      other.byteOffset + from * bytesOfDouble,
      counts.byteOffset + 4 * from * bytesOfDouble,
      column.byteOffset + to * bytesOfDouble,
      sums.byteOffset + at * bytesOfDouble,
      others.byteOffset + at * bytesOfDouble,
    );
  }
}
