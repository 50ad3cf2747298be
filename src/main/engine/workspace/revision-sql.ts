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

/** The number of the ground truth of a referent that stood at the revision; NULL: it was no object yet. */
export function truthRevisionOf(referentId: string): string {
  return `(SELECT max(revision) FROM ground_truth WHERE referent_id = ${referentId} AND revision <= @revision)`;
}
