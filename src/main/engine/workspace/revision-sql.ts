/** Pieces of SQL that say what stood at a revision of the workspace. They expect the parameter `@revision`. */

/** Rows of `expressions` of a dataset or one of its splits that were there. Expects `@datasetId` and `@split`, too. */
export const inSelection = `expressions.dataset_id = @datasetId AND (@split IS NULL OR expressions.split = @split)
  AND expressions.added_revision <= @revision`;

/**
 * The referent that the row of `expressions` meant at a revision; NULL: none. As a rule no expression was linked anew
 * since, and nothing is looked up for each row.
 */
export function referentAt(revision = '@revision'): string {
  return `iif(${revision} >= (SELECT ifnull(max(until_revision), 0) FROM expression_links), expressions.referent_id,
    nullif(ifnull((SELECT ifnull(referent_id, 0) FROM expression_links
      WHERE expression_id = expressions.id AND until_revision > ${revision}
      ORDER BY until_revision LIMIT 1), ifnull(expressions.referent_id, 0)), 0))`;
}

/** The number of the ground truth of a referent that stood at a revision; NULL: it was no object yet. */
export function truthRevisionOf(referentId: string, revision = '@revision'): string {
  return `(SELECT max(revision) FROM ground_truth WHERE referent_id = ${referentId} AND revision <= ${revision})`;
}

/** Whether the row of `expressions` had another box or mask at the first revision than at `@revision`, or none. */
export function truthDiffersSince(first: string): string {
  return `(expressions.id IN (SELECT expression_id FROM expression_links)
      OR (SELECT current_revision FROM referents WHERE id = expressions.referent_id) > 0)
    AND EXISTS (
      SELECT 1 FROM (SELECT 1)
      LEFT JOIN ground_truth AS earlier
        ON earlier.referent_id = ${referentAt(first)}
          AND earlier.revision = ${truthRevisionOf(referentAt(first), first)}
      LEFT JOIN ground_truth AS used
        ON used.referent_id = ${referentAt()} AND used.revision = ${truthRevisionOf(referentAt())}
      WHERE earlier.box_x IS NOT used.box_x OR earlier.box_y IS NOT used.box_y
        OR earlier.box_width IS NOT used.box_width OR earlier.box_height IS NOT used.box_height
        OR earlier.mask_counts IS NOT used.mask_counts)`;
}
