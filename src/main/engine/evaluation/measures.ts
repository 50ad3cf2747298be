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
  /** What slices have of it. */
  inSlices: 'interval' | 'value' | 'nothing';
  /** What a row adds to the numerator. */
  of(run: RunColumns, row: number, comparator: Comparator): number;
  /** What a row adds to the denominator; 1 where absent. */
  per?: (run: RunColumns, row: number) => number;
}

function rate(
  name: MetricName,
  group: MeasureGroup,
  of: Measure['of'],
  inSlices: Measure['inSlices'] = 'nothing',
): Measure {
  return { name, group, isRate: true, inSlices, of };
}

function mean(
  name: MetricName,
  group: MeasureGroup,
  of: Measure['of'],
  inSlices: Measure['inSlices'] = 'nothing',
): Measure {
  return { name, group, isRate: false, inSlices, of };
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

export const measures: readonly Measure[] = [
  rate('accuracy50', 'box', iouOver(0.5), 'interval'),
  rate('accuracy75', 'box', iouOver(0.75), 'interval'),
  rate('accuracy90', 'box', iouOver(0.9)),
  mean('meanAccuracy', 'box', (run, row, comparator) => {
    const iou = run.iou[row] ?? 0;
    let reached = 0;
    for (const threshold of strictness) if (reaches(iou, threshold, comparator)) reached += 1;
    return reached / strictness.length;
  }),
  mean('meanIou', 'box', (run, row) => run.iou[row] ?? 0, 'interval'),
  rate('giouAccuracy50', 'box', (run, row, comparator) =>
    Number(reaches(run.giou[row] ?? 0, 0.5, comparator)),
  ),
  rate('centreAccuracy', 'box', (run, row) => run.centreInside[row] ?? 0),
  mean('maskMeanIou', 'mask', maskIouAt, 'interval'),
  {
    ...mean('maskOverallIou', 'mask', (run, row) => run.maskIntersection[row] ?? 0, 'value'),
    per: (run, row) => run.maskUnion[row] ?? 0,
  },
  rate('maskPrecision50', 'mask', maskOver(0.5), 'value'),
  rate('maskPrecision60', 'mask', maskOver(0.6), 'value'),
  rate('maskPrecision70', 'mask', maskOver(0.7), 'value'),
  rate('maskPrecision80', 'mask', maskOver(0.8), 'value'),
  rate('maskPrecision90', 'mask', maskOver(0.9), 'value'),
  mean('boundaryF', 'mask', (run, row) => run.boundaryF[row] ?? 0),
  rate(
    'proposalRecall',
    'proposals',
    (run, row, comparator) => Number(reaches(run.bestProposalIou[row] ?? 0, 0.5, comparator)),
    'value',
  ),
  rate('recallAt1', 'proposals', within('rankByScore', 1)),
  rate('recallAt5', 'proposals', within('rankByScore', 5)),
  rate('recallAt10', 'proposals', within('rankByScore', 10)),
  rate('precisionAt1', 'proposals', within('rankBySimilarity', 1)),
  rate('precisionAt5', 'proposals', within('rankBySimilarity', 5)),
  rate('precisionAt10', 'proposals', within('rankBySimilarity', 10)),
  rate('pointingAccuracy', 'map', (run, row) => run.pointInside[row] ?? 0, 'value'),
  mean('energyInBox', 'map', (run, row) => run.energyInBox[row] ?? 0),
  mean('energyInMask', 'map-in-mask', (run, row) => run.energyInMask[row] ?? 0),
  mean('mapAuc', 'map-in-mask', (run, row) => run.mapAuc[row] ?? 0),
];

/** The rows on which a group of measures is defined for a run; the same array where that is all of them. */
export function rowsOfGroup(run: RunColumns, rows: Rows, group: MeasureGroup): Rows {
  const column = run[groupColumns[group]];
  const having = new Int32Array(rows.length);
  let length = 0;
  for (const row of rows) {
    if (Number.isNaN(column[row] ?? Number.NaN)) continue;
    having[length] = row;
    length += 1;
  }
  return length === rows.length ? rows : having.slice(0, length);
}
