/** Reads what was measured into columns: one pass over the expressions, and one over each run's answers. */
import type { Database } from 'better-sqlite3';
import type { MethodId } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import type { Size } from '../../../../common/geometry/types';
import { compareBoxes, includeLastPixels } from '../../evaluation/box-convention';
import { measure, measureMissing, measureVersion } from '../../evaluation/measure';
import type { Measurement, RowSelection } from '../../evaluation/rows';
import {
  boxAt,
  emptyRun,
  type AbsentTable,
  type EvaluationTable,
  type RunColumns,
} from '../../evaluation/table';
import { itemsTogether, type Pieces } from '../../jobs/pieces';
import { fromJson } from '../columns';
import { inSelection, referentAt, truthRevisionOf } from '../revision-sql';
import type { PredictionsRepository } from './predictions';
import type { TruthReader } from './truth-reader';

/** Columns of measurements in the order in which they are read, by the names they have in a table. */
const storedColumns = {
  iou: 'iou',
  maskIntersection: 'mask_intersection',
  maskUnion: 'mask_union',
  boundaryF: 'boundary_f',
  bestProposalIou: 'best_proposal_iou',
  rankBySimilarity: 'rank_by_similarity',
  rankByScore: 'rank_by_score',
  pointInside: 'point_inside',
  energyInBox: 'energy_in_box',
  energyInMask: 'energy_in_mask',
  mapAuc: 'map_auc',
  attainableIou: 'attainable_iou',
} as const satisfies Record<keyof Measurement, string>;
const storedNames = Object.keys(storedColumns) as (keyof Measurement)[];

/** Places of what precedes the measurements in an answer's row. */
const place = { expression: 0, box: 1, score: 5, measuredBy: 6, measured: 7 } as const;

/** Where an expression's ground truth of the wanted revision is not the one that was measured. */
interface OtherTruth {
  row: number;
  referentId: number;
  revision: number;
}

export interface TableTools {
  database: Database;
  predictions: PredictionsRepository;
  truths: TruthReader;
}

/**
 * Stored measurements are against the newest ground truth. Where that is the wanted one they are taken as they are; only
 * predictions of referents corrected since are measured anew.
 */
export function* readTables(
  tools: TableTools,
  selection: RowSelection,
): Pieces<{ table: EvaluationTable; absent: AbsentTable }> {
  yield { begin: 'Reading expressions' };
  const { table, others } = yield* readExpressions(tools, selection);
  const imageOf = imagesFrom(tools.database);
  const absent = readAbsent(tools.database, selection);
  for (const [index, run] of selection.runs.entries()) {
    yield {
      begin: `Reading the answers of run ${index + 1} of ${selection.runs.length}`,
      total: table.count + absent.count,
    };
    const columns = emptyRun(run.id, run.method, table.count);
    const absentColumns = emptyRun(run.id, run.method, absent.count);
    const outdated = yield* fillRun(tools, selection, columns, table, absentColumns, absent);
    const anew = others.size + outdated.length;
    if (anew > 0) yield { begin: 'Measuring answers against that ground truth', total: anew };
    const byRow = { columns, table, imageOf };
    for (const row of outdated) {
      measureRow(tools, byRow, row, others.get(row) ?? null);
      yield { done: 1 };
    }
    for (const [row, other] of others) {
      if (columns.predicted[row] === 1) measureRow(tools, byRow, row, other);
      yield { done: 1 };
    }
    yield* missWhatIsMissing(tools, byRow, others);
    compareBoxes(columns, table);
    yield;
    table.runs.push(columns);
    absent.runs.push(absentColumns);
  }
  if (selection.boxes === 'inclusive') includeLastPixels(table);
  return { table, absent };
}

type Cells = (number | string | null)[];

function* readExpressions(
  { database }: TableTools,
  { datasetId, split, revision }: RowSelection,
): Pieces<{ table: EvaluationTable; others: Map<number, OtherTruth> }> {
  const rows = database
    .prepare(
      `SELECT expressions.id, referents.id, expressions.image_id, expressions.kind, expressions.category,
         expressions.attributes ->> '$.chance', box_x, box_y, box_width, box_height,
         ground_truth.revision, referents.current_revision, expressions.referent_id
       FROM expressions
       JOIN referents ON referents.id = ${referentAt()}
       JOIN ground_truth ON ground_truth.referent_id = referents.id AND ground_truth.revision =
         iif(referents.current_revision <= @revision, referents.current_revision, ${truthRevisionOf('referents.id')})
       WHERE ${inSelection} AND box_x IS NOT NULL
       ORDER BY expressions.id`,
    )
    .raw()
    .iterate({ datasetId, split, revision }) as IterableIterator<Cells>;
  const cells: Cells[] = [];
  for (const row of rows) {
    cells.push(row);
    if (cells.length % itemsTogether === 0) yield { done: itemsTogether };
  }
  const count = cells.length;
  const table: EvaluationTable = {
    count,
    expressionIds: new Int32Array(count),
    referentIds: new Int32Array(count),
    imageIds: new Int32Array(count),
    kinds: new Array<string>(count),
    categories: new Array<string>(count),
    truth: new Float64Array(4 * count),
    chance: new Float64Array(count).fill(Number.NaN),
    runs: [],
  };
  const others = new Map<number, OtherTruth>();
  for (const [row, cell] of cells.entries()) {
    if (row % itemsTogether === 0) yield;
    table.expressionIds[row] = Number(cell[0]);
    table.referentIds[row] = Number(cell[1]);
    table.imageIds[row] = Number(cell[2]);
    table.kinds[row] = String(cell[3]);
    table.categories[row] = String(cell[4]);
    if (typeof cell[5] === 'number') table.chance[row] = cell[5];
    for (let side = 0; side < 4; side += 1) table.truth[4 * row + side] = Number(cell[6 + side]);
    if (cell[10] !== cell[11] || cell[1] !== cell[12]) {
      others.set(row, { row, referentId: Number(cell[1]), revision: Number(cell[10]) });
    }
  }
  return { table, others };
}

function readAbsent(database: Database, { datasetId, split, revision }: RowSelection): AbsentTable {
  const cells = database
    .prepare(
      `SELECT id, image_id FROM expressions WHERE ${inSelection} AND ${referentAt()} IS NULL ORDER BY id`,
    )
    .raw()
    .all({ datasetId, split, revision }) as [number, number][];
  return {
    count: cells.length,
    expressionIds: Int32Array.from(cells, ([id]) => id),
    imageIds: Int32Array.from(cells, ([, imageId]) => imageId),
    runs: [],
  };
}

/** Fills in a run's answers; returns the rows that were measured under older rules. */
function* fillRun(
  { database }: TableTools,
  { original }: RowSelection,
  run: RunColumns,
  table: EvaluationTable,
  absentRun: RunColumns,
  absent: AbsentTable,
): Pieces<number[]> {
  const wanted = [
    'expression_id',
    'box_x',
    'box_y',
    'box_width',
    'box_height',
    'score',
    'measured_by',
    ...storedNames.map((name) => storedColumns[name]),
  ];
  // An answer to another text than the one that counts is no answer.
  const cells = database
    .prepare(
      original
        ? `SELECT ${wanted.join(', ')} FROM predictions JOIN expressions ON expressions.id = expression_id
           WHERE run_id = ? AND answered_text = original_text ORDER BY expression_id`
        : `SELECT ${wanted.join(', ')} FROM predictions
           WHERE run_id = ? AND stale = 0 ORDER BY expression_id`,
    )
    .raw()
    .iterate(run.runId) as IterableIterator<(number | null)[]>;
  const outdated: number[] = [];
  let [row, absentRow, read] = [0, 0, 0];
  for (const cell of cells) {
    read += 1;
    if (read % itemsTogether === 0) yield { done: itemsTogether };
    const expressionId = cell[place.expression] ?? 0;
    // Both are in order of the ids.
    while (row < table.count && (table.expressionIds[row] ?? 0) < expressionId) row += 1;
    while (absentRow < absent.count && (absent.expressionIds[absentRow] ?? 0) < expressionId) absentRow += 1;
    if (absent.expressionIds[absentRow] === expressionId) fillAnswer(absentRun, absentRow, cell);
    if (table.expressionIds[row] !== expressionId) continue;
    fillAnswer(run, row, cell);
    storedNames.forEach((name, index) => {
      run[name][row] = cell[place.measured + index] ?? Number.NaN;
    });
    if ((cell[place.measuredBy] ?? 0) < measureVersion) outdated.push(row);
  }
  return outdated;
}

function fillAnswer(run: RunColumns, row: number, cell: (number | null)[]): void {
  run.predicted[row] = 1;
  run.answered[row] = cell[place.box] === null ? 0 : 1;
  run.score[row] = cell[place.score] ?? Number.NaN;
  for (let side = 0; side < 4; side += 1) run.boxes[4 * row + side] = cell[place.box + side] ?? Number.NaN;
}

/** A run's columns of a table, and what is read for one row of them. */
interface ByRow {
  columns: RunColumns;
  table: EvaluationTable;
  imageOf: ImageOf;
}

/** Measures a stored prediction against another ground truth than the newest, or by newer rules. */
function measureRow(
  { predictions, truths }: TableTools,
  { columns: run, table, imageOf }: ByRow,
  row: number,
  other: OtherTruth | null,
): void {
  const expressionId = table.expressionIds[row] ?? 0;
  const [prediction] = predictions.ofExpression(expressionId, [run.runId]);
  if (!prediction) throw new WorkbenchError('damaged', `A prediction of run ${run.runId} has no evidence.`);
  const { width, height, revision } = imageOf(expressionId);
  const image = { width, height };
  const truth = truths.at(table.referentIds[row] ?? 0, other?.revision ?? revision, image);
  put(run, row, measure(prediction, truth, image));
}

/** An expression's image, and the newest revision of what it means. */
type ImageOf = (expressionId: number) => Size & { revision: number };

function imagesFrom(database: Database): ImageOf {
  const select = database.prepare(
    `SELECT width, height, current_revision AS revision FROM expressions
       JOIN images ON images.id = expressions.image_id
       LEFT JOIN referents ON referents.id = referent_id
     WHERE expressions.id = ?`,
  );
  return (expressionId) => select.get(expressionId) as Size & { revision: number };
}

function put(run: RunColumns, row: number, measurement: Measurement): void {
  for (const name of storedNames) {
    const value = measurement[name];
    run[name][row] = value === null ? Number.NaN : Number(value);
  }
}

/** What a run has not answered misses everything. */
function* missWhatIsMissing(
  { database, truths }: TableTools,
  { columns: run, table, imageOf }: ByRow,
  others: ReadonlyMap<number, OtherTruth>,
): Pieces<void> {
  const method: MethodId = run.method;
  const makesMasks = method === 'imported' && givesMasks(database, run.runId);
  for (let row = 0; row < table.count; row += 1) {
    if (row % itemsTogether === 0) yield;
    if (run.predicted[row] === 1) continue;
    const box = boxAt(table.truth, row);
    // The mask's area counts only where the method makes masks.
    if (method === 'yolo-clip' || (method === 'imported' && !makesMasks))
      put(run, row, measureMissing(method, { box, mask: null }));
    else {
      const image = imageOf(table.expressionIds[row] ?? 0);
      const revision = others.get(row)?.revision ?? image.revision;
      const truth = truths.at(table.referentIds[row] ?? 0, revision, image);
      put(run, row, measureMissing(method, truth, makesMasks));
    }
  }
}

/** Whether an imported run gives masks at all. */
function givesMasks(database: Database, runId: number): boolean {
  const settings = database.prepare('SELECT settings FROM runs WHERE id = ?').pluck().get(runId);
  return fromJson<{ masks?: boolean }>(settings as string).masks === true;
}
