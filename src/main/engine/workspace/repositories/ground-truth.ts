import type { Database, Statement } from 'better-sqlite3';
import type { GeometrySource, GroundTruthRevision } from '../../../../common/contract';
import type { ImageBox, RunLengthMask, Size } from '../../../../common/geometry/types';
import { referentAt } from '../revision-sql';
import { boxFromColumns, boxToColumns, maskFromColumn, now, type BoxColumns } from '../columns';

export interface Geometry {
  box: ImageBox | null;
  mask: RunLengthMask | null;
}

/** A referent's ground truth as it is now, beside what was imported. */
export interface ReferentTruth extends Geometry {
  referentId: number;
  imageId: number;
  image: Size;
  category: string;
  revision: number;
  /** Whose prediction was accepted; null for all else. */
  runId: number | null;
  /** The first it had: what was imported or, of an object that a person added, what was added. */
  original: Geometry;
}

interface TruthRow extends BoxColumns {
  mask_counts: string | null;
  revision: number;
  run_id: number | null;
}

interface ReferentRow {
  id: number;
  image_id: number;
  category: string;
  current_revision: number;
  width: number;
  height: number;
}

interface HistoryRow extends TruthRow {
  source: GeometrySource;
  label: string | null;
  author: string;
  saved_at: string;
}

/** Which revisions of a history: between two others, where they are given, and so many at most. */
export interface HistoryPart {
  newerThan: number | null;
  olderThan: number | null;
  limit: number;
}

/** Every state that a referent's ground truth had. Rows are only ever added: the imported revision 0 never changes. */
export class GroundTruthRepository {
  readonly #referent: Statement;
  readonly #revision: Statement;
  readonly #first: Statement;
  readonly #history: Statement;
  readonly #count: Statement;
  readonly #insert: Statement;
  readonly #setCurrent: Statement;
  readonly #setCorrected: Statement;
  readonly #workspaceRevision: Statement;

  constructor(database: Database) {
    this.#referent = database.prepare(
      `SELECT referents.id, image_id, category, current_revision, width, height
       FROM referents JOIN images ON images.id = referents.image_id WHERE referents.id = ?`,
    );
    this.#revision = database.prepare(
      `SELECT revision, box_x, box_y, box_width, box_height, mask_counts, run_id
       FROM ground_truth WHERE referent_id = ? AND revision = ?`,
    );
    this.#first = database.prepare(
      `SELECT revision, box_x, box_y, box_width, box_height, mask_counts, run_id
       FROM ground_truth WHERE referent_id = ? ORDER BY revision LIMIT 1`,
    );
    this.#history = database.prepare(
      `SELECT * FROM ground_truth
       WHERE referent_id = @referentId AND revision > ifnull(@newerThan, -1)
         AND revision < ifnull(@olderThan, 9e15)
       ORDER BY revision DESC LIMIT @limit`,
    );
    this.#count = database.prepare('UPDATE state SET revision = revision + 1 RETURNING revision').pluck();
    this.#insert = database.prepare(
      `INSERT INTO ground_truth (referent_id, revision, box_x, box_y, box_width, box_height, mask_counts,
         source, run_id, label, author, saved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#setCurrent = database.prepare('UPDATE referents SET current_revision = ? WHERE id = ?');
    this.#setCorrected = database.prepare(
      `UPDATE expressions SET corrected = text <> original_text OR added_revision > 0
         OR referent_id IS NOT ${referentAt('0')}
         OR EXISTS (
         SELECT 1 FROM referents
           JOIN ground_truth AS current
             ON current.referent_id = referents.id AND current.revision = referents.current_revision
           JOIN ground_truth AS original ON original.referent_id = referents.id
             AND original.revision = (SELECT min(revision) FROM ground_truth WHERE referent_id = referents.id)
         WHERE referents.id = expressions.referent_id
           AND (current.box_x IS NOT original.box_x OR current.box_y IS NOT original.box_y
             OR current.box_width IS NOT original.box_width OR current.box_height IS NOT original.box_height
             OR current.mask_counts IS NOT original.mask_counts))
       WHERE referent_id = @referentId OR id = @expressionId`,
    );
    this.#workspaceRevision = database.prepare('SELECT revision FROM state').pluck();
  }

  /** null: there is no such referent. */
  of(referentId: number): ReferentTruth | null {
    const referent = this.#referent.get(referentId) as ReferentRow | undefined;
    if (!referent) return null;
    const image: Size = { width: referent.width, height: referent.height };
    const current = this.#revision.get(referentId, referent.current_revision) as TruthRow | undefined;
    const original = this.#first.get(referentId) as TruthRow | undefined;
    return {
      ...geometryOf(current, image),
      referentId,
      imageId: referent.image_id,
      image,
      category: referent.category,
      revision: referent.current_revision,
      runId: current?.run_id ?? null,
      original: geometryOf(original, image),
    };
  }

  /** Newest first; empty where there is no such referent. */
  history(referentId: number, part: HistoryPart): GroundTruthRevision[] {
    const referent = this.#referent.get(referentId) as ReferentRow | undefined;
    if (!referent) return [];
    return (this.#history.all({ referentId, ...part }) as HistoryRow[]).map((row) => ({
      ...geometryOf(row, referent),
      revision: row.revision,
      referentId,
      source: row.source,
      label: row.label,
      runId: row.run_id,
      author: row.author,
      savedAt: row.saved_at,
      current: row.revision === referent.current_revision,
    }));
  }

  /** Adds a revision, makes it the current one and returns its number. Call inside a transaction. */
  add(
    referentId: number,
    geometry: Geometry,
    made: { source: GeometrySource; runId: number | null; label: string; author: string },
  ): number {
    const revision = this.#count.get() as number;
    const { box, mask } = geometry;
    this.#insert.run(
      referentId,
      revision,
      ...boxToColumns(box),
      mask?.counts ?? null,
      made.source,
      made.runId,
      made.label,
      made.author,
      now(),
    );
    this.#setCurrent.run(revision, referentId);
    return revision;
  }

  /** Counts up the workspace's revision: the structure changed, not the geometry of one referent. Inside a transaction. */
  countUp(): number {
    return this.#count.get() as number;
  }

  /** Marks the expressions of a referent, or one expression, as corrected where they differ from what was imported. */
  markCorrected(which: { referentId: number } | { expressionId: number }): void {
    this.#setCorrected.run({ referentId: null, expressionId: null, ...which });
  }

  /** The newest revision of the whole workspace. */
  workspaceRevision(): number {
    return this.#workspaceRevision.get() as number;
  }
}

function geometryOf(row: TruthRow | undefined, image: Size): Geometry {
  return row
    ? { box: boxFromColumns(row), mask: maskFromColumn(row.mask_counts, image) }
    : { box: null, mask: null };
}
