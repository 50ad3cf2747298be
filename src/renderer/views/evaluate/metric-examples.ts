/** Which expressions a metric's number leads to: those that it counts as wrong, or where it is low. Pure. */
import type { ExampleConditionInput, ExampleMeasure, MetricName } from '../../../common/contract';

export interface MetricExamples {
  /** What they have in common, after the run's name: "box IoU below 0.75". */
  what: string;
  where: ExampleConditionInput[];
}

const thresholds: Partial<Record<MetricName, [ExampleMeasure, number, string]>> = {
  accuracy50: ['iou', 0.5, 'box IoU below 0.5'],
  accuracy75: ['iou', 0.75, 'box IoU below 0.75'],
  accuracy90: ['iou', 0.9, 'box IoU below 0.9'],
  meanAccuracy: ['iou', 0.5, 'box IoU below 0.5'],
  meanIou: ['iou', 0.5, 'box IoU below 0.5'],
  medianIou: ['iou', 0.5, 'box IoU below 0.5'],
  giouAccuracy50: ['giou', 0.5, 'GIoU below 0.5'],
  maskMeanIou: ['maskIou', 0.5, 'mask IoU below 0.5'],
  maskOverallIou: ['maskIou', 0.5, 'mask IoU below 0.5'],
  maskPrecision50: ['maskIou', 0.5, 'mask IoU below 0.5'],
  maskPrecision60: ['maskIou', 0.6, 'mask IoU below 0.6'],
  maskPrecision70: ['maskIou', 0.7, 'mask IoU below 0.7'],
  maskPrecision80: ['maskIou', 0.8, 'mask IoU below 0.8'],
  maskPrecision90: ['maskIou', 0.9, 'mask IoU below 0.9'],
  boundaryF: ['boundaryF', 0.5, 'boundary F below 0.5'],
  proposalRecall: ['bestProposalIou', 0.5, 'no proposal of IoU 0.5'],
  energyInBox: ['energyInBox', 0.5, 'less than half the map in the box'],
  energyInMask: ['energyInMask', 0.5, 'less than half the map in the mask'],
  mapAuc: ['mapAuc', 0.5, 'map no better than chance'],
  aurc: ['iou', 0.5, 'box IoU below 0.5'],
  calibrationError: ['iou', 0.5, 'box IoU below 0.5'],
};

const ranks: Partial<Record<MetricName, { measure: ExampleMeasure; best: number }>> = {
  recallAt1: { measure: 'scoreRank', best: 1 },
  recallAt5: { measure: 'scoreRank', best: 5 },
  recallAt10: { measure: 'scoreRank', best: 10 },
  precisionAt1: { measure: 'similarityRank', best: 1 },
  precisionAt5: { measure: 'similarityRank', best: 5 },
  precisionAt10: { measure: 'similarityRank', best: 10 },
};

export function examplesOfMetric(metric: MetricName, runId: number): MetricExamples {
  if (metric === 'noReferentDetection' || metric === 'noReferentAuroc') {
    return { what: 'absent referents not noticed', where: [{ type: 'absent', runId, noticed: false }] };
  }
  // A point counts as inside on the border too, so it is never compared as IoUs are.
  if (metric === 'pointingAccuracy') {
    const where = { type: 'between', runId, measure: 'pointInside', from: 0, to: 0.5 } as const;
    return { what: 'the map points elsewhere', where: [where] };
  }
  if (metric === 'centreAccuracy') {
    const where = { type: 'between', runId, measure: 'centreInside', from: 0, to: 0.5 } as const;
    return { what: 'centre outside the ground truth', where: [where] };
  }
  const ranked = ranks[metric];
  if (ranked) {
    const { measure, best } = ranked;
    // Between the best wrong place and the worst right one.
    const to = (1 / best + 1 / (best + 1)) / 2;
    const what = `no right proposal among the first ${best}`;
    return { what, where: [{ type: 'between', runId, measure, from: 0, to }] };
  }
  const [measure, threshold, what] = thresholds[metric] ?? ['iou', 0.5, 'box IoU below 0.5'];
  return { what, where: [{ type: 'reaches', runId, measure, threshold, reached: false }] };
}
