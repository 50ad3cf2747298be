/** Long calls while they are under way, in the process that answers them: how far each is, and how to stop it. */
import { newestCounts, type Work, type WorkControl, type WorkName } from '../contract';
import { WorkbenchError } from '../errors';
import { ProgressMeter } from './progress-meter';

const toldEveryMilliseconds = 100;

interface UnderWay {
  work: Work;
  abort: AbortController;
}

export class Works {
  readonly #underWay = new Set<UnderWay>();
  readonly #tell: (work: Work) => void;
  readonly #now: () => number;
  #begun = 0;

  /** `tell` passes on how far one is. `now` in milliseconds; injectable so that tests need no waiting. */
  constructor(tell: (work: Work) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /**
   * Answers a long call, telling how far it is; ends as `cancelled` where it was stopped before it was done. Of works of
   * which only the newest counts, the one before is stopped.
   */
  async run<Value>(name: WorkName, answer: (control: WorkControl) => Value | Promise<Value>): Promise<Value> {
    if (newestCounts.has(name)) this.#end(name, 'It was stopped, because it was asked for anew.');
    const abort = new AbortController();
    this.#begun += 1;
    const underWay: UnderWay = {
      work: {
        id: this.#begun,
        name,
        message: '',
        done: 0,
        total: 0,
        rate: null,
        remainingSeconds: null,
        ended: false,
      },
      abort,
    };
    const meter = new ProgressMeter(this.#now);
    let toldAt = -Infinity;
    const tell = (changed: Partial<Work>, atOnce = false) => {
      const { rate } = meter;
      const next = { ...underWay.work, ...changed, rate };
      underWay.work = { ...next, remainingSeconds: meter.remainingSeconds(next.total) };
      if (!atOnce && this.#now() - toldAt < toldEveryMilliseconds) return;
      toldAt = this.#now();
      this.#tell(underWay.work);
    };
    this.#underWay.add(underWay);
    tell({}, true);
    try {
      return await answer({
        signal: abort.signal,
        begin(message, total = 0) {
          meter.restart(0);
          tell({ message, total, done: 0 }, true);
        },
        advance(more) {
          const done = underWay.work.done + more;
          meter.record(done);
          tell({ done });
        },
        say: (message) => tell({ message }),
      });
    } finally {
      this.#underWay.delete(underWay);
      tell({ ended: true }, true);
    }
  }

  list(): Work[] {
    return [...this.#underWay].map(({ work }) => work);
  }

  stop(name: WorkName): void {
    this.#end(name, 'It was stopped.');
  }

  #end(name: WorkName, why: string): void {
    for (const { work, abort } of this.#underWay) {
      if (work.name === name) abort.abort(new WorkbenchError('cancelled', why));
    }
  }
}
