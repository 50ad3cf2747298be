/**
 * `npm run bench:pytorch [folder] [--pictures n] [--threads n]`: the engine against plain PyTorch on full-size networks
 * with random weights. In a named folder the pack stays (5 GB), and what is there is not made again. Needs Python with
 * PyTorch, 12 GB of memory, and on two cores about 15 minutes.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { ensurePython } from '../lib/python.mjs';
import { program, StepError } from '../lib/steps.mjs';
import { fullSizePack, packId, training } from './full-size.mjs';
import { withModule } from './module.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const demo = join(root, 'resources', 'datasets', 'emojiref');
/** RefCOCOg has 3.7 expressions a picture. */
const textsOfPicture = [4, 4, 3, 4, 4, 3, 4, 4, 3, 4];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pictures: { type: 'string', default: '20' },
    threads: { type: 'string', default: String(cpus().length) },
  },
});
const threads = Number(values.threads);
const [named] = positionals;
const folder = named ? resolve(named) : mkdtempSync(join(tmpdir(), 'bench-pytorch-'));

/** @param {string} name of a JSONL file of the demo @returns {Record<string, string>[]} */
const linesOf = (name) =>
  readFileSync(join(demo, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What is said of each picture of the demo. @returns {Map<string, string[]>} */
function textsByPicture() {
  const imageOf = new Map(linesOf('referents.jsonl').map(({ id, image }) => [id, image ?? '']));
  const texts = new Map();
  for (const { referent = '', text } of linesOf('expressions.jsonl')) {
    const image = imageOf.get(referent);
    texts.set(image, [...(texts.get(image) ?? []), text]);
  }
  return texts;
}

/** Pictures of the demo in the size of COCO's, with as many of their expressions as RefCOCOg has. */
async function makeQuestions() {
  mkdirSync(join(folder, 'pictures'), { recursive: true });
  /** @type {import('../../test/bench/pytorch').Question[]} */
  const questions = [];
  const said = textsByPicture();
  for (const { id = '', file = '' } of linesOf('images.jsonl')) {
    if (questions.length === Number(values.pictures)) break;
    const texts = said.get(id) ?? [];
    const count = textsOfPicture[questions.length % textsOfPicture.length] ?? 0;
    if (texts.length < count) continue;
    const picture = join(folder, 'pictures', `${questions.length}.jpg`);
    await sharp(join(demo, file)).resize(640, 480, { fit: 'fill' }).jpeg({ quality: 90 }).toFile(picture);
    questions.push({ picture, texts: texts.slice(0, count) });
  }
  return questions;
}

/**
 * A process that answers in plain PyTorch, one line a request.
 * @param {string} python @param {string} pack
 */
async function startPyTorch(python, pack) {
  const module = ['-m', 'grounding_train.fullsize.measure', 'serve'];
  const child = spawn(python, [...module, '--pack', pack, '--threads', String(threads)], {
    cwd: training,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new StepError('PyTorch stopped.', 'See the lines above.');
    return JSON.parse(value);
  };
  const { ready } = await next();
  console.log(ready);
  return {
    /** @param {boolean} bfloat16 @returns {import('../../test/bench/pytorch').Side} */
    side: (bfloat16) => async (method, question) => {
      child.stdin.write(`${JSON.stringify({ method, ...question, bfloat16 })}\n`);
      const { prepare, ground, boxes } = await next();
      const boxOf = (/** @type {number[] | null} */ box) =>
        box && { x: box[0], y: box[1], width: box[2], height: box[3] };
      return { prepare, ground, boxes: boxes.map(boxOf) };
    },
    stop: () => child.stdin.end(),
  };
}

await program(async () => {
  try {
    const python = await ensurePython(root);
    const pack = await fullSizePack(python, folder);
    const questions = await makeQuestions();
    const pytorch = await startPyTorch(python, pack);
    const tell = (/** @type {string} */ line) => console.log(line);
    const sides = { fp32: pytorch.side(false), bfloat16: pytorch.side(true) };
    try {
      await withModule('pytorch', (module) =>
        module.bench({ resources: folder, packId, threads, questions, ...sides, tell }),
      );
    } finally {
      pytorch.stop();
    }
    return 0;
  } finally {
    if (!named) rmSync(folder, { recursive: true, force: true });
  }
});
