/** What a report shows of the way to an answer: proposals, maps, prompt points and the mask, small enough to embed. */
import type { Evidence, GridMap, PromptPoint } from '../../../common/contract';
import { shrinkMask } from '../../../common/geometry/mask-columns';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';
import { colourGrid } from '../../../common/maps/grid-map';
import type { JpegForm } from '../imaging/decode';
import { encodeRaster } from '../imaging/encode';

/** One run's answer as drawn over the picture, box aside. */
export interface AnswerView {
  /** The coloured map as WebP with opacity, to be stretched over the picture; null without a map. */
  map: Uint8Array | null;
  proposals: readonly ImageBox[];
  points: readonly PromptPoint[];
  /** At the size of the shrunken picture (`shownSize`); null without a mask. */
  mask: RunLengthMask | null;
  /** What is to be seen: "6 proposals, similarity 0.310" (that of the chosen one). */
  words: string;
}

/** Longer side of a picture in a report, in pixels: sharp on dense screens at the size it is shown. */
export const pictureSize = 480;
/** Sixty pictures make most of a page; what is drawn over them is as sharp as ever. */
export const pictureForm: JpegForm = { quality: 78, chromaSubsampling: '4:2:0' };

/** Longer side of a coloured map, in pixels, about. */
const mapSize = 112;

/** Size at which a picture of this size is shown: no larger than it is. */
export function shownSize({ width, height }: Size): Size {
  const shrink = Math.min(1, pictureSize / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * shrink)), height: Math.max(1, Math.round(height * shrink)) };
}

/**
 * A mask at the resolution of the shown picture: the border of a large picture's mask has more corners than there are
 * pixels to see them. `mask`: in pixels of the image.
 */
export function shownMask(mask: RunLengthMask | null): RunLengthMask | null {
  return mask && shrinkMask(mask, shownSize({ width: mask.size[1], height: mask.size[0] }));
}

/** The view of an answer; `evidence` is null where the run has not answered. */
export async function answerView(evidence: Evidence | null, mask: RunLengthMask | null): Promise<AnswerView> {
  const view: AnswerView = { map: null, proposals: [], points: [], mask: shownMask(mask), words: '' };
  switch (evidence?.method) {
    case undefined:
      return view;
    case 'yolo-clip':
      return {
        ...view,
        proposals: evidence.proposals.map(({ box }) => box),
        words: proposalWords(evidence.proposals),
      };
    case 'blip-sam':
      // As in Inspect: a heat map over its own range from 0, a probability over 0 to 1.
      return {
        ...view,
        map: evidence.heatMap && (await mapPicture(evidence.heatMap, evidence.heatMap.maximum)),
        points: evidence.points,
        words: `${evidence.heatMap ? 'heat map' : 'no heat map'}, match ${evidence.match.toFixed(2)}`,
      };
    case 'risclip':
      return {
        ...view,
        map: await mapPicture(evidence.locatorMap, 1),
        words: `Locator map, up to ${evidence.locatorMap.maximum.toFixed(2)}`,
      };
    case 'imported':
      return { ...view, words: mask ? 'mask as given' : 'box as given' };
  }
}

function proposalWords(proposals: readonly { similarity: number }[]): string {
  const [chosen] = proposals;
  if (!chosen) return 'no proposals';
  const number = proposals.length === 1 ? '1 proposal' : `${proposals.length} proposals`;
  return `${number}, similarity ${chosen.similarity.toFixed(3)}`;
}

async function mapPicture(map: GridMap, high: number): Promise<Uint8Array | null> {
  const raster = colourGrid(map, { low: 0, high });
  return raster && encodeRaster(raster, mapSize);
}
