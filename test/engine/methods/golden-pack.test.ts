/**
 * The three methods on the shipped pack against the Python reference: token ids equal, tensors to 1e-3, boxes to
 * IoU 0.99, the same mask chosen.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MethodId, Prediction } from '../../../src/common/contract';
import { boxIou } from '../../../src/common/geometry/iou';
import { runLengthIou } from '../../../src/common/geometry/rle';
import type { ImageBox, RunLengthMask } from '../../../src/common/geometry/types';
import { cropFrame, cropImage } from '../../../src/main/engine/imaging/crop';
import { decodeImage } from '../../../src/main/engine/imaging/decode';
import type { DecodedImage } from '../../../src/main/engine/imaging/image';
import { imageToTensor, writeImage, type ImageRule } from '../../../src/main/engine/imaging/tensor';
import { frameAxes, smoothMap } from '../../../src/main/engine/methods/heatmap-prompts';
import { idTensor, imageInput } from '../../../src/main/engine/methods/tensors';
import type { Role, RoleName } from '../../../src/main/engine/models/manifest';
import { Pack, readManifest } from '../../../src/main/engine/models/packs';
import { createMethodProvider, type MethodProvider } from '../../../src/main/engine/models/provider';
import { OnnxRunner, type Tensors } from '../../../src/main/engine/models/session';
import { createEncoder, type Encode } from '../../../src/main/engine/models/tokenizer';
import {
  demoFolder,
  goldenFolder,
  mapOfGolden,
  readGolden,
  resourcesFolder,
  valuesOf,
  worstDifference,
  type GoldenTensor,
} from './golden';

interface GoldenAnswer {
  box: number[] | null;
  mask: RunLengthMask | null;
  score: number | null;
  point: number[] | null;
}

interface GoldenExpression {
  text: string;
  ids: number[];
  'yolo-clip': GoldenAnswer & { textEmbedding: GoldenTensor; similarity: number[]; probability: number[] };
  'blip-sam': GoldenAnswer & {
    heatMap: GoldenTensor;
    frame: GoldenTensor;
    points: [number, number][];
    labels: number[];
    predictedIou: number[];
  };
  risclip: GoldenAnswer & { locator: GoldenTensor; refined: GoldenTensor };
}

interface GoldenImage {
  image: string;
  file: string;
  width: number;
  height: number;
  pixelsSha256: string;
  pixels: Partial<Record<RoleName, GoldenTensor>>;
  features: Partial<Record<RoleName, Record<string, GoldenTensor>>>;
  proposals: { box: number[]; score: number; category: string }[];
  cropPixels: GoldenTensor;
  cropEmbeddings: GoldenTensor;
  expressions: GoldenExpression[];
}

const tolerance = 1e-3;
const { id: packId } = readGolden<{ id: string }>('pack');
const images = readdirSync(goldenFolder)
  .filter((name) => /^image-\d+\.json$/.test(name))
  .sort()
  .map((name) => readGolden<GoldenImage>(name.slice(0, -'.json'.length)));

const log = { info() {}, warn() {}, error: () => '' };

let pack: Pack;
let runner: OnnxRunner;
let encode: Encode;
let provider: MethodProvider;

beforeAll(async () => {
  const folder = join(resourcesFolder, 'models', packId);
  pack = new Pack(folder, await readManifest(folder), true);
  runner = new OnnxRunner(pack, () => ({ threads: 1, provider: 'cpu' }));
  encode = createEncoder(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  provider = await createMethodProvider({
    resourcesPath: resourcesFolder,
    workspacePath: join(tmpdir(), 'no-workspace'),
    settings: () => ({
      threads: 1,
      imageCacheMegabytes: 64,
      embeddingCacheMegabytes: 0,
      executionProvider: 'cpu',
      packVariants: {},
    }),
    log,
  });
});

afterAll(async () => {
  await runner.close();
  await provider.close();
});

function ruleOf(name: RoleName): ImageRule {
  return pack.role(name).image as ImageRule;
}

function boxOf(numbers: readonly number[]): ImageBox {
  const [x = 0, y = 0, width = 0, height = 0] = numbers;
  return { x, y, width, height };
}

function expectFeatures(outputs: Tensors, golden: Record<string, GoldenTensor>): void {
  expect(Object.keys(outputs).sort()).toEqual(Object.keys(golden).sort());
  for (const [name, expected] of Object.entries(golden)) {
    expect(worstDifference(outputs[name]?.data as Float32Array, expected), name).toBeLessThan(tolerance);
  }
}

it('golden cases are those of the shipped pack', () => {
  const golden = readGolden<{ version: string; manifestSha256: string }>('pack');
  const manifest = readFileSync(join(pack.folder, 'manifest.json'));
  expect(pack.manifest.version).toBe(golden.version);
  expect(createHash('sha256').update(manifest).digest('hex')).toBe(golden.manifestSha256);
});

describe('pictures made for the golden cases', () => {
  interface PreprocessingCase {
    picture: string;
    rule: ImageRule;
    tensor: GoldenTensor;
  }
  interface CropCase extends PreprocessingCase {
    box: number[];
    crop: { shape: 'square' | 'box'; enlarge: number; fill: [number, number, number] };
    size: [number, number];
  }
  const complete = (rule: ImageRule): ImageRule => ({ ...rule, pad: rule.pad ?? [0, 0, 0] });

  it('become the same tensors by every resize rule', async () => {
    for (const { picture, rule, tensor } of readGolden<PreprocessingCase[]>('preprocessing')) {
      const image = await decodeImage(join(goldenFolder, 'pictures', picture));
      // A level of 8-bit rounding would be 1/255 times scale and deviation; none is allowed.
      expect(
        worstDifference(imageToTensor(image, complete(rule)), tensor),
        `${picture}, ${rule.resize}, ${rule.filter}`,
      ).toBeLessThan(1e-6);
    }
  });

  it('are cropped alike', async () => {
    for (const { picture, box, crop, size, rule, tensor } of readGolden<CropCase[]>('crops')) {
      const image = await decodeImage(join(goldenFolder, 'pictures', picture));
      const cropped = cropImage(image, cropFrame(boxOf(box), crop), crop.fill);
      expect([cropped.width, cropped.height]).toEqual(size);
      expect(worstDifference(imageToTensor(cropped, complete(rule)), tensor)).toBeLessThan(1e-6);
    }
  });
});

it('texts become the same token ids', () => {
  const rule = pack.role('clip-text').tokens;
  if (!rule) throw new Error('no tokens rule');
  for (const { text, ids, mask } of readGolden<{ text: string; ids: number[]; mask: number[] }[]>('tokens')) {
    const tokens = encode(text, rule);
    expect([...tokens.ids].map(Number), text).toEqual(ids);
    expect([...tokens.mask].map(Number), text).toEqual(mask);
  }
});

describe.each(images)('$image', (golden) => {
  let image: DecodedImage;

  beforeAll(async () => {
    image = await decodeImage(join(demoFolder, golden.file));
  });

  it('is decoded to the same pixels', () => {
    expect([image.width, image.height]).toEqual([golden.width, golden.height]);
    expect(createHash('sha256').update(image.data).digest('hex')).toBe(golden.pixelsSha256);
  });

  it('is fed and encoded alike by every image role', async () => {
    for (const [name, expected] of Object.entries(golden.pixels) as [RoleName, GoldenTensor][]) {
      const input = imageInput(pack.role(name), [image]);
      const [pixels] = Object.values(input);
      expect(worstDifference(pixels?.data as Float32Array, expected), name).toBeLessThan(tolerance);
      const { outputs } = await runner.run(name, input);
      expectFeatures(outputs, golden.features[name] ?? {});
    }
  });

  it('crops of the golden proposals are fed and encoded alike', async () => {
    const role: Role = pack.role('clip-image');
    const { crop } = pack.manifest.methods['yolo-clip'] as {
      crop: { shape: 'square'; enlarge: number; fill: [number, number, number] };
    };
    const [width, height] = ruleOf('clip-image').size;
    const pixels = new Float32Array(golden.proposals.length * 3 * width * height);
    golden.proposals.forEach(({ box }, index) => {
      const cropped = cropImage(image, cropFrame(boxOf(box), crop), crop.fill);
      writeImage(cropped, ruleOf('clip-image'), pixels, index * 3 * width * height);
    });
    expect(worstDifference(pixels, golden.cropPixels)).toBeLessThan(tolerance);
    const dims = [golden.proposals.length, 3, height, width];
    const { outputs } = await runner.run('clip-image', {
      [role.image?.input ?? '']: { type: 'float32', data: pixels, dims },
    });
    const embeddings = outputs.image_embeddings?.data as Float32Array;
    const size = embeddings.length / golden.proposals.length;
    for (let start = 0; start < embeddings.length; start += size) {
      const part = embeddings.subarray(start, start + size);
      const length = Math.hypot(...part);
      part.forEach((value, index) => (part[index] = value / length));
    }
    expect(worstDifference(embeddings, golden.cropEmbeddings)).toBeLessThan(tolerance);
  });

  for (const expression of golden.expressions) {
    describe(`“${expression.text}”`, () => {
      const answers = new Map<MethodId, Prediction>();

      beforeAll(async () => {
        for (const method of ['yolo-clip', 'blip-sam', 'risclip'] as const) {
          const ready = await provider.method(packId, method);
          answers.set(method, await ready.ground(await ready.prepare(image), expression.text));
        }
      });

      function answerOf<Id extends MethodId>(method: Id) {
        const prediction = answers.get(method);
        const evidence = prediction?.evidence;
        if (!prediction || evidence?.method !== method) throw new Error(`no answer of ${method}`);
        return { prediction, evidence: evidence as Extract<Prediction['evidence'], { method: Id }> };
      }

      function expectAnswer({ box, mask, score }: Prediction, expected: GoldenAnswer): void {
        if (expected.box === null) {
          // The reference hands an empty mask back; the engine says that there is none.
          expect(box).toBeNull();
          expect(mask).toBeNull();
        } else {
          expect(box && boxIou(box, boxOf(expected.box))).toBeGreaterThanOrEqual(0.99);
          expect(mask === null).toBe(expected.mask === null);
          if (expected.mask && mask) expect(runLengthIou(mask, expected.mask)).toBeGreaterThanOrEqual(0.99);
        }
        expect(Math.abs((score ?? 0) - (expected.score ?? 0))).toBeLessThan(tolerance);
      }

      it('has the same token ids', () => {
        const rule = pack.role('clip-text').tokens;
        if (!rule) throw new Error('no tokens rule');
        expect([...encode(expression.text, rule).ids].map(Number)).toEqual(expression.ids);
      });

      it('YOLO+CLIP: embedding, similarities and answer', async () => {
        const expected = expression['yolo-clip'];
        const { outputs } = await runner.run('clip-text', {
          input_ids: idTensor(BigInt64Array.from(expression.ids, BigInt)),
        });
        expect(
          worstDifference(outputs.text_embeddings?.data as Float32Array, expected.textEmbedding),
        ).toBeLessThan(tolerance);
        const { prediction, evidence } = answerOf('yolo-clip');
        expectAnswer(prediction, expected);
        const { proposals } = evidence;
        expect(proposals).toHaveLength(golden.proposals.length);
        proposals.forEach((proposal, place) => {
          expect(proposal.similarity).toBeLessThanOrEqual(proposals[place - 1]?.similarity ?? 1);
          const index = golden.proposals.findIndex(({ box }) => boxIou(proposal.box, boxOf(box)) >= 0.99);
          const twin = golden.proposals[index];
          expect(proposal.category).toBe(twin?.category);
          expect(Math.abs(proposal.score - (twin?.score ?? 0))).toBeLessThan(tolerance);
          expect(Math.abs(proposal.similarity - (expected.similarity[index] ?? 0))).toBeLessThan(tolerance);
          expect(Math.abs(proposal.probability - (expected.probability[index] ?? 0))).toBeLessThan(
            10 * tolerance,
          );
        });
      });

      it('BLIP+SAM: heat map, frame, points and the chosen mask', async () => {
        const expected = expression['blip-sam'];
        const { prediction, evidence } = answerOf('blip-sam');
        expectAnswer(prediction, expected);
        const [map] = [evidence.heatMap];
        if (!map) throw new Error('no heat map');
        const heat = valuesOf(expected.heatMap);
        const bytes = Buffer.from(map.values, 'base64');
        const step = (map.maximum - map.minimum) / 255;
        bytes.forEach((byte, index) =>
          expect(Math.abs(map.minimum + byte * step - (heat[index] ?? 0))).toBeLessThan(step + tolerance),
        );
        const { blur } = pack.manifest.methods['blip-sam'] as { blur: number };
        const goldenHeat = { ...mapOfGolden(expected.heatMap), width: map.width, height: map.height };
        const frame = smoothMap(goldenHeat, frameAxes(goldenHeat, image, blur));
        expect(worstDifference(frame?.data ?? [], expected.frame)).toBeLessThan(tolerance);
        expect(evidence.points.map(({ positive }) => (positive ? 1 : 0))).toEqual(expected.labels);
        evidence.points.forEach(({ x, y }, index) => {
          const [goldenX = 0, goldenY = 0] = expected.points[index] ?? [];
          // The same pixel of the small frame.
          expect(Math.hypot(x - goldenX, y - goldenY)).toBeLessThan(0.01);
        });
        evidence.candidates.forEach(({ predictedIou }, index) =>
          expect(Math.abs(predictedIou - (expected.predictedIou[index] ?? 0))).toBeLessThan(tolerance),
        );
      });

      it('RisCLIP: maps, point and answer', async () => {
        const expected = expression.risclip;
        const role = pack.role('risclip-image');
        const { outputs: features } = await runner.run('risclip-image', imageInput(role, [image]));
        const { outputs } = await runner.run('risclip-ground', {
          ...features,
          input_ids: idTensor(BigInt64Array.from(expression.ids, BigInt)),
        });
        expect(worstDifference(outputs.locator_logits?.data as Float32Array, expected.locator)).toBeLessThan(
          tolerance,
        );
        expect(worstDifference(outputs.refined_logits?.data as Float32Array, expected.refined)).toBeLessThan(
          tolerance,
        );
        const { prediction, evidence } = answerOf('risclip');
        expectAnswer(prediction, expected);
        const { width, height, values } = evidence.locatorMap;
        const peak = Buffer.from(values, 'base64').indexOf(255);
        const point = [
          (((peak % width) + 0.5) * image.width) / width,
          ((Math.floor(peak / width) + 0.5) * image.height) / height,
        ];
        expect(point.map((value) => value.toFixed(3))).toEqual(
          expected.point?.map((value) => value.toFixed(3)),
        );
      });
    });
  }
});
