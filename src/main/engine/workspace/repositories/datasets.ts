import type { Database, Statement } from 'better-sqlite3';
import type { DatasetFormat, DatasetSplit, DatasetSummary, ImportProblem } from '../../../../common/contract';
import type { DatasetContent, ValidDataset, ValidExpression, ValidReferent } from '../../datasets/model';
import { boxFromColumns, boxToColumns, fromJson, maskFromColumn, now, type BoxColumns } from '../columns';
import type { KeptParts } from './kept-parts';
import { referentAt, truthRevisionOf } from '../revision-sql';

export interface NewDataset extends ValidDataset {
  sourcePath: string;
  contentHash: string;
}

type DatasetCounts = Pick<
  DatasetSummary,
  'images' | 'referents' | 'expressions' | 'splits' | 'kinds' | 'categories' | 'repaired' | 'rejected'
>;

interface DatasetRow {
  id: number;
  name: string;
  description: string;
  licence: string;
  format: DatasetFormat;
  root: string;
  content_hash: string;
  imported_at: string;
}

interface ReferentRow extends BoxColumns {
  id: number;
  image_id: number;
  key: string;
  category: string;
  attributes: string;
  mask_counts: string | null;
}

interface ExpressionRow {
  image_id: number;
  referent_id: number | null;
  key: string;
  text: string;
  kind: string;
  split: string;
  category: string;
  attributes: string;
}

/**
 * Predictions first: each later step would else look for them row by row. `atOnce`: rows of a transaction; with fewer, more
 * time goes into ending transactions, and what hangs on a row of the others is removed with it.
 */
const clearedTables = [
  { table: 'predictions', owner: 'run_id IN (SELECT id FROM runs WHERE dataset_id = ?)', atOnce: 5_000 },
  { table: 'runs', owner: 'dataset_id = ?', atOnce: 1 },
  { table: 'expressions', owner: 'dataset_id = ?', atOnce: 2_000 },
  { table: 'referents', owner: 'dataset_id = ?', atOnce: 2_000 },
  { table: 'images', owner: 'dataset_id = ?', atOnce: 2_000 },
] as const;

/** Datasets as they were imported; corrections are revisions, and what a person adds are rows, beside that. */
export class DatasetsRepository {
  readonly #database: Database;
  /** Counting 100,000 expressions takes a while, and the counts of a dataset rarely change. */
  readonly #kept: KeptParts;

  constructor(database: Database, kept: KeptParts) {
    this.#database = database;
    this.#kept = kept;
  }

  /** Stores a whole dataset or, where anything fails, nothing. Returns its id. */
  insert(dataset: NewDataset): number {
    return this.#database.transaction(() => {
      const { lastInsertRowid } = this.#database
        .prepare(
          `INSERT INTO datasets (name, description, licence, format, source_path, root, content_hash, imported_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          dataset.name,
          dataset.description,
          dataset.licence,
          dataset.format,
          dataset.sourcePath,
          dataset.root,
          dataset.contentHash,
          now(),
        );
      const datasetId = Number(lastInsertRowid);
      const imageIds = this.#insertImages(datasetId, dataset);
      const referentIds = this.#insertReferents(datasetId, dataset.referents, imageIds);
      this.#withTextsAtOnce(datasetId, () =>
        this.#insertExpressions(datasetId, dataset.expressions, imageIds, referentIds),
      );
      this.#insertProblems(datasetId, dataset);
      // Whoever asks for the list of datasets next does not wait for it.
      this.#kept.set('counts', datasetId, JSON.stringify(this.#count(datasetId)));
      return datasetId;
    })();
  }

  /** In the order of import. */
  list(): DatasetSummary[] {
    const rows = this.#database
      .prepare('SELECT * FROM datasets WHERE removed_at IS NULL ORDER BY id')
      .all() as DatasetRow[];
    return rows.map((row) => this.#summary(row));
  }

  get(datasetId: number): DatasetSummary | null {
    const row = this.#database
      .prepare('SELECT * FROM datasets WHERE id = ? AND removed_at IS NULL')
      .get(datasetId) as DatasetRow | undefined;
    return row ? this.#summary(row) : null;
  }

  /** Datasets that a new one of this content or name would repeat. */
  similar(contentHash: string, name: string): { name: string; contentHash: string }[] {
    return this.#database
      .prepare(
        `SELECT name, content_hash AS contentHash FROM datasets
         WHERE (content_hash = ? OR name = ?) AND removed_at IS NULL ORDER BY id`,
      )
      .all(contentHash, name) as { name: string; contentHash: string }[];
  }

  problems(datasetId: number): { repaired: ImportProblem[]; rejected: ImportProblem[] } {
    const select = this.#database.prepare(
      `SELECT kind, location AS "where", message FROM dataset_problems
       WHERE dataset_id = ? AND disposition = ? ORDER BY rowid`,
    );
    return {
      repaired: select.all(datasetId, 'repaired') as ImportProblem[],
      rejected: select.all(datasetId, 'rejected') as ImportProblem[],
    };
  }

  /** From here on there is no such dataset; `clear` takes away what is left of it. */
  remove(datasetId: number): void {
    this.#database.prepare('UPDATE datasets SET removed_at = ? WHERE id = ?').run(now(), datasetId);
  }

  /** Removed datasets of which something is left. */
  removed(): number[] {
    return this.#database
      .prepare('SELECT id FROM datasets WHERE removed_at IS NOT NULL ORDER BY id')
      .pluck()
      .all() as number[];
  }

  /** How many rows `clear` has to take away. */
  left(datasetId: number): number {
    return clearedTables
      .map(({ table, owner }) => this.#database.prepare(`SELECT count(*) FROM ${table} WHERE ${owner}`))
      .reduce((sum, counted) => sum + (counted.pluck().get(datasetId) as number), 0);
  }

  /** Takes away what is left of a removed dataset, with all that hangs on it, in small transactions; yields their rows. */
  *clear(datasetId: number): Generator<number, void> {
    for (const { table, owner, atOnce } of clearedTables) {
      const some = this.#database.prepare(
        `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE ${owner} LIMIT ${atOnce})`,
      );
      for (;;) {
        const { changes } = some.run(datasetId);
        if (changes === 0) break;
        yield changes;
      }
    }
    this.#database.prepare('DELETE FROM datasets WHERE id = ? AND removed_at IS NOT NULL').run(datasetId);
  }

  /**
   * The dataset's content, with ground truth and texts as corrected or as imported. `at`: as corrected up to this
   * revision of the workspace, or its newest; texts have no revisions.
   */
  content(
    datasetId: number,
    groundTruth: 'corrected' | 'original',
    at: number | null = null,
  ): DatasetContent {
    const isOriginal = groundTruth === 'original';
    const given = { datasetId, revision: isOriginal ? 0 : (at ?? Number.MAX_SAFE_INTEGER) };
    const imageRows = this.#database
      .prepare('SELECT id, key, file, width, height, split FROM images WHERE dataset_id = ? ORDER BY id')
      .all(datasetId) as (DatasetContent['images'][number] & { id: number })[];
    const images = new Map(imageRows.map(({ id, ...image }) => [id, image]));
    const referentRows = this.#database
      .prepare(
        `SELECT referents.id, image_id, key, category, attributes, box_x, box_y, box_width, box_height, mask_counts
         FROM referents
           JOIN ground_truth ON referent_id = referents.id AND revision = ${truthRevisionOf('referents.id')}
         WHERE dataset_id = @datasetId AND (retired_revision IS NULL OR retired_revision > @revision)
         ORDER BY referents.id`,
      )
      .all(given) as ReferentRow[];
    const referents = new Map<number, ValidReferent>();
    for (const row of referentRows) {
      const image = images.get(row.image_id);
      if (!image) continue;
      referents.set(row.id, {
        key: row.key,
        imageKey: image.key,
        category: row.category,
        box: boxFromColumns(row),
        mask: maskFromColumn(row.mask_counts, image),
        attributes: fromJson(row.attributes),
      });
    }
    const expressionRows = this.#database
      .prepare(
        `SELECT image_id, ${referentAt()} AS referent_id, key, ${isOriginal ? 'original_text AS text' : 'text'}, kind, split,
           category, attributes
         FROM expressions WHERE dataset_id = @datasetId AND added_revision <= @revision ORDER BY id`,
      )
      .all(given) as ExpressionRow[];
    const expressions = expressionRows.map(
      ({ image_id, referent_id, attributes, ...row }): ValidExpression => ({
        ...row,
        imageKey: images.get(image_id)?.key ?? '',
        referentKey: referent_id === null ? null : (referents.get(referent_id)?.key ?? null),
        attributes: fromJson(attributes),
      }),
    );
    return { images: [...images.values()], referents: [...referents.values()], expressions };
  }

  #insertImages(datasetId: number, { images }: ValidDataset): Map<string, number> {
    const insert = this.#database.prepare(
      'INSERT INTO images (dataset_id, key, file, width, height, split) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const ids = new Map<string, number>();
    for (const { key, file, width, height, split } of images) {
      ids.set(key, idOf(insert, datasetId, key, file, width, height, split));
    }
    return ids;
  }

  #insertReferents(
    datasetId: number,
    referents: readonly ValidReferent[],
    imageIds: ReadonlyMap<string, number>,
  ): Map<string, number> {
    const insert = this.#database.prepare(
      'INSERT INTO referents (dataset_id, image_id, key, category, attributes) VALUES (?, ?, ?, ?, ?)',
    );
    const insertTruth = this.#database.prepare(
      `INSERT INTO ground_truth (referent_id, revision, box_x, box_y, box_width, box_height, mask_counts, source,
         run_id, author, saved_at)
       VALUES (?, 0, ?, ?, ?, ?, ?, 'imported', NULL, '', ?)`,
    );
    const savedAt = now();
    const ids = new Map<string, number>();
    for (const { key, imageKey, category, attributes, box, mask } of referents) {
      const id = idOf(insert, datasetId, imageIds.get(imageKey), key, category, JSON.stringify(attributes));
      insertTruth.run(id, ...boxToColumns(box), mask?.counts ?? null, savedAt);
      ids.set(key, id);
    }
    return ids;
  }

  #insertExpressions(
    datasetId: number,
    expressions: readonly ValidExpression[],
    imageIds: ReadonlyMap<string, number>,
    referentIds: ReadonlyMap<string, number>,
  ): void {
    const insert = this.#database.prepare(
      `INSERT INTO expressions (dataset_id, image_id, referent_id, key, text, original_text, kind, word_count,
         attributes, split, category)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    for (const { key, imageKey, referentKey, text, kind, attributes, split, category } of expressions) {
      insert.run(
        datasetId,
        imageIds.get(imageKey),
        referentKey === null ? null : referentIds.get(referentKey),
        key,
        text,
        text,
        kind,
        text.split(/\s+/).length,
        JSON.stringify(attributes),
        split,
        category,
      );
    }
  }

  /**
   * Texts that are given to the full-text index all at once take a quarter of the time that they take one by one. The
   * trigger that does that is away for as long, within the transaction: nobody else sees it gone.
   */
  #withTextsAtOnce(datasetId: number, insert: () => void): void {
    const trigger = this.#database
      .prepare("SELECT sql FROM sqlite_schema WHERE name = 'expression_texts_added'")
      .pluck()
      .get() as string;
    this.#database.exec('DROP TRIGGER expression_texts_added');
    insert();
    this.#database
      .prepare(
        'INSERT INTO expression_texts(rowid, text) SELECT id, text FROM expressions WHERE dataset_id = ?',
      )
      .run(datasetId);
    this.#database.exec(trigger);
  }

  #insertProblems(datasetId: number, { repaired, rejected }: ValidDataset): void {
    const insert = this.#database.prepare(
      'INSERT INTO dataset_problems (dataset_id, disposition, kind, location, message) VALUES (?, ?, ?, ?, ?)',
    );
    for (const { kind, where, message } of repaired) insert.run(datasetId, 'repaired', kind, where, message);
    for (const { kind, where, message } of rejected) insert.run(datasetId, 'rejected', kind, where, message);
  }

  #summary(row: DatasetRow): DatasetSummary {
    const kept = this.#kept.get('counts', row.id);
    if (kept !== null) return { ...ownColumns(row), ...fromJson<DatasetCounts>(kept) };
    const counts = this.#count(row.id);
    this.#kept.set('counts', row.id, JSON.stringify(counts));
    return { ...ownColumns(row), ...counts };
  }

  #count(datasetId: number): DatasetCounts {
    const number = (sql: string, ...values: string[]) =>
      this.#database
        .prepare(sql)
        .pluck()
        .get(datasetId, ...values) as number;
    const distinct = (column: 'kind' | 'category', table: 'expressions' | 'referents') =>
      this.#database
        .prepare(
          `SELECT DISTINCT ${column} FROM ${table} WHERE dataset_id = ? AND ${column} <> '' ORDER BY 1`,
        )
        .pluck()
        .all(datasetId) as string[];
    const problems = 'SELECT count(*) FROM dataset_problems WHERE dataset_id = ? AND disposition = ?';
    return {
      images: number('SELECT count(*) FROM images WHERE dataset_id = ?'),
      referents: number('SELECT count(*) FROM referents WHERE dataset_id = ? AND retired_revision IS NULL'),
      expressions: number('SELECT count(*) FROM expressions WHERE dataset_id = ?'),
      splits: this.#database
        .prepare(
          `SELECT split, count(DISTINCT image_id) AS images, count(*) AS expressions
           FROM expressions WHERE dataset_id = ? GROUP BY split ORDER BY min(id)`,
        )
        .all(datasetId) as DatasetSplit[],
      kinds: distinct('kind', 'expressions'),
      categories: distinct('category', 'referents'),
      repaired: number(problems, 'repaired'),
      rejected: number(problems, 'rejected'),
    };
  }
}

function ownColumns(row: DatasetRow): Omit<DatasetSummary, keyof DatasetCounts> {
  const { id, name, description, licence, format, root } = row;
  return {
    id,
    name,
    description,
    licence,
    format,
    root,
    importedAt: row.imported_at,
    contentHash: row.content_hash,
  };
}

function idOf(insert: Statement, ...values: unknown[]): number {
  return Number(insert.run(...values).lastInsertRowid);
}
