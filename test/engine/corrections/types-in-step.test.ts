/** What is stored of each answer's type, which Browse filters by, is what the evaluation finds at that moment. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { browseFilter, evaluationOptions, type Change } from '../../../src/common/contract';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { createEvaluationService } from '../../../src/main/engine/evaluation/service';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  addTestRun,
  newTestWorkspace,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;
let runId: number;

const expressionId = (index: number) => dataset.expressionIds[index] ?? 0;
const referentId = (index: number) => dataset.referentIds[index] ?? 0;

beforeEach(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 4 });
  // The second object of each image lies elsewhere, so that one can be taken for the other.
  workspace.database.exec('UPDATE ground_truth SET box_x = box_x + 300 WHERE referent_id % 2 = 0');
  runId = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
  const answers = dataset.expressionIds.map((id, index) => {
    const referent = Math.floor(index / 2);
    const own = { ...truthBox(referent), x: truthBox(referent).x + (referent % 2) * 300 };
    const other = { ...own, x: own.x + (referent % 2 ? -300 : 300) };
    const box = [own, other, { ...own, width: 30 }, { x: 500, y: 400, width: 20, height: 20 }, null][
      index % 5
    ];
    const text = workspace.repositories.expressions.get(id)?.text ?? '';
    return { expressionId: id, text, prediction: testPrediction('yolo-clip', box ?? null) };
  });
  workspace.repositories.predictions.save(runId, answers);
});
afterEach(() => dispose());

/** Counts of the types, by name: as stored, and as the evaluation finds them. */
async function types() {
  const { datasetId } = dataset;
  const filter = browseFilter.parse({ datasetId });
  const [facet] = workspace.repositories.browse.facets(filter, [runId]).runs;
  // Where nothing is meant the evaluation has no types.
  const stored = (facet?.errors ?? []).filter(({ value }) => value !== 'no-referent');
  const service = createEvaluationService({ workspace, version: '1' });
  const [errors] = await service.errors(evaluationOptions.parse({ runIds: [runId] }));
  const found = (errors?.types ?? []).filter(({ name, count }) => name !== 'right' && count > 0);
  return {
    stored: Object.fromEntries(stored.map(({ value, count }) => [value, count])),
    found: Object.fromEntries(found.map(({ name, count }) => [name, count])),
  };
}

it('also after objects are split, moved, merged and linked, and after all of it is undone and done again', async () => {
  const service = createCorrectionsService({ workspace, emit: () => undefined });
  const images = new Set<number>();
  const seen = new Set<string>();
  const check = async () => {
    const { stored, found } = await types();
    expect(stored).toEqual(found);
    seen.add(JSON.stringify(stored));
  };
  const apply = async (change: Change) => {
    await service.apply({ change, label: 'Change' });
    await check();
  };
  const imageOf = (index: number) => images.add(dataset.imageIds[index] ?? 0);
  await check();
  expect(Object.keys((await types()).stored).length).toBeGreaterThan(3);

  imageOf(0);
  await apply({ kind: 'split-referent', expressionId: expressionId(1) });
  const own = workspace.repositories.expressions.get(expressionId(1))?.referentId ?? 0;
  const { revision } = workspace.repositories.groundTruth.of(own) ?? { revision: 0 };
  const geometry = { mask: null, source: 'edited', runId: null } as const;
  const box = { x: 500, y: 400, width: 25, height: 20 };
  await apply({ kind: 'ground-truth', referentId: own, expectedRevision: revision, box, ...geometry });
  await apply({ kind: 'merge-referents', referentId: own, intoReferentId: referentId(1) });
  imageOf(1);
  await apply({ kind: 'merge-referents', referentId: referentId(3), intoReferentId: referentId(2) });
  imageOf(2);
  await apply({ kind: 'link-referent', expressionId: expressionId(8), referentId: referentId(5) });
  await apply({ kind: 'link-referent', expressionId: expressionId(9), referentId: null });
  await apply({ kind: 'review-state', expressionId: expressionId(10), state: 'no-referent' });
  imageOf(3);
  const referent = {
    box: { x: 500, y: 400, width: 20, height: 20 },
    mask: null,
    source: 'drawn',
    runId: null,
  } as const;
  await apply({ kind: 'add-expression', imageId: dataset.imageIds[3] ?? 0, text: 'a bird', referent });
  expect(seen.size).toBeGreaterThan(4);

  for (const turn of ['undo', 'redo'] as const) {
    for (const imageId of images) {
      for (;;) {
        if ((await service.state({ imageId }))[turn] === null) break;
        await service[turn]({ imageId });
        await check();
      }
    }
  }
});
