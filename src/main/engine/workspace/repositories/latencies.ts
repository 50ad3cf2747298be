import type { Database } from 'better-sqlite3';
import type { LatencyMeasurement } from '../../../../common/contract';
import { fromJson } from '../columns';

/** What the methods of packs took on this machine; the newest for each provider and number of threads. */
export class LatenciesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `packHash` is what a run of the method would be pinned to. */
  save(packId: string, packHash: string, measurement: LatencyMeasurement): void {
    this.#database
      .prepare(
        `INSERT INTO pack_latencies (pack_id, pack_hash, provider, threads, measurement) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET measurement = excluded.measurement`,
      )
      .run(packId, packHash, measurement.provider, measurement.threads, JSON.stringify(measurement));
  }

  /** Newest first. */
  list(packId: string, packHash: string): LatencyMeasurement[] {
    const rows = this.#database
      .prepare('SELECT measurement FROM pack_latencies WHERE pack_id = ? AND pack_hash = ?')
      .pluck()
      .all(packId, packHash) as string[];
    return rows
      .map((row) => fromJson<LatencyMeasurement>(row))
      .sort((a, b) => (a.measuredAt < b.measuredAt ? 1 : -1));
  }
}
