import type { Database } from 'better-sqlite3';
import type { MethodId, RunSummary } from '../../../../common/contract';
import { fromJson, now } from '../columns';

export interface NewRun {
  datasetId: number;
  method: MethodId;
  pack: { id: string; name: string; version: string; hash: string };
  variant: string;
  settings: Record<string, unknown>;
  settingsHash: string;
  provider: string;
  versions: Record<string, string>;
}

interface RunRow {
  id: number;
  dataset_id: number;
  method: MethodId;
  pack_id: string;
  pack_name: string;
  pack_version: string;
  pack_hash: string;
  variant: string;
  settings: string;
  provider: string;
  versions: string;
  created_at: string;
  predictions: number;
  failures: number;
  note: string;
}

const selectRun = `
  SELECT runs.*,
    (SELECT count(*) FROM predictions WHERE run_id = runs.id) AS predictions,
    (SELECT count(*) FROM prediction_failures WHERE run_id = runs.id) AS failures
  FROM runs`;

function toRun(row: RunRow): RunSummary {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    method: row.method,
    packId: row.pack_id,
    packName: row.pack_name,
    packVersion: row.pack_version,
    variant: row.variant,
    packHash: row.pack_hash,
    settings: fromJson(row.settings),
    provider: row.provider,
    versions: fromJson(row.versions),
    createdAt: row.created_at,
    predictions: row.predictions,
    failures: row.failures,
    note: row.note,
  };
}

export class RunsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * The run of this method, pack and settings on the dataset: the one there is, or a new one. Where it goes on on
   * another execution provider, it names both.
   */
  findOrCreate(run: NewRun): RunSummary {
    this.#database
      .prepare(
        `INSERT INTO runs (dataset_id, method, pack_id, pack_name, pack_version, pack_hash, variant, settings,
           settings_hash, provider, versions, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (dataset_id, method, pack_hash, settings_hash) DO UPDATE SET provider = iif(
           instr('+' || provider || '+', '+' || excluded.provider || '+') > 0,
           provider, provider || '+' || excluded.provider)`,
      )
      .run(
        run.datasetId,
        run.method,
        run.pack.id,
        run.pack.name,
        run.pack.version,
        run.pack.hash,
        run.variant,
        JSON.stringify(run.settings),
        run.settingsHash,
        run.provider,
        JSON.stringify(run.versions),
        now(),
      );
    const row = this.#database
      .prepare(`${selectRun} WHERE dataset_id = ? AND method = ? AND pack_hash = ? AND settings_hash = ?`)
      .get(run.datasetId, run.method, run.pack.hash, run.settingsHash);
    return toRun(row as RunRow);
  }

  list(datasetId: number): RunSummary[] {
    return (
      this.#database.prepare(`${selectRun} WHERE dataset_id = ? ORDER BY id`).all(datasetId) as RunRow[]
    ).map(toRun);
  }

  get(runId: number): RunSummary | null {
    const row = this.#database.prepare(`${selectRun} WHERE id = ?`).get(runId) as RunRow | undefined;
    return row ? toRun(row) : null;
  }

  setNote(runId: number, note: string): void {
    this.#database.prepare('UPDATE runs SET note = ? WHERE id = ?').run(note, runId);
  }

  remove(runId: number): void {
    this.#database.prepare('DELETE FROM runs WHERE id = ?').run(runId);
  }
}
