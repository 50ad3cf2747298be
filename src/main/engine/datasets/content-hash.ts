/** The identity of a dataset's content, whatever format or folder it came from. */
import { createHash } from 'node:crypto';
import type { ImageBox } from '../../../common/geometry/types';
import type { DatasetContent } from './model';

/**
 * SHA-256 over keys, sizes, splits, categories, boxes, masks, texts, kinds and attributes, in the order of the keys.
 * Names of files and pixels are not part of it.
 */
export function contentHash({ images, referents, expressions }: DatasetContent): string {
  const hash = createHash('sha256');
  const add = (kind: string, lines: string[]) => {
    hash.update(`${kind} ${lines.length}\n`);
    for (const line of lines.sort()) hash.update(`${line}\n`);
  };
  add(
    'images',
    images.map(({ key, width, height, split }) => JSON.stringify([key, width, height, split])),
  );
  add(
    'referents',
    referents.map(({ key, imageKey, category, box, mask, attributes }) =>
      JSON.stringify([key, imageKey, category, boxNumbers(box), mask?.counts ?? null, sorted(attributes)]),
    ),
  );
  add(
    'expressions',
    expressions.map(({ key, imageKey, referentKey, text, kind, split, attributes }) =>
      JSON.stringify([key, imageKey, referentKey, text, kind, split, sorted(attributes)]),
    ),
  );
  return hash.digest('hex');
}

function boxNumbers(box: ImageBox | null): number[] | null {
  return box && [box.x, box.y, box.width, box.height];
}

function sorted(attributes: Record<string, unknown>): [string, unknown][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}
