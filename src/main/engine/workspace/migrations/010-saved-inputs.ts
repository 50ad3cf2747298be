/** Saved evaluations keep what they were computed from. Those from before have only their numbers and revision. */
export const savedInputs = `
-- A column of rows or facts (src/main/engine/evaluation/column-bytes.ts) by the SHA-256 of its bytes: evaluations that
-- were computed from the same one share it.
CREATE TABLE evaluation_columns (
  hash TEXT PRIMARY KEY,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE saved_evaluation_columns (
  saved_id INTEGER NOT NULL REFERENCES saved_evaluations(id) ON DELETE CASCADE,
  ground_truth TEXT NOT NULL CHECK (ground_truth IN ('corrected', 'original')),
  name TEXT NOT NULL,
  hash TEXT NOT NULL REFERENCES evaluation_columns(hash),
  PRIMARY KEY (saved_id, ground_truth, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX saved_evaluation_columns_by_hash ON saved_evaluation_columns(hash);

CREATE TRIGGER evaluation_columns_in_use AFTER DELETE ON saved_evaluation_columns
BEGIN
  DELETE FROM evaluation_columns
  WHERE hash = OLD.hash AND NOT EXISTS (SELECT 1 FROM saved_evaluation_columns WHERE hash = OLD.hash);
END;
`;
