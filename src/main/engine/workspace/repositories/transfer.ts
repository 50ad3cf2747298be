import type { Database } from 'better-sqlite3';
import { plainVariant, type MethodId } from '../../../../common/contract';
import { fromJson } from '../columns';
import type { NewRun } from './runs';

/** Names an expression in every workspace that holds the same data. */
export const placeKey = "images.key || '/' || expressions.key";

/** What is asked of two workspaces when one takes over what the other answered. Things are known by their keys. */
export class TransferRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  datasets(): { id: number; name: string; contentHash: string }[] {
    return this.#database
      .prepare(
        'SELECT id, name, content_hash AS contentHash FROM datasets WHERE removed_at IS NULL ORDER BY id',
      )
      .all() as { id: number; name: string; contentHash: string }[];
  }

  /** A run as it would be made anew for a dataset of another workspace. */
  run(runId: number, datasetId: number): NewRun {
    const row = this.#database.prepare('SELECT * FROM runs WHERE id = ?').get(runId) as Record<
      string,
      string
    >;
    return {
      datasetId,
      method: row['method'] as MethodId,
      pack: {
        id: row['pack_id'] ?? '',
        name: row['pack_name'] ?? '',
        version: row['pack_version'] ?? '',
        hash: row['pack_hash'] ?? '',
      },
      variant: row['variant'] ?? plainVariant,
      settings: fromJson(row['settings'] ?? '{}'),
      settingsHash: row['settings_hash'] ?? '',
      provider: row['provider'] ?? '',
      versions: fromJson(row['versions'] ?? '{}'),
    };
  }

  /** Numbers of a dataset's expressions by the keys of their images and their own: `image/expression`. */
  expressionIds(datasetId: number): Map<string, number> {
    const rows = this.#database
      .prepare(
        `SELECT ${placeKey}, expressions.id FROM expressions JOIN images ON images.id = image_id
         WHERE expressions.dataset_id = ?`,
      )
      .raw()
      .all(datasetId) as [string, number][];
    return new Map(rows);
  }

  /** Expressions that a run has answered as they read now. */
  answered(runId: number): Set<number> {
    const ids = this.#database
      .prepare('SELECT expression_id FROM predictions WHERE run_id = ? AND stale = 0')
      .pluck()
      .all(runId) as number[];
    return new Set(ids);
  }

  failures(runId: number): { key: string; kind: string; message: string }[] {
    return this.#database
      .prepare(
        `SELECT ${placeKey} AS key, prediction_failures.kind, message
         FROM prediction_failures
           JOIN expressions ON expressions.id = expression_id
           JOIN images ON images.id = image_id
         WHERE run_id = ? ORDER BY expression_id`,
      )
      .all(runId) as { key: string; kind: string; message: string }[];
  }

  /**
   * Of these expressions those of one shard, in their order. The images of the whole dataset, in the order of their
   * keys, are dealt out one by one, so that an image's shard depends on nothing else.
   */
  ofShard(
    datasetId: number,
    expressionIds: readonly number[],
    { index, count }: { index: number; count: number },
  ): number[] {
    return this.#database
      .prepare(
        `WITH places AS (
           SELECT id, row_number() OVER (ORDER BY key) - 1 AS place FROM images WHERE dataset_id = @datasetId)
         SELECT expressions.id FROM json_each(@expressionIds) AS wanted
           JOIN expressions ON expressions.id = wanted.value
           JOIN places ON places.id = expressions.image_id
         WHERE place % @count = @index
         ORDER BY wanted.key`,
      )
      .pluck()
      .all({ datasetId, expressionIds: JSON.stringify(expressionIds), index, count }) as number[];
  }
}
