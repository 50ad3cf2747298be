/**
 * Lets the engine answer other calls while a long computation goes on, notices that it was cancelled, and that there
 * is more than a dataset can hold.
 */
import { WorkbenchError } from '../../../common/errors';

const usualSlice = 40;
/** Twenty times the largest dataset of referring expressions; each item stays in memory until it is stored. */
const mostItems = 6_000_000;

export class Breather {
  readonly #signal: AbortSignal | null;
  readonly #onPause: (items: number) => void;
  readonly #slice: number;
  #since = performance.now();
  #items = 0;

  /** `onPause` is told how many items there were since the last step began; `slice`: milliseconds between two pauses. */
  constructor(
    signal: AbortSignal | null = null,
    onPause: (items: number) => void = () => undefined,
    slice = usualSlice,
  ) {
    this.#signal = signal;
    this.#onPause = onPause;
    this.#slice = slice;
  }

  /** Another pass over the items begins. */
  beginStep(): void {
    this.#items = 0;
  }

  /**
   * Called for each item; returns at once most times. Throws `cancelled` when the work is no longer wanted, `too-large`
   * where there are too many items.
   */
  async breathe(): Promise<void> {
    this.#items += 1;
    if (this.#items > mostItems) {
      throw new WorkbenchError(
        'too-large',
        `There are more than ${mostItems / 1_000_000} million items.`,
        'Split the dataset into parts.',
      );
    }
    await this.pause();
  }

  /** The same without an item. */
  async pause(): Promise<void> {
    if (performance.now() - this.#since < this.#slice) return;
    this.#onPause(this.#items);
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
    if (!this.#signal?.aborted) return;
    const reason: unknown = this.#signal.reason;
    throw reason instanceof WorkbenchError ? reason : new WorkbenchError('cancelled', 'It was stopped.');
  }
}
