/** A saved evaluation gives every number again, to the last bit, whatever is edited, predicted or removed later. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  evaluationOptions,
  viewState,
  type Change,
  type EvaluationOptions,
  type ExampleConditionInput,
  type OpenedEvaluation,
  type SavedEvaluation,
  type SliceField,
} from '../../../src/common/contract';
import { rowsOfViews } from '../../../src/main/engine/browse/view-rows';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { createEvaluationService } from '../../../src/main/engine/evaluation/service';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  addTestRun,
  boxWithIou,
  maskOfBox,
  newTestWorkspace,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

const methods = ['yolo-clip', 'blip-sam', 'risclip'] as const;
const viewName = 'Left ones';

const viewOf = (query: string) =>
  viewState.parse({ query, sorts: [], layout: 'grid', columns: [], tileSize: 'small', groupByImage: false });

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;
let runIds: number[];

const expressionId = (index: number) => dataset.expressionIds[index] ?? 0;
const referentId = (index: number) => dataset.referentIds[index] ?? 0;

/** Answers that are right, poor, of another object or missing, and other ones for each method and `turn`. */
function answer(turn: number): void {
  methods.forEach((method, place) => {
    const answers = dataset.expressionIds.map((id, index) => {
      const truth = truthBox(Math.floor(index / 2));
      const kind = (index * (place + 1) + turn) % 5;
      const share = 0.55 + 0.031 * ((index + turn) % 13);
      const box = [truth, boxWithIou(truth, share), { ...truth, x: 400 }, boxWithIou(truth, 0.3), null][kind];
      const mask =
        box && method !== 'yolo-clip' ? maskOfBox({ ...box, height: Math.round(box.height) }) : null;
      const prediction = testPrediction(method, box ?? null, mask);
      const text = workspace.repositories.expressions.get(id)?.text ?? '';
      return { expressionId: id, text, prediction: { ...prediction, score: box ? share : null } };
    });
    workspace.repositories.predictions.save(runIds[place] ?? 0, answers);
  });
}

beforeEach(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 9, masks: true });
  runIds = methods.map((method) => addTestRun(workspace, dataset.datasetId, method));
  const { datasetId } = dataset;
  workspace.database.exec(
    `UPDATE expressions SET attributes = json_object('chance', 0.5, 'clutter', id % 4, 'pair', 'p' || (id / 2))
     WHERE dataset_id = ${datasetId}`,
  );
  answer(0);
  workspace.repositories.views.save(null, viewName, viewOf('left'));
});
afterEach(() => dispose());

function serviceOf() {
  return createEvaluationService({
    workspace,
    version: '1.2.3',
    views: (datasetId, runs) => rowsOfViews(workspace, datasetId, runs),
  });
}

const corrections = () => createCorrectionsService({ workspace, emit: () => undefined });
const apply = (change: Change) => corrections().apply({ change, label: 'Change' });

/** Every number that there is, as it comes over the contract. */
async function everything(options: EvaluationOptions) {
  const service = serviceOf();
  const fields = (await service.fields(options)) as SliceField[];
  const slicing = { options, minimum: 2 };
  const slices: unknown[] = [];
  for (const { id } of fields) slices.push(await service.slices({ ...slicing, by: id, and: null }));
  const [runA = 0, runB = 0] = runIds;
  const where: ExampleConditionInput[][] = [
    [{ type: 'slice', field: 'length', value: '3–4' }],
    [{ type: 'slice', field: 'review', value: 'unreviewed' }],
    [{ type: 'error', runId: runA }],
    [{ type: 'right-together', runIds: [runA, runB] }],
    [{ type: 'between', runId: runB, measure: 'maskIou', from: 0.5, to: 1 }],
  ];
  const examples: unknown[] = [];
  for (const conditions of where)
    examples.push(
      await service.examples({
        options,
        where: conditions.map((one) =>
          one.type === 'error' ? { error: null, localisation: null, stage: null, ...one } : one,
        ),
      }),
    );
  const { dataset, protocol, runs, pairs } = await service.compute(options);
  return {
    evaluation: { dataset, protocol, runs, pairs },
    fields,
    slices,
    cross: await service.slices({ ...slicing, by: 'relation', and: 'length' }),
    deviations: await service.deviations(slicing),
    errors: await service.errors(options),
    agreement: await service.agreement(options),
    suspects: await service.suspects({ options, limit: 100 }),
    points: await service.points({ options, runA, runB, measure: 'iou' }),
    effect: await service.correctionEffect({ ...options, where: [] }),
    examples,
  };
}

/** Everything that a person or a job can change. */
async function changeEverything(): Promise<void> {
  const { repositories, database } = workspace;
  const revisionOf = (id: number) => repositories.groundTruth.of(id)?.revision ?? 0;
  const box = { x: 300, y: 200, width: 60, height: 50 };
  const geometry = { source: 'edited', runId: null } as const;
  for (const id of [referentId(0), referentId(5)]) {
    const expectedRevision = revisionOf(id);
    await apply({
      kind: 'ground-truth',
      referentId: id,
      expectedRevision,
      box,
      mask: maskOfBox(box),
      ...geometry,
    });
  }
  const other = truthBox(7);
  const smaller = maskOfBox({ ...other, height: 40 });
  const expectedRevision = revisionOf(referentId(7));
  await apply({
    kind: 'ground-truth',
    referentId: referentId(7),
    expectedRevision,
    box: other,
    mask: smaller,
    ...geometry,
  });
  await apply({ kind: 'text', expressionId: expressionId(2), text: 'the second biggest one without a hat' });
  await apply({ kind: 'text', expressionId: expressionId(9), text: 'left' });
  await apply({ kind: 'failure-label', expressionId: expressionId(3), label: 'wrong-instance' });
  await apply({ kind: 'review-state', expressionId: expressionId(4), state: 'reviewed' });
  await apply({ kind: 'review-state', expressionId: expressionId(11), state: 'no-referent' });
  await apply({ kind: 'link-referent', expressionId: expressionId(16), referentId: referentId(9) });
  await apply({ kind: 'merge-referents', referentId: referentId(12), intoReferentId: referentId(13) });
  await apply({
    kind: 'add-expression',
    imageId: dataset.imageIds[1] ?? 0,
    text: 'a new one',
    referent: null,
  });
  const [view] = repositories.views.list();
  repositories.views.save(view?.id ?? null, 'Everything', viewOf('the'));
  database.exec(
    `UPDATE expressions SET category = 'lion', kind = 'other', split = 'late',
       attributes = json_object('chance', 0.25, 'clutter', 9) WHERE id % 3 = 0;
     UPDATE referents SET category = 'lion' WHERE category = 'cat';
     UPDATE datasets SET name = 'Renamed', content_hash = 'other'`,
  );
}

const save = async (options: EvaluationOptions): Promise<SavedEvaluation> =>
  serviceOf().save({ options, name: 'Before', note: 'for the paper' });
const open = async (id: number): Promise<OpenedEvaluation> => serviceOf().open({ id });

it.each([
  ['the corrected ground truth', {}],
  [
    'the original one, with last pixels, missing answers wrong, per referent',
    {
      groundTruth: 'original',
      boxes: 'inclusive',
      coverage: 'all',
      unit: 'referent',
      comparator: '>',
    },
  ],
  ['one split', { split: 'test', unit: 'image' }],
])('against %s', async (_name, choices) => {
  await apply({ kind: 'text', expressionId: expressionId(1), text: 'the animal left' });
  const expectedRevision = 0;
  const box = boxWithIou(truthBox(2), 0.75);
  await apply({
    ...{
      kind: 'ground-truth',
      referentId: referentId(2),
      expectedRevision,
      box,
      mask: null,
      source: 'edited',
      runId: null,
    },
  });
  const options = evaluationOptions.parse({ runIds, ...choices });
  const before = await everything(options);
  const saved = await save(options);
  expect(await open(saved.id)).toMatchObject({ reproduced: true, changes: [] });

  await changeEverything();
  answer(3);
  workspace.repositories.runs.remove(runIds[2] ?? 0);
  expect(await everything({ ...options, split: null, runIds: runIds.slice(0, 2) })).not.toEqual(before);

  const opened = await open(saved.id);
  expect(opened.reproduced).toBe(true);
  expect(opened.saved).toEqual(saved);
  expect(opened.evaluation).toMatchObject(before.evaluation);
  const again = await everything(opened.saved.options);
  for (const [part, numbers] of Object.entries(before)) {
    expect(again[part as keyof typeof again], part).toStrictEqual(numbers);
  }
});

it('says what has changed since', async () => {
  const saved = await save(evaluationOptions.parse({ runIds }));
  await changeEverything();
  workspace.repositories.runs.remove(runIds[2] ?? 0);
  const { changes } = await open(saved.id);
  const count = (kind: string) => changes?.find((change) => change.kind === kind);
  expect(count('texts')?.count).toBe(2);
  // Two boxes and a mask of two expressions each (of which one is then taken off its object), one linked anew, two merged.
  expect(count('ground-truth')?.count).toBe(9);
  expect(count('removed')?.count).toBe(1);
  expect(count('review-states')?.count).toBe(1);
  expect(count('failure-labels')?.count).toBe(1);
  expect(count('categories')?.count).toBeGreaterThan(0);
  expect(count('attributes')?.count).toBe(11);
  expect(count('view')).toMatchObject({ about: viewName });
  expect(count('run-removed')).toEqual({ kind: 'run-removed', count: 1, about: `run ${runIds[2]}, Test` });
  // Answers to texts that were edited are no answers any more.
  expect(count('answers')?.count).toBe(2);

  workspace.repositories.runs.remove(runIds[0] ?? 0);
  workspace.repositories.runs.remove(runIds[1] ?? 0);
  expect((await open(saved.id)).changes?.map(({ kind }) => kind)).toEqual([
    'run-removed',
    'run-removed',
    'run-removed',
  ]);
  expect((await open(saved.id)).reproduced).toBe(true);
});

it('keeps a column once, however often it is saved, and nothing that no saved evaluation needs', async () => {
  const options = evaluationOptions.parse({ runIds });
  const columns = () => workspace.database.prepare('SELECT count(*) FROM evaluation_columns').pluck().get();
  const first = await save(options);
  const kept = columns();
  expect(kept).toBeGreaterThan(20);
  const second = await save(options);
  expect(columns()).toBe(kept);
  expect(second.resultHash).toBe(first.resultHash);
  void serviceOf().remove({ id: first.id });
  expect(columns()).toBe(kept);
  void serviceOf().remove({ id: second.id });
  expect(columns()).toBe(0);
  await expect(open(second.id)).rejects.toThrow(/no saved evaluation/);
  await save(options);
  workspace.database.prepare('DELETE FROM datasets').run();
  expect(columns()).toBe(0);
});

it('of a workbench that kept only its numbers says so', async () => {
  const saved = await save(evaluationOptions.parse({ runIds }));
  workspace.database.exec('DELETE FROM saved_evaluation_columns');
  const opened = await open(saved.id);
  expect(opened.changes).toBeNull();
  expect(opened.saved.options).toMatchObject({ saved: null, revision: 0 });
  expect(opened.reproduced).toBe(true);
  workspace.database.exec('DELETE FROM predictions WHERE run_id = 1');
  expect(await open(saved.id)).toMatchObject({ reproduced: false, evaluation: opened.evaluation });
});
