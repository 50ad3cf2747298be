/** A workspace file made by the migrations, with a small dataset, three runs and predictions measured as stored. */
import DatabaseConstructor, { type Database } from 'better-sqlite3';
import { ownMethodIds, type Evidence, type OwnMethodId, type Prediction } from '../../../src/common/contract';
import { encodeRunLength } from '../../../src/common/geometry/rle';
import type { ImageBox, RunLengthMask, Size } from '../../../src/common/geometry/types';
import type { EvaluationWorkspace } from '../../../src/main/engine/evaluation/rows';
import { migrate } from '../../../src/main/engine/workspace/migrations';
import { DatasetsRepository } from '../../../src/main/engine/workspace/repositories/datasets';
import { KeptParts } from '../../../src/main/engine/workspace/repositories/kept-parts';
import { EvaluationRowsRepository } from '../../../src/main/engine/workspace/repositories/evaluation-rows';
import { GivenAnswersRepository } from '../../../src/main/engine/workspace/repositories/given-answers';
import { GroundTruthRepository } from '../../../src/main/engine/workspace/repositories/ground-truth';
import { PredictionsRepository } from '../../../src/main/engine/workspace/repositories/predictions';
import { RunsRepository } from '../../../src/main/engine/workspace/repositories/runs';
import { SavedEvaluationsRepository } from '../../../src/main/engine/workspace/repositories/saved-evaluations';
import { SettingsRepository } from '../../../src/main/engine/workspace/repositories/settings';

export const imageSize: Size = { width: 80, height: 60 };

export function rectangleMask(box: ImageBox): RunLengthMask {
  const { width, height } = imageSize;
  const data = new Uint8Array(width * height);
  for (let y = box.y; y < box.y + box.height; y += 1) {
    data.fill(1, y * width + box.x, y * width + box.x + box.width);
  }
  return encodeRunLength({ width, height, data });
}

export function prediction(method: OwnMethodId, box: ImageBox | null, truth: ImageBox): Prediction {
  const map = { width: 2, height: 1, minimum: 0, maximum: 1, values: Buffer.from([9, 1]).toString('base64') };
  const evidence: Record<OwnMethodId, Evidence> = {
    'yolo-clip': {
      method: 'yolo-clip',
      proposals: [{ box: truth, score: 0.9, category: 'cat', similarity: 0.3, probability: 0.8 }],
    },
    'blip-sam': {
      method: 'blip-sam',
      heatMap: null,
      match: 0.7,
      points: [{ x: truth.x + 1, y: truth.y + 1, positive: true }],
      candidates: [],
      chosen: -1,
    },
    risclip: { method: 'risclip', locatorMap: map, refinedMap: map, threshold: 0.4 },
  };
  return {
    method,
    box,
    mask: box && method !== 'yolo-clip' ? rectangleMask(box) : null,
    score: 0.5,
    missingReason: box ? '' : 'nothing found',
    evidence: evidence[method],
    timings: [{ stage: 'ground', milliseconds: 12.5, runtime: 10 }],
  };
}

export interface World extends EvaluationWorkspace {
  database: Database;
  repositories: {
    datasets: DatasetsRepository;
    evaluationRows: EvaluationRowsRepository;
    givenAnswers: GivenAnswersRepository;
    groundTruth: GroundTruthRepository;
    predictions: PredictionsRepository;
    runs: RunsRepository;
    savedEvaluations: SavedEvaluationsRepository;
    settings: SettingsRepository;
  };
  runIds: number[];
  datasetId: number;
}

/** Where referent `index` is, and where a method that is off by some pixels looks for it. */
export const truthBox = (index: number): ImageBox => ({ x: 10 + index, y: 8, width: 20, height: 16 });

export interface WorldOptions {
  file?: string;
  images?: number;
  /** Text of the expressions; `#` stands for its number. */
  text?: string;
  name?: string;
  kinds?: string[];
}

/** Two referents an image, two expressions a referent; image 1 is in the split `val`, the others in `test`. */
export function createWorld(options: WorldOptions = {}): World {
  const {
    file = ':memory:',
    images = 6,
    text = 'the cat #',
    name = 'Cats',
    kinds = ['category', 'relation'],
  } = options;
  const database = new DatabaseConstructor(file);
  database.pragma('foreign_keys = ON');
  // A file of a test need not outlive a power cut, which takes a write to the disk for every row.
  database.pragma('synchronous = OFF');
  migrate(database);
  const repositories = {
    datasets: new DatasetsRepository(database, new KeptParts(database, null)),
    evaluationRows: new EvaluationRowsRepository(database),
    givenAnswers: new GivenAnswersRepository(database),
    groundTruth: new GroundTruthRepository(database),
    predictions: new PredictionsRepository(database),
    runs: new RunsRepository(database),
    savedEvaluations: new SavedEvaluationsRepository(database),
    settings: new SettingsRepository(database),
  };
  const insert = (table: string, values: Record<string, unknown>): number => {
    const columns = Object.keys(values);
    const { lastInsertRowid } = database
      .prepare(
        `INSERT INTO ${table} (${columns.join()}) VALUES (${columns.map((column) => `@${column}`).join()})`,
      )
      .run(values);
    return Number(lastInsertRowid);
  };
  const datasetId = insert('datasets', {
    name,
    description: '',
    licence: 'MIT',
    format: 'grounding-jsonl',
    source_path: '/data',
    root: '/data',
    content_hash: 'f00d'.repeat(16),
    imported_at: '2026-01-01T00:00:00.000Z',
  });
  const runIds = ownMethodIds.map(
    (method) =>
      repositories.runs.findOrCreate({
        datasetId,
        method,
        pack: { id: 'small', name: 'Small', version: '1.0.0', hash: 'ab'.repeat(32) },
        settings: { threshold: 0.5, prompt: 'a photo of {}' },
        variant: 'float32',
        settingsHash: 'cd'.repeat(32),
        provider: 'cpu',
        versions: { onnxruntime: '1.30.0' },
      }).id,
  );
  let number = 0;
  for (let image = 1; image <= images; image += 1) {
    const split = image === 1 ? 'val' : 'test';
    const imageId = insert('images', {
      dataset_id: datasetId,
      key: `image-${image}`,
      file: `${image}.webp`,
      ...imageSize,
      split,
    });
    for (let index = 0; index < 2; index += 1) {
      const box = truthBox(index);
      const referentId = insert('referents', {
        dataset_id: datasetId,
        image_id: imageId,
        key: `r-${image}-${index}`,
        category: index === 0 ? 'cat' : 'dog',
        attributes: '{}',
      });
      insert('ground_truth', {
        referent_id: referentId,
        revision: 0,
        box_x: box.x,
        box_y: box.y,
        box_width: box.width,
        box_height: box.height,
        mask_counts: rectangleMask(box).counts,
        source: 'imported',
        author: '',
        saved_at: '2026-01-01T00:00:00.000Z',
      });
      for (const kind of kinds) {
        number += 1;
        const words = text.replace('#', String(number));
        const expressionId = insert('expressions', {
          dataset_id: datasetId,
          image_id: imageId,
          referent_id: referentId,
          key: `e-${number}`,
          text: words,
          original_text: words,
          kind,
          word_count: 3,
          attributes: JSON.stringify({ chance: 0.5 }),
          split,
          category: index === 0 ? 'cat' : 'dog',
        });
        // YOLO+CLIP is off by one pixel more with each expression, BLIP+SAM by four, RisCLIP finds it.
        const offsets: Record<OwnMethodId, number> = { 'yolo-clip': number % 14, 'blip-sam': 4, risclip: 0 };
        ownMethodIds.forEach((method, run) => {
          const found: ImageBox = { ...box, x: box.x + offsets[method] };
          repositories.predictions.save(runIds[run] ?? 0, [
            { expressionId, text: words, prediction: prediction(method, found, box) },
          ]);
        });
      }
    }
  }
  return { database, repositories, runIds, datasetId };
}

/** Corrects a referent's ground truth as the workbench does: a new revision, its predictions measured anew. */
export function correct({ repositories }: World, referentId: number, box: ImageBox): number {
  const mask = rectangleMask(box);
  const revision = repositories.groundTruth.add(
    referentId,
    { box, mask },
    { source: 'edited', runId: null, label: 'Move box', author: 'tester' },
  );
  repositories.predictions.measureAnew(referentId, { box, mask });
  return revision;
}
