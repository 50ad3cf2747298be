/** Which of a pack's variants a run used; earlier runs used the only one there was. */
export const runVariant = `
ALTER TABLE runs ADD COLUMN variant TEXT NOT NULL DEFAULT 'float32';
`;
