/** What a pack's parts do alone and how much of the text its methods use. A row is JSON of the contract's `Probe`. */
export const probes = `
CREATE TABLE probes (
  id INTEGER PRIMARY KEY,
  dataset_id INTEGER NOT NULL REFERENCES datasets(id) ON DELETE CASCADE,
  created_at TEXT NOT NULL,
  probe TEXT NOT NULL
) STRICT;
CREATE INDEX probes_by_dataset ON probes(dataset_id);
`;
