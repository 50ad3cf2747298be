/** Recalls what a pack's encoders made of a picture before, from the disk; has it made and kept where it was not. */
import type { DecodedImage } from '../imaging/image';
import { preprocessingVersion } from '../imaging/tensor';
import type { Encoded } from './embedding-file';
import type { EmbeddingStore } from './embedding-store';
import { contentHash, hashOf, usedFiles } from './identity';
import type { RoleName } from './manifest';
import type { Pack } from './packs';
import { runtimeVersion } from './runtime';
import type { OnnxRunner } from './session';

/** What the encoding depends on beside the pack. */
export interface Recalled {
  readonly image: DecodedImage;
  /** The graphs that make it, already loaded. */
  readonly roles: readonly RoleName[];
  /** Settings that decide what they make. */
  readonly settings?: unknown;
}

export type Recall = <Facts>(
  what: Recalled,
  encode: () => Promise<Encoded<Facts>>,
) => Promise<Encoded<Facts>>;

/** Encodes every time. */
export const recallNothing: Recall = (_, encode) => encode();

/**
 * An encoding is known by the picture's pixels, the graphs' hashes, how they are fed, what runs them, and the version of
 * the preprocessing: with all of them equal the encoders would make the same again, bit for bit.
 */
export function recallFrom(store: EmbeddingStore, pack: Pack, runner: OnnxRunner): Recall {
  async function keyOf({ image, roles, settings }: Recalled): Promise<string> {
    const loaded = await runner.loaded();
    return hashOf({
      picture: contentHash(image),
      files: usedFiles(pack, roles),
      settings,
      providers: roles.map((name) => loaded.find(({ role }) => role === name)?.provider),
      runtime: await runtimeVersion(),
      preprocessing: preprocessingVersion,
    });
  }
  return async <Facts>(what: Recalled, encode: () => Promise<Encoded<Facts>>) => {
    if (store.limit === 0) return encode();
    const key = await keyOf(what);
    // The key names the code's version too, so what lies there has the facts that this code wrote.
    const known = (await store.get(key)) as Encoded<Facts> | null;
    if (known) return known;
    const made = await encode();
    await store.set(key, made);
    return made;
  };
}
