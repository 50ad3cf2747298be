/**
 * How long the methods of packs take on this machine, as measured last under the same conditions. The hash is a run's:
 * what was measured of other files or settings under the pack's name is not shown. The measurement is JSON.
 */
export const latencies = `
CREATE TABLE pack_latencies (
  pack_id TEXT NOT NULL,
  pack_hash TEXT NOT NULL,
  provider TEXT NOT NULL,
  threads INTEGER NOT NULL,
  measurement TEXT NOT NULL,
  PRIMARY KEY (pack_id, pack_hash, provider, threads)
) STRICT, WITHOUT ROWID;
`;
