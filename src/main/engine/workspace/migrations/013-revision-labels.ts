/** What a revision of a ground truth was, in the words of its step; those from before have only their source. */
export const revisionLabels = `
ALTER TABLE ground_truth ADD COLUMN label TEXT;
`;
