import type { Database, Statement } from 'better-sqlite3';
import type { ExpressionDetail, ImageInfo, ReviewState } from '../../../../common/contract';
import type { ImageBox } from '../../../../common/geometry/types';
import { boxFromColumns, fromJson, type BoxColumns } from '../columns';

export interface StoredExpression {
  id: number;
  imageId: number;
  referentId: number | null;
  text: string;
  originalText: string;
  kind: string;
  attributes: Record<string, string | number | boolean>;
  reviewState: ReviewState;
  failureLabel: string | null;
  note: string;
  /** Whether a person added it. */
  added: boolean;
}

interface ExpressionRow {
  id: number;
  image_id: number;
  referent_id: number | null;
  text: string;
  original_text: string;
  kind: string;
  attributes: string;
  review_state: ReviewState;
  failure_label: string | null;
  note: string;
  added_revision: number;
}

interface ImageRow {
  id: number;
  dataset_id: number;
  file: string;
  width: number;
  height: number;
  split: string;
  root: string;
}

export function countWords(text: string): number {
  return text.split(/\s+/).filter((word) => word !== '').length;
}

/** Expressions and the images they are about. */
export class ExpressionsRepository {
  readonly #get: Statement;
  readonly #first: Statement;
  readonly #siblings: Statement;
  readonly #objects: Statement;
  readonly #ofReferent: Statement;
  readonly #image: Statement;
  readonly #setText: Statement;
  readonly #setReviewState: Statement;
  readonly #setFailureLabel: Statement;
  readonly #setNote: Statement;
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    this.#get = database.prepare('SELECT * FROM expressions WHERE id = ?');
    this.#first = database.prepare('SELECT id FROM expressions ORDER BY id LIMIT 1').pluck();
    this.#siblings = database.prepare(
      'SELECT id, text, kind, referent_id AS referentId FROM expressions WHERE image_id = ? ORDER BY id',
    );
    this.#objects = database.prepare(
      `SELECT referents.id, category, box_x, box_y, box_width, box_height
       FROM referents LEFT JOIN ground_truth
         ON ground_truth.referent_id = referents.id AND revision = current_revision
       WHERE image_id = ? AND retired_revision IS NULL ORDER BY referents.id`,
    );
    this.#ofReferent = database
      .prepare('SELECT id FROM expressions WHERE referent_id = ? ORDER BY id')
      .pluck();
    this.#image = database.prepare(
      `SELECT images.id, dataset_id, file, width, height, split, root
       FROM images JOIN datasets ON datasets.id = images.dataset_id WHERE images.id = ?`,
    );
    this.#setText = database.prepare('UPDATE expressions SET text = ?, word_count = ? WHERE id = ?');
    this.#setReviewState = database.prepare('UPDATE expressions SET review_state = ? WHERE id = ?');
    this.#setNote = database.prepare('UPDATE expressions SET note = ? WHERE id = ?');
    this.#setFailureLabel = database.prepare('UPDATE expressions SET failure_label = ? WHERE id = ?');
  }

  get(expressionId: number): StoredExpression | null {
    const row = this.#get.get(expressionId) as ExpressionRow | undefined;
    if (!row) return null;
    return {
      id: row.id,
      imageId: row.image_id,
      referentId: row.referent_id,
      text: row.text,
      originalText: row.original_text,
      kind: row.kind,
      attributes: fromJson(row.attributes),
      reviewState: row.review_state,
      failureLabel: row.failure_label,
      note: row.note,
      added: row.added_revision > 0,
    };
  }

  /** Expressions by their image; those that do not exist are left out. */
  byImage(expressionIds: readonly number[]): Map<number, number[]> {
    const rows = this.#database
      .prepare(
        `SELECT expressions.id, image_id FROM json_each(?) AS wanted
           CROSS JOIN expressions ON expressions.id = wanted.value`,
      )
      .raw()
      .all(JSON.stringify(expressionIds)) as [number, number][];
    const images = new Map<number, number[]>();
    for (const [id, imageId] of rows) {
      const known = images.get(imageId);
      if (known) known.push(id);
      else images.set(imageId, [id]);
    }
    return images;
  }

  /** The first one of the workspace; null where it has none. */
  first(): StoredExpression | null {
    const expressionId = this.#first.get() as number | undefined;
    return expressionId === undefined ? null : this.get(expressionId);
  }

  /** All expressions of the image, in the dataset's order. */
  ofImage(imageId: number): ExpressionDetail['siblings'] {
    return this.#siblings.all(imageId) as ExpressionDetail['siblings'];
  }

  idsOfReferent(referentId: number): number[] {
    return this.#ofReferent.all(referentId) as number[];
  }

  /** The annotated objects of the image with their ground-truth boxes as they are now. */
  objectsOfImage(imageId: number): { referentId: number; category: string; box: ImageBox | null }[] {
    const rows = this.#objects.all(imageId) as ({ id: number; category: string } & BoxColumns)[];
    return rows.map((row) => ({ referentId: row.id, category: row.category, box: boxFromColumns(row) }));
  }

  /** The image, and the folder that its file name is relative to. */
  image(imageId: number): { info: ImageInfo; root: string } | null {
    const row = this.#image.get(imageId) as ImageRow | undefined;
    if (!row) return null;
    const { id, dataset_id: datasetId, file: fileName, width, height, split, root } = row;
    return { info: { id, datasetId, fileName, width, height, split }, root };
  }

  setText(expressionId: number, text: string): void {
    this.#setText.run(text, countWords(text), expressionId);
  }

  setReviewState(expressionId: number, state: ReviewState): void {
    this.#setReviewState.run(state, expressionId);
  }

  setFailureLabel(expressionId: number, label: string | null): void {
    this.#setFailureLabel.run(label, expressionId);
  }

  setNote(expressionId: number, note: string): void {
    this.#setNote.run(note, expressionId);
  }
}
