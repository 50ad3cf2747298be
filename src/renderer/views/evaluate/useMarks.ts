/** The way from a mark of a chart to its expressions in Browse. */
import type { ExampleConditionInput } from '../../../common/contract';
import { api } from '../../api/client';
import { useEvaluation } from '../../stores/evaluation';
import { useExamplesStore } from '../../stores/examples';
import { useNotices } from '../../stores/notices';
import { useRuns } from '../../stores/runs';

function runsIn(where: readonly ExampleConditionInput[]): number[] {
  return where.flatMap((condition) => {
    if ('runIds' in condition) return condition.runIds;
    return 'runId' in condition ? [condition.runId] : [];
  });
}

export function useMarks() {
  const store = useEvaluation();
  const examples = useExamplesStore();
  const runs = useRuns();
  const notices = useNotices();

  /** The runs that a mark is about become the ones that Browse and Inspect show. */
  function showRuns(runIds: readonly number[]) {
    for (const run of runs.list) if (runIds.includes(run.id)) runs.choose(run);
  }

  /** Shows these expressions in Browse. */
  async function openIds(label: string, expressionIds: number[], runIds: readonly number[] = []) {
    showRuns(runIds);
    await examples.open({ label, expressionIds });
  }

  /** Shows the expressions that meet all conditions. The label says what they have in common. */
  async function open(label: string, where: ExampleConditionInput[]) {
    await notices.attempt(async () => {
      const { ids } = await api.evaluation.examples({ options: store.options, where });
      if (ids.length === 0) {
        notices.push({ tone: 'information', message: `There is no expression behind it: ${label}` });
        return;
      }
      await openIds(label, ids, runsIn(where));
    });
  }

  const nameOf = (runId: number) => store.looksById.get(runId)?.name ?? `Run ${runId}`;

  return { open, openIds, nameOf };
}
