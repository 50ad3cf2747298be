/** How runs are told apart in tables and charts. */
import type { MethodId, RunEvaluation } from '../../common/contract';
import { methodNames } from '../../common/contract';

export interface RunLabel {
  runId: number;
  method: MethodId;
  /** The method's name; with the run's number where the method appears more than once. */
  name: string;
}

export function labelRuns(runs: readonly Pick<RunEvaluation, 'runId' | 'method'>[]): RunLabel[] {
  return runs.map(({ runId, method }) => {
    const alone = runs.filter((run) => run.method === method).length === 1;
    return { runId, method, name: alone ? methodNames[method] : `${methodNames[method]} · run ${runId}` };
  });
}
