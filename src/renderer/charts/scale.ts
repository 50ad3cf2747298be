/** The arithmetic of axes: data to pixels, and round numbers to label. */

export interface LinearScale {
  (value: number): number;
  /** Pixels to data. */
  invert(pixel: number): number;
}

/** Maps `domain` linearly to `range`; values outside the domain land outside the range. */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): LinearScale {
  const [low, high] = domain;
  const [start, end] = range;
  const slope = high === low ? 0 : (end - start) / (high - low);
  const scale = (value: number) => start + (value - low) * slope;
  return Object.assign(scale, {
    invert: (pixel: number) => (slope === 0 ? low : low + (pixel - start) / slope),
  });
}

/** Round numbers within the domain, about `count` of them, 1, 2, 2.5 or 5 times a power of ten apart. */
export function ticks(domain: readonly [number, number], count: number): number[] {
  const [low, high] = domain;
  if (!(high > low) || count < 1) return [low];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const found: number[] = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index += 1) {
    found.push(Number((index * step).toPrecision(12)));
  }
  return found;
}

/** SVG path through the points in order. */
export function linePath(points: readonly { x: number; y: number }[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(2)} ${y.toFixed(2)}`)
    .join('');
}
