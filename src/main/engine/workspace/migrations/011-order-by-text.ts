/** The order by text is read from an index, which imports make by the way: a million texts take seconds to sort. */
export const orderByText = `
CREATE INDEX expressions_by_text ON expressions(dataset_id, text COLLATE NOCASE);
`;
