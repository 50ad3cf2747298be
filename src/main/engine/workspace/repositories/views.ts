import type { Database } from 'better-sqlite3';
import { viewState, type SavedView, type ViewState } from '../../../../common/contract';
import { WorkbenchError } from '../../../../common/errors';
import { fromJson, now } from '../columns';

interface ViewRow {
  id: number;
  name: string;
  state: string;
  is_default: number;
}

/** Saved views of Browse. */
export class ViewsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** By name. A view whose state this version does not understand is left out, and kept. */
  list(): SavedView[] {
    const rows = this.#database.prepare('SELECT * FROM saved_views ORDER BY name').all() as ViewRow[];
    return rows.flatMap((row) => {
      const state = viewState.safeParse(fromJson(row.state));
      if (!state.success) return [];
      return { id: row.id, name: row.name, state: state.data, isDefault: row.is_default === 1 };
    });
  }

  /** A new view, or with an id that one anew. Throws `conflict` where another view has the name. */
  save(viewId: number | null, name: string, state: ViewState): SavedView {
    return this.#database.transaction(() => {
      const taken = this.#database.prepare('SELECT id FROM saved_views WHERE name = ?').pluck().get(name);
      if (taken !== undefined && taken !== viewId) {
        throw new WorkbenchError('conflict', `There is a view “${name}” already.`, 'Choose another name.');
      }
      const values = [name, JSON.stringify(state), now()];
      if (viewId === null) {
        const insert = 'INSERT INTO saved_views (name, state, saved_at) VALUES (?, ?, ?)';
        const id = Number(this.#database.prepare(insert).run(...values).lastInsertRowid);
        return { id, name, state, isDefault: false };
      }
      const update =
        'UPDATE saved_views SET name = ?, state = ?, saved_at = ? WHERE id = ? RETURNING is_default';
      const isDefault = this.#database
        .prepare(update)
        .pluck()
        .get(...values, viewId);
      if (isDefault === undefined) throw noView(viewId);
      return { id: viewId, name, state, isDefault: isDefault === 1 };
    })();
  }

  delete(viewId: number): void {
    const { changes } = this.#database.prepare('DELETE FROM saved_views WHERE id = ?').run(viewId);
    if (changes === 0) throw noView(viewId);
  }

  /** null: none is. */
  setDefault(viewId: number | null): void {
    this.#database.transaction(() => {
      this.#database.prepare('UPDATE saved_views SET is_default = 0 WHERE is_default = 1').run();
      if (viewId === null) return;
      const set = this.#database.prepare('UPDATE saved_views SET is_default = 1 WHERE id = ?');
      if (set.run(viewId).changes === 0) throw noView(viewId);
    })();
  }
}

function noView(viewId: number): WorkbenchError {
  return new WorkbenchError('not-found', `There is no view ${viewId}.`);
}
