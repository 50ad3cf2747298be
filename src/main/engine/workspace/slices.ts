/** Work on the workspace in transactions so short that other calls are answered in between. */
import type { Database } from 'better-sqlite3';
import { setImmediate } from 'node:timers/promises';

const sliceMilliseconds = 30;

/** As many items a transaction as fit in one slice; yields how many those were. */
export function* slices<Item>(
  database: Database,
  items: readonly Item[],
  work: (item: Item) => void,
): Generator<number, void> {
  for (let at = 0; at < items.length;) {
    const from = at;
    const end = performance.now() + sliceMilliseconds;
    database.transaction(() => {
      do {
        const item = items[at];
        if (item !== undefined) work(item);
        at += 1;
      } while (at < items.length && performance.now() < end);
    })();
    yield at - from;
  }
}

/** Takes one slice a turn. `after` is told what each has done, and may throw to end the work. */
export async function turnByTurn(work: Iterable<number>, after: (done: number) => void): Promise<void> {
  let isFirst = true;
  for (const done of work) {
    if (!isFirst) await setImmediate();
    isFirst = false;
    after(done);
  }
}
