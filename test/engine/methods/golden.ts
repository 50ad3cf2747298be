/** Reads the golden cases that training/ wrote from its Python reference (test/fixtures/golden). */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'vitest';
import type { FloatMap } from '../../../src/main/engine/imaging/axis';

const repository = resolve(__dirname, '../../..');
export const goldenFolder = join(repository, 'test/fixtures/golden');
export const resourcesFolder = join(repository, 'resources');
export const demoFolder = join(repository, 'resources/datasets/emojiref');

/** Values of an array, all of them or each `stride`-th of the flat array. */
export interface GoldenTensor {
  shape: number[];
  stride: number;
  /** Base64 of little-endian float32. */
  values: string;
}

export function readGolden<Table>(name: string): Table {
  return JSON.parse(readFileSync(join(goldenFolder, `${name}.json`), 'utf8')) as Table;
}

export function valuesOf(tensor: GoldenTensor): Float32Array {
  const bytes = Buffer.from(tensor.values, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

export function mapOfGolden(tensor: GoldenTensor): FloatMap {
  const [height = 0, width = 0] = tensor.shape;
  return { width, height, data: valuesOf(tensor) };
}

/** The largest difference between an array and the golden values of it. */
export function worstDifference(actual: ArrayLike<number>, expected: GoldenTensor): number {
  expect(actual.length).toBe(expected.shape.reduce((product, size) => product * size, 1));
  const values = valuesOf(expected);
  let worst = 0;
  values.forEach((value, index) => {
    const difference = Math.abs(value - (actual[index * expected.stride] ?? NaN));
    // NaN must not pass for a small difference.
    worst = difference <= worst ? worst : difference;
  });
  return worst;
}
