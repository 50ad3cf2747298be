/** From options to rows: of the workspace as it is or as it was at a revision, or those that a saved evaluation kept. */
import type { CorrectionMade, EvaluationOptions, RunSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { ImageBox } from '../../../common/geometry/types';
import type { Counted } from './evaluate';
import type { Facts, SavedViewRows } from './facts';
import { inputsOf, type Inputs } from './kept-inputs';
import type { EvaluationSource, EvaluationWorkspace, RowSelection } from './rows';
import { rowsThatCount, type AbsentTable, type EvaluationTable } from './table';

export interface ChooserParts {
  workspace: EvaluationWorkspace;
  /** The saved views of Browse, the runs standing for their methods; slices can be made by them. */
  views?: (datasetId: number, runs: RowSelection['runs']) => SavedViewRows[];
}

/** The runs that options name, what they are measured on, and how. What is not always needed is read when it is. */
export interface ChosenSelection {
  runs: RunSummary[];
  dataset: { id: number; name: string; contentHash: string };
  selection: RowSelection;
  counted: Counted;
  facts: () => Facts;
  /** Extent of each row's ground-truth mask; null without one. */
  maskBoxes: () => (ImageBox | null)[];
  /** Expressions whose text or ground truth is not as imported, and what was changed of them. */
  corrections: () => number;
  correctionsMade: () => CorrectionMade[];
}

/** Throws `not-found` where there is nothing to count, and `invalid` for runs and splits that do not belong together. */
export function chooseSelection(parts: ChooserParts, options: EvaluationOptions): ChosenSelection {
  return options.saved === null
    ? chosenNow(parts, options)
    : chosenThen(parts.workspace, options.saved, options);
}

function chosenNow({ workspace, views }: ChooserParts, options: EvaluationOptions): ChosenSelection {
  const { evaluationRows: source, runs } = workspace.repositories;
  const chosen = runsOf([...new Set(options.runIds)], (runId) => runs.get(runId));
  const datasetId = chosen[0]?.datasetId ?? 0;
  const dataset = source.dataset(datasetId);
  if (!dataset) throw new WorkbenchError('not-found', 'The dataset of these runs is gone.');
  checkSplit(options.split, source.splits(datasetId));
  const selection: RowSelection = {
    datasetId,
    split: options.split,
    runs: chosen.map(({ id, method }) => ({ id, method })),
    revision: revisionOf(options, source),
    original: options.groundTruth === 'original',
    boxes: options.boxes,
  };
  const counted = countedOf(source.tables(selection), options);
  const { table } = counted;
  return {
    runs: chosen,
    dataset,
    selection,
    counted,
    facts: once(() => ({
      ...source.facts(selection, table),
      views: views?.(datasetId, selection.runs) ?? [],
    })),
    maskBoxes: once(() => source.maskBoxes(selection, table)),
    corrections: once(() => source.corrections(selection)),
    correctionsMade: once(() => source.correctionsMade(selection)),
  };
}

/** Of the options, only how is counted and against which ground truth: all else is as it was kept. */
function chosenThen(
  { repositories }: EvaluationWorkspace,
  savedId: number,
  options: EvaluationOptions,
): ChosenSelection {
  const columns = repositories.savedEvaluations.inputs(savedId, options.groundTruth);
  if (columns === null) {
    throw new WorkbenchError(
      'not-found',
      `Saved evaluation ${savedId} has not kept what this is computed from.`,
      'It may have been deleted, or nothing counted against that ground truth when it was saved.',
    );
  }
  const { dataset, runs, selection, table, absent, facts, maskBoxes, corrections, correctionsMade } =
    inputsOf(columns);
  return {
    runs,
    dataset,
    selection,
    counted: countedOf({ table, absent }, options),
    facts: () => facts,
    maskBoxes: () => maskBoxes,
    corrections: () => corrections,
    correctionsMade: () => correctionsMade,
  };
}

/** Everything that a selection is computed from, to be kept. */
export function inputsFrom(chosen: ChosenSelection): Inputs {
  const { runs, dataset, selection, counted } = chosen;
  return {
    dataset,
    runs,
    selection,
    corrections: chosen.corrections(),
    correctionsMade: chosen.correctionsMade(),
    table: counted.table,
    absent: counted.absent.table,
    facts: chosen.facts(),
    maskBoxes: chosen.maskBoxes(),
  };
}

function countedOf(
  { table, absent }: { table: EvaluationTable; absent: AbsentTable },
  { coverage, unit, comparator }: EvaluationOptions,
): Counted {
  const rows = rowsThatCount(table, coverage);
  if (rows.length === 0) {
    throw new WorkbenchError(
      'not-found',
      'There is nothing to evaluate: no expression with a ground-truth box has been answered by every run.',
      'Run the methods on this split first, or count missing predictions as wrong (coverage "all").',
    );
  }
  return {
    table,
    rows,
    absent: { table: absent, rows: rowsThatCount(absent, coverage) },
    counting: { unit, comparator },
  };
}

/** Selections kept at most: the corrected ground truth, the original, and one more. */
const selectionsKept = 3;

/**
 * Chooses selections, and has the last few at hand for as long as the workspace stays as it is: one screen asks several
 * questions about the same rows.
 */
export function rememberSelections(parts: ChooserParts): (options: EvaluationOptions) => ChosenSelection {
  const { evaluationRows: source } = parts.workspace.repositories;
  const known = new Map<string, { state: number; chosen: ChosenSelection }>();
  return (options) => {
    const key = JSON.stringify(options);
    const found = known.get(key);
    known.delete(key);
    if (found?.state === source.changes()) {
      known.set(key, found);
      return found.chosen;
    }
    const chosen = chooseSelection(parts, options);
    // Read after choosing, which may itself measure anew.
    known.set(key, { state: source.changes(), chosen });
    for (const oldest of [...known.keys()].slice(0, -selectionsKept)) known.delete(oldest);
    return chosen;
  };
}

function once<Value>(find: () => Value): () => Value {
  let found: { value: Value } | null = null;
  return () => (found ??= { value: find() }).value;
}

/** The runs, which must exist and be of one dataset. */
function runsOf(runIds: readonly number[], get: (runId: number) => RunSummary | null): RunSummary[] {
  const chosen = runIds.map((runId) => {
    const run = get(runId);
    if (!run) throw new WorkbenchError('not-found', `There is no run ${runId}.`, 'It may have been removed.');
    return run;
  });
  if (new Set(chosen.map((run) => run.datasetId)).size > 1) {
    throw new WorkbenchError(
      'invalid',
      'The runs are of different datasets; their numbers cannot be compared.',
    );
  }
  return chosen;
}

function checkSplit(split: string | null, known: readonly string[]): void {
  if (split === null || known.includes(split)) return;
  throw new WorkbenchError('invalid', `The dataset has no split "${split}".`, `Splits: ${known.join(', ')}`);
}

function revisionOf(options: EvaluationOptions, source: EvaluationSource): number {
  if (options.groundTruth === 'original') return 0;
  const newest = source.revision();
  if (options.revision === null) return newest;
  if (options.revision <= newest) return options.revision;
  throw new WorkbenchError(
    'invalid',
    `There is no ground-truth revision ${options.revision}.`,
    `The newest is ${newest}.`,
  );
}
