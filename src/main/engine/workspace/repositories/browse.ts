/** Browse's questions: lists and counts from columns in memory, rows from the workspace. */
import type { Database } from 'better-sqlite3';
import type {
  AttributeSummary,
  BrowseFilter,
  BrowseSort,
  ExpressionRow,
  Facets,
  MethodId,
  ReviewState,
  RowResult,
} from '../../../../common/contract';
import { byValue, countFacets, countRows } from '../../browse/count';
import { groupedByImage, inOrder } from '../../browse/order';
import { answerTypeOfCode } from '../../evaluation/judge';
import { select, type Selection } from '../../browse/select';
import { boxFromColumns, type BoxColumns } from '../columns';
import { BrowseChangeLog } from './browse-changes';
import { DatasetColumns, type Needs } from './browse-columns';
import type { KeptParts } from './kept-parts';

interface GridRow extends BoxColumns {
  id: number;
  text: string;
  kind: string;
  split: string;
  category: string;
  image_id: number;
  file: string;
  width: number;
  height: number;
  referent_id: number | null;
  corrected: number;
  review_state: ReviewState;
  failure_label: string | null;
}

interface ResultRow extends BoxColumns {
  expression_id: number;
  run_id: number;
  method: MethodId;
  iou: number | null;
  answer_type: number;
}

/** Datasets whose columns are kept: one is looked at, one was just before. */
const keptDatasets = 2;
/** Expressions; smaller datasets are read in no time. */
const worthKeeping = 2_000;
const datasetParts = ['expressions', 'attributes', 'texts'] as const;
const noRows = new Int32Array(0);

export class BrowseRepository {
  readonly #database: Database;
  readonly #parts: KeptParts;
  readonly #kept = new Map<number, DatasetColumns>();
  #changes: BrowseChangeLog | null = null;

  constructor(database: Database, parts: KeptParts) {
    this.#database = database;
    this.#parts = parts;
  }

  /** All matching expressions in order; `thenBy` decides between those that `sort` finds equal. */
  ids(filter: BrowseFilter, sort: BrowseSort, thenBy: readonly BrowseSort[] = []): Int32Array {
    const known = this.#columnsOf(filter.datasetId);
    const { ids } = known.columns;
    return this.#rowsInOrder(known, filter, [sort, ...thenBy]).map((row) => ids[row] ?? 0);
  }

  /** As `ids`, but the expressions of an image follow each other, images in the order of their first expression. */
  idsByImage(
    filter: BrowseFilter,
    sort: BrowseSort,
    thenBy: readonly BrowseSort[],
  ): { ids: Int32Array; imageIds: Int32Array } {
    const known = this.#columnsOf(filter.datasetId);
    const { columns } = known;
    const rows = groupedByImage(this.#rowsInOrder(known, filter, [sort, ...thenBy]), columns.imageIds);
    return {
      ids: rows.map((row) => columns.ids[row] ?? 0),
      imageIds: rows.map((row) => columns.imageIds[row] ?? 0),
    };
  }

  /** The image of each expression of a dataset, by ascending id. */
  images(datasetId: number): { ids: Int32Array; imageIds: Int32Array } {
    const { ids, imageIds } = this.#columnsOf(datasetId).columns;
    return { ids: ids.slice(), imageIds: imageIds.slice() };
  }

  /** Rows in the order of the ids; ids that do not exist are left out. */
  rows(ids: readonly number[], runIds: readonly number[]): ExpressionRow[] {
    const wanted = JSON.stringify(ids);
    const rows = this.#database
      .prepare(
        `SELECT expressions.id, text, kind, expressions.split, expressions.category, expressions.image_id,
           file, width, height, expressions.referent_id, corrected, review_state, failure_label,
           box_x, box_y, box_width, box_height
         FROM json_each(?) AS wanted
           JOIN expressions ON expressions.id = wanted.value
           JOIN images ON images.id = expressions.image_id
           LEFT JOIN referents ON referents.id = expressions.referent_id
           LEFT JOIN ground_truth ON ground_truth.referent_id = referents.id AND revision = current_revision
         ORDER BY wanted.key`,
      )
      .all(wanted) as GridRow[];
    const results = this.#resultsOf(wanted, JSON.stringify(runIds));
    return rows.map((row) => ({
      id: row.id,
      text: row.text,
      kind: row.kind,
      split: row.split,
      imageId: row.image_id,
      imageFile: row.file,
      imageWidth: row.width,
      imageHeight: row.height,
      referentId: row.referent_id,
      category: row.category,
      groundTruth: boxFromColumns(row),
      corrected: row.corrected === 1,
      reviewState: row.review_state,
      failureLabel: row.failure_label,
      results: results.get(row.id) ?? [],
    }));
  }

  /** Counts under the filter, each facet without its own conditions. */
  facets(filter: BrowseFilter, runIds: readonly number[]): Facets {
    const known = this.#columnsOf(filter.datasetId);
    const compared = filter.disagreement.length > 0 ? filter.disagreement : runIds;
    return countFacets(known.columns, known, this.#selection(known, filter), runIds, compared);
  }

  /** Attributes of the dataset that have few enough values to choose from, by name, with the most frequent values. */
  attributes(datasetId: number): AttributeSummary[] {
    return [...this.#columnsOf(datasetId).attributes()].map(([name, column]) => {
      const values = byValue(countRows(column)).sort((a, b) => b.count - a.count);
      return { name, distinct: values.length, values };
    });
  }

  /** Reads a piece of what such a list is made of; true: it can be made at once. */
  readForList(filter: BrowseFilter, sorts: readonly BrowseSort[]): boolean {
    return this.#columnsOf(filter.datasetId).read(this.#needsOf(filter, sorts));
  }

  /** Reads a piece of what these counts are made of; true: they can be told at once. */
  readForCounts(filter: BrowseFilter, runIds: readonly number[]): boolean {
    const needs = this.#needsOf(filter, []);
    const all = { ...needs, attributes: true, runIds: [...new Set([...needs.runIds, ...runIds])] };
    return this.#columnsOf(filter.datasetId).read(all);
  }

  /** Reads a piece of what is told of attributes; true: it can be told at once. */
  readForAttributes(datasetId: number): boolean {
    return this.#columnsOf(datasetId).read({ runIds: [], attributes: true, texts: false });
  }

  /**
   * Makes, in pieces, what is likely to be asked next: all rows by text, by the IoU of each run, and by how far the
   * newest runs lie apart.
   */
  *makeOrders(datasetId: number, runIds: readonly number[]): Generator<void, void> {
    const needs = { runIds, attributes: false, texts: true };
    while (!this.#columnsOf(datasetId).read(needs)) yield;
    const likely = [
      ...runIds.map((runId) => ({ by: 'iou' as const, runId })),
      { by: 'spread' as const, runId: null },
    ];
    for (const sort of likely.flatMap((each) => [
      { ...each, descending: false },
      { ...each, descending: true },
    ])) {
      yield;
      const known = this.#columnsOf(datasetId);
      inOrder(noRows, known.columns, known, [sort], () => this.#newestRuns(datasetId));
    }
  }

  /**
   * Reads, in pieces, whatever Browse asks first of any dataset and is not kept on the disk, and keeps it there, so that
   * nobody waits for it.
   */
  *readAhead(): Generator<void, void> {
    if (this.#parts.isReadOnly) return;
    const large = this.#database
      .prepare(
        `SELECT id FROM datasets WHERE removed_at IS NULL AND (SELECT count(*) FROM (
           SELECT 1 FROM expressions WHERE dataset_id = datasets.id LIMIT ${worthKeeping})) = ${worthKeeping}`,
      )
      .pluck()
      .all() as number[];
    for (const datasetId of large) {
      const runIds = this.#newestRuns(datasetId);
      const isKept =
        datasetParts.every((what) => this.#parts.holds({ what, id: datasetId })) &&
        runIds.every((id) => this.#parts.holds({ what: 'run', id }));
      if (isKept) continue;
      let wasRead = true;
      for (; !this.#columnsOf(datasetId).read({ runIds, attributes: true, texts: true }); yield)
        wasRead = false;
      // What was read long ago and has changed since is kept when no more changes come.
      if (!wasRead) yield* this.keepRead();
    }
  }

  /** Keeps on the disk, in pieces, what was read and is not kept as it is now. */
  *keepRead(): Generator<void, void> {
    if (this.#parts.isReadOnly) return;
    for (const [datasetId, known] of this.#kept) {
      const follow = () => {
        this.#follow();
        return this.#kept.get(datasetId) === known;
      };
      if (follow() && known.columns.count >= worthKeeping) yield* known.keep(follow);
    }
    this.#parts.sweep();
  }

  #needsOf(filter: BrowseFilter, sorts: readonly BrowseSort[]): Needs {
    const runIds = new Set([...filter.results.map(({ runId }) => runId), ...filter.disagreement]);
    for (const { by, runId } of sorts) {
      if (by === 'iou' && runId !== null) runIds.add(runId);
      if (by === 'spread') for (const compared of this.#comparedRuns(filter)) runIds.add(compared);
    }
    const attributes = Object.keys(filter.attributes).length > 0;
    return { runIds: [...runIds], attributes, texts: sorts.some(({ by }) => by === 'text') };
  }

  #rowsInOrder(known: DatasetColumns, filter: BrowseFilter, sorts: readonly BrowseSort[]): Int32Array {
    const { rows } = this.#selection(known, filter);
    return inOrder(rows, known.columns, known, sorts, () => this.#comparedRuns(filter));
  }

  #selection(known: DatasetColumns, filter: BrowseFilter): Selection {
    const asked = JSON.stringify(filter);
    if (known.selected?.filter === asked) return known.selected.selection;
    const selection = select(known.columns, known, known, filter);
    known.selected = { filter: asked, selection };
    return selection;
  }

  /** The dataset's columns as the workspace has it at this moment. */
  #columnsOf(datasetId: number): DatasetColumns {
    this.#follow();
    const known = this.#kept.get(datasetId) ?? new DatasetColumns(this.#database, datasetId, this.#parts);
    // The one asked for last is the last to be given up.
    this.#kept.delete(datasetId);
    this.#kept.set(datasetId, known);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptDatasets && oldest !== undefined) this.#kept.delete(oldest);
    return known;
  }

  /** Takes in what the workspace has changed. */
  #follow(): void {
    this.#changes ??= new BrowseChangeLog(this.#database);
    const changes = this.#changes.take();
    for (const [id, columns] of this.#kept) if (!columns.apply(changes)) this.#kept.delete(id);
  }

  #resultsOf(expressionIds: string, runIds: string): Map<number, RowResult[]> {
    const rows = this.#database
      .prepare(
        `SELECT expression_id, run_id, method, iou, answer_type, box_x, box_y, box_width, box_height
         FROM json_each(@expressionIds) AS wanted
           -- CROSS: in this order, whatever the planner believes of the runs.
           CROSS JOIN predictions ON expression_id = wanted.value
           CROSS JOIN runs ON runs.id = run_id
         WHERE stale = 0 AND run_id IN (SELECT value FROM json_each(@runIds))
         ORDER BY run_id`,
      )
      .all({ expressionIds, runIds }) as ResultRow[];
    const results = new Map<number, RowResult[]>();
    for (const row of rows) {
      const { run_id: runId, method, iou } = row;
      const result = {
        runId,
        method,
        box: boxFromColumns(row),
        iou,
        type: answerTypeOfCode(row.answer_type),
      };
      const others = results.get(row.expression_id);
      if (others) others.push(result);
      else results.set(row.expression_id, [result]);
    }
    return results;
  }

  /** The runs that a filter names, or else the newest run of each method. */
  #comparedRuns(filter: BrowseFilter): number[] {
    const named = new Set([...filter.results.map(({ runId }) => runId), ...filter.disagreement]);
    return named.size > 1 ? [...named] : this.#newestRuns(filter.datasetId);
  }

  #newestRuns(datasetId: number): number[] {
    return this.#database
      .prepare('SELECT max(id) FROM runs WHERE dataset_id = ? GROUP BY method')
      .pluck()
      .all(datasetId) as number[];
  }
}
