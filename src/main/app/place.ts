/** Keeps where a person is in the window, in memory for a crash of the page and in a small file for a restart. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { nowhere, place, type Place } from '../../common/contract';

/** The ids in it mean something in one workspace only. */
const stored = z.strictObject({ workspace: z.string(), place });

/** Milliseconds of quiet before the file is written. */
const writePause = 400;

export class PlaceKeeper {
  private place: Place;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly file: string,
    private readonly workspace: string,
  ) {
    this.place = this.read();
  }

  get present(): Place {
    return this.place;
  }

  change(change: { [Part in keyof Place]?: Place[Part] | undefined }): void {
    const told = Object.entries(change).filter(([, part]) => part !== undefined);
    this.place = { ...this.place, ...(Object.fromEntries(told) as Partial<Place>) };
    this.timer ??= setTimeout(() => this.flush(), writePause);
  }

  /** Everything but a person's work: where it leads back to may be what the page cannot bear. */
  forget(): void {
    this.change({ ...nowhere, unsaved: this.place.unsaved });
  }

  /** Writes what is not written yet. Never throws: a full disk costs the place, nothing more. */
  flush(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    try {
      const draft = `${this.file}.new`;
      writeFileSync(draft, JSON.stringify({ workspace: this.workspace, place: this.place }));
      renameSync(draft, this.file);
    } catch (error) {
      console.error('The place cannot be kept:', error);
    }
  }

  private read(): Place {
    if (!existsSync(this.file)) return nowhere;
    try {
      const found = stored.parse(JSON.parse(readFileSync(this.file, 'utf8')));
      return found.workspace === this.workspace ? found.place : nowhere;
    } catch {
      // Damaged, or written by another version: the window then starts as if it were new.
      return nowhere;
    }
  }
}
