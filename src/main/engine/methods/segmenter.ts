/** Cuts out what a person points at: SAM without a text. */
import type { SegmentedMask } from '../../../common/contract';
import { packCounts } from '../../../common/geometry/rle';
import type { Size } from '../../../common/geometry/types';
import type { DecodedImage } from '../imaging/image';
import type { Role, RoleName } from '../models/manifest';
import type { Recall } from '../models/recall';
import type { ModelRunner, Tensors } from '../models/session';
import { runsAbove, type MaskAxes } from './box-from-map';
import type { ImageState } from './method';
import { Sam, type SamPrompt } from './sam';
import { bytesOf, mapOf } from './tensors';

export interface Segmenter {
  /** Part of the key under which image states are cached. */
  readonly cacheKey: string;
  prepare(image: DecodedImage): Promise<ImageState>;
  /** The decoder's masks without the empty ones, the one that it thinks best first. */
  segment(state: ImageState, prompt: SamPrompt): Promise<SegmentedMask[]>;
}

interface SegmenterState extends ImageState {
  readonly picture: Size;
  readonly features: Tensors;
  readonly axes: MaskAxes;
}

export interface SegmenterParts {
  readonly runner: ModelRunner;
  role(name: RoleName): Role;
  readonly recall: Recall;
  readonly cacheKey: string;
}

export function createSegmenter({ runner, role, recall, cacheKey }: SegmenterParts): Segmenter {
  const sam = new Sam(role);
  const run = async (name: RoleName, inputs: Tensors) => (await runner.run(name, inputs)).outputs;
  return {
    cacheKey,
    async prepare(image): Promise<SegmenterState> {
      const picture = { width: image.width, height: image.height };
      const features = await sam.encode(image, run, recall);
      return { picture, features, axes: sam.maskAxes(picture), bytes: bytesOf(features) };
    },
    async segment(state, prompt) {
      const { picture, features, axes } = state as SegmenterState;
      const { masks, qualities } = await sam.decode(features, picture, prompt, run);
      return [...qualities.data]
        .map((predictedIou, index) => ({ predictedIou, runs: runsAbove(mapOf(masks, index), axes, 0) }))
        .filter(({ runs }) => runs.length > 1)
        .sort((a, b) => b.predictedIou - a.predictedIou)
        .map(({ predictedIou, runs }) => ({
          mask: { size: [picture.height, picture.width], counts: packCounts(runs) },
          predictedIou,
        }));
    },
  };
}
