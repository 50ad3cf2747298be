/** The first schema. Geometry is in pixels of the oriented image; masks are COCO counts (size is the image's). */
export const initialSchema = `
CREATE TABLE datasets (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  licence TEXT NOT NULL,
  format TEXT NOT NULL,
  source_path TEXT NOT NULL,
  root TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  imported_at TEXT NOT NULL
) STRICT;

CREATE TABLE dataset_problems (
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  disposition TEXT NOT NULL CHECK (disposition IN ('repaired', 'rejected')),
  kind TEXT NOT NULL,
  location TEXT NOT NULL,
  message TEXT NOT NULL
) STRICT;
CREATE INDEX dataset_problems_by_dataset ON dataset_problems(dataset_id, disposition);

CREATE TABLE images (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  file TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  split TEXT NOT NULL,
  UNIQUE (dataset_id, key)
) STRICT;

CREATE TABLE referents (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  category TEXT NOT NULL,
  attributes TEXT NOT NULL,
  current_revision INTEGER NOT NULL DEFAULT 0,
  UNIQUE (dataset_id, key)
) STRICT;
CREATE INDEX referents_by_image ON referents(image_id);

-- Every state a referent's ground truth ever had; revision 0 is the imported original and never changes.
CREATE TABLE ground_truth (
  referent_id INTEGER NOT NULL REFERENCES referents(id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  box_x REAL, box_y REAL, box_width REAL, box_height REAL,
  mask_counts TEXT,
  source TEXT NOT NULL,
  run_id INTEGER,
  author TEXT NOT NULL,
  saved_at TEXT NOT NULL,
  PRIMARY KEY (referent_id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE expressions (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
  referent_id INTEGER REFERENCES referents(id) ON DELETE SET NULL,
  key TEXT NOT NULL,
  text TEXT NOT NULL,
  original_text TEXT NOT NULL,
  kind TEXT NOT NULL,
  word_count INTEGER NOT NULL,
  attributes TEXT NOT NULL,
  -- Copies of the image's split and the referent's category, so that the grid filters one table.
  split TEXT NOT NULL,
  category TEXT NOT NULL,
  corrected INTEGER NOT NULL DEFAULT 0,
  review_state TEXT NOT NULL DEFAULT 'unreviewed',
  failure_label TEXT,
  UNIQUE (dataset_id, key)
) STRICT;
CREATE INDEX expressions_by_image ON expressions(image_id);
CREATE INDEX expressions_by_referent ON expressions(referent_id);
CREATE INDEX expressions_for_grid
  ON expressions(dataset_id, id, split, kind, category, review_state, failure_label, corrected, word_count);

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  pack_id TEXT NOT NULL,
  pack_name TEXT NOT NULL,
  pack_version TEXT NOT NULL,
  pack_hash TEXT NOT NULL,
  settings TEXT NOT NULL,
  settings_hash TEXT NOT NULL,
  provider TEXT NOT NULL,
  versions TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (dataset_id, method, pack_hash, settings_hash)
) STRICT;

CREATE TABLE predictions (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  expression_id INTEGER NOT NULL REFERENCES expressions(id) ON DELETE CASCADE,
  box_x REAL, box_y REAL, box_width REAL, box_height REAL,
  score REAL,
  -- Measured against the current ground truth; measured anew when that changes.
  iou REAL,
  mask_intersection INTEGER,
  mask_union INTEGER,
  best_proposal_iou REAL,
  point_inside INTEGER,
  missing_reason TEXT NOT NULL,
  -- The expression's text as the method read it, and whether that was edited since: it then counts as not answered.
  answered_text TEXT NOT NULL,
  stale INTEGER NOT NULL DEFAULT 0,
  timings TEXT NOT NULL,
  mask_counts TEXT,
  UNIQUE (run_id, expression_id)
) STRICT;
-- Both hold all that the grid asks, so that it never reads the predictions themselves.
CREATE INDEX predictions_by_result ON predictions(run_id, expression_id, iou, stale);
CREATE INDEX predictions_by_expression ON predictions(expression_id, run_id, iou, stale);

-- Apart from the predictions, so that lists never read past it. Deflated JSON.
CREATE TABLE prediction_evidence (
  prediction_id INTEGER PRIMARY KEY REFERENCES predictions(id) ON DELETE CASCADE,
  evidence BLOB NOT NULL
) STRICT;

CREATE TABLE prediction_failures (
  run_id INTEGER NOT NULL REFERENCES runs(id) ON DELETE CASCADE,
  expression_id INTEGER NOT NULL REFERENCES expressions(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  message TEXT NOT NULL,
  PRIMARY KEY (run_id, expression_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX prediction_failures_by_expression ON prediction_failures(expression_id);

-- The undo stack of each image. A step that is undone stays until another change is made.
CREATE TABLE correction_steps (
  id INTEGER PRIMARY KEY,
  image_id INTEGER NOT NULL REFERENCES images(id) ON DELETE CASCADE,
  label TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0,
  author TEXT NOT NULL,
  made_at TEXT NOT NULL
) STRICT;
CREATE INDEX correction_steps_by_image ON correction_steps(image_id, undone, id);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  state TEXT NOT NULL,
  job TEXT NOT NULL,
  request TEXT NOT NULL
) STRICT;

CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- One row: counts up with every change of ground truth in the workspace.
CREATE TABLE state (id INTEGER PRIMARY KEY CHECK (id = 1), revision INTEGER NOT NULL) STRICT;
INSERT INTO state (id, revision) VALUES (1, 0);
`;
