/**
 * Columns on the disk, in a database of their own. Each is told by what it holds (SHA-256), so that nothing else is ever
 * taken for it, whatever became of the file. All of it can be made again: what goes wrong here keeps no list from being shown.
 */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { hash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../context';

/** Numbers, or what JSON can say. */
export type StoredColumn = Int32Array | Float64Array | Uint8Array | { plain: unknown };
export type StoredColumns = Record<string, StoredColumn>;

const numbers = { Int32Array, Float64Array, Uint8Array } as const;
type ColumnType = keyof typeof numbers | 'plain';

/** A column that was stored: under which name, of what kind, and with what content. */
export type ListedColumn = [name: string, type: ColumnType, hash: string];

export interface ColumnStoreParts {
  /** Of the database; null: nothing is kept. */
  readonly path: string | null;
  readonly readOnly: boolean;
  readonly log: Logger;
}

/** Pages that hold a column of a million rows in a few dozen pieces. */
const pageBytes = 65_536;
const schema = `
CREATE TABLE IF NOT EXISTS columns (
  part TEXT NOT NULL, name TEXT NOT NULL, hash TEXT NOT NULL, content BLOB NOT NULL, PRIMARY KEY (part, name)
) STRICT;`;

export class ColumnStore {
  readonly #parts: ColumnStoreParts;
  #database: Database | null = null;
  #failed = false;

  constructor(parts: ColumnStoreParts) {
    this.#parts = parts;
  }

  /** The columns of a part as they were listed when it was written; null where one of them is not there any more. */
  read(part: string, listed: readonly ListedColumn[]): StoredColumns | null {
    return this.#try((database) => {
      const get = database
        .prepare('SELECT content FROM columns WHERE part = ? AND name = ? AND hash = ?')
        .pluck();
      const columns: StoredColumns = {};
      for (const [name, type, expected] of listed) {
        const content = get.get(part, name, expected) as Buffer | undefined;
        if (!content || hashOf(content) !== expected) return null;
        columns[name] = columnOf(type, content);
      }
      return columns;
    });
  }

  /** Whether the columns that were listed are still there. */
  holds(part: string, listed: readonly ListedColumn[]): boolean {
    const isHeld = this.#try((database) => {
      const known = database.prepare('SELECT 1 FROM columns WHERE part = ? AND name = ? AND hash = ?');
      return listed.every(([name, , own]) => known.get(part, name, own) !== undefined);
    });
    return isHeld ?? false;
  }

  /** Writes a part column by column; what is there already is left. null: it cannot be kept. */
  *write(part: string, columns: StoredColumns): Generator<void, ListedColumn[] | null> {
    const listed: ListedColumn[] = [];
    for (const [name, column] of Object.entries(columns)) {
      const content = bytesOf(column);
      const own = hashOf(content);
      const isWritten = this.#try((database) => {
        const known = database.prepare('SELECT hash FROM columns WHERE part = ? AND name = ?').pluck();
        if (known.get(part, name) === own) return true;
        database
          .prepare(
            `INSERT INTO columns (part, name, hash, content) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET hash = excluded.hash, content = excluded.content`,
          )
          .run(part, name, own, content);
        return true;
      });
      if (isWritten === null) return null;
      listed.push([name, typeOf(column), own]);
      yield;
    }
    return listed;
  }

  /** Gives up the parts that are not wanted any more. */
  keepOnly(isWanted: (part: string) => boolean): void {
    this.#try((database) => {
      const parts = database.prepare('SELECT DISTINCT part FROM columns').pluck().all() as string[];
      const remove = database.prepare('DELETE FROM columns WHERE part = ?');
      for (const part of parts) if (!isWanted(part)) remove.run(part);
    });
  }

  close(): void {
    this.#database?.close();
    this.#database = null;
  }

  #try<Value>(use: (database: Database) => Value): Value | null {
    const { path, readOnly, log } = this.#parts;
    if (path === null || this.#failed) return null;
    try {
      this.#database ??= open(path, readOnly);
      return use(this.#database);
    } catch (error) {
      this.close();
      const code = (error as { code?: string }).code ?? '';
      // Where nothing was kept yet, a reader finds no file.
      if (readOnly && code === 'SQLITE_CANTOPEN') return null;
      log.warn('columns of Browse cannot be kept on the disk', {
        reason: error instanceof Error ? error.message : String(error),
      });
      this.#failed = true;
      // What is damaged is begun anew at the next start.
      if (!readOnly && (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))) {
        for (const ending of ['', '-journal']) rmSync(`${path}${ending}`, { force: true });
      }
      return null;
    }
  }
}

function open(path: string, readOnly: boolean): Database {
  if (!readOnly) mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseConstructor(path, { readonly: readOnly, timeout: 200 });
  try {
    if (readOnly) return database;
    database.pragma(`page_size = ${pageBytes}`);
    database.pragma('journal_mode = TRUNCATE');
    // What a power cut spoils is known by its hash, and made again.
    database.pragma('synchronous = OFF');
    database.exec(schema);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

const hashOf = (content: Uint8Array) => hash('sha256', content, 'base64');

function typeOf(column: StoredColumn): ColumnType {
  if (column instanceof Int32Array) return 'Int32Array';
  if (column instanceof Float64Array) return 'Float64Array';
  return column instanceof Uint8Array ? 'Uint8Array' : 'plain';
}

function bytesOf(column: StoredColumn): Uint8Array {
  if (ArrayBuffer.isView(column)) return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
  return Buffer.from(JSON.stringify(column.plain));
}

function columnOf(type: ColumnType, content: Buffer): StoredColumn {
  if (type === 'plain') return { plain: JSON.parse(content.toString('utf8')) as unknown };
  const Numbers = numbers[type];
  // A copy: the bytes of an answer of SQLite begin anywhere.
  const column = new Numbers(content.length / Numbers.BYTES_PER_ELEMENT);
  new Uint8Array(column.buffer).set(content);
  return column;
}
