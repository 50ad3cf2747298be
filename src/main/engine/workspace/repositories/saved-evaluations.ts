import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Database, Statement } from 'better-sqlite3';
import { evaluationOptions, type Evaluation, type SavedEvaluation } from '../../../../common/contract';
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
}

/** Evaluations that a person keeps: the numbers as they were, with what they were computed from. */
export class SavedEvaluationsRepository {
  readonly #insert: Statement;
  readonly #list: Statement;
  readonly #get: Statement;
  readonly #remove: Statement;

  constructor(database: Database) {
    const columns = 'id, dataset_id, name, note, options, revision, result_hash, author, saved_at';
    this.#insert = database.prepare(
      `INSERT INTO saved_evaluations (dataset_id, name, note, options, revision, result_hash, evaluation, author, saved_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING ${columns}`,
    );
    this.#list = database.prepare(
      `SELECT ${columns} FROM saved_evaluations WHERE dataset_id = ? ORDER BY id DESC`,
    );
    this.#get = database.prepare(`SELECT ${columns}, evaluation FROM saved_evaluations WHERE id = ?`);
    this.#remove = database.prepare('DELETE FROM saved_evaluations WHERE id = ?');
  }

  save(saved: Omit<SavedEvaluation, 'id' | 'savedAt'>, evaluation: Evaluation): SavedEvaluation {
    const { datasetId, name, note, options, revision, resultHash, author } = saved;
    const row = this.#insert.get(
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
    return fromRow(row as SavedRow);
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
    options: evaluationOptions.parse(fromJson(row.options)),
    revision: row.revision,
    resultHash: row.result_hash,
    author: row.author,
    savedAt: row.saved_at,
  };
}
