/** Where the methods disagree: how many of them claim each part of the picture, by mask or, without one, by box. */
import { shrinkMask } from '../../../common/geometry/mask-columns';
import { decodeRunLength } from '../../../common/geometry/rle';
import type { ImageBox, ImagePoint, RunLengthMask, Size } from '../../../common/geometry/types';

export interface Claim {
  readonly box: ImageBox | null;
  readonly mask: RunLengthMask | null;
}

/** Counts over cells of the picture, row by row. */
export interface ClaimMap extends Size {
  readonly counts: Uint8Array;
  /** How many methods answered at all; a claim of nothing counts. */
  readonly methods: number;
}

/** Cells on the longer side: enough to see, and quick to count. */
const mostCells = 256;

export function claimMap(claims: readonly Claim[], image: Size): ClaimMap {
  const shrink = Math.min(1, mostCells / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * shrink));
  const height = Math.max(1, Math.round(image.height * shrink));
  const counts = new Uint8Array(width * height);
  for (const { box, mask } of claims) {
    // Of a mask, a cell has what lies at its centre.
    const cells = mask && decodeRunLength(shrinkMask(mask, { width, height })).data;
    for (let row = 0; row < height; row += 1) {
      const y = ((row + 0.5) * image.height) / height;
      for (let column = 0; column < width; column += 1) {
        const x = ((column + 0.5) * image.width) / width;
        const at = row * width + column;
        if (cells ? cells[at] === 1 : isInside(box, x, y)) counts[at]! += 1;
      }
    }
  }
  return { width, height, counts, methods: claims.length };
}

/**
 * 0 where all methods agree, 1 where they are split as evenly as their number allows: the entropy of their votes over
 * the largest that it can be.
 */
export function disagreementOf(count: number, methods: number): number {
  if (methods < 2) return 0;
  return voteEntropy(count / methods) / voteEntropy(Math.floor(methods / 2) / methods);
}

/** How many methods claim the place; null outside the picture. */
export function claimsAt(map: ClaimMap, point: ImagePoint, image: Size): number | null {
  const column = Math.floor((point.x * map.width) / image.width);
  const row = Math.floor((point.y * map.height) / image.height);
  if (column < 0 || row < 0 || column >= map.width || row >= map.height) return null;
  return map.counts[row * map.width + column] ?? null;
}

function voteEntropy(share: number): number {
  return [share, 1 - share].reduce((sum, part) => (part > 0 ? sum - part * Math.log2(part) : sum), 0);
}

function isInside(box: ImageBox | null, x: number, y: number): boolean {
  return box !== null && x >= box.x && y >= box.y && x < box.x + box.width && y < box.y + box.height;
}
