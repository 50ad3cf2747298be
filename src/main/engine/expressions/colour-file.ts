/**
 * The colours of the pictures (src/common/picture-colours.ts), in memory and in a file to which records are only added.
 * All of it can be made again, so nothing that goes wrong with the file keeps a list from being shown.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  colourRecordBytes,
  packColours,
  unpackColours,
  type PictureColours,
} from '../../../common/picture-colours';
import type { Logger } from '../context';

/** Records that are written together. */
const writtenAtOnce = 200;

export class ColourFile {
  readonly #path: string | null;
  readonly #log: Logger;
  #records = new Uint8Array();
  #count = 0;
  #written = 0;
  readonly #marks = new Map<number, number>();
  #file: number | null = null;
  #failed = false;

  /** `path`: null where nothing may be written. Reads what is there. */
  constructor(path: string | null, log: Logger) {
    this.#path = path;
    this.#log = log;
    this.#try((own) => {
      const found = readFileSync(own);
      // What a power cut left of a last record is overwritten by nothing, so all of it is made again.
      if (found.length % colourRecordBytes > 0) rmSync(own);
      else this.#records = Uint8Array.from(found);
    });
    this.#count = this.#records.length / colourRecordBytes;
    this.#written = this.#count;
    for (let place = 0; place < this.#count; place += 1) {
      const { imageId, mark } = unpackColours(this.#records, place);
      this.#marks.set(imageId, mark);
    }
  }

  has(imageId: number, mark: number): boolean {
    return this.#marks.get(imageId) === mark;
  }

  add(colours: PictureColours): void {
    const end = (this.#count + 1) * colourRecordBytes;
    if (end > this.#records.length) {
      const larger = new Uint8Array(Math.max(1_000 * colourRecordBytes, 2 * end));
      larger.set(this.#records);
      this.#records = larger;
    }
    this.#records.set(packColours(colours), end - colourRecordBytes);
    this.#marks.set(colours.imageId, colours.mark);
    this.#count += 1;
    if (this.#count - this.#written >= writtenAtOnce) this.save();
  }

  /** So many records from one on. */
  read(from: number, most: number): Uint8Array {
    const to = Math.min(this.#count, from + most);
    return this.#records.slice(from * colourRecordBytes, Math.max(from, to) * colourRecordBytes);
  }

  /** Writes what is not in the file yet. */
  save(): void {
    this.#try((path) => {
      if (this.#written === this.#count) return;
      if (this.#file === null) {
        mkdirSync(dirname(path), { recursive: true });
        this.#file = openSync(path, 'a');
      }
      writeSync(this.#file, this.read(this.#written, this.#count - this.#written));
      this.#written = this.#count;
    });
  }

  clear(): void {
    this.close();
    this.#try((path) => rmSync(path, { force: true }));
    this.#count = 0;
    this.#written = 0;
    this.#marks.clear();
  }

  close(): void {
    this.save();
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #try(work: (path: string) => void): void {
    if (this.#path === null || this.#failed) return;
    try {
      work(this.#path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      this.#failed = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log.warn('the colours of pictures cannot be kept on the disk', { reason });
    }
  }
}
