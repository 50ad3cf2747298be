/** Measures the stages of a method, and how much of each the runtime took. */
import type { StageTiming } from '../../../common/contract';
import type { RoleName } from '../models/manifest';
import type { ModelRunner, Tensors } from '../models/session';

export class StageClock {
  readonly #runner: ModelRunner;
  readonly #stages: StageTiming[] = [];
  #startedAt = 0;

  constructor(runner: ModelRunner) {
    this.#runner = runner;
  }

  /** Ends the stage before it. */
  begin(stage: string): void {
    this.#end();
    this.#stages.push({ stage, milliseconds: 0, runtime: 0 });
    this.#startedAt = performance.now();
  }

  /** Runs a graph within the current stage. */
  async run(role: RoleName, inputs: Tensors): Promise<Tensors> {
    const { outputs, milliseconds } = await this.#runner.run(role, inputs);
    const stage = this.#stages.at(-1);
    if (stage) stage.runtime += milliseconds;
    return outputs;
  }

  finish(): StageTiming[] {
    this.#end();
    return this.#stages;
  }

  #end(): void {
    const stage = this.#stages.at(-1);
    if (stage) stage.milliseconds = performance.now() - this.#startedAt;
  }
}
