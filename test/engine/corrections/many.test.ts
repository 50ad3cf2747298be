/** What is said of many expressions at once is human work like any other: one step on each image's undo stack. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { BulkResult, BulkUndoResult, WorkbenchEvents } from '../../../src/common/contract';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, newTestWorkspace, type TestDataset } from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;
let corrections: ReturnType<typeof createCorrectionsService>;
let events: WorkbenchEvents['data.changed'][];

beforeEach(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 3 });
  events = [];
  corrections = createCorrectionsService({
    workspace,
    emit: (_name, payload) => void events.push(payload as WorkbenchEvents['data.changed']),
  });
});
afterEach(() => dispose());

const idOf = (expression: number) => dataset.expressionIds[expression] ?? 0;
const imageOf = (image: number) => dataset.imageIds[image] ?? 0;
const labels = () =>
  dataset.expressionIds.map((id) => workspace.repositories.expressions.get(id)?.failureLabel);

async function label(expressions: number[], given: string | null): Promise<BulkResult> {
  return corrections.applyToMany({
    expressionIds: expressions.map(idOf),
    change: { kind: 'failure-label', label: given },
    label: 'Label them',
  });
}

async function undo(stepIds: number[]): Promise<BulkUndoResult> {
  return corrections.undoSteps({ stepIds });
}

it('changes what is not so already, one step an image, and tells of it once', async () => {
  workspace.repositories.expressions.setFailureLabel(idOf(0), 'other');
  // Expressions 0 to 3 are on the first image, 4 to 7 on the second.
  const result = await label([0, 1, 2, 4, 4], 'other');
  expect(result.expressionIds).toEqual([idOf(1), idOf(2), idOf(4)]);
  expect(result.stepIds).toHaveLength(2);
  expect(labels().slice(0, 5)).toEqual(['other', 'other', 'other', null, 'other']);
  expect(events).toEqual([{ what: 'corrections', expressionIds: result.expressionIds }]);
  expect(await corrections.state({ imageId: imageOf(0) })).toEqual({ undo: 'Label them', redo: null });
  expect((await label([0, 1], 'other')).stepIds).toEqual([]);
});

it('is undone and redone image by image as one step', async () => {
  await label([0, 1, 4], 'landmark');
  await corrections.undo({ imageId: imageOf(0) });
  expect(labels().slice(0, 5)).toEqual([null, null, null, null, 'landmark']);
  await corrections.redo({ imageId: imageOf(0) });
  expect(labels().slice(0, 2)).toEqual(['landmark', 'landmark']);
});

it('is undone as a whole, but for images that were changed since', async () => {
  const { stepIds } = await label([0, 1, 4, 8], 'landmark');
  await corrections.apply({
    change: { kind: 'review-state', expressionId: idOf(5), state: 'reviewed' },
    label: 'Mark as reviewed',
  });
  expect(await undo(stepIds)).toEqual({ expressionIds: [idOf(0), idOf(1), idOf(8)], undone: 2, left: 1 });
  expect(labels().filter((each) => each !== null)).toEqual(['landmark']);
  expect(await undo(stepIds)).toMatchObject({ undone: 0, left: 3 });
});

it('happens wholly or not at all', async () => {
  const change = { kind: 'review-state', state: 'ambiguous' } as const;
  const expressionIds = [idOf(0), 999_999];
  expect(() => corrections.applyToMany({ expressionIds, change, label: 'Mark' })).toThrow(
    'no expression 999999',
  );
  expect(workspace.repositories.expressions.get(idOf(0))?.reviewState).toBe('unreviewed');
  expect(events).toEqual([]);
  const { length } = (await corrections.applyToMany({ expressionIds: [idOf(0)], change, label: 'Mark' }))
    .stepIds;
  expect(length).toBe(1);
});
