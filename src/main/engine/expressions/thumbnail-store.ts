/**
 * Small pictures on the disk, in a database of their own, bounded in bytes: what was not shown for longest goes first.
 * Everything in it can be made again, so nothing that goes wrong here keeps a picture from being shown.
 */
import DatabaseConstructor, { type Database, type Statement } from 'better-sqlite3';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Logger } from '../context';

export interface ThumbnailStoreParts {
  /** Of the database. */
  readonly path: string;
  /** Bytes that may be held now; it may change. 0: nothing is read or written. */
  limit(): number;
  readonly log: Logger;
}

export interface ThumbnailKey {
  imageId: number;
  /** Longer side in pixels. */
  size: number;
  /** Of the file that it was made from: another one there is another picture. */
  stamp: string;
}

const schema = `
CREATE TABLE IF NOT EXISTS thumbnails (
  image_id INTEGER NOT NULL, size INTEGER NOT NULL, stamp TEXT NOT NULL, content BLOB NOT NULL,
  bytes INTEGER NOT NULL, used_at INTEGER NOT NULL, PRIMARY KEY (image_id, size)
) STRICT;
CREATE INDEX IF NOT EXISTS thumbnails_by_use ON thumbnails(used_at, bytes);`;

/** When a picture was last shown is written down to the hour, so that to show it is not always to write. */
const useMilliseconds = 3_600_000;
/** What is left of the limit when something had to go, so that this is not to be done for each picture. */
const leftOfLimit = 0.9;

interface Opened {
  database: Database;
  get: Statement;
  use: Statement;
  bytesOf: Statement;
  set: Statement;
  bytes: number;
}

export class ThumbnailStore {
  readonly #parts: ThumbnailStoreParts;
  #opened: Opened | null = null;
  #failed = false;

  constructor(parts: ThumbnailStoreParts) {
    this.#parts = parts;
  }

  get limit(): number {
    return this.#parts.limit();
  }

  get({ imageId, size, stamp }: ThumbnailKey): Uint8Array | null {
    return this.#try(({ get, use }) => {
      const row = get.get(imageId, size, stamp) as { content: Uint8Array; used_at: number } | undefined;
      if (!row) return null;
      const now = Date.now();
      if (now - row.used_at > useMilliseconds) use.run(now, imageId, size);
      return row.content;
    });
  }

  set({ imageId, size, stamp }: ThumbnailKey, content: Uint8Array): void {
    const { limit } = this;
    if (content.byteLength > limit) return;
    this.#try((opened) => {
      const replaced = (opened.bytesOf.get(imageId, size) as number | undefined) ?? 0;
      opened.set.run(imageId, size, stamp, content, content.byteLength, Date.now());
      opened.bytes += content.byteLength - replaced;
      if (opened.bytes > limit) evict(opened, limit * leftOfLimit);
      return null;
    });
  }

  /** What is kept, after what the limit no longer allows was removed. */
  usage(): { bytes: number; entries: number } {
    const usage = this.#try((opened) => {
      if (opened.bytes > this.limit) evict(opened, this.limit);
      const entries = opened.database.prepare('SELECT count(*) FROM thumbnails').pluck().get() as number;
      return { bytes: opened.bytes, entries };
    });
    return usage ?? { bytes: 0, entries: 0 };
  }

  clear(): void {
    this.close();
    this.#remove();
    this.#failed = false;
  }

  close(): void {
    this.#opened?.database.close();
    this.#opened = null;
  }

  /** null where nothing is kept, or where that does not work. */
  #try<Value>(use: (opened: Opened) => Value): Value | null {
    if (this.#failed || (this.#opened === null && this.limit === 0)) return null;
    try {
      this.#opened ??= open(this.#parts.path);
      return use(this.#opened);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.log.warn('small pictures cannot be kept on the disk', { reason });
      this.close();
      // What is damaged is begun anew at the next start; until then every picture is made when it is shown.
      this.#failed = true;
      const code = (error as { code?: string }).code ?? '';
      if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) this.#remove();
      return null;
    }
  }

  #remove(): void {
    for (const ending of ['', '-wal', '-shm']) rmSync(`${this.#parts.path}${ending}`, { force: true });
  }
}

function open(path: string): Opened {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseConstructor(path, { timeout: 200 });
  try {
    database.pragma('journal_mode = WAL');
    // A power cut may cost what can be made again.
    database.pragma('synchronous = OFF');
    database.exec(schema);
    return {
      database,
      get: database.prepare(
        'SELECT content, used_at FROM thumbnails WHERE image_id = ? AND size = ? AND stamp = ?',
      ),
      use: database.prepare('UPDATE thumbnails SET used_at = ? WHERE image_id = ? AND size = ?'),
      bytesOf: database.prepare('SELECT bytes FROM thumbnails WHERE image_id = ? AND size = ?').pluck(),
      set: database.prepare(
        `INSERT OR REPLACE INTO thumbnails (image_id, size, stamp, content, bytes, used_at)
         VALUES (?, ?, ?, ?, ?, ?)`,
      ),
      bytes: database.prepare('SELECT total(bytes) FROM thumbnails').pluck().get() as number,
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function evict(opened: Opened, limit: number): void {
  const { database } = opened;
  database
    .prepare(
      `DELETE FROM thumbnails WHERE rowid IN (
         SELECT rowid FROM (
           SELECT rowid, sum(bytes) OVER (ORDER BY used_at DESC, rowid DESC) AS with_newer FROM thumbnails)
         WHERE with_newer > ?)`,
    )
    .run(limit);
  opened.bytes = database.prepare('SELECT total(bytes) FROM thumbnails').pluck().get() as number;
}
