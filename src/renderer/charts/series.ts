/** How runs are told apart in tables and charts: by colour, dash and letter, so that print and colour-blind eyes can too. */
import { methodNameOf, type MethodId, type RunEvaluation } from '../../common/contract';
import { lookOf } from '../composables/useMethodColours';

export interface RunLook {
  runId: number;
  method: MethodId;
  /** The method's name; with the run's number where the name appears more than once. */
  name: string;
  /** One letter for points and narrow columns. */
  letter: string;
  /** CSS colour; changes with the theme. */
  colour: string;
  /** SVG stroke-dasharray; empty: a solid line. */
  dash: string;
}

/** How many colours the tokens have for further runs. */
const seriesColours = 5;
/** Beyond the methods' own; the first is also distinct from each of them. */
const furtherDashes = ['', '2 3', '6 2', '14 3 2 3', '8 3 2 3 2 3'];

/**
 * Where each method appears once, runs look as their methods do everywhere. Else the first run of each method does, and
 * every further run has a colour and a dash of its own; letters then count the runs: A, B, C …
 */
export function lookOfRuns(runs: readonly Pick<RunEvaluation, 'runId' | 'method' | 'packName'>[]): RunLook[] {
  const alone = new Set(runs.map(({ method }) => method)).size === runs.length;
  const seen = new Set<MethodId>();
  let further = 0;
  const names = runs.map(methodNameOf);
  return runs.map(({ runId, method }, index) => {
    const own = lookOf(method);
    const called = names[index] ?? '';
    const unique = names.filter((other) => other === called).length === 1;
    const name = unique ? called : `${called} · run ${runId}`;
    const letter = alone ? own.letter : String.fromCharCode(65 + index);
    if (!seen.has(method)) {
      seen.add(method);
      return { runId, method, name, letter, colour: own.colour, dash: own.dash };
    }
    further += 1;
    // Another dash each time the colours begin again: no two of eight runs look alike.
    const round = Math.floor((further - 1) / seriesColours);
    const dash = furtherDashes[(further - 1 + round) % furtherDashes.length] ?? '';
    return {
      runId,
      method,
      name,
      letter,
      colour: `var(--series-${((further - 1) % seriesColours) + 1})`,
      dash,
    };
  });
}
