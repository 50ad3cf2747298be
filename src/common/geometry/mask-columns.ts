/**
 * A mask as stretches of pixels in each of its columns: run lengths, cut at the bottom of every column. Work on them
 * takes as long as a mask's outline is, not as its picture has pixels.
 */
import { maskFromRuns, unpackCounts } from './rle';
import type { RunLengthMask, Size } from './types';

/** Stretches of one column from the top down, none empty, none touching the next: top0, bottom0, top1 …; bottoms exclusive. */
export type Stretches = readonly number[];

/** The stretches of all columns from left to right; those without any share one empty list. */
export type MaskColumns = Stretches[];

export const noStretches: Stretches = [];

export function columnsOf(mask: RunLengthMask): MaskColumns {
  const [height, width] = mask.size;
  const columns = new Array<Stretches>(width).fill(noStretches);
  let position = 0;
  unpackCounts(mask).forEach((length, run) => {
    const end = position + length;
    if (run % 2 === 1) {
      for (let column = Math.floor(position / height); column * height < end; column += 1) {
        const top = Math.max(0, position - column * height);
        addStretch(columns, column, top, Math.min(height, end - column * height));
      }
    }
    position = end;
  });
  return columns;
}

/** After an empty run, a stretch may begin where the one before ended. */
function addStretch(columns: MaskColumns, column: number, top: number, bottom: number): void {
  if (bottom <= top) return;
  const found = columns[column] as number[];
  if (found.length === 0) columns[column] = [top, bottom];
  else if (found[found.length - 1] === top) found[found.length - 1] = bottom;
  else found.push(top, bottom);
}

/** `size`: [height, width]. */
export function maskFromColumns(columns: MaskColumns, size: readonly [number, number]): RunLengthMask {
  const [height, width] = size;
  const runs: number[] = [];
  // Where the last stretch ended, in pixels from the first column's top.
  let position = 0;
  columns.forEach((stretches, column) => {
    for (let at = 0; at < stretches.length; at += 2) {
      const top = column * height + (stretches[at] ?? 0);
      const length = (stretches[at + 1] ?? 0) - (stretches[at] ?? 0);
      // From the bottom of one column to the top of the next, a run goes on.
      if (top === position && runs.length > 0) runs[runs.length - 1] = (runs[runs.length - 1] ?? 0) + length;
      else runs.push(top - position, length);
      position = top + length;
    }
  });
  if (runs.length === 0 || position < width * height) runs.push(width * height - position);
  return maskFromRuns(size, runs);
}

/** The mask at another size: each pixel is what lies at its centre. */
export function shrinkMask(mask: RunLengthMask, { width, height }: Size): RunLengthMask {
  const [fullHeight, fullWidth] = mask.size;
  if (fullWidth === width && fullHeight === height) return mask;
  const columns = columnsOf(mask);
  const rows = Array.from({ length: height }, (_, y) => Math.floor(((y + 0.5) * fullHeight) / height));
  // The first row whose centre lies at a border of the mask or below it.
  const placed = (border: number) => bordersUpTo(rows, border - 1);
  const shrunken = Array.from({ length: width }, (_, x) => {
    const found: MaskColumns = [noStretches];
    const full = columns[Math.floor(((x + 0.5) * fullWidth) / width)] ?? noStretches;
    for (let at = 0; at < full.length; at += 2) {
      addStretch(found, 0, placed(full[at] ?? 0), placed(full[at + 1] ?? 0));
    }
    return found[0] ?? noStretches;
  });
  return maskFromColumns(shrunken, [height, width]);
}

/** What either covers. */
export function uniteStretches(a: Stretches, b: Stretches): Stretches {
  return combine(a, b, (inA, inB) => inA || inB);
}

/** What `a` covers and `b` does not. */
export function subtractStretches(a: Stretches, b: Stretches): Stretches {
  return combine(a, b, (inA, inB) => inA && !inB);
}

/** What both cover. */
export function intersectStretches(a: Stretches, b: Stretches): Stretches {
  return combine(a, b, (inA, inB) => inA && inB);
}

/** What exactly one of them covers. */
export function differStretches(a: Stretches, b: Stretches): Stretches {
  return combine(a, b, (inA, inB) => inA !== inB);
}

function combine(a: Stretches, b: Stretches, covers: (inA: boolean, inB: boolean) => boolean): Stretches {
  const found: number[] = [];
  let isCovered = false;
  for (let inA = 0, inB = 0; inA < a.length || inB < b.length;) {
    const row = Math.min(a[inA] ?? Infinity, b[inB] ?? Infinity);
    if (a[inA] === row) inA += 1;
    if (b[inB] === row) inB += 1;
    if (covers(inA % 2 === 1, inB % 2 === 1) !== isCovered) {
      found.push(row);
      isCovered = !isCovered;
    }
  }
  return found;
}

/** How many tops and bottoms lie at a row or above it: an odd number where the pixel below that border is covered. */
export function bordersUpTo(stretches: Stretches, row: number): number {
  let [low, high] = [0, stretches.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stretches[middle] ?? 0) <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}
