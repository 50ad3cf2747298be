/**
 * What is kept of answers that take long to make anew: `value` says which content is that of the workspace as it is, and is
 * gone, in the same transaction, once anything that the answer is made of changes. The content itself may lie elsewhere.
 *
 * - 'counts': of the dataset; the value is the answer.
 * - 'expressions', 'attributes', 'texts': columns of the dataset that Browse asks, one row an expression; 'run': those of
 *   a run, in the same rows.
 */
export const keptParts = `
CREATE TABLE kept_parts (
  what TEXT NOT NULL CHECK (what IN ('counts', 'expressions', 'attributes', 'texts', 'run')),
  id INTEGER NOT NULL, value TEXT NOT NULL, PRIMARY KEY (what, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER kept_parts_dataset_removed AFTER DELETE ON datasets BEGIN
  DELETE FROM kept_parts WHERE id = old.id AND what <> 'run';
END;
CREATE TRIGGER kept_parts_image_added AFTER INSERT ON images BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_image_removed AFTER DELETE ON images BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = old.dataset_id;
END;
CREATE TRIGGER kept_parts_problem_added AFTER INSERT ON dataset_problems BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_referent_added AFTER INSERT ON referents BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_referent_removed AFTER DELETE ON referents BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = old.dataset_id;
END;
CREATE TRIGGER kept_parts_referent_changed AFTER UPDATE OF category, retired_revision ON referents BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_expression_added AFTER INSERT ON expressions BEGIN
  DELETE FROM kept_parts WHERE id = new.dataset_id AND what <> 'run';
  DELETE FROM kept_parts WHERE what = 'run' AND id IN (SELECT id FROM runs WHERE dataset_id = new.dataset_id);
END;
CREATE TRIGGER kept_parts_expression_removed AFTER DELETE ON expressions BEGIN
  DELETE FROM kept_parts WHERE id = old.dataset_id AND what <> 'run';
  DELETE FROM kept_parts WHERE what = 'run' AND id IN (SELECT id FROM runs WHERE dataset_id = old.dataset_id);
END;
CREATE TRIGGER kept_parts_expression_changed AFTER UPDATE ON expressions BEGIN
  DELETE FROM kept_parts WHERE what = 'expressions' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_expression_counted AFTER UPDATE OF split, kind, image_id ON expressions BEGIN
  DELETE FROM kept_parts WHERE what = 'counts' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_attributes_changed AFTER UPDATE OF attributes ON expressions BEGIN
  DELETE FROM kept_parts WHERE what = 'attributes' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_text_changed AFTER UPDATE OF text ON expressions BEGIN
  DELETE FROM kept_parts WHERE what = 'texts' AND id = new.dataset_id;
END;
CREATE TRIGGER kept_parts_prediction_added AFTER INSERT ON predictions BEGIN
  DELETE FROM kept_parts WHERE what = 'run' AND id = new.run_id;
END;
CREATE TRIGGER kept_parts_prediction_removed AFTER DELETE ON predictions BEGIN
  DELETE FROM kept_parts WHERE what = 'run' AND id = old.run_id;
END;
CREATE TRIGGER kept_parts_prediction_changed AFTER UPDATE ON predictions BEGIN
  DELETE FROM kept_parts WHERE what = 'run' AND id = new.run_id;
END;
`;
