/** Names of what decides an answer: files by their hashes, how they are fed, pictures by their pixels. */
import { createHash } from 'node:crypto';
import type { DecodedImage } from '../imaging/image';
import type { RoleName } from './manifest';
import type { Pack } from './packs';

/** SHA-256 of a value as JSON with sorted keys. */
export function hashOf(value: unknown): string {
  const sorted = JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

/** The files behind some roles by their hashes, and how they are fed. */
export function usedFiles({ manifest: { files, roles } }: Pack, roleNames: readonly RoleName[]) {
  return roleNames.map((name) => {
    const { file = '', image, tokens } = roles[name] ?? {};
    return {
      name,
      file: files[file]?.sha256,
      image,
      tokens,
      tokenizer: tokens && files[tokens.file]?.sha256,
    };
  });
}

const contentHashes = new WeakMap<DecodedImage, string>();

/** Names a picture by its pixels, so that the same picture in two datasets is encoded once. */
export function contentHash(image: DecodedImage): string {
  let hash = contentHashes.get(image);
  if (hash === undefined) {
    hash = `${image.width}×${image.height}/${createHash('sha1').update(image.data).digest('hex')}`;
    contentHashes.set(image, hash);
  }
  return hash;
}
