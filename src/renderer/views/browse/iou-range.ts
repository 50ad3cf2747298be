/** The IoU histogram that one drags over: positions and bins as pure arithmetic. */
export const bins = 20;

export interface IouRange {
  from: number;
  to: number;
}

/** The nearest border between bins to a position (0..1 of the width). */
export function nearestBorder(position: number): number {
  return Math.min(bins, Math.max(0, Math.round(position * bins))) / bins;
}

/** What a drag from one position to another means; at least one bin, the one that was pressed. */
export function draggedRange(start: number, end: number): IouRange {
  const from = nearestBorder(Math.min(start, end));
  const to = nearestBorder(Math.max(start, end));
  if (to > from) return { from, to };
  const bin = Math.min(bins - 1, Math.max(0, Math.floor(start * bins)));
  return { from: bin / bins, to: (bin + 1) / bins };
}

/** One end moved by whole bins; the ends never meet. */
export function movedEnd(range: IouRange, end: keyof IouRange, steps: number): IouRange {
  const moved = Math.round(range[end] * bins) + steps;
  const from = Math.round(range.from * bins);
  const to = Math.round(range.to * bins);
  if (end === 'from') return { from: Math.min(to - 1, Math.max(0, moved)) / bins, to: range.to };
  return { from: range.from, to: Math.max(from + 1, Math.min(bins, moved)) / bins };
}

/** Whether a bin lies inside the range. */
export function isInside(bin: number, { from, to }: IouRange): boolean {
  return (bin + 0.5) / bins > from && (bin + 0.5) / bins < to;
}

/** Heights 0..1 of the bars. Square roots, so that the small bins beside one big bin can still be seen. */
export function barHeights(histogram: readonly number[]): number[] {
  const most = Math.max(1, ...histogram);
  return histogram.map((count) => (count === 0 ? 0 : Math.max(0.06, Math.sqrt(count / most))));
}
