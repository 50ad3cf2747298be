/** What takes long to make, piece by piece, so that other calls are answered in between; or at once where it is needed now. */
export class InPieces<Value> {
  readonly #begin: () => Generator<void, Value>;
  #work: Generator<void, Value> | null = null;
  #made: { value: Value } | null = null;

  constructor(begin: () => Generator<void, Value>) {
    this.#begin = begin;
  }

  /** Makes one piece more; true: there is none left. */
  step(): boolean {
    if (this.#made) return true;
    this.#work ??= this.#begin();
    const { done, value } = this.#work.next();
    if (!done) return false;
    this.#made = { value };
    this.#work = null;
    return true;
  }

  /** Makes what is left. */
  value(): Value {
    while (!this.#made) this.step();
    return this.#made.value;
  }

  /** Must be made anew: what it is made of has changed. */
  forget(): void {
    this.#work = null;
    this.#made = null;
  }
}
