/** Times of an evaluation as large as RefCOCOg with all its splits: 95,457 expressions, three runs. */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import {
  evaluationOptions,
  ownMethodIds,
  reportDocuments,
  reportOptions,
  type Evidence,
  type GridMap,
  type OwnMethodId,
  type SavedEvaluation,
} from '../../src/common/contract';
import { encodeRunLength } from '../../src/common/geometry/rle';
import {
  bootstrapDraws,
  estimateFrom,
  fewerDrawsFor,
  ratioSamples,
  spreadOf,
} from '../../src/main/engine/evaluation/bootstrap';
import { chooseSelection } from '../../src/main/engine/evaluation/choose';
import type { Counted } from '../../src/main/engine/evaluation/evaluate';
import { RandomNumbers } from '../../src/main/engine/evaluation/random-numbers';
import { resampleSums } from '../../src/main/engine/evaluation/resample';
import { scoreRuns } from '../../src/main/engine/evaluation/scores';
import { createEvaluationService } from '../../src/main/engine/evaluation/service';
import { comparePairs } from '../../src/main/engine/evaluation/significance';
import { imagesOf } from '../../src/main/engine/evaluation/sums';
import { findElectron } from '../../src/main/engine/printing/find-electron';
import { printPage } from '../../src/main/engine/printing/print-page';
import { createReportsService } from '../../src/main/engine/reports/service';
import { packEvidence } from '../../src/main/engine/workspace/evidence';
import { migrate } from '../../src/main/engine/workspace/migrations';
import { createRepositories } from '../../src/main/engine/workspace/repositories';
import { atOnce } from '../../src/main/engine/jobs/pieces';

export interface BenchSize {
  expressions: number;
  images: number;
}

const kinds = ['category', 'colour', 'size', 'position', 'relation', 'ordinal', 'negation', 'conjunction'];
const categories = 80;

/** A workspace in memory with measured predictions of three runs, as a predict job leaves them. */
function fill(database: Database, { expressions, images }: BenchSize): number[] {
  const numbers = new RandomNumbers(7);
  const next = new Uint32Array(1);
  const random = () => {
    numbers.fill(next);
    return next[0] ?? 0;
  };
  const share = () => random() / 0x1_0000_0000;
  const run = (sql: string, ...values: unknown[]) => database.prepare(sql).run(...values);
  run(
    `INSERT INTO datasets (id, name, description, licence, format, source_path, root, content_hash, imported_at)
     VALUES (1, 'Large', '', '', 'grounding-jsonl', '', '', 'f00d', '')`,
  );
  const runIds = ownMethodIds.map((method, index) => {
    run(
      `INSERT INTO runs (id, dataset_id, method, pack_id, pack_name, pack_version, pack_hash, settings, settings_hash,
         provider, versions, created_at) VALUES (?, 1, ?, 'small', 'Small', '1', 'ab', '{}', 'cd', 'cpu', '{}', '')`,
      index + 1,
      method,
    );
    return index + 1;
  });
  const image = database.prepare("INSERT INTO images VALUES (?, 1, ?, ?, 640, 480, 'train')");
  const referent = database.prepare("INSERT INTO referents VALUES (?, 1, ?, ?, ?, '{}', 0, NULL)");
  const truth = database.prepare(
    `INSERT INTO ground_truth (referent_id, revision, box_x, box_y, box_width, box_height, source, author, saved_at)
     VALUES (?, 0, ?, ?, ?, ?, 'imported', '', '')`,
  );
  const expression = database.prepare(
    `INSERT INTO expressions (id, dataset_id, image_id, referent_id, key, text, original_text, kind, word_count,
       attributes, split, category) VALUES (?, 1, ?, ?, ?, ?, ?, ?, 8, '{"chance":0.3}', 'train', ?)`,
  );
  const prediction = database.prepare(
    `INSERT INTO predictions (run_id, expression_id, box_x, box_y, box_width, box_height, score, iou,
       mask_intersection, mask_union, boundary_f, best_proposal_iou, rank_by_similarity, rank_by_score, point_inside,
       energy_in_box, energy_in_mask, map_auc, attainable_iou, measured_by, missing_reason, answered_text, timings)
     SELECT ?, id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 2, '', text, '[]' FROM expressions WHERE id = ?`,
  );
  database.transaction(() => {
    for (let id = 1; id <= images; id += 1) image.run(id, `i${id}`, `${id}.jpg`);
    const referents = Math.ceil(expressions / 2);
    for (let id = 1; id <= referents; id += 1) {
      const category = `c${random() % categories}`;
      referent.run(id, 1 + (id % images), `r${id}`, category);
      truth.run(id, share() * 300, share() * 200, 20 + share() * 300, 20 + share() * 200);
    }
    for (let id = 1; id <= expressions; id += 1) {
      const of = Math.ceil(id / 2);
      const text = `the thing number ${id} left of the other`;
      const kind = kinds[random() % kinds.length];
      expression.run(id, 1 + (of % images), of, `e${id}`, text, text, kind, `c${of % categories}`);
    }
  })();
  const measured = (method: OwnMethodId) => {
    const iou = share();
    const masks = method === 'yolo-clip' ? null : 1;
    return [
      ...[share(), iou, masks && Math.round(iou * 9_000), masks && 10_000, masks && iou],
      ...(masks ? [null, null, null] : [Math.min(1, iou + 0.1), 1 + (random() % 12), 1 + (random() % 12)]),
      ...(masks ? [random() % 2, share(), share(), share()] : [null, null, null, null]),
      Math.min(1, iou + 0.2),
    ];
  };
  ownMethodIds.forEach((method, index) => {
    database.transaction(() => {
      for (let id = 1; id <= expressions; id += 1) {
        const box = [share() * 300, share() * 200, 20 + share() * 300, 20 + share() * 200];
        prediction.run(index + 1, ...box, ...measured(method), id);
      }
    })();
  });
  return runIds;
}

/** Evidence as large as full-size models leave it, and masks of ellipses, for all that `fill` has put there. */
function addEvidence(database: Database): void {
  const [width, height] = [640, 480];
  const numbers = new RandomNumbers(5);
  const bytes = new Uint8Array(112 * 112);
  numbers.fill(new Uint32Array(bytes.buffer));
  const grid = (side: number): GridMap => ({
    width: side,
    height: side,
    minimum: 0,
    maximum: 1,
    values: Buffer.from(bytes.subarray(0, side * side)).toString('base64'),
  });
  const box = { x: 20, y: 30, width: 200, height: 150 };
  const evidence: Record<OwnMethodId, Evidence> = {
    'yolo-clip': {
      method: 'yolo-clip',
      proposals: Array.from({ length: 20 }, (_, index) => ({
        box: { ...box, x: 10 * index },
        score: 0.5,
        category: 'thing',
        similarity: 0.3,
        probability: 0.05,
      })),
    },
    'blip-sam': {
      method: 'blip-sam',
      heatMap: grid(24),
      match: 0.8,
      points: [{ x: 320, y: 240, positive: true }],
      candidates: [],
      chosen: -1,
    },
    risclip: { method: 'risclip', locatorMap: grid(30), refinedMap: grid(112), threshold: 0.4 },
  };
  const data = Uint8Array.from({ length: width * height }, (_, pixel) =>
    Math.hypot(((pixel % width) - 320) / 200, (Math.floor(pixel / width) - 240) / 150) < 1 ? 1 : 0,
  );
  const { counts } = encodeRunLength({ width, height, data });
  const insert = database.prepare(
    'INSERT INTO prediction_evidence SELECT predictions.id, ? FROM predictions WHERE run_id = ?',
  );
  ownMethodIds.forEach((method, index) => insert.run(packEvidence(evidence[method]), index + 1));
  database.prepare('UPDATE predictions SET mask_counts = ? WHERE run_id > 1').run(counts);
}

type Say = (line: string) => void;

/** How much time some work takes, of the processor and on the clock. */
async function timed<Value>(name: string, say: Say, work: () => Value | Promise<Value>): Promise<Value> {
  const start = performance.now();
  const used = process.cpuUsage();
  const value = await work();
  const wall = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(used);
  const processor = (user + system) / 1_000_000;
  say(`  ${name.padEnd(58)} ${processor.toFixed(2)} s of processor time, ${wall.toFixed(2)} s`);
  return value;
}

/** A picture as large and as hard to compress as a photograph. */
async function writePicture(path: string): Promise<void> {
  const [width, height] = [640, 480];
  const pixels = new Uint8Array(3 * width * height);
  new RandomNumbers(3).fill(new Uint32Array(pixels.buffer));
  await sharp(pixels, { raw: { width, height, channels: 3 } })
    .blur(3)
    .jpeg({ quality: 90 })
    .toFile(path);
}

/** A report in every format, with 60 pictures: time and size. */
export async function benchReport(size: BenchSize, say: Say): Promise<void> {
  const database = new DatabaseConstructor(':memory:');
  migrate(database);
  const runIds = fill(database, size);
  addEvidence(database);
  const folder = await mkdtemp(join(tmpdir(), 'report-bench-'));
  const picture = join(folder, 'picture.jpg');
  await writePicture(picture);
  const service = createReportsService({
    workspace: { repositories: createRepositories(database) },
    version: 'bench',
    imagePath: () => Promise.resolve(picture),
  });
  const options = reportOptions.parse({ evaluation: { runIds }, examples: 20 });
  say(`A report on ${size.expressions} expressions, three runs, with 60 pictures and their evidence`);
  const { files } = await timed('every format', say, () =>
    service.export({ options, folder, formats: [...reportDocuments] }),
  );
  let all = 0;
  const tell = (name: string, bytes: number) =>
    say(`  ${name.padEnd(58)} ${(bytes / 1_000_000).toFixed(2)} MB`);
  for (const file of files) {
    const bytes = await sizeOf(file);
    all += bytes;
    tell(basename(file), bytes);
  }
  tell('together', all);
  const page = await readFile(join(folder, 'report.html'), 'utf8');
  const electron = findElectron(process.cwd());
  const pdf = await timed('the page as PDF, printed by Electron', say, () => printPage(page, electron));
  tell('report.pdf', pdf.length);
  await rm(folder, { recursive: true });
  database.close();
}

/** How far the ends of the interval of Acc@0.5 move from seed to seed: their standard deviation, in points. */
function tellNoiseOfEnds({ table, rows }: Counted, say: Say): void {
  const { index, count } = imagesOf(table.imageIds, rows);
  const [right, all] = [new Float64Array(count), new Float64Array(count)];
  rows.forEach((row, position) => {
    const image = index[position] ?? 0;
    right[image] = (right[image] ?? 0) + Number((table.runs[0]?.iou[row] ?? 0) >= 0.5);
    all[image] = (all[image] ?? 0) + 1;
  });
  const points = [fewerDrawsFor(count), bootstrapDraws].map((draws) => {
    const ends = Array.from({ length: 20 }, (_, seed) => {
      const [above, below] = atOnce(resampleSums([right, all], count, { draws, seed: seed + 1 }));
      if (!above || !below) throw new Error('There is nothing to resample.');
      return estimateFrom(0, ratioSamples(above, below)).low;
    });
    return `${(100 * spreadOf(Float64Array.from(ends))).toFixed(4)} with ${draws}`;
  });
  say(`  ${'an end of an interval from seed to seed, in points'.padEnd(58)} ${points.join(', ')} draws`);
}

/** Bytes of a file, or of all files in a folder. */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path);
  if (!found.isDirectory()) return found.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Seconds of each part, one line a part. */
export async function bench(size: BenchSize, say: Say): Promise<void> {
  const database = new DatabaseConstructor(':memory:');
  migrate(database);
  const runIds = fill(database, size);
  const workspace = { repositories: createRepositories(database) };
  const options = evaluationOptions.parse({ runIds });
  say(`${size.expressions} expressions on ${size.images} images, three runs`);
  const service = createEvaluationService({ workspace, version: 'bench' });
  const { counted } = await timed('read into columns', say, () =>
    atOnce(chooseSelection({ workspace }, options, [])),
  );
  const { table, rows, counting } = counted;
  await timed('all means of all runs, without intervals', say, () =>
    atOnce(scoreRuns(table, rows, counting, { draws: 0 })),
  );
  const { runs } = await timed(`the same with ${bootstrapDraws} draws of the images`, say, () =>
    atOnce(scoreRuns(table, rows, counting, { draws: bootstrapDraws })),
  );
  await timed('paired differences, McNemar, Holm, power', say, () =>
    atOnce(comparePairs(table, rows, runs, counting)),
  );
  await timed('the whole evaluation, with slices by kind and category', say, () => service.compute(options));
  tellNoiseOfEnds(counted, say);
  const saved = await timed('saved with all that it is computed from', say, () =>
    service.save({ options, name: 'bench', note: '' }),
  );
  const bytes = database.prepare('SELECT sum(length(bytes)) FROM evaluation_columns').pluck().get();
  say(`  ${'what that takes in the workspace'.padEnd(58)} ${(Number(bytes) / 1e6).toFixed(1)} MB`);
  await timed('opened, computed again, compared with the present', say, () =>
    service.open({ id: (saved as SavedEvaluation).id }),
  );
  await timed('slices by size and kind, with tests', say, () =>
    service.slices({ options, by: 'size', and: 'kind', minimum: 20 }),
  );
  await timed('slices that stand out', say, () => service.deviations({ options, minimum: 20 }));
  await timed('error types and stages', say, () => service.errors(options));
  await timed('agreement', say, () => service.agreement(options));
  await timed('labels in question', say, () => service.suspects({ options, limit: 200 }));
  database.close();
}
