/** Lets the engine answer other calls while a long computation goes on, and notices that it was cancelled. */
import { WorkbenchError } from '../../../common/errors';

const sliceMilliseconds = 40;

export class Breather {
  readonly #signal: AbortSignal | null;
  #since = performance.now();

  constructor(signal: AbortSignal | null = null) {
    this.#signal = signal;
  }

  /** Returns at once most times; throws `cancelled` when the work is no longer wanted. */
  async breathe(): Promise<void> {
    if (performance.now() - this.#since < sliceMilliseconds) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#since = performance.now();
    if (this.#signal?.aborted) throw new WorkbenchError('cancelled', 'The import was cancelled.');
  }
}
