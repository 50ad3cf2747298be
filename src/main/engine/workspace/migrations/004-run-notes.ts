/** A person's note on each run. */
export const runNotes = `
ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT '';
`;
