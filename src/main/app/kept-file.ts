/** A small JSON file that is written a moment after what it holds has changed, whole or not at all. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

export class KeptFile {
  private timer: NodeJS.Timeout | null = null;

  /** `pause`: milliseconds between a change and the writing, in which further changes cost nothing. */
  constructor(
    private readonly path: string,
    private readonly pause: number,
    private readonly content: () => unknown,
  ) {}

  changed(): void {
    this.timer ??= setTimeout(() => this.flush(), this.pause);
  }

  /** Writes what is not written yet. Never throws: a full disk costs the place, nothing more. */
  flush(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    try {
      const draft = `${this.path}.new`;
      writeFileSync(draft, JSON.stringify(this.content()));
      renameSync(draft, this.path);
    } catch (error) {
      console.error(`${this.path} cannot be written:`, error);
    }
  }

  /** null where there is none, and where it is damaged or of another version: the window then starts as if it were new. */
  read<Value>(parse: (value: unknown) => Value): Value | null {
    if (!existsSync(this.path)) return null;
    try {
      return parse(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch {
      return null;
    }
  }
}
