/** YOLO+CLIP: a detector proposes boxes, CLIP says which crop is most like the text. */
import { z } from 'zod';
import type { Prediction, Proposal, StageTiming } from '../../../common/contract';
import type { ImageBox } from '../../../common/geometry/types';
import { cropFrame, cropImage } from '../imaging/crop';
import type { DecodedImage } from '../imaging/image';
import { softmax } from '../imaging/maps';
import { placementOf } from '../imaging/tensor';
import { ByteBoundedCache, type Sized } from '../models/cache';
import type { Role, RoleImageRule } from '../models/manifest';
import type { FloatTensor, Tensors } from '../models/session';
import { defineMethod, type MethodParts } from './definition';
import type { ImageState, Method } from './method';
import { suppress } from './nms';
import { StageClock } from './stage-clock';
import { bytesOf, floatOutput, idTensor, imageInput, stackRows } from './tensors';
import { decodeDetections, type Detection } from './yolox-decode';

const byte = z.number().int().min(0).max(255);

const settingsSchema = z.strictObject({
  strides: z.array(z.number().int().min(1)).min(1),
  categories: z.array(z.string()).min(1),
  scoreThreshold: z.number().min(0).max(1),
  nmsIou: z.number().min(0).max(1),
  maximumProposals: z.number().int().min(1).max(1_000),
  crop: z.strictObject({
    shape: z.enum(['box', 'square']),
    enlarge: z.number().min(0.1).max(10),
    fill: z.tuple([byte, byte, byte]),
  }),
  logitScale: z.number().positive(),
});
type Settings = z.output<typeof settingsSchema>;

interface FoundObject {
  readonly box: ImageBox;
  readonly score: number;
  readonly category: string;
}

interface YoloClipState extends ImageState {
  readonly objects: readonly FoundObject[];
  /** One embedding of length 1 per object. */
  readonly embeddings: readonly Float64Array[];
  /** Stages of the preparation; the first answer on the image reports them. */
  preparation: StageTiming[];
}

interface TextEmbedding extends Sized {
  readonly values: Float64Array;
}

const textCacheBytes = 8_000_000;
/** Two crops of 224 × 224. */
const pixelsAtOnce = 100_352;

class YoloClip implements Method {
  readonly id = 'yolo-clip';
  readonly cacheKey: string;
  readonly #parts: MethodParts<Settings>;
  readonly #texts = new ByteBoundedCache<TextEmbedding>(() => textCacheBytes);

  constructor(parts: MethodParts<Settings>) {
    this.#parts = parts;
    this.cacheKey = parts.cacheKey;
  }

  async prepare(image: DecodedImage): Promise<YoloClipState> {
    const clock = new StageClock(this.#parts.runner);
    const { scoreThreshold, nmsIou, maximumProposals, strides, crop } = this.#parts.settings;
    const settings = { scoreThreshold, nmsIou, maximumProposals, strides, crop, pixelsAtOnce };
    clock.begin('detect');
    const { facts, tensors } = await this.#parts.recall(
      { image, roles: ['detector', 'clip-image'], settings },
      async () => {
        const found = await this.#detect(image, clock);
        clock.begin('encode crops');
        return { facts: found, tensors: await this.#embedCrops(image, found, clock) };
      },
    );
    const { categories } = this.#parts.settings;
    const objects = facts.map(({ box, score, category }) => ({
      box,
      score,
      category: categories[category] ?? `class ${category}`,
    }));
    const embeddings = unitVectors(tensors, objects.length);
    const bytes = embeddings.reduce((sum, { byteLength }) => sum + byteLength, objects.length * 128);
    return { objects, embeddings, bytes, preparation: clock.finish() };
  }

  async ground(state: ImageState, expression: string): Promise<Prediction> {
    const { objects, embeddings, preparation } = state as YoloClipState;
    (state as YoloClipState).preparation = [];
    const clock = new StageClock(this.#parts.runner);
    clock.begin('encode text');
    const text = objects.length > 0 ? await this.#embedText(expression, clock) : new Float64Array();
    clock.begin('compare');
    const similarities = embeddings.map((embedding) => dot(embedding, text));
    const probabilities = softmax(similarities.map((value) => value * this.#parts.settings.logitScale));
    const proposals = objects
      .map(({ box, score, category }, index): Proposal => {
        const similarity = similarities[index] ?? 0;
        return { box, score, category, similarity, probability: probabilities[index] ?? 0 };
      })
      .sort((a, b) => b.similarity - a.similarity);
    const best = proposals[0];
    return {
      method: 'yolo-clip',
      box: best?.box ?? null,
      mask: null,
      score: best?.similarity ?? null,
      missingReason: best ? '' : 'The detector found no object above its threshold.',
      evidence: { method: 'yolo-clip', proposals },
      timings: [...preparation, ...clock.finish()],
    };
  }

  async #detect(image: DecodedImage, clock: StageClock): Promise<Detection[]> {
    const { settings } = this.#parts;
    const role = this.#parts.role('detector');
    const rule = role.image as RoleImageRule;
    const output = floatOutput(await clock.run('detector', imageInput(role, [image])), 'output');
    const detections = decodeDetections(
      output.data,
      output.dims[1] ?? 1,
      settings.strides,
      { width: rule.size[0], height: rule.size[1] },
      image,
      placementOf(image, rule),
      settings.scoreThreshold,
    );
    return suppress(detections, settings.nmsIou, settings.maximumProposals);
  }

  /** One embedding for each object, as the graph gives it; none where there is no object. */
  async #embedCrops(image: DecodedImage, objects: readonly Detection[], clock: StageClock): Promise<Tensors> {
    if (objects.length === 0) return {};
    const { crop } = this.#parts.settings;
    const role = this.#parts.role('clip-image');
    const atOnce = cropsAtOnce(role);
    const rows: FloatTensor[] = [];
    for (let start = 0; start < objects.length; start += atOnce) {
      const crops = objects
        .slice(start, start + atOnce)
        .map(({ box }) => cropImage(image, cropFrame(box, crop), crop.fill));
      rows.push(floatOutput(await clock.run('clip-image', imageInput(role, crops)), 'image_embeddings'));
    }
    return { image_embeddings: stackRows(rows) };
  }

  async #embedText(expression: string, clock: StageClock): Promise<Float64Array> {
    const known = this.#texts.get(expression);
    if (known) return known.values;
    const { ids } = this.#parts.encode('clip-text', expression);
    const outputs = await clock.run('clip-text', { input_ids: idTensor(ids) });
    const values = unitVector(floatOutput(outputs, 'text_embeddings').data);
    this.#texts.set(expression, { values, bytes: bytesOf(outputs) + 2 * expression.length });
    return values;
  }
}

/** How many crops a run of the graph takes: what it makes of more would not stay near the processor meanwhile. */
function cropsAtOnce({ image }: Role): number {
  const [width, height] = image?.size ?? [1, 1];
  return Math.max(1, Math.floor(pixelsAtOnce / (width * height)));
}

function unitVectors(tensors: Tensors, count: number): Float64Array[] {
  if (count === 0) return [];
  const { data, dims } = floatOutput(tensors, 'image_embeddings');
  const width = dims[1] ?? 0;
  return Array.from({ length: count }, (_, index) =>
    unitVector(data.subarray(index * width, (index + 1) * width)),
  );
}

function unitVector(values: Float32Array): Float64Array {
  const unit = Float64Array.from(values);
  const length = Math.sqrt(dot(unit, unit));
  for (let index = 0; index < unit.length && length > 0; index += 1) unit[index]! /= length;
  return unit;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += a[index]! * b[index]!;
  return sum;
}

export const yoloClip = defineMethod<Settings>({
  id: 'yolo-clip',
  settings: settingsSchema,
  roles: {
    detector: { inputs: ['images'], outputs: ['output'], resize: ['letterbox', 'squash'] },
    'clip-image': {
      inputs: ['pixel_values'],
      outputs: ['image_embeddings'],
      resize: ['squash', 'letterbox', 'longest-side', 'centre-crop'],
    },
    'clip-text': { inputs: ['input_ids'], outputs: ['text_embeddings'], tokens: true },
  },
  create: (parts) => new YoloClip(parts),
});
