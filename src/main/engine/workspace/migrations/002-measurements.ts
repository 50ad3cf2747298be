/**
 * More that is measured of each prediction, and evaluations that are kept. Predictions from before are measured by
 * version 1 of the rules until an evaluation first asks for them: SQL cannot measure.
 */
export const measurements = `
ALTER TABLE predictions ADD COLUMN boundary_f REAL;
-- Place of the first proposal that is right, in two orders; 0: none is.
ALTER TABLE predictions ADD COLUMN rank_by_similarity INTEGER;
ALTER TABLE predictions ADD COLUMN rank_by_score INTEGER;
ALTER TABLE predictions ADD COLUMN energy_in_box REAL;
ALTER TABLE predictions ADD COLUMN energy_in_mask REAL;
ALTER TABLE predictions ADD COLUMN map_auc REAL;
ALTER TABLE predictions ADD COLUMN attainable_iou REAL;
ALTER TABLE predictions ADD COLUMN measured_by INTEGER NOT NULL DEFAULT 1;

-- All that an evaluation asks of a run in one narrow pass: it never reads masks and texts.
CREATE INDEX predictions_for_evaluation ON predictions(
  run_id, expression_id, stale, box_x, box_y, box_width, box_height, score, iou, mask_intersection, mask_union,
  best_proposal_iou, point_inside, boundary_f, rank_by_similarity, rank_by_score, energy_in_box, energy_in_mask,
  map_auc, attainable_iou, measured_by);

-- The numbers as they were, beside what they were computed from. Deflated JSON.
CREATE TABLE saved_evaluations (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  options TEXT NOT NULL,
  revision INTEGER NOT NULL,
  result_hash TEXT NOT NULL,
  evaluation BLOB NOT NULL,
  author TEXT NOT NULL,
  saved_at TEXT NOT NULL
) STRICT;
CREATE INDEX saved_evaluations_by_dataset ON saved_evaluations(dataset_id, id);
`;
