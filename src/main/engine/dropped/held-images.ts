/** Pictures that were dropped onto the window and belong to no dataset: in memory, a few at a time. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dropLimits } from '../../../common/contract';
import { WorkbenchError } from '../../../common/errors';
import { decodeImage, probeImage } from '../imaging/decode';
import type { DecodedImage } from '../imaging/image';

export interface Held {
  heldId: number;
  name: string;
  image: DecodedImage;
}

/** A larger number would only keep pictures that nobody looks at any more. */
const mostHeld = 3;

export class HeldImages {
  readonly #held = new Map<number, Held>();
  #nextId = 1;

  /** Throws `unreadable`, `unsupported` or `too-large`, as for any picture. */
  async hold(name: string, bytes: Uint8Array): Promise<Held> {
    const image = await decodeBytes(bytes);
    const held = { heldId: this.#nextId++, name, image };
    this.#held.set(held.heldId, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest);
    return held;
  }

  get(heldId: number): Held {
    const held = this.#held.get(heldId);
    if (held) return held;
    throw new WorkbenchError(
      'not-found',
      'The dropped image is no longer held.',
      'Drop it onto the window again.',
    );
  }

  release(heldId: number): void {
    this.#held.delete(heldId);
  }
}

/** Through a file of its own, so that the one place that bounds what is decoded sees it; the file goes at once. */
async function decodeBytes(bytes: Uint8Array): Promise<DecodedImage> {
  const folder = await mkdtemp(join(tmpdir(), 'grounding-dropped-'));
  try {
    const path = join(folder, 'dropped');
    await writeFile(path, bytes);
    const { width, height } = await probeImage(path);
    if (width * height > dropLimits.pixels) {
      throw new WorkbenchError(
        'too-large',
        `The image has ${width}×${height} pixels; at most ${dropLimits.pixels / 1_000_000} million can be dropped.`,
        'Scale it down first.',
      );
    }
    return await decodeImage(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
