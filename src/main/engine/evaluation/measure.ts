/** One prediction measured against one ground truth. */
import type { GridMap, MethodId, Prediction } from '../../../common/contract';
import { boxContains } from '../../../common/geometry/boxes';
import { boxIou } from '../../../common/geometry/iou';
import { runLengthArea, runLengthOverlap } from '../../../common/geometry/rle';
import type { ImageBox, ImagePoint, RunLengthMask, Size } from '../../../common/geometry/types';
import type { Measurement } from './rows';

export interface Truth {
  box: ImageBox | null;
  mask: RunLengthMask | null;
}

/** Centre of the map's highest cell in pixels of the image; the first one where several are as high. */
export function peakOf(map: GridMap, image: Size): ImagePoint {
  const bytes = Uint8Array.from(atob(map.values), (character) => character.charCodeAt(0));
  let best = 0;
  for (let index = 1; index < bytes.length; index += 1) {
    if ((bytes[index] ?? 0) > (bytes[best] ?? 0)) best = index;
  }
  return {
    x: (((best % map.width) + 0.5) * image.width) / map.width,
    y: ((Math.floor(best / map.width) + 0.5) * image.height) / map.height,
  };
}

/** Where a method with a map looked first; null for methods without one, or without evidence. */
function pointOf(prediction: Prediction, image: Size): ImagePoint | null {
  const { evidence } = prediction;
  switch (evidence.method) {
    case 'yolo-clip':
      return null;
    case 'blip-sam':
      return evidence.points.find((point) => point.positive) ?? null;
    case 'risclip':
      return peakOf(evidence.locatorMap, image);
  }
}

/** What an expression counts that a method has not answered: nothing found, all of the truth missed. */
export function measureMissing(method: MethodId, truth: Truth): Measurement {
  const hasTruth = truth.box !== null;
  const makesMasks = method !== 'yolo-clip';
  const misses = makesMasks && truth.mask !== null ? truth.mask : null;
  return {
    iou: hasTruth ? 0 : null,
    maskIntersection: misses ? 0 : null,
    maskUnion: misses ? runLengthArea(misses) : null,
    bestProposalIou: hasTruth && method === 'yolo-clip' ? 0 : null,
    pointInside: hasTruth && makesMasks ? false : null,
  };
}

/** `image`: size of the image in pixels. */
export function measure(prediction: Prediction, truth: Truth, image: Size): Measurement {
  const { box, mask, evidence } = prediction;
  const truthBox = truth.box;
  const iou = truthBox === null ? null : box === null ? 0 : boxIou(box, truthBox);
  let maskIntersection: number | null = null;
  let maskUnion: number | null = null;
  if (truth.mask !== null && mask !== null) {
    ({ intersection: maskIntersection, union: maskUnion } = runLengthOverlap(mask, truth.mask));
  } else if (box === null) {
    // A method that makes masks and made none missed all of the truth.
    ({ maskIntersection, maskUnion } = measureMissing(evidence.method, truth));
  }
  let bestProposalIou: number | null = null;
  if (evidence.method === 'yolo-clip' && truthBox !== null) {
    bestProposalIou = evidence.proposals.reduce(
      (best, { box: one }) => Math.max(best, boxIou(one, truthBox)),
      0,
    );
  }
  const hasMap = evidence.method !== 'yolo-clip';
  const point = pointOf(prediction, image);
  const pointInside = !hasMap || truthBox === null ? null : point !== null && boxContains(truthBox, point);
  return { iou, maskIntersection, maskUnion, bestProposalIou, pointInside };
}
