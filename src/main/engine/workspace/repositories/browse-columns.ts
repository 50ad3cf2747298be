/** The columns of one dataset: taken from the disk or read from the workspace, and kept up with what changes. */
import type { Database } from 'better-sqlite3';
import { textTerms } from '../../../../common/query/filter';
import { placeOfId } from '../../../../common/sorted-ids';
import {
  rowsOf,
  type CodedColumn,
  type Columns,
  type MoreColumns,
  type ResultColumns,
} from '../../browse/columns';
import { KeptPart, type PartKeeper, type PartName } from '../../browse/kept-part';
import {
  packAttributes,
  packExpressions,
  packResults,
  unpackAttributes,
  unpackExpressions,
  unpackResults,
} from '../../browse/pack-columns';
import type { NamedRows, Selection } from '../../browse/select';
import { moveText, textRanks } from '../../browse/text-order';
import type { BrowseChanges } from './browse-changes';
import { BrowseReader } from './browse-reader';

/** Text searches whose rows are kept: what is typed is asked for several times. */
const keptSearches = 8;
/** Results of runs that are kept; 9 bytes an expression each. */
const keptRuns = 12;
/** Orders by results that are kept; 4 bytes an expression each. */
const keptOrders = 8;
/** To give more texts their places one by one takes longer than to read the order anew. */
const mostMoved = 20;

/** What a list or counts are made of, beside the expressions' own columns. */
export interface Needs {
  runIds: readonly number[];
  attributes: boolean;
  texts: boolean;
}

export class DatasetColumns implements MoreColumns, NamedRows {
  /** The last filter, as text, and what it selects: counts and another order ask for the same. */
  selected: { filter: string; selection: Selection } | null = null;
  readonly #database: Database;
  readonly #datasetId: number;
  readonly #keeper: PartKeeper;
  readonly #reader: BrowseReader;
  readonly #expressions: KeptPart<Columns>;
  readonly #attributes: KeptPart<ReadonlyMap<string, CodedColumn<string | null>>>;
  readonly #textRanks: KeptPart<Int32Array>;
  readonly #runs = new Map<number, KeptPart<ResultColumns>>();
  readonly #orders = new Map<string, Int32Array>();
  readonly #searches = new Map<string, Uint8Array>();

  constructor(database: Database, datasetId: number, keeper: PartKeeper) {
    this.#database = database;
    this.#datasetId = datasetId;
    this.#keeper = keeper;
    const reader = new BrowseReader(database, datasetId);
    this.#reader = reader;
    const part = (what: PartName['what']) => ({ what, id: datasetId });
    this.#expressions = new KeptPart(
      {
        part: part('expressions'),
        read: () => reader.expressions(),
        pack: packExpressions,
        unpack: unpackExpressions,
      },
      keeper,
    );
    this.#attributes = new KeptPart(
      {
        part: part('attributes'),
        read: () => reader.attributes(this.columns.ids),
        pack: packAttributes,
        unpack: unpackAttributes,
      },
      keeper,
    );
    this.#textRanks = new KeptPart(
      {
        part: part('texts'),
        read: () => textRanks(this.columns.ids, (after) => reader.textsAfter(after)),
        pack: (ranks) => ({ ranks }),
        unpack: ({ ranks }) => ranks as Int32Array,
      },
      keeper,
    );
  }

  get columns(): Columns {
    return this.#expressions.value();
  }

  results(runId: number): ResultColumns {
    return this.#run(runId).value();
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

  /** Reads a piece of what is needed; true: all of it is there. */
  read({ runIds, attributes, texts }: Needs): boolean {
    return (
      this.#expressions.step() &&
      runIds.every((runId) => this.#run(runId).step()) &&
      (!attributes || this.#attributes.step()) &&
      (!texts || this.#textRanks.step())
    );
  }

  /** Keeps on the disk, in pieces, what was read. `follow` takes in what changed; false: these columns are given up. */
  *keep(follow: () => boolean): Generator<void, void> {
    for (const part of [this.#expressions, this.#attributes, this.#textRanks, ...this.#runs.values()]) {
      if (!follow()) return;
      yield* part.keep(follow);
    }
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
    const { expressions, predictions, runs, texts } = changes;
    if (texts.length > 0) this.#followTexts(texts);
    for (const runId of runs) this.#runs.delete(runId);
    if (runs.size + predictions.size > 0) this.#orders.clear();
    if (texts.length + runs.size + expressions.length + predictions.size > 0) this.selected = null;
    if (expressions.length > 0) {
      this.#expressions.follow((columns) => this.#reader.expressionsAnew(columns, expressions));
    }
    for (const [runId, expressionIds] of predictions) {
      this.#runs
        .get(runId)
        ?.follow((results) => this.#reader.resultsAnew(this.columns.ids, results, runId, expressionIds));
    }
    return true;
  }

  #run(runId: number): KeptPart<ResultColumns> {
    const known = this.#runs.get(runId);
    if (known) return known;
    const run = new KeptPart<ResultColumns>(
      {
        part: { what: 'run', id: runId },
        read: () => this.#reader.results(this.columns.ids, runId),
        pack: packResults,
        unpack: unpackResults,
      },
      this.#keeper,
    );
    const [oldest] = this.#runs.keys();
    if (this.#runs.size >= keptRuns && oldest !== undefined) this.#runs.delete(oldest);
    this.#runs.set(runId, run);
    return run;
  }

  #followTexts(expressionIds: readonly number[]): void {
    this.#searches.clear();
    if (!this.#textRanks.isMade || expressionIds.length > mostMoved) {
      this.#textRanks.forget();
      return;
    }
    const { ids } = this.columns;
    const own = expressionIds.filter((id) => placeOfId(ids, id) >= 0);
    if (own.length === 0) return;
    this.#textRanks.follow((ranks) => {
      // The places of texts that were not moved yet are not those of today.
      const unmoved = new Set(own);
      for (const id of own) {
        const { same, next } = this.#reader.besideText(id, unmoved);
        const rowOf = (other: number | null) => (other === null ? null : placeOfId(ids, other));
        moveText(ranks, placeOfId(ids, id), rowOf(same), rowOf(next));
        unmoved.delete(id);
      }
    });
  }
}

/** The search as FTS5 takes it: words match by their beginning, phrases as they are. null: nothing is searched for. */
function textMatch(text: string): string | null {
  const terms = textTerms(text);
  if (terms.length === 0) return null;
  return terms.map((term) => `"${term}"${term.includes(' ') ? '' : '*'}`).join(' AND ');
}
