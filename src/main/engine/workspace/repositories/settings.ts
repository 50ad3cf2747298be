import type { Database } from 'better-sqlite3';
import { settingsSchema, type Settings } from '../../../../common/contract';
import { fromJson } from '../columns';

export class SettingsRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A stored value that this version does not know or accept falls back to its default. */
  get(): Settings {
    const rows = this.#database.prepare('SELECT key, value FROM settings').all() as {
      key: string;
      value: string;
    }[];
    const known: Record<string, unknown> = {};
    for (const { key, value } of rows) {
      const parsed = settingsSchema.safeParse({ [key]: fromJson(value) });
      if (parsed.success) known[key] = fromJson(value);
    }
    return settingsSchema.parse(known);
  }

  change(changes: Partial<Settings>): Settings {
    const write = this.#database.prepare(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.#database.transaction(() => {
      for (const [key, value] of Object.entries(changes)) {
        if (value !== undefined) write.run(key, JSON.stringify(value));
      }
    })();
    return this.get();
  }
}
