/** Arithmetic of maps. */
import type { FloatMap } from './axis';

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

/** The map stretched to 0..1; a map of one value only becomes all 0. */
export function minMaxNormalised(map: FloatMap): FloatMap {
  const { minimum, maximum } = rangeOf(map);
  const range = maximum - minimum;
  const data = new Float64Array(map.data.length);
  if (range > 0) {
    for (let index = 0; index < data.length; index += 1) data[index] = (map.data[index]! - minimum) / range;
  }
  return { width: map.width, height: map.height, data };
}

export function sigmoidMap(map: FloatMap): FloatMap {
  const data = new Float64Array(map.data.length);
  for (let index = 0; index < data.length; index += 1) data[index] = 1 / (1 + Math.exp(-map.data[index]!));
  return { width: map.width, height: map.height, data };
}

/** Probabilities that add up to 1. */
export function softmax(values: readonly number[]): number[] {
  const highest = Math.max(...values);
  const exponentials = values.map((value) => Math.exp(value - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}
