/**
 * The engine on a pack of full-size networks with random weights (scripts/test-full-size.mjs makes it), through the
 * pack's manifest alone: token ids and answers as the Python reference's, and evidence of the networks' true sizes.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { OwnMethodId, Prediction } from '../../src/common/contract';
import { boxIou } from '../../src/common/geometry/iou';
import { decodeImage } from '../../src/main/engine/imaging/decode';
import type { RoleName } from '../../src/main/engine/models/manifest';
import { createMethodProvider, type MethodProvider } from '../../src/main/engine/models/provider';
import { createEncoder } from '../../src/main/engine/models/tokenizer';

const packId = 'full-size-random';
const folder = process.env.FULL_SIZE ?? '';
const repository = resolve(__dirname, '../..');

interface Expected {
  tokens: { role: RoleName; text: string; ids: number[]; mask: number[] }[];
  answers: {
    method: OwnMethodId;
    picture: string;
    text: string;
    box: number[] | null;
    score: number | null;
  }[];
}

let expected: Expected;
let provider: MethodProvider;

beforeAll(async () => {
  if (!folder) throw new Error('FULL_SIZE names no folder: run `npm run test:full-size`.');
  expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
  provider = await createMethodProvider({
    resourcesPath: folder,
    workspacePath: join(folder, 'no-workspace'),
    settings: () => ({
      threads: 0,
      imageCacheMegabytes: 64,
      embeddingCacheMegabytes: 0,
      executionProvider: 'cpu',
      packVariants: {},
    }),
    log: { info() {}, warn() {}, error: () => '' },
  });
});
// The networks of one method are enough memory at a time.
afterEach(() => provider.release(packId));
afterAll(() => provider.close());

/** The engine's answer, held to the reference's. */
async function answer<Id extends OwnMethodId>(
  method: Id,
): Promise<Extract<Prediction['evidence'], { method: Id }>> {
  const wanted = expected.answers.find((entry) => entry.method === method);
  if (!wanted) throw new Error(`the reference has no answer of ${method}`);
  const ready = await provider.method(packId, method);
  const image = await decodeImage(join(repository, wanted.picture));
  const { box, score, evidence, timings } = await ready.ground(await ready.prepare(image), wanted.text);
  console.log(
    `${method}: ${timings.map(({ stage, milliseconds }) => `${stage} ${milliseconds.toFixed(0)} ms`).join(', ')}`,
  );
  if (wanted.box === null) {
    expect(box).toBeNull();
  } else {
    const [x = 0, y = 0, width = 0, height = 0] = wanted.box;
    expect(box && boxIou(box, { x, y, width, height })).toBeGreaterThanOrEqual(0.99);
    expect(Math.abs((score ?? 0) - (wanted.score ?? 0))).toBeLessThan(1e-3);
  }
  if (evidence.method !== method) throw new Error(`evidence of ${evidence.method}`);
  return evidence as Extract<Prediction['evidence'], { method: Id }>;
}

it('finds the token ids that Python finds', async () => {
  const pack = await provider.packs.get(packId);
  for (const { role, text: expression, ids, mask } of expected.tokens) {
    const rule = pack.role(role).tokens;
    if (!rule) throw new Error(`${role} has no tokens rule`);
    const encode = createEncoder(new TextDecoder().decode(await pack.read(rule.file)));
    const found = encode(expression, rule);
    expect([...found.ids].map(Number), `${role}: ${expression}`).toEqual(ids);
    expect([...found.mask].map(Number), `${role}: ${expression}`).toEqual(mask);
  }
});

it('YOLO+CLIP: YOLOX-s and CLIP ViT-B/16', async () => {
  const evidence = await answer('yolo-clip');
  expect(evidence.proposals.length).toBeGreaterThan(1);
  for (const { similarity } of evidence.proposals) expect(Math.abs(similarity)).toBeLessThanOrEqual(1);
});

it('BLIP+SAM: BLIP-ITM base and MobileSAM', async () => {
  const evidence = await answer('blip-sam');
  expect(evidence.heatMap).toMatchObject({ width: 24, height: 24 });
  expect(evidence.match).toBeGreaterThan(0);
  expect(evidence.points).toHaveLength(1);
  expect(evidence.candidates).toHaveLength(3);
});

it('RisCLIP on CLIP ViT-B/16', async () => {
  const evidence = await answer('risclip');
  expect(evidence.locatorMap).toMatchObject({ width: 14, height: 14 });
  expect(evidence.refinedMap).toMatchObject({ width: 112, height: 112 });
});
