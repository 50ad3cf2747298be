/** Does work in pieces while nobody asks for anything. */

/** Milliseconds without a call before anything is done ahead. */
const shortPause = 400;

export class WhenIdle {
  readonly #mayWork: () => boolean;
  readonly #pause: number;
  #timer: NodeJS.Timeout | undefined;

  /** `mayWork` is asked before each piece; false ends the work. `pause` in milliseconds. */
  constructor(mayWork: () => boolean, pause = shortPause) {
    this.#mayWork = mayWork;
    this.#pause = pause;
  }

  /** Begins after a pause, instead of what was to be done before. It keeps no process alive. */
  start(work: () => Generator<void, void>): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#next(work()), this.#pause).unref();
  }

  #next(work: Generator<void, void>): void {
    try {
      if (!this.#mayWork() || work.next().done) return;
    } catch {
      // Whoever asks for it meets what is wrong, and can be told.
      return;
    }
    // Not `setImmediate`: one that keeps no process alive waits until something else wakes the process.
    this.#timer = setTimeout(() => this.#next(work)).unref();
  }
}
