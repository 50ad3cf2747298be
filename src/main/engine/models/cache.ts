/** A store of things that can be made again, bounded in bytes: what was not used for longest goes first. */

export interface Sized {
  /** Bytes it holds. */
  readonly bytes: number;
}

export class ByteBoundedCache<Value extends Sized> {
  readonly #limit: () => number;
  readonly #entries = new Map<string, Value>();
  #bytes = 0;

  /** `limit` gives the bytes that may be held now; it may change. */
  constructor(limit: () => number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): Value | undefined {
    const value = this.#entries.get(key);
    if (value) {
      // A Map keeps the order of insertion: putting it back makes it the newest.
      this.#entries.delete(key);
      this.#entries.set(key, value);
    }
    return value;
  }

  /** A value larger than the whole limit is not kept. */
  set(key: string, value: Value): void {
    this.#bytes += value.bytes - (this.#entries.get(key)?.bytes ?? 0);
    this.#entries.delete(key);
    this.#entries.set(key, value);
    const limit = this.#limit();
    for (const [oldKey, old] of this.#entries) {
      if (this.#bytes <= limit) break;
      this.#entries.delete(oldKey);
      this.#bytes -= old.bytes;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }
}
