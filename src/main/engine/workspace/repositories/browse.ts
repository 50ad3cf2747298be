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
import { boxFromColumns, type BoxColumns } from '../columns';
import { FacetCounter, sorted, type FacetRow } from './browse-facets';
import { BrowseQuery, type FacetName, type Parameters } from './browse-query';

interface GridRow extends BoxColumns {
  id: number;
  text: string;
  kind: string;
  split: string;
  category: string;
  image_id: number;
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
  iou: number;
}

/** An attribute with more different values is a measurement or a name, nothing to choose from. */
const mostAttributeValues = 40;

/** The grid of expressions. Ids and facets are answered from covering indexes alone, but for the text search. */
export class BrowseRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All matching expressions in order; `thenBy` decides between those that `sort` finds equal. */
  ids(filter: BrowseFilter, sort: BrowseSort, thenBy: readonly BrowseSort[] = []): number[] {
    const { sql, parameters } = this.idsStatement(filter, sort, thenBy);
    return this.#database.prepare(sql).pluck().all(parameters) as number[];
  }

  /** As `ids`, but the expressions of an image follow each other, images in the order of their first expression. */
  idsByImage(
    filter: BrowseFilter,
    sort: BrowseSort,
    thenBy: readonly BrowseSort[],
  ): { ids: number[]; imageIds: number[] } {
    const { sql, parameters } = this.idsStatement(filter, sort, thenBy, ', expressions.image_id');
    const rows = this.#database.prepare(sql).raw().all(parameters) as [number, number][];
    const images = new Map<number, number[]>();
    for (const [id, imageId] of rows) {
      const members = images.get(imageId);
      if (members) members.push(id);
      else images.set(imageId, [id]);
    }
    return {
      ids: [...images.values()].flat(),
      imageIds: [...images].flatMap(([imageId, members]) => members.map(() => imageId)),
    };
  }

  /** The statement behind `ids`, apart so that tests can look at its query plan. */
  idsStatement(
    filter: BrowseFilter,
    sort: BrowseSort,
    thenBy: readonly BrowseSort[] = [],
    moreColumns = '',
  ): { sql: string; parameters: Parameters } {
    const query = new BrowseQuery(filter);
    const sorts = [sort, ...thenBy];
    const comparesRuns = sorts.some(({ by }) => by === 'spread');
    const order = query.orderBy(sorts, comparesRuns ? this.#comparedRuns(filter) : []);
    const sql = `SELECT expressions.id${moreColumns} FROM ${query.from()} WHERE ${query.where()} ORDER BY ${order}`;
    return { sql, parameters: query.parameters };
  }

  /** Rows in the order of the ids; ids that do not exist are left out. */
  rows(ids: readonly number[], runIds: readonly number[]): ExpressionRow[] {
    const wanted = JSON.stringify(ids);
    const rows = this.#database
      .prepare(
        `SELECT expressions.id, text, kind, expressions.split, expressions.category, expressions.image_id,
           width, height, expressions.referent_id, corrected, review_state, failure_label,
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

  /**
   * Counts in one pass over the expressions that fail at most one facet's conditions: those that fail none count
   * everywhere, the others in that facet alone.
   */
  facets(filter: BrowseFilter, runIds: readonly number[]): Facets {
    const { sql, parameters, facets } = this.facetsStatement(filter, runIds);
    const counts = new FacetCounter(facets, runIds);
    for (const row of this.#database.prepare(sql).raw().iterate(parameters)) counts.add(row as FacetRow);
    return counts.result();
  }

  /** The statement behind `facets`. Bit k of `failing` is set where a condition of `facets[k]` does not hold. */
  facetsStatement(
    filter: BrowseFilter,
    runIds: readonly number[],
  ): { sql: string; parameters: Parameters; facets: FacetName[] } {
    const query = new BrowseQuery(filter);
    const facets = [...new Set(query.conditions.flatMap(({ facet }) => facet ?? []))];
    const failing = facets.map((name, bit) => {
      const own = query.conditions.filter(({ facet }) => facet === name).map(({ sql }) => `(${sql})`);
      return `iif(${own.join(' AND ')}, 0, ${1 << bit})`;
    });
    const base = query.conditions.filter(({ facet }) => facet === null).map(({ sql }) => `(${sql})`);
    const compared = filter.disagreement.length > 0 ? filter.disagreement : runIds;
    const columns = [
      `${failing.join(' + ') || '0'} AS failing`,
      'expressions.split',
      'kind',
      'expressions.category',
      'review_state',
      'failure_label',
      'corrected',
      'word_count',
      `${query.disagreementOf(compared)} AS disagreement`,
      ...runIds.map((runId, index) => `${query.iouOf(runId)} AS iou${index}`),
    ];
    const sql = `SELECT * FROM (SELECT ${columns.join(', ')} FROM ${query.from()}
      WHERE ${['dataset_id = @datasetId', ...base].join(' AND ')}) WHERE failing & (failing - 1) = 0`;
    return { sql, parameters: query.parameters, facets };
  }

  /** Attributes of the dataset that have few enough values to choose from, by name, with the most frequent values. */
  attributes(datasetId: number): AttributeSummary[] {
    const rows = this.#database
      .prepare(
        `SELECT each.key AS name, iif(each.type = 'real', NULL, each.value) AS value, each.type AS type,
           count(*) AS count
         FROM expressions, json_each(expressions.attributes) AS each
         WHERE dataset_id = ? GROUP BY 1, 2, 3`,
      )
      .all(datasetId) as { name: string; value: string | number | null; type: string; count: number }[];
    // Fractions are measurements.
    const measured = new Set(rows.filter(({ type }) => type === 'real').map(({ name }) => name));
    const byName = new Map<string, Map<string, number>>();
    for (const { name, value, type, count } of rows) {
      const values = byName.get(name) ?? new Map<string, number>();
      const printed = type === 'true' || type === 'false' ? type : String(value);
      byName.set(name, values.set(printed, (values.get(printed) ?? 0) + count));
    }
    return [...byName]
      .filter(([name, { size }]) => !measured.has(name) && size > 1 && size <= mostAttributeValues)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, values]) => ({
        name,
        distinct: values.size,
        values: sorted(values).sort((a, b) => b.count - a.count),
      }));
  }

  #resultsOf(expressionIds: string, runIds: string): Map<number, RowResult[]> {
    const rows = this.#database
      .prepare(
        `SELECT expression_id, run_id, method, coalesce(iou, 0) AS iou, box_x, box_y, box_width, box_height
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
      const result = { runId: row.run_id, method: row.method, box: boxFromColumns(row), iou: row.iou };
      const others = results.get(row.expression_id);
      if (others) others.push(result);
      else results.set(row.expression_id, [result]);
    }
    return results;
  }

  /** The runs that a filter names, or else the newest run of each method. */
  #comparedRuns(filter: BrowseFilter): number[] {
    const named = new Set([...filter.results.map(({ runId }) => runId), ...filter.disagreement]);
    if (named.size > 1) return [...named];
    return this.#database
      .prepare('SELECT max(id) FROM runs WHERE dataset_id = ? GROUP BY method')
      .pluck()
      .all(filter.datasetId) as number[];
  }
}
