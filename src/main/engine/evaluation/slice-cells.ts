/** Metrics and comparisons in slices, with Holm's correction, and the slices that stand out. */
import type { Deviation, SliceCell, SliceField } from '../../../common/contract';
import type { Pieces } from '../jobs/pieces';
import { fewerDrawsFor } from './bootstrap';
import { imageCount, type Counted } from './evaluate';
import { fieldsOf, valuesOf, type Facts } from './facts';
import { metricsFrom, scoreParts } from './scores';
import { comparePairs, holm } from './significance';
import { rowsByValue, type ValueSlice } from './slices';
import { imagesOf } from './sums';
import { reaches, weightsOf, type Rows, type RunColumns } from './table';

/** Parts the values of two fields where both are in one key. */
const between = '\u0000';

export interface Slicing {
  by: string;
  and: string | null;
  minimum: number;
}

export function* sliceCells(
  counted: Counted,
  facts: Facts,
  { by, and, minimum }: Slicing,
): Pieces<SliceCell[]> {
  const { table, rows, counting } = counted;
  const first = valuesOf(table, facts, rows, by);
  yield;
  const second = and === null ? null : valuesOf(table, facts, rows, and);
  yield;
  const keys = second ? first.map((value, row) => `${value}${between}${second[row] ?? ''}`) : first;
  const draws = fewerDrawsFor(imageCount(counted));
  const slices = rowsByValue(keys, rows);
  const parts = slices.map(({ rows: own }) => ({ rows: own, draws, slice: true }));
  const scored = yield* scoreParts(table, rows, parts, counting);
  const cells: SliceCell[] = [];
  for (const [place, { value, rows: own }] of slices.entries()) {
    const { images, runs } = scored[place] ?? { images: 0, runs: [] };
    const metrics = table.runs.flatMap((run, index) => {
      const found = runs[index];
      return found ? [metricsFrom(table, run, own, counting.unit, found, images)] : [];
    });
    const count = metrics[0]?.count ?? 0;
    const pairs = yield* comparePairs(table, own, runs, counting);
    cells.push({
      values: value.split(between),
      count,
      images,
      small: count < minimum,
      chance: metrics[0]?.chance ?? null,
      runs: metrics.map(({ accuracy50, meanIou, maskMeanIou }, index) => ({
        runId: table.runs[index]?.runId ?? 0,
        accuracy50,
        meanIou,
        maskMeanIou,
      })),
      pairs: pairs.map(({ runA, runB, difference, pValue }) => ({
        runA,
        runB,
        difference,
        pValue,
        correctedPValue: null,
      })),
    });
  }
  correctPairs(cells.filter(({ small }) => !small));
  return cells;
}

/** Each pair of runs is one family of tests over the slices. */
function correctPairs(cells: readonly SliceCell[]): void {
  const pairs = cells[0]?.pairs.length ?? 0;
  for (let index = 0; index < pairs; index += 1) {
    const family = cells.flatMap((cell) => cell.pairs[index] ?? []);
    const corrected = holm(family.map(({ pValue }) => pValue));
    family.forEach((pair, place) => (pair.correctedPValue = corrected[place] ?? 1));
  }
}

/** Two-sided p-value of a standard normal value: erfc(|z|/√2), by its series or, further out, its continued fraction. */
export function normalPValue(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  if (x < 2.5) {
    let [term, sum] = [x, x];
    for (let n = 1; Math.abs(term) > 1e-17 * sum; n += 1) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 60; n > 0; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}

/** What every contrast of a run needs, found once: each slice is then a pass over typed arrays. */
export interface ContrastBase {
  rows: Rows;
  weights: Float64Array;
  right: Uint8Array;
  /** Number of each row's image, from 0. */
  image: Int32Array;
  images: number;
}

export function contrastBase({ table, rows, counting }: Counted, run: RunColumns): ContrastBase {
  const { index, count } = imagesOf(table.imageIds, rows);
  return {
    rows,
    weights: weightsOf(table, rows, counting.unit),
    right: Uint8Array.from(rows, (row) => Number(reaches(run.iou[row] ?? 0, 0.5, counting.comparator))),
    image: index,
    images: count,
  };
}

/**
 * Accuracy inside a slice and outside, and how surely they differ: the spread is between images (linearised). `inside`: 1
 * for each place in the rows that belongs to the slice.
 */
export function contrast(
  { rows, weights, right, image, images }: ContrastBase,
  inside: Uint8Array,
): { accuracy: number; difference: number; pValue: number } {
  const sums = [0, 0];
  const whole = [0, 0];
  for (let place = 0; place < rows.length; place += 1) {
    const side = inside[place] ?? 0;
    const weight = weights[place] ?? 0;
    sums[side] = (sums[side] ?? 0) + weight * (right[place] ?? 0);
    whole[side] = (whole[side] ?? 0) + weight;
  }
  const [outside = 0, accuracy = 0] = [0, 1].map((side) => (sums[side] ?? 0) / (whole[side] ?? 0));
  const influence = new Float64Array(images);
  for (let place = 0; place < rows.length; place += 1) {
    const side = inside[place] ?? 0;
    const distance = (right[place] ?? 0) - (side === 1 ? accuracy : outside);
    const residual = ((weights[place] ?? 0) * distance) / (whole[side] ?? 1);
    const at = image[place] ?? 0;
    influence[at] = (influence[at] ?? 0) + (side === 1 ? residual : -residual);
  }
  let variance = 0;
  for (const value of influence) variance += value ** 2;
  const error = Math.sqrt((variance * images) / Math.max(1, images - 1));
  const difference = accuracy - outside;
  // Without spread there is nothing to compare a difference with.
  return { accuracy, difference, pValue: error > 0 ? normalPValue(difference / error) : 1 };
}

const mostValues = 60;

/** Slices that differ from all other rows at a corrected p below 0.05, the largest differences first. */
export function* deviations(counted: Counted, facts: Facts, minimum: number): Pieces<Deviation[]> {
  const { table, rows } = counted;
  const fields = (yield* fieldsOf(table, facts, rows)).filter(({ values }) => values <= mostValues);
  yield { begin: 'Looking for slices that stand out', total: fields.length + table.runs.length };
  const all: (ValueSlice & { field: SliceField })[] = [];
  for (const field of fields) {
    const ofField = rowsByValue(valuesOf(table, facts, rows, field.id), rows);
    const worthATest = ofField.filter((slice) => isWorthATest(slice.rows, rows, minimum));
    all.push(...worthATest.map((slice) => ({ field, ...slice })));
    yield { done: 1 };
  }
  const slices: ((typeof all)[number] & { inside: Uint8Array })[] = [];
  for (const slice of withoutRepeats(all)) {
    slices.push({ ...slice, inside: membership(rows, slice.rows) });
    yield;
  }
  const deviating: Deviation[] = [];
  for (const run of table.runs) {
    yield { done: 1 };
    const base = contrastBase(counted, run);
    const found: ReturnType<typeof contrast>[] = [];
    for (const { inside } of slices) {
      found.push(contrast(base, inside));
      yield;
    }
    const corrected = holm(found.map(({ pValue }) => pValue));
    const ofRun = slices.map(({ field, value, rows: own }, index): Deviation => ({
      runId: run.runId,
      field: field.id,
      value,
      name: `${field.name}: ${value || 'none'}`,
      count: own.length,
      accuracy50: found[index]?.accuracy ?? 0,
      difference: found[index]?.difference ?? 0,
      correctedPValue: corrected[index] ?? 1,
    }));
    deviating.push(...ofRun);
  }
  return deviating
    .filter(({ correctedPValue }) => correctedPValue < 0.05)
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

/** Several fields may part the same expressions off; the first of them names the slice, and it is one test. */
function withoutRepeats<Slice extends { rows: Rows }>(slices: readonly Slice[]): Slice[] {
  const known = new Map<string, Slice[]>();
  return slices.filter((slice) => {
    const key = `${slice.rows.length} ${slice.rows[0] ?? ''} ${slice.rows.at(-1) ?? ''}`;
    const alike = known.get(key) ?? [];
    if (alike.some((other) => other.rows.every((row, place) => row === slice.rows[place]))) return false;
    known.set(key, [...alike, slice]);
    return true;
  });
}

/** 1 for each place in the rows whose row is one of the own; both are in the order of the table. */
export function membership(rows: Rows, own: Rows): Uint8Array {
  let next = 0;
  return Uint8Array.from(rows, (row) => {
    if (own[next] !== row) return 0;
    next += 1;
    return 1;
  });
}

/** Neither too small, nor nearly everything. */
function isWorthATest(own: Rows, all: Rows, minimum: number): boolean {
  return own.length >= minimum && all.length - own.length >= minimum;
}
