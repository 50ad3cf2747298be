import type { Database } from 'better-sqlite3';
import type {
  BrowseFilter,
  BrowseSort,
  ExpressionRow,
  FacetCount,
  Facets,
  MethodId,
  ReviewState,
  RowResult,
  RunFacet,
} from '../../../../common/contract';
import { boxFromColumns, type BoxColumns } from '../columns';
import { BrowseQuery, rightFrom, type FacetName, type Parameters } from './browse-query';

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

const histogramBins = 20;

/** The grid of expressions. Ids and facets are answered from covering indexes alone, but for the text search. */
export class BrowseRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All matching expressions in order. */
  ids(filter: BrowseFilter, sort: BrowseSort): number[] {
    const { sql, parameters } = this.idsStatement(filter, sort);
    return this.#database.prepare(sql).pluck().all(parameters) as number[];
  }

  /** The statement behind `ids`, apart so that tests can look at its query plan. */
  idsStatement(filter: BrowseFilter, sort: BrowseSort): { sql: string; parameters: Parameters } {
    const query = new BrowseQuery(filter);
    const order = query.orderBy(sort, sort.by === 'spread' ? this.#comparedRuns(filter) : []);
    const sql = `SELECT expressions.id FROM ${query.from()} WHERE ${query.where()} ORDER BY ${order}`;
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
      `${query.disagreementOf(compared)} AS disagreement`,
      ...runIds.map((runId, index) => `${query.iouOf(runId)} AS iou${index}`),
    ];
    const sql = `SELECT * FROM (SELECT ${columns.join(', ')} FROM ${query.from()}
      WHERE ${['dataset_id = @datasetId', ...base].join(' AND ')}) WHERE failing & (failing - 1) = 0`;
    return { sql, parameters: query.parameters, facets };
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

/** failing, split, kind, category, review state, failure label, corrected, disagreement, then each run's IoU. */
type FacetRow = [number, string, string, string, string, string | null, number, number, ...(number | null)[]];
const firstRunColumn = 8;

class FacetCounter {
  readonly #bits: ReadonlyMap<FacetName, number>;
  readonly #runs: RunFacet[];
  readonly #runBits: number[];
  readonly #splits = new Map<string, number>();
  readonly #kinds = new Map<string, number>();
  readonly #categories = new Map<string, number>();
  readonly #reviewStates = new Map<string, number>();
  readonly #failureLabels = new Map<string, number>();
  #total = 0;
  #corrected = 0;
  #disagreement = 0;

  constructor(facets: readonly FacetName[], runIds: readonly number[]) {
    this.#bits = new Map(facets.map((facet, bit) => [facet, 1 << bit]));
    this.#runs = runIds.map((runId) => ({
      runId,
      right: 0,
      wrong: 0,
      missing: 0,
      iouHistogram: new Array<number>(histogramBins).fill(0),
    }));
    this.#runBits = runIds.map((runId) => this.#bit(`run:${runId}`));
  }

  add(row: FacetRow): void {
    const [failing, split, kind, category, reviewState, failureLabel, corrected, disagreement] = row;
    const passes = (bit: number) => (failing & ~bit) === 0;
    if (failing === 0) this.#total += 1;
    if (passes(this.#bit('splits'))) increment(this.#splits, split);
    if (passes(this.#bit('kinds'))) increment(this.#kinds, kind);
    if (passes(this.#bit('categories'))) increment(this.#categories, category);
    if (passes(this.#bit('reviewStates'))) increment(this.#reviewStates, reviewState);
    if (failureLabel !== null && passes(this.#bit('failureLabels'))) {
      increment(this.#failureLabels, failureLabel);
    }
    if (passes(this.#bit('corrected'))) this.#corrected += corrected;
    if (passes(this.#bit('disagreement'))) this.#disagreement += disagreement;
    for (let index = 0; index < this.#runs.length; index += 1) {
      const run = this.#runs[index];
      if (run && passes(this.#runBits[index] ?? 0))
        countResult(run, row[firstRunColumn + index] as number | null);
    }
  }

  result(): Facets {
    return {
      total: this.#total,
      splits: sorted(this.#splits),
      kinds: sorted(this.#kinds),
      categories: sorted(this.#categories),
      reviewStates: sorted(this.#reviewStates),
      failureLabels: sorted(this.#failureLabels),
      corrected: this.#corrected,
      disagreement: this.#disagreement,
      runs: this.#runs,
    };
  }

  #bit(facet: FacetName): number {
    return this.#bits.get(facet) ?? 0;
  }
}

function countResult(run: RunFacet, iou: number | null): void {
  if (iou === null) {
    run.missing += 1;
    return;
  }
  if (iou >= rightFrom) run.right += 1;
  else run.wrong += 1;
  const bin = Math.min(histogramBins - 1, Math.floor(iou * histogramBins));
  run.iouHistogram[bin] = (run.iouHistogram[bin] ?? 0) + 1;
}

function increment(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function sorted(counts: ReadonlyMap<string, number>): FacetCount[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
}
