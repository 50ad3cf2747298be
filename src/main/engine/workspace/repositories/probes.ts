import type { Database } from 'better-sqlite3';
import type { Probe } from '../../../../common/contract';
import type { NewProbe, ProbedImage, ProbeRequest } from '../../probes/probe';
import { boxFromColumns, fromJson, maskFromColumn, now, type BoxColumns } from '../columns';

interface ReferentRow extends BoxColumns {
  id: number;
  mask_counts: string | null;
}

interface ProbeRow {
  id: number;
  created_at: string;
  probe: string;
}

/** What probes read, and what they found. */
export class ProbesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Images with an expression that means something, each with the present ground truth of all its referents. */
  images({ datasetId, split, images }: ProbeRequest): ProbedImage[] {
    const rows = this.#database
      .prepare(
        `SELECT id, width, height FROM images
         WHERE dataset_id = @datasetId AND (@split IS NULL OR split = @split) AND EXISTS (
           SELECT 1 FROM expressions JOIN referents ON referents.id = expressions.referent_id
             JOIN ground_truth ON ground_truth.referent_id = referents.id AND revision = current_revision
           WHERE expressions.image_id = images.id AND box_x IS NOT NULL)
         ORDER BY id LIMIT @limit`,
      )
      .all({ datasetId, split, limit: images ?? -1 }) as { id: number; width: number; height: number }[];
    const referents = this.#database.prepare(
      `SELECT referents.id, box_x, box_y, box_width, box_height, mask_counts
       FROM referents JOIN ground_truth ON referent_id = referents.id AND revision = current_revision
       WHERE image_id = ? ORDER BY referents.id`,
    );
    const expressions = this.#database.prepare(
      `SELECT text, kind, referent_id AS referentId FROM expressions
       WHERE image_id = ? AND referent_id IS NOT NULL ORDER BY id`,
    );
    return rows.map((image) => {
      const truths = (referents.all(image.id) as ReferentRow[]).map((row) => ({
        id: row.id,
        box: boxFromColumns(row),
        mask: maskFromColumn(row.mask_counts, image),
      }));
      const boxes = new Map(truths.map(({ id, box }) => [id, box]));
      const asked = expressions.all(image.id) as { text: string; kind: string; referentId: number }[];
      return {
        imageId: image.id,
        referents: truths,
        expressions: asked.flatMap(({ text, kind, referentId }) => {
          const box = boxes.get(referentId);
          return box ? [{ text, kind, box }] : [];
        }),
      };
    });
  }

  add(probe: NewProbe): number {
    return this.#database
      .prepare('INSERT INTO probes (dataset_id, created_at, probe) VALUES (?, ?, ?) RETURNING id')
      .pluck()
      .get(probe.datasetId, now(), JSON.stringify(probe)) as number;
  }

  /** The newest first. */
  list(): Probe[] {
    const rows = this.#database.prepare('SELECT id, created_at, probe FROM probes ORDER BY id DESC').all();
    return (rows as ProbeRow[]).map(({ id, created_at, probe }) => ({
      id,
      createdAt: created_at,
      ...fromJson<NewProbe>(probe),
    }));
  }

  remove(probeId: number): void {
    this.#database.prepare('DELETE FROM probes WHERE id = ?').run(probeId);
  }
}
