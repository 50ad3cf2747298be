/** BLIP+SAM: BLIP's Grad-CAM shows where the text is meant, SAM cuts out what lies there. */
import { z } from 'zod';
import type { CandidateMask, Prediction, PromptPoint, StageTiming } from '../../../common/contract';
import { packCounts } from '../../../common/geometry/rle';
import type { ImageBox, RunLengthMask, Size } from '../../../common/geometry/types';
import type { FloatMap } from '../imaging/axis';
import type { DecodedImage } from '../imaging/image';
import { rangeOf, softmax } from '../imaging/maps';
import type { FloatTensor, Tensors } from '../models/session';
import { pictureAxes, PictureSums, runsAbove, type MaskAxes } from './box-from-map';
import { defineMethod, type MethodParts } from './definition';
import { gridMap } from './evidence';
import { frameAxes, promptPoints, smoothMap, type FrameAxes } from './heatmap-prompts';
import { largestPart, piecesOf, type Pieces } from './mask-parts';
import type { ImageState, Method } from './method';
import { Sam, samRoles } from './sam';
import { StageClock } from './stage-clock';
import { bytesOf, floatOutput, idTensor, imageInput, mapOf } from './tensors';

const layer = z.number().int().min(0);

const settingsSchema = z.strictObject({
  /** Fixed in the graph; kept so that the evidence can name it. */
  gradcamLayer: z.union([layer, z.array(layer).min(1)]),
  blur: z.number().min(0).max(1),
  points: z.number().int().min(1).max(16),
  negativePoints: z.number().int().min(0).max(16),
  maskChoice: z.enum(['predicted-iou', 'heat']),
});
type Settings = z.output<typeof settingsSchema>;

interface BlipSamState extends ImageState {
  readonly picture: Size;
  readonly embeds: Tensors;
  readonly features: Tensors;
  /** Stages of the preparation; the first answer on the image reports them. */
  preparation: StageTiming[];
}

/** Operators that depend on sizes only. */
interface MapAxes {
  readonly frame: FrameAxes;
  readonly frameToPicture: MaskAxes;
  readonly masksToPicture: MaskAxes;
}

interface Candidate extends CandidateMask {
  readonly pieces: Pieces;
}

class BlipSam implements Method {
  readonly id = 'blip-sam';
  readonly cacheKey: string;
  readonly #parts: MethodParts<Settings>;
  readonly #sam: Sam;
  readonly #sums = new PictureSums();
  /** Those of the picture size met last: datasets often have one size, and many expressions a picture. */
  #axes: { key: string; axes: MapAxes } | null = null;

  constructor(parts: MethodParts<Settings>) {
    this.#parts = parts;
    this.#sam = new Sam((name) => parts.role(name));
    this.cacheKey = parts.cacheKey;
  }

  async prepare(image: DecodedImage): Promise<BlipSamState> {
    const clock = new StageClock(this.#parts.runner);
    clock.begin('encode image (BLIP)');
    const { tensors: embeds } = await this.#parts.recall({ image, roles: ['blip-image'] }, async () => {
      const seen = await clock.run('blip-image', imageInput(this.#parts.role('blip-image'), [image]));
      return { tensors: { image_embeds: floatOutput(seen, 'image_embeds') }, facts: null };
    });
    clock.begin('encode image (SAM)');
    const features = await this.#sam.encode(image, clock.run.bind(clock), this.#parts.recall);
    return {
      picture: { width: image.width, height: image.height },
      embeds,
      features,
      bytes: bytesOf(embeds) + bytesOf(features),
      preparation: clock.finish(),
    };
  }

  async ground(state: ImageState, expression: string): Promise<Prediction> {
    const seen = state as BlipSamState;
    const preparation = seen.preparation;
    seen.preparation = [];
    const clock = new StageClock(this.#parts.runner);

    clock.begin('heat map');
    const { match, heat } = await this.#look(seen, expression, clock);
    clock.begin('prompt points');
    const axes = this.#axesOf(seen.picture, heat);
    const frame = smoothMap(heat, axes.frame);
    const heatMap = rangeOf(heat).maximum > 0 ? gridMap(heat) : null;
    const answer = (
      found: { box: ImageBox; mask: RunLengthMask } | null,
      missingReason: string,
      points: PromptPoint[],
      candidates: CandidateMask[],
      chosen: number,
    ): Prediction => ({
      method: 'blip-sam',
      box: found?.box ?? null,
      mask: found?.mask ?? null,
      score: match,
      missingReason,
      evidence: { method: 'blip-sam', heatMap, match, points, candidates, chosen },
      timings: [...preparation, ...clock.finish()],
    });
    if (!frame) return answer(null, 'The heat map shows no evidence of the text.', [], [], -1);

    const points = this.#prompt(frame, seen.picture);
    clock.begin('segment');
    const output = await this.#sam.decode(seen.features, seen.picture, { points }, clock.run.bind(clock));
    clock.begin('masks');
    const candidates = this.#candidates(seen.picture, axes, frame, output);
    const chosen = this.#choose(candidates);
    const winner = candidates[chosen];
    const part = winner ? largestPart(winner.pieces) : null;
    return answer(
      winner && part ? { box: part.box, mask: winner.mask } : null,
      part ? '' : 'The chosen mask is empty.',
      points,
      candidates.map(({ mask, predictedIou, heat: inside }) => ({ mask, predictedIou, heat: inside })),
      chosen,
    );
  }

  async #look(
    { embeds }: BlipSamState,
    expression: string,
    clock: StageClock,
  ): Promise<{ match: number; heat: FloatMap }> {
    const { ids, mask } = this.#parts.encode('blip-text', expression);
    const inputs = { ...embeds, input_ids: idTensor(ids), attention_mask: idTensor(mask) };
    const outputs = await clock.run('blip-text', inputs);
    const [, match = 0] = softmax([...floatOutput(outputs, 'itm_logits').data]);
    return { match, heat: mapOf(floatOutput(outputs, 'heat_map')) };
  }

  #prompt(frame: FloatMap, picture: Size): PromptPoint[] {
    const { points, negativePoints } = this.#parts.settings;
    const found = promptPoints(frame, points, negativePoints);
    const inPicture = (positive: boolean) => (point: { x: number; y: number }) => ({
      x: (point.x * picture.width) / frame.width,
      y: (point.y * picture.height) / frame.height,
      positive,
    });
    return [...found.positive.map(inPicture(true)), ...found.negative.map(inPicture(false))];
  }

  #candidates(
    picture: Size,
    axes: MapAxes,
    frame: FloatMap,
    { masks, qualities }: { masks: FloatTensor; qualities: FloatTensor },
  ): Candidate[] {
    const sums = this.#sums;
    sums.use(frame, axes.frameToPicture);
    return [...qualities.data].map((predictedIou, index) => {
      const runs = runsAbove(mapOf(masks, index), axes.masksToPicture, 0);
      const mask: RunLengthMask = { size: [picture.height, picture.width], counts: packCounts(runs) };
      const pieces = piecesOf(runs, picture.height);
      return { mask, predictedIou, heat: sums.contrast(pieces), pieces };
    });
  }

  /** The first of the best, by the quality that the settings name. */
  #choose(candidates: readonly Candidate[]): number {
    const byHeat = this.#parts.settings.maskChoice === 'heat';
    const quality = ({ heat, predictedIou }: Candidate) => (byHeat ? heat : predictedIou);
    let chosen = candidates.length > 0 ? 0 : -1;
    candidates.forEach((candidate, index) => {
      const best = candidates[chosen];
      if (best && quality(candidate) > quality(best)) chosen = index;
    });
    return chosen;
  }

  #axesOf(picture: Size, heat: Size): MapAxes {
    const key = [picture.width, picture.height, heat.width, heat.height].join();
    if (this.#axes?.key === key) return this.#axes.axes;
    const frame = frameAxes(heat, picture, this.#parts.settings.blur);
    const frameSize = { width: frame.horizontal.output, height: frame.vertical.output };
    const axes: MapAxes = {
      frame,
      frameToPicture: pictureAxes(frameSize, picture),
      masksToPicture: this.#sam.maskAxes(picture),
    };
    this.#axes = { key, axes };
    return axes;
  }
}

export const blipSam = defineMethod<Settings>({
  id: 'blip-sam',
  settings: settingsSchema,
  roles: {
    'blip-image': { inputs: ['pixel_values'], outputs: ['image_embeds'], resize: ['squash'] },
    'blip-text': {
      inputs: ['image_embeds', 'input_ids', 'attention_mask'],
      outputs: ['itm_logits', 'heat_map'],
      tokens: true,
    },
    ...samRoles,
  },
  create: (parts) => new BlipSam(parts),
});
