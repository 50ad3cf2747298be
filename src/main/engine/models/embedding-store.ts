/**
 * Encoded pictures on the disk, bounded in bytes: what was not used for longest goes first. Everything in it can be made
 * again, so nothing that goes wrong here keeps an answer from being given: what is damaged is removed and made anew,
 * what cannot be written is not kept.
 */
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../context';
import { readEncoded, writeEncoded, type Encoded } from './embedding-file';

export interface EmbeddingStoreParts {
  readonly folder: string;
  /** Bytes that may be held now; it may change. 0: nothing is read or written. */
  limit(): number;
  readonly readOnly: boolean;
  readonly log: Logger;
  /** Bytes free on the disk of the folder. */
  freeBytes?(folder: string): Promise<number>;
}

const suffix = '.embedding';
const unfinished = '.part';
/** The rest of the disk is the person's. */
const leavesFree = 1_000_000_000;

export class EmbeddingStore {
  readonly #parts: EmbeddingStoreParts;
  /** Bytes by key; what was used last comes last. */
  #entries: Promise<Map<string, number>> | null = null;
  #bytes = 0;
  #writes = 0;
  #warned = false;

  constructor(parts: EmbeddingStoreParts) {
    this.#parts = parts;
  }

  /** Bytes that may be held now; 0: nothing is kept. */
  get limit(): number {
    return this.#parts.limit();
  }

  /** `key` is made of the letters and digits that a file name may have. */
  async get(key: string): Promise<Encoded<unknown> | null> {
    if (this.limit === 0) return null;
    const entries = await this.#known();
    if (!entries.has(key)) return null;
    const path = this.#pathOf(key);
    try {
      const encoded = readEncoded(await readFile(path));
      this.#use(entries, key);
      // The time of the last use survives a restart as the file's time.
      const now = new Date();
      if (!this.#parts.readOnly) await utimes(path, now, now);
      return encoded;
    } catch (error) {
      this.#parts.log.warn('an encoded picture on the disk is made anew', { key, reason: reasonOf(error) });
      await this.#drop(entries, key);
      return null;
    }
  }

  /** Written beside its place and then moved there: after a crash it is whole or not there. */
  async set(key: string, encoded: Encoded<unknown>): Promise<void> {
    if (this.#parts.readOnly) return;
    const { limit } = this;
    const content = writeEncoded(encoded);
    const size = content.reduce((sum, part) => sum + part.byteLength, 0);
    if (size > limit) return;
    const { folder } = this.#parts;
    const temporary = join(folder, `${key}-${(this.#writes += 1)}${unfinished}`);
    try {
      const entries = await this.#known();
      await mkdir(folder, { recursive: true });
      await this.#evict(entries, limit - size);
      if ((await this.#freeBytes()) - size < leavesFree) return;
      const file = await open(temporary, 'wx');
      try {
        await file.writev(content);
      } finally {
        await file.close();
      }
      await rename(temporary, this.#pathOf(key));
      this.#bytes += size - (entries.get(key) ?? 0);
      entries.delete(key);
      entries.set(key, size);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      if (!this.#warned) {
        this.#parts.log.warn('encoded pictures cannot be kept on the disk', { reason: reasonOf(error) });
      }
      this.#warned = true;
    }
  }

  /** What is kept, after what the limit no longer allows was removed. */
  async usage(): Promise<{ bytes: number; entries: number }> {
    const entries = await this.#known();
    if (!this.#parts.readOnly) await this.#evict(entries, this.limit);
    return { bytes: this.#bytes, entries: entries.size };
  }

  async clear(): Promise<void> {
    await rm(this.#parts.folder, { recursive: true, force: true });
    this.#entries = null;
  }

  #known(): Promise<Map<string, number>> {
    this.#entries ??= this.#scan();
    return this.#entries;
  }

  async #scan(): Promise<Map<string, number>> {
    const { folder, readOnly } = this.#parts;
    const names = await readdir(folder).catch(() => []);
    const found: { key: string; bytes: number; usedAt: number }[] = [];
    for (const name of names) {
      if (name.endsWith(suffix)) {
        const { size, mtimeMs } = await stat(join(folder, name));
        found.push({ key: name.slice(0, -suffix.length), bytes: size, usedAt: mtimeMs });
      } else if (name.endsWith(unfinished) && !readOnly) {
        await rm(join(folder, name), { force: true });
      }
    }
    found.sort((a, b) => a.usedAt - b.usedAt);
    this.#bytes = found.reduce((sum, { bytes }) => sum + bytes, 0);
    return new Map(found.map(({ key, bytes }) => [key, bytes]));
  }

  #use(entries: Map<string, number>, key: string): void {
    const bytes = entries.get(key);
    if (bytes === undefined) return;
    entries.delete(key);
    entries.set(key, bytes);
  }

  async #evict(entries: Map<string, number>, limit: number): Promise<void> {
    for (const key of [...entries.keys()]) {
      if (this.#bytes <= limit) return;
      await this.#drop(entries, key);
    }
  }

  async #drop(entries: Map<string, number>, key: string): Promise<void> {
    const bytes = entries.get(key);
    if (bytes === undefined) return;
    entries.delete(key);
    this.#bytes -= bytes;
    if (!this.#parts.readOnly) await rm(this.#pathOf(key), { force: true });
  }

  #freeBytes(): Promise<number> {
    const { folder, freeBytes = freeOnDisk } = this.#parts;
    return freeBytes(folder);
  }

  #pathOf(key: string): string {
    return join(this.#parts.folder, `${key}${suffix}`);
  }
}

async function freeOnDisk(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
