/**
 * Full-text search that ignores case and accents and keeps up with edited texts, saved views of Browse, and the
 * image in the grid's covering index, so that grouping by image does not read the expressions themselves.
 */
export const browsing = `
CREATE VIRTUAL TABLE expression_texts USING fts5(
  text, content = 'expressions', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');
INSERT INTO expression_texts(expression_texts) VALUES ('rebuild');

CREATE TRIGGER expression_texts_added AFTER INSERT ON expressions BEGIN
  INSERT INTO expression_texts(rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER expression_texts_removed AFTER DELETE ON expressions BEGIN
  INSERT INTO expression_texts(expression_texts, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER expression_texts_edited AFTER UPDATE OF text ON expressions BEGIN
  INSERT INTO expression_texts(expression_texts, rowid, text) VALUES ('delete', old.id, old.text);
  INSERT INTO expression_texts(rowid, text) VALUES (new.id, new.text);
END;

DROP INDEX expressions_for_grid;
CREATE INDEX expressions_for_grid ON expressions(
  dataset_id, id, split, kind, category, review_state, failure_label, corrected, word_count, image_id);

-- The state is JSON of the contract's viewState. At most one view is the one that Browse starts with.
CREATE TABLE saved_views (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL COLLATE NOCASE UNIQUE,
  state TEXT NOT NULL,
  is_default INTEGER NOT NULL DEFAULT 0,
  saved_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX saved_views_default ON saved_views(is_default) WHERE is_default = 1;
`;
