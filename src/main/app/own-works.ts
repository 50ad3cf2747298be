/** Long calls that the main process answers itself: told and stopped like those of the engine. */
import type { Work, WorkControl, WorkName } from '../../common/contract';
import type { Result } from '../../common/errors';
import { Works } from '../../common/works/works';

/** The engine tells how far these are while it starts, where the main process has nothing to tell. */
const toldByEngine: ReadonlySet<WorkName> = new Set<WorkName>(['restore']);

/** Asks the engine. */
type AskEngine = (domain: string, name: string, input: unknown) => Promise<Result<unknown>>;

export class OwnWorks {
  readonly #works: Works;
  readonly #followed = new Map<WorkName, (work: Work) => void>();

  constructor(tell: (work: Work) => void) {
    this.#works = new Works(tell);
  }

  /** Answers a call, as a work where it is one. */
  async run<Value>(
    name: WorkName | null,
    answer: (control?: WorkControl) => Value | Promise<Value>,
  ): Promise<Value> {
    return name === null || toldByEngine.has(name) ? answer() : this.#works.run(name, answer);
  }

  /** Hears what the engine tells of its works. */
  receive(work: Work): void {
    this.#followed.get(work.name)?.(work);
  }

  /** While `work` goes on, what the engine tells of one of its works counts as progress of ours. */
  async follow<Value>(name: WorkName, control: WorkControl, work: () => Promise<Value>): Promise<Value> {
    let [message, before] = ['', 0];
    this.#followed.set(name, (told) => {
      if (told.ended) return;
      if (told.message !== message) {
        control.begin(told.message, told.total);
        [message, before] = [told.message, 0];
      }
      control.advance(told.done - before);
      before = told.done;
    });
    try {
      return await work();
    } finally {
      this.#followed.delete(name);
    }
  }

  /** The contract's `works`, of both processes. */
  async answer(ask: AskEngine, name: string, input: unknown): Promise<Result<unknown>> {
    if (name === 'stop') this.#works.stop((input as { work: WorkName }).work);
    const result = await ask('works', name, input);
    if (name !== 'list' || !result.ok) return result;
    return { ok: true, value: [...(result.value as Work[]), ...this.#works.list()] };
  }
}
