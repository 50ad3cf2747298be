/**
 * What is done in many small transactions, so that other calls are answered in between, and must not stay half done.
 * A dataset that is removed is one no more from that moment on; what is left of it is cleared away afterwards, if need be
 * after the next start. Steps of a change of many expressions that is under way are taken back where it was cut off.
 */
export const inSlices = `
ALTER TABLE datasets ADD COLUMN removed_at TEXT;
CREATE TABLE unfinished_steps (
  step_id INTEGER PRIMARY KEY REFERENCES correction_steps(id) ON DELETE CASCADE
) STRICT;
`;
