/** What is kept of answers that take long to make; triggers take away what is no longer so (migration 012). */
import type { Database } from 'better-sqlite3';
import type { ColumnStore, ListedColumn, StoredColumns } from '../../browse/column-store';
import type { PartKeeper, PartName } from '../../browse/kept-part';

type What = PartName['what'] | 'counts';

export class KeptParts implements PartKeeper {
  readonly #database: Database;
  readonly #store: ColumnStore | null;

  constructor(database: Database, store: ColumnStore | null) {
    this.#database = database;
    this.#store = store;
  }

  get isReadOnly(): boolean {
    return this.#database.readonly;
  }

  /** The value of what is kept and still so; null where there is none. */
  get(what: What, id: number): string | null {
    const value = this.#database
      .prepare('SELECT value FROM kept_parts WHERE what = ? AND id = ?')
      .pluck()
      .get(what, id);
    return (value as string | undefined) ?? null;
  }

  set(what: What, id: number, value: string): void {
    if (this.isReadOnly) return;
    this.#database
      .prepare(
        `INSERT INTO kept_parts (what, id, value) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET value = excluded.value`,
      )
      .run(what, id, value);
  }

  /** Whether the part is kept as the workspace has it now. */
  holds({ what, id }: PartName): boolean {
    const value = this.get(what, id);
    if (value === null || this.#store === null) return false;
    return this.#store.holds(`${what} ${id}`, JSON.parse(value) as ListedColumn[]);
  }

  load({ what, id }: PartName): StoredColumns | null {
    const value = this.get(what, id);
    if (value === null || this.#store === null) return null;
    return this.#store.read(`${what} ${id}`, JSON.parse(value) as ListedColumn[]);
  }

  *save({ what, id }: PartName, columns: StoredColumns, isCurrent: () => boolean): Generator<void, boolean> {
    if (this.isReadOnly || this.#store === null) return false;
    const listed = yield* this.#store.write(`${what} ${id}`, columns);
    // No turn lies between the question and the note: nothing can change there.
    if (listed === null || !isCurrent()) return false;
    this.set(what, id, JSON.stringify(listed));
    return true;
  }

  /** Gives up what is kept of datasets and runs that are no more. */
  sweep(): void {
    const wanted = new Set(
      this.#database
        .prepare(
          `SELECT what || ' ' || id FROM datasets, (SELECT 'expressions' AS what UNION SELECT 'attributes' UNION SELECT 'texts')
           UNION SELECT 'run ' || id FROM runs`,
        )
        .pluck()
        .all() as string[],
    );
    this.#store?.keepOnly((part) => wanted.has(part));
  }
}
