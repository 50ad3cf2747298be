/** Cuts out what a person points at. The picture is encoded once; each click after that runs the decoder alone. */
import type { contract, DomainService } from '../../../common/contract';
import type { DecodedImage } from '../imaging/image';
import type { ImageState } from '../methods/method';
import type { Segmenter } from '../methods/segmenter';

export interface SegmentParts {
  decode(imageId: number): Promise<DecodedImage>;
  segmenter(packId: string): Promise<Segmenter>;
  defaultPackId(): string;
}

type Segment = DomainService<typeof contract.expressions>['segment'];

export function createSegment(parts: SegmentParts): Segment {
  /** The picture pointed at last: its file is neither read nor hashed again for every click. */
  let last: { key: string; state: Promise<ImageState> } | null = null;

  function prepared(segmenter: Segmenter, imageId: number): Promise<ImageState> {
    const key = `${segmenter.cacheKey}/${imageId}`;
    if (last?.key === key) return last.state;
    const state = parts.decode(imageId).then((image) => segmenter.prepare(image));
    const own = { key, state };
    last = own;
    // What failed is tried again the next time.
    state.catch(() => {
      if (last === own) last = null;
    });
    return state;
  }

  return async ({ imageId, points, box, previousMask, packId }) => {
    const startedAt = performance.now();
    const segmenter = await parts.segmenter(packId ?? parts.defaultPackId());
    const state = await prepared(segmenter, imageId);
    const candidates =
      points.length > 0 || box ? await segmenter.segment(state, { points, box, previousMask }) : [];
    return { candidates, milliseconds: performance.now() - startedAt };
  };
}
