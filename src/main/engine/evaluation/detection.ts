/**
 * Average precision of a detector at one IoU, whatever the category: COCO's definition (Lin and others, 2014;
 * pycocotools' COCOeval with one category): detections in order of their score, each taking the truth that it
 * overlaps most among those not taken, precision at 101 recalls.
 */
import type { Estimate } from '../../../common/contract';
import { boxIou } from '../../../common/geometry/iou';
import type { ImageBox } from '../../../common/geometry/types';
import { bootstrapDraws, bootstrapSeed, estimateFrom } from './bootstrap';
import { RandomNumbers } from './random-numbers';

export interface DetectedImage {
  readonly detections: readonly { readonly box: ImageBox; readonly score: number }[];
  readonly truths: readonly ImageBox[];
}

/** COCO looks at no more detections of an image. */
const mostDetections = 100;
const recallSteps = 100;

/** Every detection of all images, best score first. */
interface Ranking {
  /** Index of the image that each detection lies in. */
  readonly images: Int32Array;
  /** 1 where the detection found a truth that none before it had found. */
  readonly hits: Uint8Array;
  /** Number of truths of each image. */
  readonly truths: Float64Array;
}

/** Share of the truths that some detection meets, and the average precision, each with its interval over images. */
export function measureDetection(
  images: readonly DetectedImage[],
  threshold = 0.5,
): { averagePrecision: Estimate; recall: Estimate } {
  const ranking = rank(images, threshold);
  const once = new Float64Array(images.length).fill(1);
  const precisions = new Float64Array(bootstrapDraws);
  const recalls = new Float64Array(bootstrapDraws);
  const random = new RandomNumbers(bootstrapSeed);
  const picks = new Uint32Array(images.length);
  const times = new Float64Array(images.length);
  for (let draw = 0; draw < bootstrapDraws; draw += 1) {
    random.fill(picks);
    times.fill(0);
    for (const pick of picks) times[Math.floor((pick * images.length) / 0x1_0000_0000)]! += 1;
    precisions[draw] = averagePrecision(ranking, times);
    recalls[draw] = recallOf(ranking, times);
  }
  return {
    averagePrecision: estimateFrom(averagePrecision(ranking, once), precisions),
    recall: estimateFrom(recallOf(ranking, once), recalls),
  };
}

function rank(images: readonly DetectedImage[], threshold: number): Ranking {
  const ranked = images.flatMap(({ detections, truths }, image) => {
    const best = detections.toSorted((a, b) => b.score - a.score).slice(0, mostDetections);
    const taken = new Set<number>();
    return best.map(({ box, score }) => {
      const found = bestFree(box, truths, taken, threshold);
      if (found >= 0) taken.add(found);
      return { image, score, hit: found >= 0 ? 1 : 0 };
    });
  });
  ranked.sort((a, b) => b.score - a.score);
  return {
    images: Int32Array.from(ranked, ({ image }) => image),
    hits: Uint8Array.from(ranked, ({ hit }) => hit),
    truths: Float64Array.from(images, ({ truths }) => truths.length),
  };
}

/** Index of the truth not taken yet that the box overlaps most, −1 where none reaches the threshold. */
function bestFree(
  box: ImageBox,
  truths: readonly ImageBox[],
  taken: ReadonlySet<number>,
  threshold: number,
): number {
  let best = -1;
  let highest = threshold;
  for (const [index, truth] of truths.entries()) {
    if (taken.has(index)) continue;
    const iou = boxIou(box, truth);
    if (iou < highest) continue;
    highest = iou;
    best = index;
  }
  return best;
}

/** `times`: how often each image counts. */
function averagePrecision({ images, hits, truths }: Ranking, times: Float64Array): number {
  const wanted = truths.reduce((sum, count, image) => sum + count * times[image]!, 0);
  if (wanted === 0) return 0;
  const recalls = new Float64Array(hits.length);
  const precisions = new Float64Array(hits.length);
  let right = 0;
  let all = 0;
  for (let index = 0; index < hits.length; index += 1) {
    const weight = times[images[index]!]!;
    right += hits[index]! * weight;
    all += weight;
    recalls[index] = right / wanted;
    precisions[index] = all > 0 ? right / all : 0;
  }
  // From the right: no precision is lower than one at a higher recall.
  for (let index = hits.length - 2; index >= 0; index -= 1) {
    precisions[index] = Math.max(precisions[index]!, precisions[index + 1]!);
  }
  let sum = 0;
  let index = 0;
  for (let step = 0; step <= recallSteps; step += 1) {
    while (index < recalls.length && recalls[index]! < step / recallSteps) index += 1;
    sum += precisions[index] ?? 0;
  }
  return sum / (recallSteps + 1);
}

function recallOf({ images, hits, truths }: Ranking, times: Float64Array): number {
  const wanted = truths.reduce((sum, count, image) => sum + count * times[image]!, 0);
  const found = hits.reduce((sum, hit, index) => sum + hit * times[images[index]!]!, 0);
  return wanted > 0 ? found / wanted : 0;
}
