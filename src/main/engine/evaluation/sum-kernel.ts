/**
 * The innermost loops of resampling, in WebAssembly, whose instructions work on eight numbers at a time. All of it is
 * arithmetic with whole numbers: the same on every machine, in whatever order.
 */
import {
  add32,
  advance,
  again,
  get,
  Instance,
  Memory,
  Module,
  moduleOf,
  scalar,
  set,
  small,
  tee,
  type,
  vector,
  type WasmFunction,
} from './web-assembly';

/** Draws that are added up at a time. */
export const together = 4;
/** Entries that an instruction works on: columns are as long as a multiple of it. */
const atOnce = 8;
const bytesOfCount = 2;
const bytesOfDouble = 8;
const pageBytes = 65_536;

export const padded = (entries: number) => atOnce * Math.ceil(entries / atOnce);

/** One draw of as many places as there are, with replacement: RandomNumbers.draw, step by step. */
function drawFunction(): WasmFunction {
  const [state, times, places] = [0, 1, 2];
  const [a, b, c, d, shifted, left, address] = [3, 4, 5, 6, 7, 8, 9];
  const words = [a, b, c, d];
  const mix = (into: number, other: number) => [
    ...get(into),
    ...get(other),
    scalar.exclusiveOr,
    ...set(into),
  ];
  return {
    name: 'draw',
    parameters: 3,
    locals: [[7, type.i32]],
    body: [
      ...words.flatMap((word, index) => [...get(state), ...scalar.load32(4 * index), ...set(word)]),
      ...[...get(places), ...set(left)],
      ...again(
        // rotate(5 b, 7) · 9, of which the place is number · places / 2³², rounded down.
        ...[
          ...get(b),
          ...small(5),
          scalar.multiply,
          ...small(7),
          scalar.rotateLeft,
          ...small(9),
          scalar.multiply,
        ],
        ...[
          scalar.toLong,
          ...get(places),
          scalar.toLong,
          scalar.multiply64,
          ...scalar.long(32),
          scalar.shiftRight64,
        ],
        ...[scalar.toWord, ...small(1), scalar.shiftLeft, ...get(times), add32, ...tee(address)],
        ...[...get(address), ...scalar.load16, ...small(1), add32, ...scalar.store16],
        ...[...get(b), ...small(9), scalar.shiftLeft, ...set(shifted)],
        ...[...mix(c, a), ...mix(d, b), ...mix(b, c), ...mix(a, d), ...mix(c, shifted)],
        ...[...get(d), ...small(11), scalar.rotateLeft, ...set(d)],
        ...[...get(left), ...small(1), scalar.subtract, ...tee(left)],
      ),
      ...words.flatMap((word, index) => [...get(state), ...get(word), ...scalar.store32(4 * index)]),
    ],
  };
}

/**
 * Two columns times the counts of four draws. Parameters, all addresses or bytes: both columns, the end of the first, the
 * counts of the first draw, the bytes from one draw's counts to the next one's, and where the four sums of each column
 * are added to.
 */
function addFunction(): WasmFunction {
  const [first, second, end, counts, stride, sums, others] = [0, 1, 2, 3, 4, 5, 6];
  const draws = [counts, 7, 8, 9];
  const total = 10;
  const [ofFirst, ofSecond] = [
    [11, 12, 13, 14],
    [15, 16, 17, 18],
  ];
  const [one, other, times] = [19, 20, 21];
  const addProducts = (into: number, column: number) => [
    ...[...get(column), ...get(times), ...vector.dot, ...get(into), ...vector.add32, ...set(into)],
  ];
  // Four sums of 32 bits as one: their total may need more.
  const addTo = (target: number, index: number, sum: number) => [
    ...[...get(sum), ...vector.lowToLong, ...get(sum), ...vector.highToLong, ...vector.add64, ...tee(sum)],
    ...[...vector.laneOfLong(0), ...get(sum), ...vector.laneOfLong(1), scalar.add64, ...set(total)],
    ...[...get(target), ...get(target), ...scalar.loadDouble(bytesOfDouble * index)],
    ...[...get(total), scalar.toDouble, scalar.addDouble, ...scalar.storeDouble(bytesOfDouble * index)],
  ];
  return {
    name: 'add',
    parameters: 7,
    locals: [
      [3, type.i32],
      [1, type.i64],
      [11, type.v128],
    ],
    body: [
      ...draws
        .slice(1)
        .flatMap((draw, index) => [...[...get(draws[index] ?? 0), ...get(stride), add32, ...set(draw)]]),
      ...again(
        ...[...get(first), ...vector.load, ...set(one), ...get(second), ...vector.load, ...set(other)],
        ...draws.flatMap((draw, index) => [
          ...[...get(draw), ...vector.load, ...set(times)],
          ...[...addProducts(ofFirst[index] ?? 0, one), ...addProducts(ofSecond[index] ?? 0, other)],
          ...[...get(draw), ...small(16), add32, ...set(draw)],
        ]),
        ...[...get(second), ...small(16), add32, ...set(second)],
        ...[...advance(first, 16), ...get(end), scalar.isBelow],
      ),
      ...ofFirst.flatMap((sum, index) => addTo(sums, index, sum)),
      ...ofSecond.flatMap((sum, index) => addTo(others, index, sum)),
    ],
  };
}

/** Draws, and adds up columns, in a memory of its own. */
export class SumKernel {
  readonly #memory = new Memory({ initial: 1 });
  readonly #draw: (...addresses: number[]) => void;
  readonly #add: (...addresses: number[]) => void;
  #used = 0;

  constructor() {
    const module = new Module(moduleOf([drawFunction(), addFunction()]));
    const { exports } = new Instance(module, { engine: { memory: this.#memory } });
    this.#draw = exports['draw'] as (...addresses: number[]) => void;
    this.#add = exports['add'] as (...addresses: number[]) => void;
  }

  /** Makes room for so many counts and doubles in all; what was there is given up. */
  reserve({ counts, doubles }: { counts: number; doubles: number }): void {
    const bytes = counts * bytesOfCount + doubles * bytesOfDouble;
    const missing = bytes - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    this.#used = 0;
  }

  /** The next of what was reserved, 0 each: a column, or counts; a multiple of eight. */
  takeCounts(entries: number): Int16Array {
    const taken = new Int16Array(this.#memory.buffer, this.#used, entries);
    this.#used += taken.byteLength;
    return taken.fill(0);
  }

  /** The next of what was reserved, 0 each; an even number. */
  takeDoubles(entries: number): Float64Array {
    const taken = new Float64Array(this.#memory.buffer, this.#used, entries);
    this.#used += taken.byteLength;
    return taken.fill(0);
  }

  /** Where the state of the random numbers lies: its four words. */
  takeState(words: Int32Array): Int32Array {
    const state = this.takeCounts(atOnce);
    const own = new Int32Array(state.buffer, state.byteOffset, words.length);
    own.set(words);
    return own;
  }

  /** As RandomNumbers.draw: how often each of so many places is drawn. Both arrays were taken here. */
  draw(state: Int32Array, times: Int16Array, places: number): void {
    times.fill(0);
    this.#draw(state.byteOffset, times.byteOffset, places);
  }

  /**
   * Adds `column[i] · counts[draw][i]` over the entries from `from` to before `to`, multiples of eight, to
   * `sums[at + draw]` for four draws, and the same of another column to `others`. `counts` holds those of each draw
   * one after the other, as many entries each as `stride`. All arrays were taken here; there is at least one entry.
   */
  add(
    [column, sums]: readonly [Int16Array, Float64Array],
    [other, others]: readonly [Int16Array, Float64Array],
    counts: Int16Array,
    { from, to, at, stride }: { from: number; to: number; at: number; stride: number },
  ): void {
    this.#add(
      column.byteOffset + from * bytesOfCount,
      other.byteOffset + from * bytesOfCount,
      column.byteOffset + to * bytesOfCount,
      counts.byteOffset + from * bytesOfCount,
      stride * bytesOfCount,
      sums.byteOffset + at * bytesOfDouble,
      others.byteOffset + at * bytesOfDouble,
    );
  }
}
