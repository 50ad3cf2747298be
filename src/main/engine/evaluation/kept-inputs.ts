/**
 * What a saved evaluation was computed from, as named columns: everything that enters a number, so that nothing which
 * is edited, predicted or removed later can change it.
 */
import type { CorrectionMade, RunSummary } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import type { ImageBox } from '../../../common/geometry/types';
import type { Column } from './column-bytes';
import type { AnnotatedObject, Facts, SavedViewRows } from './facts';
import type { RowSelection } from './rows';
import { emptyRun, measuredNames, type AbsentTable, type EvaluationTable, type RunColumns } from './table';

export type Columns = ReadonlyMap<string, Column>;

/** Which rows of which dataset, and what of it JSON can say. */
interface About {
  dataset: { id: number; name: string; contentHash: string };
  runs: RunSummary[];
  selection: RowSelection;
  /** Expressions whose text or ground truth was not as imported. */
  corrections: number;
}

/** All that an evaluation is computed from; only unit, comparator and coverage are added. */
export interface Inputs extends About {
  correctionsMade: CorrectionMade[];
  table: EvaluationTable;
  absent: AbsentTable;
  facts: Facts;
  /** Extent of each row's ground-truth mask; null without one. */
  maskBoxes: (ImageBox | null)[];
}

const runNumbers = ['predicted', 'answered', 'boxes', 'score', ...measuredNames] as const;
const absentNumbers = ['predicted', 'answered', 'score'] as const;
/** Facts that have one entry a row, and the objects of the images; JSON says them as they are. */
const plainFacts = ['texts', 'splits', 'reviewStates', 'failureLabels', 'images', 'attributes'] as const;

const runColumn = (runId: number, name: string) => `run ${runId} ${name}`;
const absentColumn = (runId: number, name: string) => `absent run ${runId} ${name}`;

export function columnsOf(inputs: Inputs): Columns {
  const { dataset, runs, selection, corrections, correctionsMade, table, absent, facts, maskBoxes } = inputs;
  const about: About = { dataset, runs, selection, corrections };
  const views = facts.views.map(({ id, name, expressionIds }) => ({
    id,
    name,
    expressionIds: [...expressionIds],
  }));
  const plain: Record<string, unknown> = {
    about,
    correctionsMade,
    kinds: table.kinds,
    categories: table.categories,
    objects: [...facts.objects],
    views,
    maskBoxes,
  };
  for (const name of plainFacts) plain[name] = facts[name];
  const columns = new Map<string, Column>(
    Object.entries(plain).map(([name, value]) => [name, { plain: value }]),
  );
  columns.set('expressionIds', table.expressionIds);
  columns.set('referentIds', table.referentIds);
  columns.set('imageIds', table.imageIds);
  columns.set('truth', table.truth);
  columns.set('chance', table.chance);
  columns.set('absent expressionIds', absent.expressionIds);
  columns.set('absent imageIds', absent.imageIds);
  for (const run of table.runs)
    for (const name of runNumbers) columns.set(runColumn(run.runId, name), run[name]);
  for (const run of absent.runs)
    for (const name of absentNumbers) columns.set(absentColumn(run.runId, name), run[name]);
  return columns;
}

/** Throws `damaged` where a column is missing or of another kind. */
export function inputsOf(columns: Columns): Inputs {
  const { dataset, runs, selection, corrections } = plain<About>(columns, 'about');
  const table = {
    expressionIds: numbers(columns, 'expressionIds', Int32Array),
    referentIds: numbers(columns, 'referentIds', Int32Array),
    imageIds: numbers(columns, 'imageIds', Int32Array),
    kinds: plain<string[]>(columns, 'kinds'),
    categories: plain<string[]>(columns, 'categories'),
    truth: numbers(columns, 'truth', Float64Array),
    chance: numbers(columns, 'chance', Float64Array),
  };
  const absent = {
    expressionIds: numbers(columns, 'absent expressionIds', Int32Array),
    imageIds: numbers(columns, 'absent imageIds', Int32Array),
  };
  const [count, absentCount] = [table.expressionIds.length, absent.expressionIds.length];
  return {
    dataset,
    runs,
    selection,
    corrections,
    correctionsMade: plain(columns, 'correctionsMade'),
    table: {
      ...table,
      count,
      runs: selection.runs.map(({ id, method }) => readRun(columns, emptyRun(id, method, count))),
    },
    absent: {
      ...absent,
      count: absentCount,
      runs: selection.runs.map(({ id, method }) => readAbsentRun(columns, emptyRun(id, method, absentCount))),
    },
    facts: {
      texts: plain(columns, 'texts'),
      splits: plain(columns, 'splits'),
      reviewStates: plain(columns, 'reviewStates'),
      failureLabels: plain(columns, 'failureLabels'),
      images: plain(columns, 'images'),
      attributes: plain(columns, 'attributes'),
      views: plain<(Omit<SavedViewRows, 'expressionIds'> & { expressionIds: number[] })[]>(
        columns,
        'views',
      ).map((view) => ({ ...view, expressionIds: new Set(view.expressionIds) })),
      objects: new Map(plain<[number, AnnotatedObject[]][]>(columns, 'objects')),
    },
    maskBoxes: plain(columns, 'maskBoxes'),
  };
}

function readRun(columns: Columns, run: RunColumns): RunColumns {
  for (const name of runNumbers) fill(run[name], columns, runColumn(run.runId, name));
  return run;
}

function readAbsentRun(columns: Columns, run: RunColumns): RunColumns {
  for (const name of absentNumbers) fill(run[name], columns, absentColumn(run.runId, name));
  return run;
}

function fill(into: Float64Array | Uint8Array, columns: Columns, name: string): void {
  into.set(
    into instanceof Uint8Array ? numbers(columns, name, Uint8Array) : numbers(columns, name, Float64Array),
  );
}

function missing(name: string): WorkbenchError {
  return new WorkbenchError('damaged', `The column “${name}” of a saved evaluation is missing or damaged.`);
}

function numbers<Numbers extends Column>(
  columns: Columns,
  name: string,
  kind: new (...given: never[]) => Numbers,
): Numbers {
  const column = columns.get(name);
  if (column instanceof kind) return column;
  throw missing(name);
}

function plain<Value>(columns: Columns, name: string): Value {
  const column = columns.get(name);
  if (column && 'plain' in column) return column.plain as Value;
  throw missing(name);
}
