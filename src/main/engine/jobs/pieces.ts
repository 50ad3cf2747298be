/**
 * Computations in pieces: pure code yields where it can be left for a moment, and whoever runs it decides whether other
 * calls are answered in between. What a piece yields says how far it is.
 */
import type { WorkControl } from '../../../common/contract';
import { Breather } from '../datasets/breathe';

/** Another step begins, with so much to do where that is known; or so much more of it is done. */
export type Told = { begin: string; total?: number } | { done: number };

/** Must be left often: a piece takes a few milliseconds. */
export type Pieces<Value> = Generator<Told | undefined, Value, undefined>;

/** Milliseconds until other calls are answered: less than a frame of the window. */
const slice = 12;

/** All pieces one after the other, where nobody waits for anything else. */
export function atOnce<Value>(pieces: Pieces<Value>): Value {
  for (;;) {
    const { done, value } = pieces.next();
    if (done) return value;
  }
}

/**
 * Pieces with other calls answered in between. Ends with the signal's reason once it is stopped; what the pieces hold is
 * let go by their own `finally`.
 */
export async function inTurn<Value>(pieces: Pieces<Value>, control: WorkControl): Promise<Value> {
  const breather = new Breather(control.signal, undefined, slice);
  try {
    for (;;) {
      const { done, value } = pieces.next();
      if (done) return value;
      if (value) tell(control, value);
      await breather.pause();
    }
  } finally {
    // Nothing where they are at their end.
    pieces.return(undefined as never);
  }
}

function tell(control: WorkControl, told: Told): void {
  if ('begin' in told) control.begin(told.begin, told.total);
  else control.advance(told.done);
}

/** Every so many items a piece ends: what is done to one of them takes microseconds. */
export const itemsTogether = 1_024;
