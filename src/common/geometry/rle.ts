/**
 * COCO's run-length encoding of masks: column-major runs, background first, counts as differences to the count
 * before the previous one, five bits a character (pycocotools, maskApi.c: rleToString, rleFrString).
 * Areas and overlaps are computed on the runs, without unpacking.
 */
import { WorkbenchError } from '../errors';
import { Grid } from './grid';
import type { BitMask, ImageBox, RunLengthMask } from './types';

function damaged(detail: string): WorkbenchError {
  return new WorkbenchError('invalid', `A mask is not valid COCO run-length encoding: ${detail}.`);
}

/** COCO's compressed string of run lengths. */
export function packCounts(runs: readonly number[]): string {
  let text = '';
  for (let index = 0; index < runs.length; index += 1) {
    let value = (runs[index] ?? 0) - (index > 2 ? (runs[index - 2] ?? 0) : 0);
    for (let more = true; more;) {
      let bits = value & 0x1f;
      value >>= 5;
      more = bits & 0x10 ? value !== -1 : value !== 0;
      if (more) bits |= 0x20;
      text += String.fromCharCode(bits + 48);
    }
  }
  return text;
}

/** Run lengths of a compressed string; checks that they are whole, not negative and fill the size exactly. */
export function unpackCounts(mask: RunLengthMask): number[] {
  const runs: number[] = [];
  const { counts } = mask;
  const pixels = mask.size[0] * mask.size[1];
  let total = 0;
  for (let position = 0; position < counts.length;) {
    let value = 0;
    let shift = 0;
    for (let more = true; more; shift += 5, position += 1) {
      const bits = counts.charCodeAt(position) - 48;
      if (!(bits >= 0 && bits < 64) || shift > 30) throw damaged(`unexpected character at ${position}`);
      value |= (bits & 0x1f) << shift;
      more = (bits & 0x20) !== 0;
      if (!more && (bits & 0x10) !== 0 && shift < 27) value |= -1 << (shift + 5);
    }
    if (runs.length > 2) value += runs[runs.length - 2] ?? 0;
    if (value < 0) throw damaged('a run is negative');
    runs.push(value);
    total += value;
    // Empty runs are read, but not without end: they cost memory and cover nothing.
    if (total > pixels || runs.length > 2 * pixels + 2) throw damaged('its runs are longer than its pixels');
  }
  if (total !== pixels) throw damaged(`${total} pixels for ${mask.size[1]}×${mask.size[0]}`);
  return runs;
}

/** A mask given as a list of run lengths (COCO's uncompressed form), checked and packed. */
export function maskFromRuns(size: readonly [number, number], runs: readonly number[]): RunLengthMask {
  // Before they are packed, which works with 32 bits: a longer run would wrap around to a shorter one.
  const pixels = size[0] * size[1];
  const wrong = runs.find((run) => !Number.isInteger(run) || run < 0 || run > pixels);
  if (wrong !== undefined) throw damaged(`a run of ${wrong} pixels`);
  const mask: RunLengthMask = { size: [size[0], size[1]], counts: packCounts(runs) };
  unpackCounts(mask);
  return mask;
}

export function encodeRunLength(bits: BitMask): RunLengthMask {
  const { width, height, data } = bits;
  const runs: number[] = [];
  let current = 0;
  let length = 0;
  for (let x = 0; x < width; x += 1) {
    for (let y = 0, index = x; y < height; y += 1, index += width) {
      const value = data[index] ? 1 : 0;
      if (value !== current) {
        runs.push(length);
        length = 0;
        current = value;
      }
      length += 1;
    }
  }
  runs.push(length);
  return { size: [height, width], counts: packCounts(runs) };
}

export function decodeRunLength(mask: RunLengthMask): BitMask {
  const [height, width] = mask.size;
  const data = new Uint8Array(width * height);
  let position = 0;
  unpackCounts(mask).forEach((length, run) => {
    const end = position + length;
    if (run % 2 === 1) {
      for (; position < end; position += 1) {
        data[(position % height) * width + Math.floor(position / height)] = 1;
      }
    }
    position = end;
  });
  return new Grid(width, height, data);
}

/** Whether the pixel in column `x` and row `y` belongs to the mask. */
export function runLengthCovers(mask: RunLengthMask, x: number, y: number): boolean {
  const [height, width] = mask.size;
  if (x < 0 || y < 0 || x >= width || y >= height) return false;
  let rest = x * height + y;
  // Runs take turns, column by column; the first is outside the mask.
  for (const [index, run] of unpackCounts(mask).entries()) {
    if (rest < run) return index % 2 === 1;
    rest -= run;
  }
  return false;
}

/** Number of pixels of the mask. */
export function runLengthArea(mask: RunLengthMask): number {
  return unpackCounts(mask).reduce((sum, length, run) => (run % 2 === 1 ? sum + length : sum), 0);
}

/** Visits the stretches over which neither mask changes, in order. Both must have the same size. */
function walkTogether(
  a: RunLengthMask,
  b: RunLengthMask,
  visit: (length: number, inA: boolean, inB: boolean) => void,
): void {
  if (a.size[0] !== b.size[0] || a.size[1] !== b.size[1]) {
    throw new WorkbenchError('invalid', 'Masks of different sizes cannot be compared.');
  }
  const runsA = unpackCounts(a);
  const runsB = unpackCounts(b);
  let indexA = 0;
  let indexB = 0;
  let leftA = runsA[0] ?? 0;
  let leftB = runsB[0] ?? 0;
  while (indexA < runsA.length && indexB < runsB.length) {
    const step = Math.min(leftA, leftB);
    visit(step, indexA % 2 === 1, indexB % 2 === 1);
    leftA -= step;
    leftB -= step;
    if (leftA === 0) leftA = runsA[(indexA += 1)] ?? 0;
    if (leftB === 0) leftB = runsB[(indexB += 1)] ?? 0;
  }
}

/** Pixels that both masks cover, and that either covers. Both must have the same size. */
export function runLengthOverlap(
  a: RunLengthMask,
  b: RunLengthMask,
): { intersection: number; union: number } {
  let intersection = 0;
  let union = 0;
  walkTogether(a, b, (length, inA, inB) => {
    if (inA && inB) intersection += length;
    if (inA || inB) union += length;
  });
  return { intersection, union };
}

/** The mask of what either covers. Both must have the same size. */
export function uniteRunLengths(a: RunLengthMask, b: RunLengthMask): RunLengthMask {
  const runs: number[] = [];
  let covered = false;
  let run = 0;
  walkTogether(a, b, (length, inA, inB) => {
    // A stretch of no pixels changes nothing; a run of none stands only at the start.
    if (length > 0 && covered !== (inA || inB)) {
      runs.push(run);
      run = 0;
      covered = !covered;
    }
    run += length;
  });
  runs.push(run);
  return maskFromRuns(a.size, runs);
}

export function runLengthIou(a: RunLengthMask, b: RunLengthMask): number {
  const { intersection, union } = runLengthOverlap(a, b);
  return union > 0 ? intersection / union : 0;
}

/** Extent of a mask's pixels; null where it is empty. */
export function runLengthBox(mask: RunLengthMask): ImageBox | null {
  const [height] = mask.size;
  let left = Infinity;
  let top = Infinity;
  let right = -1;
  let bottom = -1;
  let position = 0;
  unpackCounts(mask).forEach((length, run) => {
    if (run % 2 === 1 && length > 0) {
      const last = position + length - 1;
      const firstColumn = Math.floor(position / height);
      const lastColumn = Math.floor(last / height);
      left = Math.min(left, firstColumn);
      right = Math.max(right, lastColumn);
      // A run over more than one column touches the bottom of one and the top of the next.
      top = Math.min(top, firstColumn === lastColumn ? position % height : 0);
      bottom = Math.max(bottom, firstColumn === lastColumn ? last % height : height - 1);
    }
    position += length;
  });
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}
