/**
 * The engine against plain PyTorch on full-size networks with random weights: the same pictures, texts, threads and
 * processor, one after the other picture by picture, so that what disturbs one disturbs the other too.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OwnMethodId } from '../../src/common/contract';
import { methodNames, ownMethodIds } from '../../src/common/contract';
import { boxIou } from '../../src/common/geometry/iou';
import type { ImageBox } from '../../src/common/geometry/types';
import { decodeImage } from '../../src/main/engine/imaging/decode';
import type { Method } from '../../src/main/engine/methods/method';
import { createMethodProvider, type MethodProvider } from '../../src/main/engine/models/provider';
import { plainVariant } from '../../src/common/contract';
import { bootstrapRatio } from './ratio';

export interface Question {
  /** Path of a picture. */
  picture: string;
  texts: string[];
}

/** Seconds to make a picture ready, decoding included, and of each text; with the boxes that were found. */
export interface Answered {
  prepare: number;
  ground: number[];
  boxes: (ImageBox | null)[];
  /** Seconds of them that were spent inside the runtime; the engine's own only. */
  runtime?: number;
}

export type Side = (method: OwnMethodId, question: Question) => Promise<Answered>;

export interface BenchParts {
  /** Folder with `models/<packId>/`. */
  resources: string;
  packId: string;
  threads: number;
  questions: readonly Question[];
  /** Plain PyTorch in fp32 and with bfloat16 autocast. */
  fp32: Side;
  bfloat16: Side;
  tell(line: string): void;
}

async function openProvider(
  { resources, threads }: Pick<BenchParts, 'resources' | 'threads'>,
  workspacePath: string,
): Promise<MethodProvider> {
  return createMethodProvider({
    resourcesPath: resources,
    workspacePath,
    settings: () => ({
      threads,
      imageCacheMegabytes: 0,
      embeddingCacheMegabytes: 20_000,
      executionProvider: 'cpu',
      packVariants: {},
    }),
    log: { info() {}, warn() {}, error: () => '' },
  });
}

async function answerWith(method: Method, { picture, texts }: Question): Promise<Answered> {
  const seconds = () => performance.now() / 1000;
  let at = seconds();
  const lap = () => {
    const before = at;
    at = seconds();
    return at - before;
  };
  const state = await method.prepare(await decodeImage(picture));
  const answered: Answered = { prepare: lap(), ground: [], boxes: [], runtime: 0 };
  for (const text of texts) {
    const { box, timings } = await method.ground(state, text);
    answered.ground.push(lap());
    answered.boxes.push(box);
    for (const { runtime } of timings) answered.runtime! += runtime / 1000;
  }
  return answered;
}

const warmUp = 4;

const [fp32, bfloat16] = ['PyTorch fp32', 'PyTorch bfloat16'];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** Pictures encoded once for all their texts. */
const once = ({ prepare, ground }: Answered) => prepare + sum(ground);
/** Everything anew for each text, as the published scripts do. */
const anew = ({ prepare, ground }: Answered) => prepare * ground.length + sum(ground);

const rate = (answers: readonly Answered[], seconds: (answered: Answered) => number) =>
  `${(sum(answers.map(({ ground }) => ground.length)) / sum(answers.map(seconds))).toFixed(2)}/s`.padStart(8);

/** Expressions a second and ratios of PyTorch's seconds to the engine's, one method a block. */
export async function bench(parts: BenchParts): Promise<void> {
  const { tell, questions, packId } = parts;
  const texts = sum(questions.map((question) => question.texts.length));
  tell(`${questions.length} pictures of 640 × 480, ${texts} expressions, ${parts.threads} threads`);
  const workspace = await mkdtemp(join(tmpdir(), 'bench-pytorch-'));
  try {
    for (const id of ownMethodIds) await benchMethod(id, parts, workspace);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  tell(`Pack: ${packId}, random weights; speed does not depend on them.`);
}

async function benchMethod(id: OwnMethodId, parts: BenchParts, workspace: string): Promise<void> {
  const { tell, questions, packId } = parts;
  const provider = await openProvider(parts, workspace);
  try {
    const { manifest } = await provider.packs.get(packId);
    const variants = [plainVariant, ...Object.keys(manifest.variants)];
    const sides: { name: string; side: Side; answers: Answered[] }[] = [
      { name: fp32, side: parts.fp32, answers: [] },
      { name: bfloat16, side: parts.bfloat16, answers: [] },
    ];
    for (const variant of variants) {
      const method = await provider.freshMethod(packId, id, variant);
      sides.push({ name: variant, side: (_, question) => answerWith(method, question), answers: [] });
    }
    // Some pictures warm every side up and are not counted: V8 too has compiled what is hot only after a few. Who begins
    // changes from picture to picture.
    for (const [index, question] of [...questions.slice(0, warmUp), ...questions].entries()) {
      for (let turn = 0; turn < sides.length; turn += 1) {
        const { side, answers } = sides[(index + turn) % sides.length]!;
        const answered = await side(id, question);
        if (index >= Math.min(warmUp, questions.length)) answers.push(answered);
      }
    }
    const answersOf = (name: string) => sides.find((side) => side.name === name)?.answers ?? [];
    tell(methodNames[id]);
    tell(`  ${fp32}, pictures encoded once      ${rate(answersOf(fp32), once)}`);
    tell(`  ${fp32}, anew for each expression   ${rate(answersOf(fp32), anew)}`);
    tell(`  ${bfloat16}, pictures encoded once  ${rate(answersOf(bfloat16), once)}`);
    for (const variant of variants) reportEngine(variant, answersOf, tell);
    await benchCache(await provider.method(packId, id), parts);
  } finally {
    await provider.close();
  }
}

function reportEngine(
  variant: string,
  answersOf: (name: string) => readonly Answered[],
  tell: BenchParts['tell'],
): void {
  const engine = answersOf(variant);
  const ratio = (name: string, seconds: (answered: Answered) => number) =>
    bootstrapRatio(answersOf(name).map(seconds), engine.map(once));
  const inside = sum(engine.map(({ runtime = 0 }) => runtime)) / sum(engine.map(once));
  tell(`  engine, ${variant}  ${rate(engine, once)}, ${(100 * inside).toFixed(1)}% of it inside onnxruntime`);
  tell(`    to ${fp32}, pictures encoded once      ${ratio(fp32, once)}`);
  tell(`    to ${fp32}, anew for each expression   ${ratio(fp32, anew)}`);
  tell(`    to ${bfloat16}, pictures encoded once  ${ratio(bfloat16, once)}`);
  // With random weights all objects are about as similar to a text: what rounding changes says nothing there.
  if (variant === plainVariant) reportSameness(engine, answersOf(fp32), tell);
}

/** That both sides did the same work. */
function reportSameness(
  engine: readonly Answered[],
  pytorch: readonly Answered[],
  tell: BenchParts['tell'],
): void {
  const pairs = engine.flatMap(({ boxes }, picture) =>
    boxes.map((box, text) => [box, pytorch[picture]?.boxes[text] ?? null] as const),
  );
  const same = pairs.filter(([a, b]) => (a && b ? boxIou(a, b) > 0.9 : a === b)).length;
  tell(`    the box of ${fp32} for ${same} of ${pairs.length} expressions`);
}

/** The same pictures twice, with the cache of encoded pictures on the disk. */
async function benchCache(method: Method, { questions, tell }: BenchParts): Promise<void> {
  const runs: number[][] = [];
  for (let run = 0; run < 2; run += 1) {
    const seconds: number[] = [];
    for (const question of questions) seconds.push(once(await answerWith(method, question)));
    runs.push(seconds);
  }
  const [first = [], second = []] = runs;
  tell(`  a second run over the same pictures, from the cache on the disk: ${bootstrapRatio(first, second)}`);
}
