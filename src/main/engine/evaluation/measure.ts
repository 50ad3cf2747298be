/** One prediction measured against one ground truth. */
import type { Evidence, GridMap, MethodId, Prediction, Proposal } from '../../../common/contract';
import { boxContains } from '../../../common/geometry/boxes';
import { boxIou } from '../../../common/geometry/iou';
import { runLengthArea, runLengthOverlap } from '../../../common/geometry/rle';
import type { ImageBox, ImagePoint, RunLengthMask, Size } from '../../../common/geometry/types';
import { attainableIou } from './attainable';
import { boundaryF } from './boundary';
import { energyInBox, mapInMask, peakOf } from './measure-maps';
import type { Measurement } from './rows';

/** Counts up whenever predictions must be measured anew; stored beside each measurement. */
export const measureVersion = 2;

export interface Truth {
  box: ImageBox | null;
  mask: RunLengthMask | null;
}

/** The map that says where a method looked first; null for methods without one, or without evidence. */
function mapOf(evidence: Evidence): GridMap | null {
  switch (evidence.method) {
    case 'yolo-clip':
    case 'imported':
      return null;
    case 'blip-sam':
      return evidence.heatMap;
    case 'risclip':
      return evidence.locatorMap;
  }
}

/** Where a method with a map looked first. */
function pointOf(evidence: Evidence, image: Size): ImagePoint | null {
  switch (evidence.method) {
    case 'yolo-clip':
    case 'imported':
      return null;
    case 'blip-sam':
      return evidence.points.find((point) => point.positive) ?? null;
    case 'risclip':
      return peakOf(evidence.locatorMap, image);
  }
}

/**
 * What an expression counts that a method has not answered: nothing found, all of the truth missed. `makesMasks`
 * tells whether an imported run gives masks; of the workbench's own methods it is known.
 */
export function measureMissing(method: MethodId, truth: Truth, makesMasks = false): Measurement {
  const hasTruth = truth.box !== null;
  const hasMaps = method === 'blip-sam' || method === 'risclip';
  const misses = hasMaps || makesMasks ? truth.mask : null;
  const ofProposals = hasTruth && method === 'yolo-clip' ? 0 : null;
  const ofMaps = hasTruth && hasMaps ? 0 : null;
  return {
    iou: hasTruth ? 0 : null,
    maskIntersection: misses ? 0 : null,
    maskUnion: misses ? runLengthArea(misses) : null,
    boundaryF: misses ? 0 : null,
    bestProposalIou: ofProposals,
    rankBySimilarity: ofProposals,
    rankByScore: ofProposals,
    pointInside: ofMaps === null ? null : false,
    energyInBox: ofMaps,
    energyInMask: hasMaps && misses ? 0 : null,
    mapAuc: hasMaps && misses ? 0 : null,
    attainableIou: hasTruth ? 0 : null,
  };
}

/** `image`: size of the image in pixels. */
export function measure(prediction: Prediction, truth: Truth, image: Size): Measurement {
  const { box, evidence } = prediction;
  const makesMasks = evidence.method === 'imported' && evidence.makesMasks;
  const missing = measureMissing(evidence.method, truth, makesMasks);
  const masks = measureMasks(prediction, truth, missing);
  const { box: truthBox, mask: truthMask } = truth;
  if (truthBox === null) return { ...missing, ...masks };
  const iou = box === null ? 0 : boxIou(box, truthBox);
  const measured = { ...missing, ...masks, iou };
  measured.attainableIou = attainableIou(evidence, iou, truthBox, image);
  if (evidence.method === 'yolo-clip') {
    return { ...measured, ...measureProposals(evidence.proposals, truthBox) };
  }
  if (evidence.method === 'imported') return measured;
  const point = pointOf(evidence, image);
  measured.pointInside = point !== null && boxContains(truthBox, point);
  const map = mapOf(evidence);
  if (map === null) return measured;
  measured.energyInBox = energyInBox(map, truthBox, image);
  if (truthMask !== null) {
    const inMask = mapInMask(map, truthMask);
    measured.energyInMask = inMask.energy;
    measured.mapAuc = inMask.auc;
  }
  return measured;
}

type MaskMeasurement = Pick<Measurement, 'maskIntersection' | 'maskUnion' | 'boundaryF'>;

function measureMasks({ box, mask }: Prediction, truth: Truth, missing: Measurement): MaskMeasurement {
  if (truth.mask !== null && mask !== null) {
    const { intersection: maskIntersection, union: maskUnion } = runLengthOverlap(mask, truth.mask);
    return { maskIntersection, maskUnion, boundaryF: boundaryF(mask, truth.mask) };
  }
  // A method that makes masks and found nothing missed all of the truth.
  if (box === null) {
    const { maskIntersection, maskUnion, boundaryF: none } = missing;
    return { maskIntersection, maskUnion, boundaryF: none };
  }
  return { maskIntersection: null, maskUnion: null, boundaryF: null };
}

type ProposalMeasurement = Pick<Measurement, 'bestProposalIou' | 'rankBySimilarity' | 'rankByScore'>;

function measureProposals(proposals: readonly Proposal[], truth: ImageBox): ProposalMeasurement {
  const found = proposals.map(({ box, score }) => ({ score, iou: boxIou(box, truth) }));
  const rankIn = (ordered: readonly { iou: number }[]) => ordered.findIndex(({ iou }) => iou >= 0.5) + 1;
  return {
    bestProposalIou: found.reduce((best, { iou }) => Math.max(best, iou), 0),
    rankBySimilarity: rankIn(found),
    rankByScore: rankIn(found.toSorted((a, b) => b.score - a.score)),
  };
}
