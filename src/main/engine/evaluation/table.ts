/**
 * What evaluation works on, in columns: one row an expression with a ground-truth box, in order of the ids, and each
 * run's measurements of the same rows. Typed arrays, because there may be a hundred thousand rows.
 */
import type { EvaluationOptions, MethodId } from '../../../common/contract';
import type { ImageBox } from '../../../common/geometry/types';

/** Columns of measurements; NaN: does not apply. docs/evaluation.md defines each. */
export const measuredNames = [
  'iou',
  'giou',
  /** 1: the predicted box's centre lies in the ground-truth box. */
  'centreInside',
  'maskIntersection',
  'maskUnion',
  'boundaryF',
  'bestProposalIou',
  'rankBySimilarity',
  'rankByScore',
  'pointInside',
  'energyInBox',
  'energyInMask',
  'mapAuc',
  'attainableIou',
] as const;
export type MeasuredName = (typeof measuredNames)[number];

export interface RunColumns extends Record<MeasuredName, Float64Array> {
  runId: number;
  method: MethodId;
  /** 1: the run has a prediction. */
  predicted: Uint8Array;
  /** 1: the prediction has a box. */
  answered: Uint8Array;
  /** x, y, width, height a row; NaN without a box. */
  boxes: Float64Array;
  /** The method's own confidence; NaN without one. */
  score: Float64Array;
}

export interface EvaluationTable {
  count: number;
  expressionIds: Int32Array;
  referentIds: Int32Array;
  imageIds: Int32Array;
  kinds: string[];
  categories: string[];
  /** Ground truth: x, y, width, height a row. */
  truth: Float64Array;
  /** NaN where the expression has none. */
  chance: Float64Array;
  runs: RunColumns[];
}

/** Expressions without a referent, and what each run made of them. */
export interface AbsentTable {
  count: number;
  expressionIds: Int32Array;
  imageIds: Int32Array;
  runs: Pick<RunColumns, 'runId' | 'predicted' | 'answered' | 'score'>[];
}

export type Unit = EvaluationOptions['unit'];
export type Comparator = EvaluationOptions['comparator'];

/** Positions of rows in a table. */
export type Rows = Int32Array;

export function emptyRun(runId: number, method: MethodId, count: number): RunColumns {
  const columns = Object.fromEntries(
    measuredNames.map((name) => [name, new Float64Array(count).fill(Number.NaN)]),
  ) as Record<MeasuredName, Float64Array>;
  return {
    ...columns,
    runId,
    method,
    predicted: new Uint8Array(count),
    answered: new Uint8Array(count),
    boxes: new Float64Array(4 * count).fill(Number.NaN),
    score: new Float64Array(count).fill(Number.NaN),
  };
}

/** The box of a row in a column of boxes; null where there is none. */
export function boxAt(boxes: Float64Array, row: number): ImageBox | null {
  const [x = Number.NaN, y = 0, width = 0, height = 0] = boxes.subarray(4 * row, 4 * row + 4);
  return Number.isNaN(x) ? null : { x, y, width, height };
}

/** Rows that count: with `common`, those that every run has predicted; with `all`, all of them. */
export function rowsThatCount(
  { count, runs }: Pick<AbsentTable, 'count'> & { runs: readonly Pick<RunColumns, 'predicted'>[] },
  coverage: EvaluationOptions['coverage'],
): Rows {
  const counted = new Int32Array(count);
  let length = 0;
  for (let row = 0; row < count; row += 1) {
    if (coverage === 'all' || runs.every(({ predicted }) => predicted[row] === 1)) {
      counted[length] = row;
      length += 1;
    }
  }
  return counted.slice(0, length);
}

/** What a row's unit is known by. */
export function unitIds(table: EvaluationTable, unit: Unit): Int32Array {
  switch (unit) {
    case 'expression':
      return table.expressionIds;
    case 'referent':
      return table.referentIds;
    case 'image':
      return table.imageIds;
  }
}

/** Number of rows of each unit among the given rows. */
export function rowsOfUnits(table: EvaluationTable, rows: Rows, unit: Unit): Map<number, number> {
  const ids = unitIds(table, unit);
  const counts = new Map<number, number>();
  for (const row of rows) {
    const id = ids[row] ?? 0;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** How much each of the rows counts: the n rows of one unit count 1/n each. */
export function weightsOf(table: EvaluationTable, rows: Rows, unit: Unit): Float64Array {
  if (unit === 'expression') return new Float64Array(rows.length).fill(1);
  const ids = unitIds(table, unit);
  const counts = rowsOfUnits(table, rows, unit);
  return Float64Array.from(rows, (row) => 1 / (counts.get(ids[row] ?? 0) ?? 1));
}

/** The different units among the rows. */
export function unitCount(table: EvaluationTable, rows: Rows, unit: Unit): number {
  return unit === 'expression' ? rows.length : rowsOfUnits(table, rows, unit).size;
}

/** Whether a value reaches a threshold; compared as the protocol says. */
export function reaches(value: number, threshold: number, comparator: Comparator): boolean {
  return comparator === '>=' ? value >= threshold : value > threshold;
}
