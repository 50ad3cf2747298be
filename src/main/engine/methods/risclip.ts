/** RisCLIP: a Locator and a Refiner on a frozen CLIP draw a probability map; its largest part is the answer. */
import { z } from 'zod';
import type { Prediction, StageTiming } from '../../../common/contract';
import { packCounts } from '../../../common/geometry/rle';
import type { Size } from '../../../common/geometry/types';
import type { DecodedImage } from '../imaging/image';
import { sigmoidMap } from '../imaging/maps';
import type { Tensors } from '../models/session';
import { meanInside, pictureAxes, runsAbove, type MaskAxes } from './box-from-map';
import { defineMethod, type MethodParts } from './definition';
import { gridMap } from './evidence';
import { areaOfPieces, largestPart, piecesOf, runsOfPart } from './mask-parts';
import type { ImageState, Method } from './method';
import { StageClock } from './stage-clock';
import { bytesOf, floatOutput, idTensor, imageInput, mapOf } from './tensors';

const settingsSchema = z.strictObject({
  threshold: z.number().min(0).max(1),
  /** For the Models screen; how many of the network's numbers were learnt and how many are CLIP's. */
  parametersTrained: z.number().int().min(0),
  parametersFrozen: z.number().int().min(0),
});
type Settings = z.output<typeof settingsSchema>;

interface RisClipState extends ImageState {
  readonly picture: Size;
  readonly features: Tensors;
  /** Operators that depend on sizes only; made by the first answer. */
  axes: MaskAxes | null;
  /** Stages of the preparation; the first answer on the image reports them. */
  preparation: StageTiming[];
}

class RisClip implements Method {
  readonly id = 'risclip';
  readonly cacheKey: string;
  readonly #parts: MethodParts<Settings>;

  constructor(parts: MethodParts<Settings>) {
    this.#parts = parts;
    this.cacheKey = parts.cacheKey;
  }

  async prepare(image: DecodedImage): Promise<RisClipState> {
    const clock = new StageClock(this.#parts.runner);
    clock.begin('encode image');
    const role = this.#parts.role('risclip-image');
    const { tensors: features } = await this.#parts.recall({ image, roles: ['risclip-image'] }, async () => ({
      tensors: await clock.run('risclip-image', imageInput(role, [image])),
      facts: null,
    }));
    return {
      picture: { width: image.width, height: image.height },
      features,
      axes: null,
      bytes: bytesOf(features),
      preparation: clock.finish(),
    };
  }

  async ground(state: ImageState, expression: string): Promise<Prediction> {
    const seen = state as RisClipState;
    const { picture, features, preparation } = seen;
    seen.preparation = [];
    const { threshold } = this.#parts.settings;
    const clock = new StageClock(this.#parts.runner);
    clock.begin('locate and refine');
    const { ids } = this.#parts.encode('risclip-ground', expression);
    const outputs = await clock.run('risclip-ground', { ...features, input_ids: idTensor(ids) });
    clock.begin('mask');
    const located = sigmoidMap(mapOf(floatOutput(outputs, 'locator_logits')));
    const refined = sigmoidMap(mapOf(floatOutput(outputs, 'refined_logits')));
    seen.axes ??= pictureAxes(refined, picture);
    const runs = runsAbove(refined, seen.axes, threshold);
    const pieces = piecesOf(runs, picture.height);
    const part = largestPart(pieces);
    const kept = part && part.area < areaOfPieces(pieces) ? runsOfPart(part, picture) : runs;
    return {
      method: 'risclip',
      box: part?.box ?? null,
      mask: part && { size: [picture.height, picture.width], counts: packCounts(kept) },
      score: part && meanInside(refined, seen.axes, part),
      missingReason: part ? '' : 'No pixel of the refined map is above the threshold.',
      evidence: {
        method: 'risclip',
        locatorMap: gridMap(located),
        refinedMap: gridMap(refined),
        threshold,
      },
      timings: [...preparation, ...clock.finish()],
    };
  }
}

export const risClip = defineMethod<Settings>({
  id: 'risclip',
  settings: settingsSchema,
  roles: {
    'risclip-image': { inputs: ['pixel_values'], outputs: [], resize: ['squash'] },
    'risclip-ground': {
      inputs: ['input_ids'],
      featuresOf: 'risclip-image',
      outputs: ['locator_logits', 'refined_logits'],
      tokens: true,
    },
  },
  create: (parts) => new RisClip(parts),
});
