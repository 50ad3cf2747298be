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
  /** Share of the time that was spent inside the runtime, in seconds; the engine's own only. */
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

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** Pictures encoded once for all their texts. */
const once = ({ prepare, ground }: Answered) => prepare + sum(ground);
/** Everything anew for each text, as the published scripts do. */
const anew = ({ prepare, ground }: Answered) => prepare * ground.length + sum(ground);

/** Ratios of PyTorch's seconds to the engine's, one method a block. */
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
  const rows = { fp32: [] as Answered[], bfloat16: [] as Answered[], engine: [] as Answered[] };
  try {
    const fresh = await provider.freshMethod(packId, id);
    const kept = await provider.method(packId, id);
    const engine: Side = (_, question) => answerWith(fresh, question);
    const sides: [keyof typeof rows, Side][] = [
      ['fp32', parts.fp32],
      ['bfloat16', parts.bfloat16],
      ['engine', engine],
    ];
    // The first picture warms every side up and is not counted.
    for (const [index, question] of [questions[0]!, ...questions].entries()) {
      for (let turn = 0; turn < sides.length; turn += 1) {
        const [name, side] = sides[(index + turn) % sides.length]!;
        const answered = await side(id, question);
        if (index > 0) rows[name].push(answered);
      }
    }
    const first: Answered[] = [];
    const second: Answered[] = [];
    for (const question of questions) first.push(await answerWith(kept, question));
    for (const question of questions) second.push(await answerWith(kept, question));
    report();
    const cached = bootstrapRatio(first.map(once), second.map(once));
    tell(`  second run over the same pictures, encoded on the disk    ${cached} the first`);
  } finally {
    await provider.close();
  }

  function report(): void {
    const rate = (answers: readonly Answered[], seconds: (answered: Answered) => number) =>
      `${(sum(answers.map(({ ground }) => ground.length)) / sum(answers.map(seconds))).toFixed(2)}/s`;
    const ratio = (name: 'fp32' | 'bfloat16', seconds: (answered: Answered) => number) =>
      bootstrapRatio(rows[name].map(seconds), rows.engine.map(once));
    tell(`${methodNames[id]}: the engine ${rate(rows.engine, once)}`);
    tell(`  PyTorch fp32, pictures encoded once      ${rate(rows.fp32, once)}   engine ${ratio('fp32', once)}`);
    tell(`  PyTorch fp32, anew for each expression   ${rate(rows.fp32, anew)}   engine ${ratio('fp32', anew)}`);
    tell(
      `  PyTorch bfloat16, pictures encoded once  ${rate(rows.bfloat16, once)}   engine ${ratio('bfloat16', once)}`,
    );
    const inside = sum(rows.engine.map(({ runtime = 0 }) => runtime)) / sum(rows.engine.map(once));
    tell(`  inside onnxruntime: ${(100 * inside).toFixed(1)}% of the engine's time`);
    const pairs = rows.engine.flatMap(({ boxes }, picture) =>
      boxes.map((box, text) => [box, rows.fp32[picture]!.boxes[text] ?? null] as const),
    );
    const same = pairs.filter(([a, b]) => (a && b ? boxIou(a, b) > 0.9 : a === b)).length;
    tell(`  the same box as PyTorch fp32 for ${same} of ${pairs.length} expressions`);
  }
}
