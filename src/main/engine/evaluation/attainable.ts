/**
 * The oracle of a method's last stage: the best box that it could have chosen from what the stages before left it.
 * The difference to what it did choose is the last stage's own error (METHODS H).
 */
import type { Evidence, GridMap } from '../../../common/contract';
import { boxOfMask, largestComponent } from '../../../common/geometry/components';
import { boxIou } from '../../../common/geometry/iou';
import { runLengthBox } from '../../../common/geometry/rle';
import { Grid } from '../../../common/geometry/grid';
import type { ImageBox, Size } from '../../../common/geometry/types';
import { cellBytes } from './measure-maps';

/** Thresholds on the refined map's probability that are tried: 0.05, 0.1 … 0.95. */
const thresholds = Array.from({ length: 19 }, (_, step) => (step + 1) / 20);

/** Boxes of the largest parts above each threshold, at the map's own cells, in pixels of the image. */
function boxesOfParts(map: GridMap, image: Size): (ImageBox | null)[] {
  const { width, height, minimum, maximum } = map;
  const bytes = cellBytes(map);
  const step = (maximum - minimum) / 255;
  const across = image.width / width;
  const down = image.height / height;
  // Values that occur; thresholds between the same two of them give the same part.
  const occurs = new Uint8Array(256);
  for (let index = 0; index < bytes.length; index += 1) occurs[bytes[index] ?? 0] = 1;
  const values = Array.from(occurs.keys()).filter((value) => occurs[value] === 1);
  const lowest = new Set(
    thresholds.flatMap((threshold) => values.find((value) => minimum + value * step > threshold) ?? []),
  );
  return [...lowest].map((from) => {
    const data = new Uint8Array(bytes.length);
    for (let index = 0; index < data.length; index += 1) data[index] = (bytes[index] ?? 0) >= from ? 1 : 0;
    const box = boxOfMask(largestComponent(new Grid(width, height, data)));
    return (
      box && { x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down }
    );
  });
}

/** Highest box IoU within the last stage's reach, at least that of the answer (`iou`). */
export function attainableIou(evidence: Evidence, iou: number, truth: ImageBox, image: Size): number {
  let boxes: (ImageBox | null)[];
  switch (evidence.method) {
    case 'yolo-clip':
      boxes = evidence.proposals.map((proposal) => proposal.box);
      break;
    case 'blip-sam':
      boxes = evidence.candidates.map((candidate) => runLengthBox(candidate.mask));
      break;
    case 'risclip':
      boxes = boxesOfParts(evidence.refinedMap, image);
      break;
    case 'imported':
      // Nothing is known of what else the method had in hand.
      boxes = [];
      break;
  }
  return boxes.reduce((best, box) => (box ? Math.max(best, boxIou(box, truth)) : best), iou);
}
