/** From options to rows: of the workspace as it is or as it was at a revision, or those that a saved evaluation kept. */
import type { CorrectionMade, EvaluationOptions, RunSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { ImageBox } from '../../../common/geometry/types';
import type { Pieces } from '../jobs/pieces';
import type { Counted } from './evaluate';
import type { Facts, SavedViewRows } from './facts';
import { inputsOf, type Inputs } from './kept-inputs';
import { unpackColumns } from './packed-columns';
import type { EvaluationSnapshot, EvaluationSource, EvaluationWorkspace, RowSelection } from './rows';
import { rowsThatCount, type AbsentTable, type EvaluationTable } from './table';

export interface ChooserParts {
  workspace: EvaluationWorkspace;
  /** The saved views of Browse, the runs standing for their methods; slices can be made by them. */
  views?: (datasetId: number, runs: RowSelection['runs']) => SavedViewRows[];
}

/** The runs that options name, and what they are measured on. */
interface Selected {
  runs: RunSummary[];
  dataset: { id: number; name: string; contentHash: string };
  selection: RowSelection;
  counted: Counted;
}

/** What is read of a selection only where it is wanted. */
interface Readings {
  facts: Facts;
  /** Extent of each row's ground-truth mask; null without one. */
  maskBoxes: (ImageBox | null)[];
  /** Expressions whose text or ground truth is not as imported, and what was changed of them. */
  corrections: number;
  correctionsMade: CorrectionMade[];
}
export type Reading = keyof Readings;

/** A selection with the readings that were asked for. */
export type Chosen<Wanted extends Reading = never> = Selected & Pick<Readings, Wanted>;

/** Throws `not-found` where there is nothing to count, and `invalid` for runs and splits that do not belong together. */
export function* chooseSelection<Wanted extends Reading>(
  parts: ChooserParts,
  options: EvaluationOptions,
  wanted: readonly Wanted[],
): Pieces<Chosen<Wanted>> {
  if (options.saved !== null) return yield* chosenThen(parts.workspace, options.saved, options);
  const { selected, readings } = yield* chosenNow(parts, options, wanted);
  return { ...selected, ...(readings as Pick<Readings, Wanted>) };
}

/** Known of a selection so far, and the state of the workspace that it was read in. */
interface ReadSelection {
  selected: Selected;
  readings: Partial<Readings>;
  state: number;
}

function* chosenNow(
  parts: ChooserParts,
  options: EvaluationOptions,
  wanted: readonly Reading[],
): Pieces<ReadSelection> {
  const { evaluationRows: source, runs } = parts.workspace.repositories;
  const chosen = runsOf([...new Set(options.runIds)], (runId) => runs.get(runId));
  const datasetId = chosen[0]?.datasetId ?? 0;
  const dataset = source.dataset(datasetId);
  if (!dataset) throw new WorkbenchError('not-found', 'The dataset of these runs is gone.');
  checkSplit(options.split, source.splits(datasetId));
  source.measureByNewRules(chosen.map(({ id }) => id));
  const state = source.changes();
  const selection: RowSelection = {
    datasetId,
    split: options.split,
    runs: chosen.map(({ id, method }) => ({ id, method })),
    revision: revisionOf(options, source),
    original: options.groundTruth === 'original',
    boxes: options.boxes,
  };
  const snapshot = source.snapshot();
  try {
    const counted = countedOf(yield* snapshot.tables(selection), options);
    const selected = { runs: chosen, dataset, selection, counted };
    return { selected, readings: yield* readWanted(parts, snapshot, selected, wanted), state };
  } finally {
    snapshot.end();
  }
}

function* readWanted(
  { views }: ChooserParts,
  snapshot: EvaluationSnapshot,
  { selection, counted: { table } }: Selected,
  wanted: readonly Reading[],
): Pieces<Partial<Readings>> {
  const readings: Partial<Readings> = {};
  if (wanted.includes('facts')) {
    const facts = yield* snapshot.facts(selection, table);
    readings.facts = { ...facts, views: views?.(selection.datasetId, selection.runs) ?? [] };
  }
  if (wanted.includes('maskBoxes')) readings.maskBoxes = yield* snapshot.maskBoxes(selection, table);
  yield;
  if (wanted.includes('corrections')) readings.corrections = snapshot.corrections(selection);
  yield;
  if (wanted.includes('correctionsMade')) readings.correctionsMade = snapshot.correctionsMade(selection);
  return readings;
}

/** Of the options, only how is counted and against which ground truth: all else is as it was kept. */
function* chosenThen(
  { repositories }: EvaluationWorkspace,
  savedId: number,
  options: EvaluationOptions,
): Pieces<Chosen<Reading>> {
  const packed = repositories.savedEvaluations.inputs(savedId, options.groundTruth);
  if (packed === null) {
    throw new WorkbenchError(
      'not-found',
      `Saved evaluation ${savedId} has not kept what this is computed from.`,
      'It may have been deleted, or nothing counted against that ground truth when it was saved.',
    );
  }
  const { table, absent, ...kept } = inputsOf(yield* unpackColumns(packed));
  return { ...kept, counted: countedOf({ table, absent }, options) };
}

/** Everything that a selection is computed from, to be kept. */
export const everything = ['facts', 'maskBoxes', 'corrections', 'correctionsMade'] as const;

export function inputsFrom({ counted, ...chosen }: Chosen<Reading>): Inputs {
  return { ...chosen, table: counted.table, absent: counted.absent.table };
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

export type Choose = <Wanted extends Reading>(
  options: EvaluationOptions,
  wanted: readonly Wanted[],
) => Pieces<Chosen<Wanted>>;

/**
 * Chooses selections, and has the last few at hand for as long as the workspace stays as it is: one screen asks several
 * questions about the same rows.
 */
export function rememberSelections(parts: ChooserParts): Choose {
  const { evaluationRows: source } = parts.workspace.repositories;
  const known = new Map<string, ReadSelection>();
  const remember = (key: string, read: ReadSelection) => {
    known.delete(key);
    known.set(key, read);
    for (const oldest of [...known.keys()].slice(0, -selectionsKept)) known.delete(oldest);
  };
  return function* choose<Wanted extends Reading>(options: EvaluationOptions, wanted: readonly Wanted[]) {
    const key = JSON.stringify(options);
    const found = known.get(key);
    let read: ReadSelection;
    if (found?.state === source.changes()) {
      read = yield* complete(parts, found, wanted);
    } else if (options.saved === null) {
      read = yield* chosenNow(parts, options, wanted);
    } else {
      const state = source.changes();
      const { facts, maskBoxes, corrections, correctionsMade, ...selected } = yield* chosenThen(
        parts.workspace,
        options.saved,
        options,
      );
      read = { selected, readings: { facts, maskBoxes, corrections, correctionsMade }, state };
    }
    remember(key, read);
    return { ...read.selected, ...(read.readings as Pick<Readings, Wanted>) };
  };
}

/** Reads what is still wanted, while the workspace is as it was: nothing may have been answered since that was asked. */
function* complete(
  parts: ChooserParts,
  read: ReadSelection,
  wanted: readonly Reading[],
): Pieces<ReadSelection> {
  const missing = wanted.filter((one) => read.readings[one] === undefined);
  if (missing.length === 0) return read;
  const snapshot = parts.workspace.repositories.evaluationRows.snapshot();
  try {
    const more = yield* readWanted(parts, snapshot, read.selected, missing);
    return { ...read, readings: { ...read.readings, ...more } };
  } finally {
    snapshot.end();
  }
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
