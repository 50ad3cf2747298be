import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database, Statement } from 'better-sqlite3';
import {
  evaluationOptions,
  type Evaluation,
  type EvaluationOptions,
  type SavedEvaluation,
} from '../../../../common/contract';
import type { PackedColumns } from '../../evaluation/packed-columns';
import { fromJson, now } from '../columns';

interface SavedRow {
  id: number;
  dataset_id: number;
  name: string;
  note: string;
  options: string;
  revision: number;
  result_hash: string;
  author: string;
  saved_at: string;
  /** 1: what it was computed from is kept. */
  keeps_inputs: number;
}

type GroundTruth = EvaluationOptions['groundTruth'];

/** Evaluations that a person keeps: the numbers as they were, with what they were computed from. */
export class SavedEvaluationsRepository {
  readonly #database: Database;
  readonly #insert: Statement;
  readonly #list: Statement;
  readonly #get: Statement;
  readonly #remove: Statement;
  readonly #putColumn: Statement;
  readonly #useColumn: Statement;
  readonly #columns: Statement;

  constructor(database: Database) {
    this.#database = database;
    const columns = `id, dataset_id, name, note, options, revision, result_hash, author, saved_at,
      EXISTS (SELECT 1 FROM saved_evaluation_columns WHERE saved_id = saved_evaluations.id) AS keeps_inputs`;
    this.#insert = database.prepare(
      `INSERT INTO saved_evaluations (dataset_id, name, note, options, revision, result_hash, evaluation, author, saved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#list = database.prepare(
      `SELECT ${columns} FROM saved_evaluations WHERE dataset_id = ? ORDER BY id DESC`,
    );
    this.#get = database.prepare(`SELECT ${columns}, evaluation FROM saved_evaluations WHERE id = ?`);
    this.#remove = database.prepare('DELETE FROM saved_evaluations WHERE id = ?');
    this.#putColumn = database.prepare(
      'INSERT OR IGNORE INTO evaluation_columns (hash, bytes) VALUES (?, ?)',
    );
    this.#useColumn = database.prepare(
      'INSERT INTO saved_evaluation_columns (saved_id, ground_truth, name, hash) VALUES (?, ?, ?, ?)',
    );
    this.#columns = database.prepare(
      `SELECT name, bytes FROM saved_evaluation_columns JOIN evaluation_columns USING (hash)
       WHERE saved_id = ? AND ground_truth = ?`,
    );
  }

  save(
    saved: Omit<SavedEvaluation, 'id' | 'savedAt'>,
    evaluation: Evaluation,
    inputs: Record<GroundTruth, PackedColumns | null>,
  ): SavedEvaluation {
    const { datasetId, name, note, options, revision, resultHash, author } = saved;
    return this.#database.transaction(() => {
      const { lastInsertRowid } = this.#insert.run(
        datasetId,
        name,
        note,
        JSON.stringify(options),
        revision,
        resultHash,
        deflateRawSync(JSON.stringify(evaluation)),
        author,
        now(),
      );
      for (const [groundTruth, columns] of Object.entries(inputs)) {
        if (columns) this.#keep(lastInsertRowid, groundTruth as GroundTruth, columns);
      }
      return fromRow(this.#get.get(lastInsertRowid) as SavedRow);
    })();
  }

  #keep(savedId: number | bigint, groundTruth: GroundTruth, columns: PackedColumns): void {
    for (const [name, { hash, bytes }] of columns) {
      this.#putColumn.run(hash, bytes);
      this.#useColumn.run(savedId, groundTruth, name, hash);
    }
  }

  /** What it was computed from; null where that was not kept, or nothing counted against that ground truth. */
  inputs(id: number, groundTruth: GroundTruth): ReadonlyMap<string, Uint8Array> | null {
    const rows = this.#columns.all(id, groundTruth) as { name: string; bytes: Buffer }[];
    if (rows.length === 0) return null;
    return new Map(rows.map(({ name, bytes }) => [name, bytes]));
  }

  list(datasetId: number): SavedEvaluation[] {
    return (this.#list.all(datasetId) as SavedRow[]).map(fromRow);
  }

  get(id: number): { saved: SavedEvaluation; evaluation: Evaluation } | null {
    const row = this.#get.get(id) as (SavedRow & { evaluation: Buffer }) | undefined;
    if (!row) return null;
    return { saved: fromRow(row), evaluation: fromJson(inflateRawSync(row.evaluation).toString('utf8')) };
  }

  /** Whether there was one. */
  remove(id: number): boolean {
    return this.#remove.run(id).changes > 0;
  }
}

function fromRow(row: SavedRow): SavedEvaluation {
  return {
    id: row.id,
    datasetId: row.dataset_id,
    name: row.name,
    note: row.note,
    // Options that came later have their defaults.
    options: { ...evaluationOptions.parse(fromJson(row.options)), saved: row.keeps_inputs ? row.id : null },
    revision: row.revision,
    resultHash: row.result_hash,
    author: row.author,
    savedAt: row.saved_at,
  };
}
