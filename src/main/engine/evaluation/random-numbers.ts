/** Random numbers that are the same on every machine. */

/** Whole 32-bit random numbers from xoshiro128** (Blackman and Vigna), seeded through splitmix32. */
export class RandomNumbers {
  readonly #state = new Int32Array(4);

  constructor(seed: number) {
    let mixed = seed >>> 0;
    for (let index = 0; index < 4; index += 1) {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let value = mixed ^ (mixed >>> 16);
      value = Math.imul(value, 0x21f0aaad);
      value ^= value >>> 15;
      value = Math.imul(value, 0x735a2d97);
      this.#state[index] = value ^ (value >>> 15);
    }
  }

  /** The four words that all further numbers come from. */
  get state(): Int32Array {
    return this.#state.slice();
  }

  /** The next numbers, as many as fit: many at a time, because there are millions. */
  fill(into: Uint32Array): void {
    const state = this.#state;
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    for (let index = 0; index < into.length; index += 1) {
      const product = Math.imul(b, 5);
      into[index] = Math.imul((product << 7) | (product >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    state.set([a, b, c, d]);
  }

  /**
   * Draws as many of the places of `times` as there are, with replacement, and counts how often each is drawn: by the
   * numbers that `fill` would give. The generator once more, because there are hundreds of millions of them.
   */
  draw(times: Uint16Array): void {
    const state = this.#state;
    const places = times.length;
    const scale = places / 0x1_0000_0000;
    let a = state[0] ?? 0;
    let b = state[1] ?? 0;
    let c = state[2] ?? 0;
    let d = state[3] ?? 0;
    times.fill(0);
    for (let index = 0; index < places; index += 1) {
      const product = Math.imul(b, 5);
      const number = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
      const picked = (number * scale) | 0;
      times[picked] = (times[picked] ?? 0) + 1;
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
    }
    state.set([a, b, c, d]);
  }
}
