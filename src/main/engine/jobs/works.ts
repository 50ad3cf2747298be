/** Long calls while they are under way: how far each is, and how to stop it. */
import type { contract, DomainService, Work, WorkControl, WorkName } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { Emit } from '../context';
import { ProgressMeter } from './progress';

const toldEveryMilliseconds = 100;

interface UnderWay {
  work: Work;
  abort: AbortController;
}

export class Works {
  readonly #underWay = new Set<UnderWay>();
  readonly #emit: Emit;
  readonly #now: () => number;

  /** `now` in milliseconds; injectable so that tests need no waiting. */
  constructor(emit: Emit, now: () => number = () => performance.now()) {
    this.#emit = emit;
    this.#now = now;
  }

  /** Answers a long call, telling how far it is; ends as `cancelled` where it was stopped before it was done. */
  async run<Value>(name: WorkName, answer: (control: WorkControl) => Value | Promise<Value>): Promise<Value> {
    const abort = new AbortController();
    const underWay: UnderWay = {
      work: { name, message: '', done: 0, total: 0, rate: null, remainingSeconds: null, ended: false },
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
      this.#emit('work.progress', underWay.work);
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
    for (const { work, abort } of this.#underWay) {
      if (work.name === name) abort.abort(new WorkbenchError('cancelled', 'It was stopped.'));
    }
  }
}

export function createWorksService(works: Works): DomainService<typeof contract.works> {
  return {
    list: () => works.list(),
    stop({ work }) {
      works.stop(work);
      return null;
    },
  };
}
