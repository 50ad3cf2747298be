/**
 * Rate and remaining time of a long work, measured over the last seconds, so that a pause or a slow start
 * does not spoil the forecast for the rest of the job.
 */

const windowMilliseconds = 10_000;

export class ProgressMeter {
  #samples: { at: number; done: number }[] = [];
  readonly #now: () => number;

  /** `now` in milliseconds; injectable so that tests need no waiting. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Measures from here on: what is done already took no time that is known. */
  restart(done: number): void {
    this.#samples = [];
    this.record(done);
  }

  /** Notes how much is done in all. */
  record(done: number): void {
    const at = this.#now();
    this.#samples.push({ at, done });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) < at - windowMilliseconds) {
      this.#samples.shift();
    }
  }

  /** Items a second over the window; null before two moments are known or nothing moved. */
  get rate(): number | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at - first.at < 200) return null;
    const rate = ((last.done - first.done) * 1_000) / (last.at - first.at);
    return rate > 0 ? rate : null;
  }

  remainingSeconds(total: number): number | null {
    const rate = this.rate;
    const last = this.#samples.at(-1);
    return rate === null || !last ? null : Math.max(0, (total - last.done) / rate);
  }
}
