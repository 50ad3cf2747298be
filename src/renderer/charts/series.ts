/** How runs are told apart in tables and charts. */
import type { MethodId, RunEvaluation } from '../../common/contract';
import { methodNameOf } from '../../common/contract';

export interface RunLabel {
  runId: number;
  method: MethodId;
  /** The method's name; with the run's number where the name appears more than once. */
  name: string;
}

export function labelRuns(runs: readonly Pick<RunEvaluation, 'runId' | 'method' | 'packName'>[]): RunLabel[] {
  const names = runs.map(methodNameOf);
  return runs.map(({ runId, method }, index) => {
    const name = names[index] ?? '';
    const alone = names.filter((other) => other === name).length === 1;
    return { runId, method, name: alone ? name : `${name} · run ${runId}` };
  });
}
