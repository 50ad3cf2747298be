/** Workspaces for tests: real SQLite files in a temporary folder, filled with a small dataset of known geometry. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MethodId, Prediction } from '../../src/common/contract';
import type { ImageBox, RunLengthMask } from '../../src/common/geometry/types';
import { encodeRunLength } from '../../src/common/geometry/rle';
import { createLogger } from '../../src/main/engine/logger';
import { openWorkspace, type Workspace } from '../../src/main/engine/workspace/open';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'grounding-workbench-'));
}

export async function openTestWorkspace(path: string, readOnly = false): Promise<Workspace> {
  return openWorkspace({ path, readOnly, log: createLogger(null) });
}

/** A workspace in a folder of its own, closed and removed by `dispose`. */
export async function newTestWorkspace(): Promise<{ workspace: Workspace; dispose(): void }> {
  const path = temporaryFolder();
  const workspace = await openTestWorkspace(path);
  return {
    workspace,
    dispose() {
      workspace.close();
      rmSync(path, { recursive: true, force: true });
    },
  };
}

export const imageWidth = 640;
export const imageHeight = 480;
export const testKinds = ['category', 'colour', 'position'] as const;
export const testSplits = ['train', 'validation', 'test'] as const;
export const testCategories = ['cat', 'dog', 'red car', 'tree'] as const;

/** The referent's box in the synthetic dataset: 100×80 pixels, moved along by its number. */
export function truthBox(referent: number): ImageBox {
  return { x: 10 + (referent % 50), y: 20 + (referent % 30), width: 100, height: 80 };
}

/** All pixels of a box with whole numbers. */
export function maskOfBox(box: ImageBox, width = imageWidth, height = imageHeight): RunLengthMask {
  const data = new Uint8Array(width * height);
  for (let y = box.y; y < box.y + box.height; y += 1) {
    data.fill(1, y * width + box.x, y * width + box.x + box.width);
  }
  return encodeRunLength({ width, height, data });
}

export interface TestDataset {
  datasetId: number;
  imageIds: number[];
  referentIds: number[];
  expressionIds: number[];
}

/**
 * A dataset of `images` images with two referents each and two expressions a referent. Image k is in split k mod 3;
 * expression e (from 0) has kind e mod 3, its referent r has category r mod 4. `masks`: each referent also has the
 * mask of its whole box.
 */
export function addTestDataset(
  workspace: Workspace,
  options: { images: number; root?: string; masks?: boolean; fileName?: (image: number) => string },
): TestDataset {
  const { database } = workspace;
  const { images, root = '/nowhere', masks = false, fileName = (image) => `${image}.png` } = options;
  const made: TestDataset = { datasetId: 0, imageIds: [], referentIds: [], expressionIds: [] };
  const addImage = database.prepare(
    'INSERT INTO images (dataset_id, key, file, width, height, split) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const addReferent = database.prepare(
    "INSERT INTO referents (dataset_id, image_id, key, category, attributes) VALUES (?, ?, ?, ?, '{}')",
  );
  const addTruth = database.prepare(
    `INSERT INTO ground_truth (referent_id, revision, box_x, box_y, box_width, box_height, mask_counts, source, author, saved_at)
     VALUES (?, 0, ?, ?, ?, ?, ?, 'imported', '', '2026-01-01T00:00:00.000Z')`,
  );
  const addExpression = database.prepare(
    `INSERT INTO expressions (dataset_id, image_id, referent_id, key, text, original_text, kind, word_count, attributes, split, category)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, '{"chance":0.5}', ?, ?)`,
  );
  database.transaction(() => {
    const dataset = database
      .prepare(
        `INSERT INTO datasets (name, description, licence, format, source_path, root, content_hash, imported_at)
         VALUES ('Synthetic', '', 'MIT', 'grounding-jsonl', ?, ?, 'hash', '2026-01-01T00:00:00.000Z')`,
      )
      .run(root, root);
    made.datasetId = Number(dataset.lastInsertRowid);
    for (let image = 0; image < images; image += 1) {
      const split = testSplits[image % testSplits.length] ?? 'train';
      const imageRow = addImage.run(
        made.datasetId,
        `image-${image}`,
        fileName(image),
        imageWidth,
        imageHeight,
        split,
      );
      made.imageIds.push(Number(imageRow.lastInsertRowid));
      for (let part = 0; part < 2; part += 1) {
        const referent = image * 2 + part;
        const category = testCategories[referent % testCategories.length] ?? 'cat';
        const box = truthBox(referent);
        const referentRow = addReferent.run(
          made.datasetId,
          imageRow.lastInsertRowid,
          `referent-${referent}`,
          category,
        );
        made.referentIds.push(Number(referentRow.lastInsertRowid));
        const counts = masks ? maskOfBox(box).counts : null;
        addTruth.run(referentRow.lastInsertRowid, box.x, box.y, box.width, box.height, counts);
        for (let one = 0; one < 2; one += 1) {
          const expression = referent * 2 + one;
          const text = one === 0 ? `the ${category}` : `the ${category} left of number ${expression}`;
          const expressionRow = addExpression.run(
            made.datasetId,
            imageRow.lastInsertRowid,
            referentRow.lastInsertRowid,
            `expression-${expression}`,
            text,
            text,
            testKinds[expression % testKinds.length],
            text.split(' ').length,
            split,
            category,
          );
          made.expressionIds.push(Number(expressionRow.lastInsertRowid));
        }
      }
    }
  })();
  return made;
}

export function addTestRun(
  workspace: Workspace,
  datasetId: number,
  method: MethodId,
  packHash = 'pack',
): number {
  return workspace.repositories.runs.findOrCreate({
    datasetId,
    method,
    pack: { id: 'test', name: 'Test', version: '1', hash: packHash },
    variant: 'float32',
    settings: {},
    settingsHash: 'settings',
    provider: 'cpu',
    versions: {},
  }).id;
}

/** An answer with the least evidence that its method can have. */
export function testPrediction(
  method: MethodId,
  box: ImageBox | null,
  mask: RunLengthMask | null = null,
): Prediction {
  const map = { width: 2, height: 2, minimum: 0, maximum: 1, values: btoa('\xff\x00\x00\x00') };
  const evidence: Prediction['evidence'] =
    method === 'yolo-clip'
      ? {
          method,
          proposals: box ? [{ box, score: 0.9, category: 'cat', similarity: 0.3, probability: 1 }] : [],
        }
      : method === 'risclip'
        ? { method, locatorMap: map, refinedMap: map, threshold: 0.5 }
        : method === 'imported'
          ? { method, source: 'predictions.json:1', makesMasks: mask !== null }
          : {
              method,
              heatMap: map,
              match: 0.8,
              points: [{ x: 60, y: 60, positive: true }],
              candidates: [],
              chosen: -1,
            };
  return {
    method,
    box,
    mask,
    score: box ? 0.9 : null,
    missingReason: box ? '' : 'Nothing was found.',
    evidence,
    timings: [{ stage: 'all', milliseconds: 2, runtime: 1 }],
  };
}

/** A box whose IoU with the given one is `iou`: as wide, with the fitting part of its height. */
export function boxWithIou(box: ImageBox, iou: number): ImageBox {
  return { ...box, height: box.height * iou };
}
