/** Images that were inside a file (Parquet): each import's in a folder of its own below the workspace. */
import { randomUUID } from 'node:crypto';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';

const folderName = 'extracted-images';

export class ExtractedImages {
  readonly #base: string;
  #folder: string | null = null;

  /** `base`: the workspace, or a folder for what is only looked at. */
  constructor(base: string) {
    this.#base = base;
  }

  async make(): Promise<string> {
    this.#folder = join(this.#base, folderName, randomUUID());
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

/** Removes a dataset's folder of images where the workbench made it; nobody else's. */
export async function removeExtracted(workspacePath: string, root: string): Promise<void> {
  const own = await realpath(join(workspacePath, folderName)).catch(() => null);
  if (own !== null && root.startsWith(own + sep)) await rm(root, { recursive: true, force: true });
}
