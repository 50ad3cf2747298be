/** Workspaces of any size, stored through the engine's own code: a dataset and the answers of the three methods. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownMethodIds } from '../../src/common/contract';
import { openWorkspace } from '../../src/main/engine/workspace/open';
import { createLogger } from '../../src/main/engine/logger';
import { scaleAnswers, scaleDataset, type Scale } from './scale-data';
import { writePictures } from './scale-files';
import { addTestRun, testPrediction } from './workspace';

const savedAtOnce = 5_000;

/** With the pictures' files, in a folder of the workspace. */
export async function makeScaleWorkspaceWithPictures(path: string, scale: Scale): Promise<void> {
  const root = join(path, 'source');
  mkdirSync(root, { recursive: true });
  await writePictures(root, scaleDataset(scale, root, 'Scale'));
  await makeScaleWorkspace(path, scale, root);
}

/** `root`: folder of the pictures, which need not be there. */
export async function makeScaleWorkspace(path: string, scale: Scale, root: string): Promise<void> {
  const workspace = await openWorkspace({ path, log: createLogger(null) });
  try {
    const { datasets, predictions } = workspace.repositories;
    const dataset = scaleDataset(scale, root, 'Scale');
    const datasetId = datasets.insert({ ...dataset, sourcePath: root, contentHash: `scale ${scale.images}` });
    // Keys are `expression-0` and on, stored in this order.
    const firstId = workspace.database.prepare('SELECT min(id) FROM expressions').pluck().get() as number;
    for (const [index, method] of ownMethodIds.entries()) {
      const runId = addTestRun(workspace, datasetId, method);
      let answers: Parameters<typeof predictions.save>[1][number][] = [];
      let place = 0;
      for (const { box } of scaleAnswers(dataset, index)) {
        const text = dataset.expressions[place]?.text ?? '';
        answers.push({ expressionId: firstId + place, text, prediction: testPrediction(method, box) });
        place += 1;
        if (answers.length === savedAtOnce || place === dataset.expressions.length) {
          predictions.save(runId, answers);
          answers = [];
        }
      }
    }
  } finally {
    workspace.close();
  }
}
