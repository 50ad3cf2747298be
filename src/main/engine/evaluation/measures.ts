/** The metrics that are means over rows: which rows each is over, and what a row adds. docs/evaluation.md defines each. */
import type { MetricName } from '../../../common/contract';
import { reaches, type Comparator, type MeasuredName, type RunColumns, type Rows } from './table';

/** Rows on which a measure is defined: those where this column has a value. */
const groupColumns = {
  box: 'iou',
  mask: 'maskUnion',
  proposals: 'bestProposalIou',
  map: 'pointInside',
  'map-in-mask': 'mapAuc',
} as const satisfies Record<string, MeasuredName>;
export type MeasureGroup = keyof typeof groupColumns;
export const measureGroups = Object.keys(groupColumns) as MeasureGroup[];

export interface Measure {
  name: MetricName;
  group: MeasureGroup;
  /** A share of units that are right: has Wilson's interval beside the one by resampling. */
  isRate: boolean;
  /** Whether it is resampled in slices too. */
  inSlices: boolean;
  /** Whether it is resampled at all. */
  resampled: boolean;
  /** What a row adds to the numerator. */
  of(run: RunColumns, row: number, comparator: Comparator): number;
  /** What a row adds to the denominator; 1 where absent. */
  per?: (run: RunColumns, row: number) => number;
}

function rate(
  name: MetricName,
  group: MeasureGroup,
  of: Measure['of'],
  { inSlices = false, resampled = true } = {},
): Measure {
  return { name, group, isRate: true, inSlices, resampled, of };
}

function mean(name: MetricName, group: MeasureGroup, of: Measure['of'], inSlices = false): Measure {
  return { name, group, isRate: false, inSlices, resampled: true, of };
}

/** IoU of the masks of a row; 0 where both are empty. */
export function maskIouAt(run: RunColumns, row: number): number {
  const union = run.maskUnion[row] ?? 0;
  return union > 0 ? (run.maskIntersection[row] ?? 0) / union : 0;
}

const iouOver = (threshold: number): Measure['of'] => {
  return (run, row, comparator) => Number(reaches(run.iou[row] ?? 0, threshold, comparator));
};
const maskOver = (threshold: number): Measure['of'] => {
  return (run, row, comparator) => Number(reaches(maskIouAt(run, row), threshold, comparator));
};
const within =
  (column: 'rankBySimilarity' | 'rankByScore', best: number): Measure['of'] =>
  (run, row) => {
    const rank = run[column][row] ?? 0;
    return Number(rank > 0 && rank <= best);
  };

/** Thresholds 0.50, 0.55 … 0.95. */
const strictness = Array.from({ length: 10 }, (_, step) => (10 + step) / 20);
const few = { resampled: false };

export const measures: readonly Measure[] = [
  rate('accuracy50', 'box', iouOver(0.5), { inSlices: true }),
  rate('accuracy75', 'box', iouOver(0.75), { inSlices: true }),
  rate('accuracy90', 'box', iouOver(0.9)),
  mean('meanAccuracy', 'box', (run, row, comparator) => {
    const iou = run.iou[row] ?? 0;
    let reached = 0;
    for (const threshold of strictness) if (reaches(iou, threshold, comparator)) reached += 1;
    return reached / strictness.length;
  }),
  mean('meanIou', 'box', (run, row) => run.iou[row] ?? 0, true),
  rate('giouAccuracy50', 'box', (run, row, comparator) =>
    Number(reaches(run.giou[row] ?? 0, 0.5, comparator)),
  ),
  rate('centreAccuracy', 'box', (run, row) => run.centreInside[row] ?? 0),
  mean('maskMeanIou', 'mask', maskIouAt, true),
  {
    ...mean('maskOverallIou', 'mask', (run, row) => run.maskIntersection[row] ?? 0),
    per: (run, row) => run.maskUnion[row] ?? 0,
  },
  rate('maskPrecision50', 'mask', maskOver(0.5), few),
  rate('maskPrecision60', 'mask', maskOver(0.6), few),
  rate('maskPrecision70', 'mask', maskOver(0.7), few),
  rate('maskPrecision80', 'mask', maskOver(0.8), few),
  rate('maskPrecision90', 'mask', maskOver(0.9), few),
  mean('boundaryF', 'mask', (run, row) => run.boundaryF[row] ?? 0),
  rate('proposalRecall', 'proposals', (run, row, comparator) =>
    Number(reaches(run.bestProposalIou[row] ?? 0, 0.5, comparator)),
  ),
  rate('recallAt1', 'proposals', within('rankByScore', 1), few),
  rate('recallAt5', 'proposals', within('rankByScore', 5), few),
  rate('recallAt10', 'proposals', within('rankByScore', 10), few),
  rate('precisionAt1', 'proposals', within('rankBySimilarity', 1), few),
  rate('precisionAt5', 'proposals', within('rankBySimilarity', 5), few),
  rate('precisionAt10', 'proposals', within('rankBySimilarity', 10), few),
  rate('pointingAccuracy', 'map', (run, row) => run.pointInside[row] ?? 0),
  mean('energyInBox', 'map', (run, row) => run.energyInBox[row] ?? 0),
  mean('energyInMask', 'map-in-mask', (run, row) => run.energyInMask[row] ?? 0),
  mean('mapAuc', 'map-in-mask', (run, row) => run.mapAuc[row] ?? 0),
];

/** The rows on which a group of measures is defined for a run; the same array where that is all of them. */
export function rowsOfGroup(run: RunColumns, rows: Rows, group: MeasureGroup): Rows {
  const column = run[groupColumns[group]];
  const having = rows.filter((row) => !Number.isNaN(column[row] ?? Number.NaN));
  return having.length === rows.length ? rows : having;
}
