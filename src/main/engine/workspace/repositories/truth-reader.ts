/** Ground truth of a referent as it was saved at a revision. */
import type { Database, Statement } from 'better-sqlite3';
import type { Size } from '../../../../common/geometry/types';
import type { Truth } from '../../evaluation/measure';
import { boxFromColumns, maskFromColumn, type BoxColumns } from '../columns';

export class TruthReader {
  readonly #select: Statement;

  constructor(database: Database) {
    this.#select = database.prepare('SELECT * FROM ground_truth WHERE referent_id = ? AND revision = ?');
  }

  /** Without box and mask where nothing was saved at just that revision. `image`: the size that the mask has. */
  at(referentId: number, revision: number, image: Size): Truth {
    const row = this.#select.get(referentId, revision) as
      (BoxColumns & { mask_counts: string | null }) | undefined;
    return {
      box: row ? boxFromColumns(row) : null,
      mask: row ? maskFromColumn(row.mask_counts, image) : null,
    };
  }
}
