/** Images that were inside a file (Parquet): each import's in a folder of its own below the workspace. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extractedImages } from '../workspace/extracted-images';

export class ExtractedImages {
  readonly #base: string;
  #folder: string | null = null;

  /** `base`: the workspace, or a folder for what is only looked at. */
  constructor(base: string) {
    this.#base = base;
  }

  async make(): Promise<string> {
    this.#folder = join(extractedImages(this.#base), randomUUID());
    await mkdir(this.#folder, { recursive: true });
    return this.#folder;
  }

  /** They belong to a dataset now. */
  keep(): void {
    this.#folder = null;
  }

  /** Removes them unless they are kept. */
  async clean(): Promise<void> {
    if (this.#folder !== null) await rm(this.#folder, { recursive: true, force: true });
  }
}
