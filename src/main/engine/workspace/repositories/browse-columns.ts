/** Reads a dataset's expressions into columns, and reads anew what has changed. */
import type { Database } from 'better-sqlite3';
import { textTerms } from '../../../../common/query/filter';
import { placeOfId } from '../../../../common/sorted-ids';
import type { CodedColumn } from '../../browse/columns';
import {
  emptyColumns,
  rowsOf,
  type Columns,
  type MoreColumns,
  type ResultColumns,
} from '../../browse/columns';
import { AttributeColumns } from '../../browse/attribute-columns';
import { InPieces } from '../../browse/in-pieces';
import type { NamedRows, Selection } from '../../browse/select';
import { textRanks, type TextPiece } from '../../browse/text-order';
import { mostAnswerTypes } from '../../evaluation/judge';
import type { BrowseChanges } from './browse-changes';

/** id, image, split, kind, category, review state, failure label, corrected, words. */
type ExpressionCells = [number, number, string, string, string, string, string | null, number, number];
/** expression, IoU, type, stale. */
type ResultCells = [number, number | null, number, number];
/** Rows of so many cells are read at a time: all at once would take a gigabyte for a million. */
const rowsAtOnce = 20_000;

/** Text searches whose rows are kept: what is typed is asked for several times. */
const keptSearches = 8;
/** Results of runs that are kept; 9 bytes an expression each. */
const keptRuns = 12;
/** Orders by results that are kept; 4 bytes an expression each. */
const keptOrders = 8;

const expressionColumns = `id, image_id, split, kind, category, review_state, failure_label, corrected, word_count`;

/** The columns of one dataset, kept up with the workspace by `apply`. */
export class DatasetColumns implements MoreColumns, NamedRows {
  readonly columns: Columns;
  /** The last filter, as text, and what it selects: counts and another order ask for the same. */
  selected: { filter: string; selection: Selection } | null = null;
  readonly #database: Database;
  readonly #datasetId: number;
  readonly #results = new Map<number, ResultColumns>();
  readonly #orders = new Map<string, Int32Array>();
  readonly #searches = new Map<string, Uint8Array>();
  readonly #attributes = new InPieces(() => this.#readAttributes());
  readonly #textRanks = new InPieces(() => textRanks(this.columns.ids, (after) => this.#textsAfter(after)));

  constructor(database: Database, datasetId: number) {
    this.#database = database;
    this.#datasetId = datasetId;
    const count = database.prepare('SELECT count(*) FROM expressions WHERE dataset_id = ?').pluck();
    this.columns = emptyColumns(count.get(datasetId) as number);
    const read = database
      .prepare(
        `SELECT ${expressionColumns} FROM expressions INDEXED BY expressions_for_grid
         WHERE dataset_id = ? AND id > ? ORDER BY id LIMIT ${rowsAtOnce}`,
      )
      .raw();
    for (let row = 0; row < this.columns.count;) {
      const last = this.columns.ids[row - 1] ?? 0;
      for (const cells of read.all(datasetId, last) as ExpressionCells[]) {
        this.#put(row, cells);
        row += 1;
      }
    }
  }

  results(runId: number): ResultColumns {
    const known = this.#results.get(runId);
    if (known) return known;
    const { count, ids } = this.columns;
    const results = { iou: new Float64Array(count).fill(Number.NaN), type: new Uint8Array(count) };
    // One number a row is read far faster than rows of several: which row and type, and then the IoU.
    const read = (what: string) =>
      this.#database
        .prepare(
          `SELECT ${what} FROM predictions INDEXED BY predictions_by_result
           WHERE run_id = ? ORDER BY run_id, expression_id`,
        )
        .pluck()
        .all(runId);
    const types = read(`expression_id * ${mostAnswerTypes} + iif(stale, 0, answer_type)`) as number[];
    const ious = read('iif(stale, NULL, iou)') as (number | null)[];
    for (let index = 0; index < types.length; index += 1) {
      const packed = types[index] ?? 0;
      const type = packed % mostAnswerTypes;
      const row = placeOfId(ids, (packed - type) / mostAnswerTypes);
      results.type[row] = type;
      results.iou[row] = ious[index] ?? Number.NaN;
    }
    const [oldest] = this.#results.keys();
    if (this.#results.size >= keptRuns && oldest !== undefined) this.#results.delete(oldest);
    this.#results.set(runId, results);
    return results;
  }

  order(name: string, make: () => Int32Array): Int32Array {
    const known = this.#orders.get(name);
    if (known) return known;
    const made = make();
    const [oldest] = this.#orders.keys();
    if (this.#orders.size >= keptOrders && oldest !== undefined) this.#orders.delete(oldest);
    this.#orders.set(name, made);
    return made;
  }

  textRanks(): Int32Array {
    return this.#textRanks.value();
  }

  attributes(): ReadonlyMap<string, CodedColumn<string | null>> {
    return this.#attributes.value();
  }

  /** Reads a piece of what counts need, or the results of one run; true: all of it is there. */
  readForCounts(runIds: readonly number[]): boolean {
    const missing = runIds.find((runId) => !this.#results.has(runId));
    if (missing === undefined) return this.#attributes.step();
    this.results(missing);
    return false;
  }

  /** Makes a piece of the order by text; true: it is there. */
  readForText(): boolean {
    return this.#textRanks.step();
  }

  text(text: string): Uint8Array | null {
    const match = textMatch(text);
    if (match === null) return null;
    const known = this.#searches.get(match);
    if (known) return known;
    const { ids } = this.columns;
    const found = this.#database
      .prepare('SELECT rowid FROM expression_texts WHERE expression_texts MATCH ? AND rowid BETWEEN ? AND ?')
      .pluck()
      .all(match, ids[0] ?? 0, ids.at(-1) ?? 0) as number[];
    const rows = rowsOf(ids, found);
    const [oldest] = this.#searches.keys();
    if (this.#searches.size >= keptSearches && oldest !== undefined) this.#searches.delete(oldest);
    this.#searches.set(match, rows);
    return rows;
  }

  /** JSON tells 1 from "1"; a person who writes a printed value does not. */
  attribute(name: string, values: readonly string[]): Uint8Array {
    const written = values.flatMap((value) =>
      /^(true|false|-?\d+(\.\d+)?)$/.test(value) ? [value, JSON.stringify(value)] : [JSON.stringify(value)],
    );
    const found = this.#database
      .prepare(
        `SELECT id FROM expressions
         WHERE dataset_id = ? AND attributes -> ? IN (SELECT value FROM json_each(?))`,
      )
      .pluck()
      .all(this.#datasetId, `$.${JSON.stringify(name)}`, JSON.stringify(written)) as number[];
    return rowsOf(this.columns.ids, found);
  }

  /** Takes in what has changed; false where all must be read anew. */
  apply(changes: BrowseChanges): boolean {
    if (changes.everything || changes.datasets.has(this.#datasetId)) return false;
    if (changes.texts) {
      this.#textRanks.forget();
      this.#searches.clear();
    }
    for (const runId of changes.runs) this.#results.delete(runId);
    if (changes.runs.size + changes.predictions.size > 0) this.#orders.clear();
    if (changes.texts || changes.runs.size + changes.expressions.length + changes.predictions.size > 0) {
      this.selected = null;
    }
    this.#readExpressions(changes.expressions);
    for (const [runId, expressionIds] of changes.predictions) this.#readResults(runId, expressionIds);
    return true;
  }

  #readExpressions(expressionIds: readonly number[]): void {
    if (expressionIds.length === 0) return;
    const cells = this.#database
      .prepare(
        `SELECT expressions.${expressionColumns} FROM json_each(?) AS changed CROSS JOIN expressions ON expressions.id = changed.value
         WHERE dataset_id = ?`,
      )
      .raw()
      .iterate(JSON.stringify(expressionIds), this.#datasetId) as IterableIterator<ExpressionCells>;
    for (const cell of cells) this.#put(placeOfId(this.columns.ids, cell[0]), cell);
  }

  #readResults(runId: number, expressionIds: readonly number[]): void {
    const results = this.#results.get(runId);
    if (!results) return;
    const cells = this.#database
      .prepare(
        `SELECT expression_id, iou, answer_type, stale
         FROM json_each(?) AS changed CROSS JOIN predictions ON run_id = ? AND expression_id = changed.value`,
      )
      .raw()
      .iterate(JSON.stringify(expressionIds), runId) as IterableIterator<ResultCells>;
    for (const cell of cells) putResult(results, placeOfId(this.columns.ids, cell[0]), cell);
  }

  /** First what is left of the same text, then what comes after it: each is a search in the index. */
  #textsAfter(after: { text: string; id: number } | null): TextPiece {
    if (after === null) return this.#textsWhere('', []);
    const same = this.#textsWhere('AND text = ? COLLATE NOCASE AND id > ?', [after.text, after.id]);
    if (same.ids.length > 0) return same;
    return this.#textsWhere('AND text > ? COLLATE NOCASE', [after.text]);
  }

  #textsWhere(condition: string, values: readonly (string | number)[]): TextPiece {
    const read = (column: 'id' | 'text') =>
      this.#database
        .prepare(
          `SELECT ${column} FROM expressions INDEXED BY expressions_by_text
           WHERE dataset_id = ? ${condition} ORDER BY text COLLATE NOCASE, id LIMIT ${rowsAtOnce}`,
        )
        .pluck()
        .all(this.#datasetId, ...values);
    return { ids: read('id') as number[], texts: read('text') as string[] };
  }

  /** The attributes of so many rows from one on. */
  #attributesFrom(from: number, length: number): string[] {
    return this.#database
      .prepare(`SELECT attributes FROM expressions WHERE dataset_id = ? AND id >= ? ORDER BY id LIMIT ?`)
      .pluck()
      .all(this.#datasetId, this.columns.ids[from] ?? 0, length) as string[];
  }

  *#readAttributes(): Generator<void, Map<string, CodedColumn<string | null>>> {
    const { count } = this.columns;
    const found = new AttributeColumns(count);
    for (let from = 0; from < count; from += rowsAtOnce) {
      for (const [index, json] of this.#attributesFrom(from, rowsAtOnce).entries()) {
        found.add(from + index, json);
      }
      yield;
    }
    return found.columns();
  }

  #put(
    row: number,
    [id, image, split, kind, category, review, label, corrected, words]: ExpressionCells,
  ): void {
    const { columns } = this;
    columns.ids[row] = id;
    columns.imageIds[row] = image;
    columns.splits.set(row, split);
    columns.kinds.set(row, kind);
    columns.categories.set(row, category);
    columns.reviewStates.set(row, review);
    columns.failureLabels.set(row, label);
    columns.corrected[row] = corrected;
    columns.words[row] = words;
  }
}

function putResult(results: ResultColumns, row: number, [, iou, type, stale]: ResultCells): void {
  if (row < 0) return;
  results.iou[row] = stale === 1 || iou === null ? Number.NaN : iou;
  results.type[row] = stale === 1 ? 0 : type;
}

/** The search as FTS5 takes it: words match by their beginning, phrases as they are. null: nothing is searched for. */
function textMatch(text: string): string | null {
  const terms = textTerms(text);
  if (terms.length === 0) return null;
  return terms.map((term) => `"${term}"${term.includes(' ') ? '' : '*'}`).join(' AND ');
}
