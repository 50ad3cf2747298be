/**
 * The boundary F of DAVIS (Perazzi and others, 2016): how much of one mask's outline lies near the other's, both ways.
 * Near is within 0.8% of the image's diagonal, rounded up to whole pixels. Outlines are stretches in columns: what is
 * measured takes as long as they are, not as the picture has pixels.
 */
import {
  bordersUpTo,
  columnsOf,
  differStretches,
  intersectStretches,
  noStretches,
  subtractStretches,
  uniteStretches,
  type MaskColumns,
  type Stretches,
} from '../../../common/geometry/mask-columns';
import type { RunLengthMask } from '../../../common/geometry/types';

export const boundaryTolerance = 0.008;

/** Pixels whose right, lower or lower right neighbour is of the other kind; none lies past the border. */
function outlineOf(mask: RunLengthMask): MaskColumns {
  const [height] = mask.size;
  const columns = columnsOf(mask);
  return columns.map((here, column) => {
    // Last pixels before the mask begins or ends further down.
    const ends = here.filter((row) => row > 0 && row < height).flatMap((row) => [row - 1, row]);
    const next = columns[column + 1];
    if (!next) return merged(ends);
    const beside = differStretches(here, next);
    // Beside one of another kind, or above such a one.
    const raised = beside.map((row, at) => (at % 2 === 0 ? Math.max(0, row - 1) : row));
    return uniteStretches(merged(ends), merged(raised));
  });
}

/** Stretches in order of their tops that may touch or overlap, as stretches that do not. */
function merged(stretches: Stretches): Stretches {
  const found: number[] = [];
  for (let at = 0; at < stretches.length; at += 2) {
    const [top = 0, bottom = 0] = [stretches[at], stretches[at + 1]];
    const last = found.length - 1;
    if (last > 0 && top <= (found[last] ?? 0)) found[last] = Math.max(bottom, found[last] ?? 0);
    else found.push(top, bottom);
  }
  return found;
}

function lengthOf(stretches: Stretches): number {
  let length = 0;
  for (let at = 0; at < stretches.length; at += 2) length += (stretches[at + 1] ?? 0) - (stretches[at] ?? 0);
  return length;
}

/** What of some stretches lies further than `reach` rows from others. */
function beyond(stretches: Stretches, others: Stretches, reach: number): Stretches {
  if (stretches.length === 0 || others.length === 0) return stretches;
  // Only those near by: from the last that ends before the first row of interest.
  const first = (stretches[0] ?? 0) - reach;
  const last = (stretches.at(-1) ?? 0) + reach;
  const widened: number[] = [];
  for (let at = bordersUpTo(others, first) & ~1; at < others.length && (others[at] ?? 0) < last; at += 2) {
    widened.push((others[at] ?? 0) - reach, (others[at + 1] ?? 0) + reach);
  }
  return widened.length === 0 ? stretches : subtractStretches(stretches, merged(widened));
}

/**
 * For each block of `radius` columns, the rows within `radius` of an outline in it or in the blocks beside it: what lies
 * elsewhere in such a block is far from all of the outline.
 */
function rowsAround(outline: MaskColumns, radius: number): Stretches[] {
  const blocks = Array.from({ length: Math.ceil(outline.length / radius) }, (_, block) =>
    outline.slice(block * radius, (block + 1) * radius).reduce(uniteStretches, noStretches),
  );
  return blocks.map((own, block) => {
    const beside = uniteStretches(blocks[block - 1] ?? noStretches, blocks[block + 1] ?? noStretches);
    const rows = uniteStretches(own, beside);
    return merged(rows.map((row, at) => (at % 2 === 0 ? row - radius : row + radius)));
  });
}

/** Share of an outline's pixels within `radius` of another's. */
function shareNear(outline: MaskColumns, other: MaskColumns, radius: number): number {
  const reach = Array.from({ length: radius + 1 }, (_, across) =>
    Math.floor(Math.sqrt(radius ** 2 - across ** 2)),
  );
  const around = rowsAround(other, radius);
  let [pixels, near] = [0, 0];
  outline.forEach((stretches, column) => {
    const possible = intersectStretches(stretches, around[Math.floor(column / radius)] ?? noStretches);
    let left = possible;
    for (let across = 0; across <= radius && left.length > 0; across += 1) {
      left = beyond(left, other[column - across] ?? noStretches, reach[across] ?? 0);
      left = beyond(left, other[column + across] ?? noStretches, reach[across] ?? 0);
    }
    pixels += lengthOf(stretches);
    near += lengthOf(possible) - lengthOf(left);
  });
  return near / pixels;
}

/** 0..1; 1 where neither mask has an outline. Both must have the same size. */
export function boundaryF(predicted: RunLengthMask, truth: RunLengthMask): number {
  const [height, width] = truth.size;
  const radius = Math.ceil(boundaryTolerance * Math.hypot(width, height));
  const own = outlineOf(predicted);
  const wanted = outlineOf(truth);
  const isEmpty = (outline: MaskColumns) => outline.every((stretches) => stretches.length === 0);
  if (isEmpty(own) || isEmpty(wanted)) return isEmpty(own) && isEmpty(wanted) ? 1 : 0;
  const precision = shareNear(own, wanted, radius);
  const recall = shareNear(wanted, own, radius);
  return precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
}
