/** Reads a dataset's columns from the workspace, in pieces, and reads anew what has changed. */
import type { Database } from 'better-sqlite3';
import { placeOfId } from '../../../../common/sorted-ids';
import { AttributeColumns } from '../../browse/attribute-columns';
import { emptyColumns, type CodedColumn, type Columns, type ResultColumns } from '../../browse/columns';
import type { TextPiece } from '../../browse/text-order';
import { mostAnswerTypes } from '../../evaluation/judge';

/** id, image, split, kind, category, review state, failure label, corrected, words. */
type ExpressionCells = [number, number, string, string, string, string, string | null, number, number];
/** expression, IoU, type, stale. */
type ResultCells = [number, number | null, number, number];
/** Rows that are read at a time: all at once would take a gigabyte for a million, and hold up other calls. */
const rowsAtOnce = 20_000;
/** Rows of one number, which are read far faster. */
const numbersAtOnce = 100_000;

const expressionColumns = `id, image_id, split, kind, category, review_state, failure_label, corrected, word_count`;

export class BrowseReader {
  readonly #database: Database;
  readonly #datasetId: number;

  constructor(database: Database, datasetId: number) {
    this.#database = database;
    this.#datasetId = datasetId;
  }

  *expressions(): Generator<void, Columns> {
    const count = this.#database.prepare('SELECT count(*) FROM expressions WHERE dataset_id = ?').pluck();
    const columns = emptyColumns(count.get(this.#datasetId) as number);
    const read = this.#database
      .prepare(
        `SELECT ${expressionColumns} FROM expressions INDEXED BY expressions_for_grid
         WHERE dataset_id = ? AND id > ? ORDER BY id LIMIT ${rowsAtOnce}`,
      )
      .raw();
    for (let row = 0; row < columns.count; yield) {
      const last = columns.ids[row - 1] ?? 0;
      for (const cells of read.all(this.#datasetId, last) as ExpressionCells[]) {
        put(columns, row, cells);
        row += 1;
      }
    }
    return columns;
  }

  expressionsAnew(columns: Columns, expressionIds: readonly number[]): void {
    const cells = this.#database
      .prepare(
        `SELECT expressions.${expressionColumns} FROM json_each(?) AS changed CROSS JOIN expressions ON expressions.id = changed.value
         WHERE dataset_id = ?`,
      )
      .raw()
      .iterate(JSON.stringify(expressionIds), this.#datasetId) as IterableIterator<ExpressionCells>;
    for (const cell of cells) put(columns, placeOfId(columns.ids, cell[0]), cell);
  }

  /** One number a row is read far faster than rows of several: which row and type, and then the IoU. */
  *results(ids: Int32Array, runId: number): Generator<void, ResultColumns> {
    const results = { iou: new Float64Array(ids.length).fill(Number.NaN), type: new Uint8Array(ids.length) };
    const read = (what: string) =>
      this.#database
        .prepare(
          `SELECT ${what} FROM predictions INDEXED BY predictions_by_result
           WHERE run_id = ? AND expression_id > ? ORDER BY expression_id LIMIT ${numbersAtOnce}`,
        )
        .pluck();
    const readTypes = read(`expression_id * ${mostAnswerTypes} + iif(stale, 0, answer_type)`);
    const readIous = read('iif(stale, NULL, iou)');
    let row = 0;
    for (let last = 0; ; yield) {
      const types = readTypes.all(runId, last) as number[];
      const ious = readIous.all(runId, last) as (number | null)[];
      for (let index = 0; index < types.length; index += 1) {
        const packed = types[index] ?? 0;
        const type = packed % mostAnswerTypes;
        last = (packed - type) / mostAnswerTypes;
        while ((ids[row] ?? last) < last) row += 1;
        results.type[row] = type;
        results.iou[row] = ious[index] ?? Number.NaN;
      }
      if (types.length < numbersAtOnce) return results;
    }
  }

  resultsAnew(
    ids: Int32Array,
    results: ResultColumns,
    runId: number,
    expressionIds: readonly number[],
  ): void {
    const cells = this.#database
      .prepare(
        `SELECT expression_id, iou, answer_type, stale
         FROM json_each(?) AS changed CROSS JOIN predictions ON run_id = ? AND expression_id = changed.value`,
      )
      .raw()
      .iterate(JSON.stringify(expressionIds), runId) as IterableIterator<ResultCells>;
    for (const [expressionId, iou, type, stale] of cells) {
      const row = placeOfId(ids, expressionId);
      if (row < 0) continue;
      results.iou[row] = stale === 1 || iou === null ? Number.NaN : iou;
      results.type[row] = stale === 1 ? 0 : type;
    }
  }

  *attributes(ids: Int32Array): Generator<void, Map<string, CodedColumn<string | null>>> {
    const found = new AttributeColumns(ids.length);
    const read = this.#database
      .prepare(
        `SELECT attributes FROM expressions WHERE dataset_id = ? AND id >= ? ORDER BY id LIMIT ${rowsAtOnce}`,
      )
      .pluck();
    for (let from = 0; from < ids.length; from += rowsAtOnce) {
      for (const [index, json] of (read.all(this.#datasetId, ids[from] ?? 0) as string[]).entries()) {
        found.add(from + index, json);
      }
      yield;
    }
    return found.columns();
  }

  /** First what is left of the same text, then what comes after it: each is a search in the index. */
  textsAfter(after: { text: string; id: number } | null): TextPiece {
    if (after === null) return this.#textsWhere('', []);
    const same = this.#textsWhere('AND text = ? COLLATE NOCASE AND id > ?', [after.text, after.id]);
    if (same.ids.length > 0) return same;
    return this.#textsWhere('AND text > ? COLLATE NOCASE', [after.text]);
  }

  /** Of an expression: another one with the same text, or else the first one whose text comes after; but none of `others`. */
  besideText(
    expressionId: number,
    others: ReadonlySet<number>,
  ): { same: number | null; next: number | null } {
    const find = (sign: '=' | '>') => {
      const found = this.#database
        .prepare(
          `SELECT id FROM expressions INDEXED BY expressions_by_text
           WHERE dataset_id = ? AND text ${sign} (SELECT text FROM expressions WHERE id = ?) COLLATE NOCASE
           ORDER BY text COLLATE NOCASE, id`,
        )
        .pluck()
        .iterate(this.#datasetId, expressionId) as IterableIterator<number>;
      for (const id of found) if (id !== expressionId && !others.has(id)) return id;
      return null;
    };
    const same = find('=');
    return { same, next: same === null ? find('>') : null };
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
}

function put(
  columns: Columns,
  row: number,
  [id, image, split, kind, category, review, label, corrected, words]: ExpressionCells,
): void {
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
