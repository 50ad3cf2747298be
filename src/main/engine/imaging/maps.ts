/** Arithmetic of maps. */
import type { FloatMap } from './axis';
import { Grid } from '../../../common/geometry/grid';

export function rangeOf({ data }: FloatMap): { minimum: number; maximum: number } {
  let minimum = Infinity;
  let maximum = -Infinity;
  for (let index = 0; index < data.length; index += 1) {
    const value = data[index]!;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  return { minimum, maximum };
}

/** Stretches a map's own values to 0..1; a map of one value only becomes all 0. */
export function stretchInPlace(map: FloatMap): void {
  const { data } = map;
  const { minimum, maximum } = rangeOf(map);
  const range = maximum - minimum;
  for (let index = 0; index < data.length; index += 1) {
    data[index] = range > 0 ? (data[index]! - minimum) / range : 0;
  }
}

export function sigmoidMap(map: FloatMap): FloatMap {
  const data = new Float64Array(map.data.length);
  for (let index = 0; index < data.length; index += 1) data[index] = 1 / (1 + Math.exp(-map.data[index]!));
  return new Grid(map.width, map.height, data);
}

/** Probabilities that add up to 1. */
export function softmax(values: readonly number[]): number[] {
  const highest = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
