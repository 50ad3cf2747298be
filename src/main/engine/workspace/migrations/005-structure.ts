/**
 * What a person does to the structure of a dataset: notes, expressions and objects that were added, and which object an
 * expression means. Evaluations at an older revision see the structure as it was then.
 */
export const structure = `
ALTER TABLE expressions ADD COLUMN note TEXT NOT NULL DEFAULT '';
-- The workspace's revision that a person added it with; 0: imported.
ALTER TABLE expressions ADD COLUMN added_revision INTEGER NOT NULL DEFAULT 0;
-- Since this revision it is no object any more: merged into another, or its adding was undone. NULL: it is one.
ALTER TABLE referents ADD COLUMN retired_revision INTEGER;

-- Before its revision the expression meant this referent (NULL: none); what it means now is in expressions.
CREATE TABLE expression_links (
  expression_id INTEGER NOT NULL REFERENCES expressions(id) ON DELETE CASCADE,
  until_revision INTEGER NOT NULL,
  referent_id INTEGER REFERENCES referents(id) ON DELETE CASCADE,
  PRIMARY KEY (expression_id, until_revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX expression_links_by_revision ON expression_links(until_revision);
CREATE INDEX expression_links_by_referent ON expression_links(referent_id);
`;
