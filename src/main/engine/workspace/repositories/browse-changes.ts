/**
 * What has changed in the tables that Browse keeps columns of. Triggers note it, of this connection only and in the
 * transaction that makes the change, so that no writer can forget to and what is rolled back was never noted.
 */
import type { Database, Statement } from 'better-sqlite3';

export interface BrowseChanges {
  /** Another process wrote: nothing that was read can be trusted. */
  everything: boolean;
  /** Datasets whose expressions were added or removed. */
  datasets: Set<number>;
  /** Expressions whose text changed. */
  texts: number[];
  expressions: number[];
  /** Runs of which predictions were removed. */
  runs: Set<number>;
  /** Expressions whose prediction was made or measured anew, by run. */
  predictions: Map<number, number[]>;
}

/** Not `INSERT OR IGNORE`: what the statement that fires a trigger says of conflicts would stand above it. */
const tracking = `
CREATE TEMP TABLE browse_changes (
  what TEXT NOT NULL, id INTEGER NOT NULL, expression_id INTEGER NOT NULL, PRIMARY KEY (what, id, expression_id)
) STRICT, WITHOUT ROWID;
CREATE TEMP TRIGGER browse_expression_added AFTER INSERT ON main.expressions BEGIN
  INSERT INTO browse_changes VALUES ('dataset', new.dataset_id, 0) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER browse_expression_removed AFTER DELETE ON main.expressions BEGIN
  INSERT INTO browse_changes VALUES ('dataset', old.dataset_id, 0) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER browse_expression_changed AFTER UPDATE ON main.expressions BEGIN
  INSERT INTO browse_changes VALUES ('expression', 0, new.id) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER browse_text_changed AFTER UPDATE OF text ON main.expressions BEGIN
  INSERT INTO browse_changes VALUES ('text', 0, new.id) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER browse_prediction_added AFTER INSERT ON main.predictions BEGIN
  INSERT INTO browse_changes VALUES ('prediction', new.run_id, new.expression_id) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER browse_prediction_changed AFTER UPDATE ON main.predictions BEGIN
  INSERT INTO browse_changes VALUES ('prediction', new.run_id, new.expression_id) ON CONFLICT DO NOTHING;
END;
CREATE TEMP TRIGGER browse_prediction_removed AFTER DELETE ON main.predictions BEGIN
  INSERT INTO browse_changes VALUES ('run', old.run_id, 0) ON CONFLICT DO NOTHING;
END;`;

interface ChangeRow {
  what: 'dataset' | 'expression' | 'text' | 'prediction' | 'run';
  id: number;
  expression_id: number;
}

export class BrowseChangeLog {
  readonly #database: Database;
  readonly #take: Statement;
  #version: number;

  /** Starts to note changes. */
  constructor(database: Database) {
    this.#database = database;
    database.exec(tracking);
    this.#take = database.prepare('DELETE FROM temp.browse_changes RETURNING what, id, expression_id');
    this.#version = this.#dataVersion();
  }

  /** What has changed since this was last asked. */
  take(): BrowseChanges {
    const version = this.#dataVersion();
    const changes: BrowseChanges = {
      everything: version !== this.#version,
      datasets: new Set(),
      texts: [],
      expressions: [],
      runs: new Set(),
      predictions: new Map(),
    };
    this.#version = version;
    for (const { what, id, expression_id: expressionId } of this.#take.all() as ChangeRow[]) {
      if (what === 'dataset') changes.datasets.add(id);
      else if (what === 'text') changes.texts.push(expressionId);
      else if (what === 'expression') changes.expressions.push(expressionId);
      else if (what === 'run') changes.runs.add(id);
      else {
        const ofRun = changes.predictions.get(id);
        if (ofRun) ofRun.push(expressionId);
        else changes.predictions.set(id, [expressionId]);
      }
    }
    return changes;
  }

  /** Counts up with every commit of another connection. */
  #dataVersion(): number {
    return this.#database.pragma('data_version', { simple: true }) as number;
  }
}
