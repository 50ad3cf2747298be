/** What answers about an image are measured and judged by, as the workspace has it at this moment. */
import type { Database, Statement } from 'better-sqlite3';
import type { Size } from '../../../../common/geometry/types';
import type { AnnotatedObject } from '../../evaluation/facts';
import type { Truth } from '../../evaluation/measure';
import { boxFromColumns, maskFromColumn, type BoxColumns } from '../columns';

export interface ImageTruth {
  /** In pixels. */
  size: Size;
  /** Those with a box that are objects of the image: not what was merged into another. */
  objects: AnnotatedObject[];
  /** By referent. */
  truths: ReadonlyMap<number, Truth>;
}

interface ReferentRow extends BoxColumns, Size {
  /** null: the image has no referents. */
  id: number | null;
  category: string;
  mask_counts: string | null;
  retired_revision: number | null;
}

export class ImageTruths {
  readonly #referents: Statement;

  constructor(database: Database) {
    this.#referents = database.prepare(
      `SELECT referents.id, category, width, height, box_x, box_y, box_width, box_height, mask_counts,
         retired_revision
       FROM images
         LEFT JOIN referents ON image_id = images.id
         LEFT JOIN ground_truth ON referent_id = referents.id AND revision = current_revision
       WHERE images.id = ?`,
    );
  }

  of(imageId: number): ImageTruth {
    const rows = this.#referents.all(imageId) as ReferentRow[];
    const { width, height } = rows[0] ?? { width: 0, height: 0 };
    const truths = new Map<number, Truth>();
    const objects: AnnotatedObject[] = [];
    for (const row of rows) {
      if (row.id === null) continue;
      const box = boxFromColumns(row);
      truths.set(row.id, { box, mask: maskFromColumn(row.mask_counts, row) });
      if (box && row.retired_revision === null) {
        objects.push({ referentId: row.id, category: row.category, box });
      }
    }
    return { size: { width, height }, objects, truths };
  }

  /** As `of`, reading an image that is asked for again and again but once: only while the ground truth stays. */
  readingOnce(): (imageId: number) => ImageTruth {
    let newest: { imageId: number; truth: ImageTruth } | null = null;
    return (imageId) => {
      if (newest?.imageId !== imageId) newest = { imageId, truth: this.of(imageId) };
      return newest.truth;
    };
  }
}
