import { randomUUID } from 'node:crypto';
import type { Database, Statement } from 'better-sqlite3';
import type { Size } from '../../../../common/geometry/types';
import type { AddedExpression } from './corrections';
import { countWords } from './expressions';

/** Kind and category of what a person added: the dataset says neither. */
const addedKind = 'added';
/** Where the dataset of added images comes from: no path of this machine. */
export const ownSource = 'workspace:images';

/**
 * What a person does to the structure of a dataset: objects and expressions that are added or merged, and which object
 * an expression means. All of it is called inside a transaction, with the workspace's revision that it makes.
 */
export class StructureRepository {
  readonly #database: Database;
  readonly #noteLink: Statement;
  readonly #setLink: Statement;
  readonly #retire: Statement;
  readonly #removeExpression: Statement;

  constructor(database: Database) {
    this.#database = database;
    this.#noteLink = database.prepare(
      `INSERT INTO expression_links (expression_id, until_revision, referent_id)
       SELECT id, @revision, referent_id FROM expressions WHERE id = @expressionId`,
    );
    this.#setLink = database.prepare(
      `UPDATE expressions SET referent_id = @referentId,
         category = ifnull((SELECT category FROM referents WHERE id = @referentId), '')
       WHERE id = @expressionId`,
    );
    this.#retire = database.prepare('UPDATE referents SET retired_revision = ? WHERE id = ?');
    this.#removeExpression = database.prepare('DELETE FROM expressions WHERE id = ?');
  }

  /** From this revision on the expression means another referent, or none. */
  link(expressionId: number, referentId: number | null, revision: number): void {
    this.#noteLink.run({ expressionId, revision });
    this.#setLink.run({ expressionId, referentId });
  }

  /** A referent without ground truth; it is no object of its image until it is made to exist. Returns its id. */
  newReferent(imageId: number, category: string): number {
    const { lastInsertRowid } = this.#database
      .prepare(
        `INSERT INTO referents (dataset_id, image_id, key, category, attributes, retired_revision)
         SELECT dataset_id, id, ?, ?, '{}', 0 FROM images WHERE id = ?`,
      )
      .run(`${addedKind}-${randomUUID()}`, category, imageId);
    return Number(lastInsertRowid);
  }

  /** `retiredRevision`: since when it is no object of its image; null: it is one. */
  setRetired(referentId: number, retiredRevision: number | null): void {
    this.#retire.run(retiredRevision, referentId);
  }

  /** Of the image that the referent is on; null where there is no such object (any more). */
  object(referentId: number): { imageId: number; category: string } | null {
    const row = this.#database
      .prepare(
        'SELECT image_id AS imageId, category FROM referents WHERE id = ? AND retired_revision IS NULL',
      )
      .get(referentId) as { imageId: number; category: string } | undefined;
    return row ?? null;
  }

  newExpression(imageId: number, referentId: number | null, text: string): AddedExpression {
    return { imageId, referentId, key: `${addedKind}-${randomUUID()}`, text };
  }

  /** The id that the next expression gets. */
  nextExpressionId(): number {
    return this.#database.prepare('SELECT ifnull(max(id), 0) + 1 FROM expressions').pluck().get() as number;
  }

  addExpression(expressionId: number, row: AddedExpression, revision: number): void {
    this.#database
      .prepare(
        `INSERT INTO expressions (id, dataset_id, image_id, referent_id, key, text, original_text, kind, word_count,
           attributes, split, category, corrected, added_revision)
         SELECT @expressionId, dataset_id, id, @referentId, @key, @text, @text, '${addedKind}', @words, '{}', split,
           ifnull((SELECT category FROM referents WHERE id = @referentId), ''), 1, @revision
         FROM images WHERE id = @imageId`,
      )
      .run({ ...row, expressionId, words: countWords(row.text), revision });
  }

  /** With what the methods answered it; that can be had again. */
  removeExpression(expressionId: number): void {
    this.#removeExpression.run(expressionId);
  }

  datasetOf(imageId: number): number {
    return this.#database
      .prepare('SELECT dataset_id FROM images WHERE id = ?')
      .pluck()
      .get(imageId) as number;
  }

  /** The dataset of pictures that a person added; null: there is none yet. */
  ownDataset(): number | null {
    return this.#id('SELECT id FROM datasets WHERE source_path = ? AND removed_at IS NULL', ownSource);
  }

  /** Pictures that lie in the workspace go along when its folder is moved or copied. */
  followFolder(folder: string): void {
    this.#database
      .prepare('UPDATE datasets SET root = @folder WHERE source_path = @ownSource AND root <> @folder')
      .run({ folder, ownSource });
  }

  imageOfFile(datasetId: number, file: string): number | null {
    return this.#id('SELECT id FROM images WHERE dataset_id = ? AND file = ?', datasetId, file);
  }

  /** An image that a person added; it is in no split. */
  addImage(datasetId: number, image: Size & { file: string }): number {
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO images (dataset_id, key, file, width, height, split) VALUES (?, ?, ?, ?, ?, '')")
      .run(datasetId, image.file, image.file, image.width, image.height);
    return Number(lastInsertRowid);
  }

  #id(sql: string, ...values: unknown[]): number | null {
    return (
      (this.#database
        .prepare(sql)
        .pluck()
        .get(...values) as number | undefined) ?? null
    );
  }
}
