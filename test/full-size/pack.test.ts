/**
 * The engine on a pack of full-size networks with random weights (scripts/test-full-size.mjs makes it), through the
 * pack's manifest alone: token ids as Python's, and an answer with its evidence from each of the three methods.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type MethodId, type Prediction } from '../../src/common/contract';
import { decodeImage } from '../../src/main/engine/imaging/decode';
import type { DecodedImage } from '../../src/main/engine/imaging/image';
import type { RoleName } from '../../src/main/engine/models/manifest';
import { createMethodProvider, type MethodProvider } from '../../src/main/engine/models/provider';
import { createEncoder } from '../../src/main/engine/models/tokenizer';

const packId = 'full-size-random';
const folder = process.env.FULL_SIZE ?? '';
const picture = resolve(__dirname, '../../resources/datasets/emojiref/images/test-000000.webp');
const text = 'the small red dog on the left';

let provider: MethodProvider;
let image: DecodedImage;

beforeAll(async () => {
  if (!folder) throw new Error('FULL_SIZE names no folder: run `npm run test:full-size`.');
  image = await decodeImage(picture);
  provider = await createMethodProvider({
    resourcesPath: folder,
    workspacePath: join(folder, 'no-workspace'),
    settings: () => ({ threads: 0, imageCacheMegabytes: 64, executionProvider: 'cpu' }),
    log: { info() {}, warn() {}, error: () => '' },
  });
});
// The networks of one method are enough memory at a time.
afterEach(() => provider.release(packId));
afterAll(() => provider.close());

async function answer<Id extends MethodId>(
  method: Id,
): Promise<{ prediction: Prediction; evidence: Extract<Prediction['evidence'], { method: Id }> }> {
  const ready = await provider.method(packId, method);
  const prediction = await ready.ground(await ready.prepare(image), text);
  const stages = prediction.timings.map(
    ({ stage, milliseconds }) => `${stage} ${milliseconds.toFixed(0)} ms`,
  );
  console.log(`${method}: ${stages.join(', ')}; ${JSON.stringify(prediction.box)}`);
  if (prediction.evidence.method !== method) throw new Error(`evidence of ${prediction.evidence.method}`);
  return { prediction, evidence: prediction.evidence as Extract<Prediction['evidence'], { method: Id }> };
}

it('finds the token ids that Python finds', async () => {
  const cases = JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8')) as {
    role: RoleName;
    text: string;
    ids: number[];
    mask: number[];
  }[];
  const pack = await provider.packs.get(packId);
  for (const { role, text: expression, ids, mask } of cases) {
    const rule = pack.role(role).tokens;
    if (!rule) throw new Error(`${role} has no tokens rule`);
    const encode = createEncoder(new TextDecoder().decode(await pack.read(rule.file)));
    const found = encode(expression, rule);
    expect([...found.ids].map(Number), `${role}: ${expression}`).toEqual(ids);
    expect([...found.mask].map(Number), `${role}: ${expression}`).toEqual(mask);
  }
});

it('YOLO+CLIP: YOLOX-s and CLIP ViT-B/16', async () => {
  const { prediction, evidence } = await answer('yolo-clip');
  expect(prediction.box).not.toBeNull();
  expect(evidence.proposals.length).toBeGreaterThan(1);
  for (const { similarity } of evidence.proposals) expect(Math.abs(similarity)).toBeLessThanOrEqual(1);
});

it('BLIP+SAM: BLIP-ITM base and MobileSAM', async () => {
  const { evidence } = await answer('blip-sam');
  expect(evidence.heatMap).toMatchObject({ width: 24, height: 24 });
  expect(evidence.match).toBeGreaterThan(0);
  expect(evidence.points).toHaveLength(1);
  expect(evidence.candidates).toHaveLength(3);
});

it('RisCLIP on CLIP ViT-B/16', async () => {
  const { evidence } = await answer('risclip');
  expect(evidence.locatorMap).toMatchObject({ width: 14, height: 14 });
  expect(evidence.refinedMap).toMatchObject({ width: 112, height: 112 });
});
