/** Spreads work over time, what is nearest to the eye first, so that no frame has to wait for all of it. */

export interface Turn {
  /** From what is looked at; asked when turns are given out. */
  distance: () => number;
  begin: () => void;
}

/** Takes so many of the nearest out of those that wait. */
function takeNearest(waiting: Set<Turn>, count: number): Turn[] {
  const measured = Array.from(waiting, (turn) => ({ turn, distance: turn.distance() }));
  measured.sort((a, b) => a.distance - b.distance);
  const taken = measured.slice(0, count).map(({ turn }) => turn);
  for (const turn of taken) waiting.delete(turn);
  return taken;
}

/** Milliseconds of a frame above which it held too much; two frames of a display of 60 a second. */
const longFrame = 36;
const fewest = 4;
const most = 20;

/** As many turns a frame as the machine can draw in one: fewer after a long frame, more after a full one that was short. */
export class FrameTurns {
  readonly #waiting = new Set<Turn>();
  #each = 8;
  #left = this.#each;
  #lastWork = 0;
  #isDue = false;
  #frame: number | null = null;

  /** The turn begins at the end of this task, or in one of the next frames. The answer takes it back. */
  ask(turn: Turn): () => void {
    this.#waiting.add(turn);
    if (!this.#isDue) {
      this.#isDue = true;
      queueMicrotask(() => {
        this.#isDue = false;
        this.#work(performance.now());
      });
    }
    return () => this.#waiting.delete(turn);
  }

  #work(now: number): void {
    const turns = takeNearest(this.#waiting, this.#left);
    if (turns.length === 0) return;
    this.#left -= turns.length;
    this.#lastWork = now;
    this.#frame ??= requestAnimationFrame((at) => this.#next(at));
    for (const turn of turns) turn.begin();
  }

  #next(at: number): void {
    this.#frame = null;
    const isLong = at - this.#lastWork > longFrame;
    if (isLong) this.#each = Math.max(fewest, this.#each >> 1);
    else if (this.#left === 0) this.#each = Math.min(most, this.#each + 2);
    this.#left = this.#each;
    this.#work(at);
  }
}

/** At most so many at a time: what is scrolled past before its turn comes is never begun. */
export class LimitedTurns {
  readonly #waiting = new Set<Turn>();
  readonly #underWay = new Set<Turn>();
  readonly #atOnce: number;
  #isDue = false;

  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  /** The answer is to be called when the turn is over, or when it is no longer wanted. */
  ask(turn: Turn): () => void {
    this.#waiting.add(turn);
    this.#soon();
    return () => {
      if (this.#waiting.delete(turn)) return;
      if (this.#underWay.delete(turn)) this.#soon();
    };
  }

  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      const turns = takeNearest(this.#waiting, Math.max(0, this.#atOnce - this.#underWay.size));
      for (const turn of turns) {
        this.#underWay.add(turn);
        turn.begin();
      }
    });
  }
}

/** Pictures of lists: so many are asked for at a time, as come in a frame or two. */
export const pictureTurns = new LimitedTurns(8);
