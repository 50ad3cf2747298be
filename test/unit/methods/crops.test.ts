import { describe, expect, it } from 'vitest';
import { yoloClip } from '../../../src/main/engine/methods/yolo-clip';
import type { Role, RoleName } from '../../../src/main/engine/models/manifest';
import { recallNothing } from '../../../src/main/engine/models/recall';
import type { FloatTensor, ModelRunner, Tensors } from '../../../src/main/engine/models/session';

const boxes = 5;
const picture = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) };
// Column x has the grey level 4x, so that a crop's mean tells where it is.
picture.data.forEach((_, index) => (picture.data[index] = 4 * (Math.floor(index / 3) % 64)));

/** A detector that finds five boxes side by side, and an encoder that gives each crop's first grey level. */
function standIns(side: number) {
  const calls: number[] = [];
  const outputs: Partial<Record<RoleName, (inputs: Tensors) => Tensors>> = {
    detector: () => {
      const data = new Float32Array(64 * 6);
      for (let index = 0; index < boxes; index += 1) {
        // Cell `index` of the first row: centre x, centre y, logarithms of the size, objectness, one class.
        data.set([0.5, 3.5, 0, 0, 0.9 - index / 10, 1], index * 6);
      }
      return { output: { type: 'float32', data, dims: [1, 64, 6] } };
    },
    'clip-image': (inputs) => {
      const { data, dims } = inputs.pixel_values as FloatTensor;
      const [crops = 0] = dims;
      calls.push(crops);
      const found = Array.from({ length: crops }, (_, crop) => [data[crop * 3 * side * side]!, 1]);
      return {
        image_embeddings: { type: 'float32', data: Float32Array.from(found.flat()), dims: [crops, 2] },
      };
    },
    'clip-text': () => ({ text_embeddings: { type: 'float32', data: Float32Array.of(1, 0), dims: [1, 2] } }),
  };
  const runner: ModelRunner = {
    run: async (role, inputs) => ({ outputs: outputs[role]?.(inputs) ?? {}, milliseconds: 0 }),
  };
  const plain = {
    filter: 'bilinear',
    channels: 'rgb',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    pad: [0, 0, 0],
  };
  const roles: Partial<Record<RoleName, unknown>> = {
    detector: { image: { ...plain, input: 'images', size: [64, 64], resize: 'letterbox' } },
    'clip-image': { image: { ...plain, input: 'pixel_values', size: [side, side], resize: 'squash' } },
  };
  const method = yoloClip.create({
    settings: {
      strides: [8],
      categories: ['thing'],
      scoreThreshold: 0.3,
      nmsIou: 0.5,
      maximumProposals: 10,
      crop: { shape: 'box', enlarge: 1, fill: [0, 0, 0] },
      logitScale: 10,
    },
    runner,
    role: (name) => roles[name] as Role,
    encode: () => ({ ids: BigInt64Array.of(1n), mask: BigInt64Array.of(1n) }),
    recall: recallNothing,
    cacheKey: 'test',
  });
  return { method, calls };
}

describe('crops', () => {
  it.each([
    { side: 224, runs: [2, 2, 1] },
    { side: 336, runs: [1, 1, 1, 1, 1] },
    { side: 64, runs: [5] },
  ])('of $side pixels are embedded in runs of $runs, each box with its own', async ({ side, runs }) => {
    const { method, calls } = standIns(side);
    const { evidence } = await method.ground(await method.prepare(picture), 'anything');
    expect(calls).toEqual(runs);
    if (evidence.method !== 'yolo-clip') throw new Error('another method answered');
    expect(evidence.proposals).toHaveLength(boxes);
    for (const { box, similarity } of evidence.proposals) {
      const grey = 4 * box.x;
      expect(similarity).toBeCloseTo(grey / Math.hypot(grey, 1), 5);
    }
  });
});
