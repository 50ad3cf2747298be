/**
 * Parts of a mask, found on its COCO runs without unpacking them: a mask of a whole picture has a few hundred pieces,
 * but hundreds of thousands of pixels.
 */
import type { ImageBox, Size } from '../../../common/geometry/types';

/** A mask's pixels as stretches of single columns: column by column, and each column from its top. */
export interface Pieces {
  readonly columns: Int32Array;
  /** First row. */
  readonly starts: Int32Array;
  /** The row after the last. */
  readonly ends: Int32Array;
}

export interface MaskPart {
  /** Extent of the part in pixels of the picture. */
  readonly box: ImageBox;
  readonly pieces: Pieces;
  /** Number of pixels. */
  readonly area: number;
}

/** Collects runs of equal pixels. */
export class RunWriter {
  readonly runs: number[] = [];
  #value = 0;
  #length = 0;

  add(value: 0 | 1, length: number): void {
    if (length === 0) return;
    if (value !== this.#value) {
      this.runs.push(this.#length);
      this.#value = value;
      this.#length = 0;
    }
    this.#length += length;
  }

  finish(): number[] {
    this.runs.push(this.#length);
    return this.runs;
  }
}

/** A mask's pieces: a run may go on over the foot of a column into the next. */
export function piecesOf(runs: readonly number[], height: number): Pieces {
  const count = countPieces(runs, height);
  const columns = new Int32Array(count);
  const starts = new Int32Array(count);
  const ends = new Int32Array(count);
  for (let index = 1, position = 0, piece = 0; index < runs.length; index += 2) {
    position += runs[index - 1]!;
    for (const end = position + runs[index]!; position < end; piece += 1) {
      const column = Math.floor(position / height);
      const stop = Math.min(end, (column + 1) * height);
      columns[piece] = column;
      starts[piece] = position - column * height;
      ends[piece] = stop - column * height;
      position = stop;
    }
  }
  return { columns, starts, ends };
}

function countPieces(runs: readonly number[], height: number): number {
  let count = 0;
  for (let index = 1, position = 0; index < runs.length; index += 2) {
    const start = position + runs[index - 1]!;
    position = start + runs[index]!;
    if (position > start) count += Math.floor((position - 1) / height) - Math.floor(start / height) + 1;
  }
  return count;
}

/** Number of pixels in pieces. */
export function areaOfPieces({ starts, ends }: Pieces): number {
  let area = 0;
  for (let piece = 0; piece < starts.length; piece += 1) area += ends[piece]! - starts[piece]!;
  return area;
}

/** A part's runs in the whole picture. */
export function runsOfPart({ pieces }: MaskPart, { width, height }: Size): number[] {
  const { columns, starts, ends } = pieces;
  const writer = new RunWriter();
  let position = 0;
  for (let piece = 0; piece < columns.length; piece += 1) {
    const from = columns[piece]! * height + starts[piece]!;
    const length = ends[piece]! - starts[piece]!;
    writer.add(0, from - position);
    writer.add(1, length);
    position = from + length;
  }
  writer.add(0, width * height - position);
  return writer.finish();
}

/** The largest 4-connected part of a mask, of two as large the one met first in reading order; null where it is empty. */
export function largestPart(pieces: Pieces): MaskPart | null {
  const { columns, starts, ends } = pieces;
  const roots = connect(pieces);
  const areas = new Int32Array(columns.length);
  for (let piece = 0; piece < columns.length; piece += 1) {
    areas[roots[piece]!]! += ends[piece]! - starts[piece]!;
  }
  const area = areas.reduce((most, value) => Math.max(most, value), 0);
  if (area === 0) return null;
  // Pieces come by column; reading order goes by row first.
  let first = -1;
  for (let piece = 0; piece < columns.length; piece += 1) {
    if (areas[roots[piece]!] === area && (first < 0 || starts[piece]! < starts[first]!)) first = piece;
  }
  return partOf(pieces, roots, roots[first]!, area);
}

/** For each piece one that stands for its part. */
function connect({ columns, starts, ends }: Pieces): Int32Array {
  const parents = columns.map((_, piece) => piece);
  const root = (piece: number): number => {
    let top = piece;
    while (parents[top] !== top) top = parents[top] = parents[parents[top]!]!;
    return top;
  };
  // `left` goes down the column to the left of the piece's own.
  for (let piece = 0, left = 0; piece < columns.length; piece += 1) {
    const before = columns[piece]! - 1;
    while (columns[left]! < before) left += 1;
    while (columns[left] === before && ends[left]! <= starts[piece]!) left += 1;
    for (let other = left; columns[other] === before && starts[other]! < ends[piece]!; other += 1) {
      parents[root(other)] = root(piece);
    }
  }
  return parents.map((_, piece) => root(piece));
}

function partOf(pieces: Pieces, roots: Int32Array, root: number, area: number): MaskPart {
  const own = (values: Int32Array) => values.filter((_, piece) => roots[piece] === root);
  const columns = own(pieces.columns);
  const starts = own(pieces.starts);
  const ends = own(pieces.ends);
  const x = columns[0]!;
  const y = starts.reduce((least, value) => Math.min(least, value), starts[0]!);
  const bottom = ends.reduce((most, value) => Math.max(most, value), 0);
  return {
    box: { x, y, width: columns.at(-1)! - x + 1, height: bottom - y },
    pieces: { columns, starts, ends },
    area,
  };
}
