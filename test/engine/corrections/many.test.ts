/** What is said of many expressions at once is human work like any other: one step on each image's undo stack. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  unwatched,
  type BulkResult,
  type BulkUndoResult,
  type WorkbenchEvents,
} from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { takeBackUnfinished } from '../../../src/main/engine/corrections/change-many';
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
  expect(await undo(stepIds)).toEqual({
    expressionIds: [idOf(0), idOf(1), idOf(8)],
    undone: 2,
    left: 1,
    notReached: [],
  });
  expect(labels().filter((each) => each !== null)).toEqual(['landmark']);
  expect(await undo(stepIds)).toMatchObject({ undone: 0, left: 3 });
});

it('happens wholly or not at all', async () => {
  const change = { kind: 'review-state', state: 'ambiguous' } as const;
  const expressionIds = [idOf(0), 999_999];
  await expect(corrections.applyToMany({ expressionIds, change, label: 'Mark' })).rejects.toThrow(
    'no expression 999999',
  );
  expect(workspace.repositories.expressions.get(idOf(0))?.reviewState).toBe('unreviewed');
  expect(events).toEqual([]);
  const { length } = (await corrections.applyToMany({ expressionIds: [idOf(0)], change, label: 'Mark' }))
    .stepIds;
  expect(length).toBe(1);
});

describe('a change of many that takes several turns', () => {
  const change = { kind: 'failure-label', label: 'other' } as const;
  const states = () =>
    workspace.database
      .prepare(
        "SELECT coalesce(failure_label, '-') || ' ' || count(*) FROM expressions GROUP BY failure_label ORDER BY 1",
      )
      .pluck()
      .all();

  beforeEach(() => {
    dataset = addTestDataset(workspace, { images: 3_000 });
  });

  it('answers other calls in between and tells how far it is, also when it is taken back', async () => {
    const told: number[] = [];
    const control = {
      ...unwatched,
      begin: (_message: string, total?: number) => told.push(-(total ?? 0)),
      advance: (done: number) => told.push(done),
    };
    let turns = 0;
    let isOver = false;
    const count = () => {
      turns += 1;
      if (!isOver) setImmediate(count);
    };
    setImmediate(count);
    const { expressionIds } = dataset;
    const result = await corrections.applyToMany({ expressionIds, change, label: 'Label' }, control);
    const undone = await corrections.undoSteps({ stepIds: result.stepIds }, control);
    isOver = true;
    expect(result.expressionIds).toHaveLength(12_000);
    expect(undone).toMatchObject({ undone: 3_000, left: 0, notReached: [] });
    expect(turns).toBeGreaterThan(5);
    const second = told.findLastIndex((each) => each < 0);
    expect([told[0], told[second]]).toEqual([-3_000, -3_000]);
    const sum = (parts: number[]) => parts.reduce((all, each) => all + each, 0);
    expect([sum(told.slice(1, second)), sum(told.slice(second + 1))]).toEqual([3_000, 3_000]);
    expect(states()).toEqual(['- 12012']);
    // One event for each of the two.
    expect(events).toHaveLength(2);
  });

  it('leaves nothing behind where it is stopped, but what was changed by hand meanwhile', async () => {
    const abort = new AbortController();
    const control = {
      ...unwatched,
      signal: abort.signal,
      advance: () => abort.abort(new WorkbenchError('cancelled', 'It was stopped.')),
    };
    const [first = 0] = dataset.expressionIds;
    const asked = corrections.applyToMany(
      { expressionIds: dataset.expressionIds, change, label: 'Label' },
      control,
    );
    await expect(asked).rejects.toMatchObject({ kind: 'cancelled' });
    expect(states()).toEqual(['- 12012']);
    expect(await corrections.state({ imageId: dataset.imageIds[0] ?? 0 })).toEqual({
      undo: null,
      redo: null,
    });
    expect(workspace.repositories.corrections.unfinished()).toEqual([]);

    const again = new AbortController();
    const byHand = {
      ...unwatched,
      signal: again.signal,
      advance() {
        if (again.signal.aborted) return;
        const expressionId = first;
        void corrections.apply({ change: { kind: 'note', expressionId, note: 'mine' }, label: 'Note' });
        again.abort(new WorkbenchError('cancelled', 'It was stopped.'));
      },
    };
    await expect(
      corrections.applyToMany({ expressionIds: dataset.expressionIds, change, label: 'Label' }, byHand),
    ).rejects.toMatchObject({ kind: 'cancelled', hint: expect.stringContaining('1 image') });
    expect(states()).toEqual(['- 12008', 'other 4']);
  });

  it('is taken back at the next start where it was cut off, and a cut off undo is ended', async () => {
    const { expressionIds } = dataset;
    const { stepIds } = await corrections.applyToMany({ expressionIds, change, label: 'Label' });
    // As the end of the process would leave it.
    workspace.repositories.corrections.begin(stepIds);
    await takeBackUnfinished(workspace);
    expect(states()).toEqual(['- 12012']);
    expect(workspace.repositories.corrections.unfinished()).toEqual([]);
    expect(workspace.database.prepare('SELECT count(*) FROM correction_steps').pluck().get()).toBe(0);
  });

  it('can be undone further where undoing was stopped', async () => {
    const { expressionIds } = dataset;
    const { stepIds } = await corrections.applyToMany({ expressionIds, change, label: 'Label' });
    const abort = new AbortController();
    const control = { ...unwatched, signal: abort.signal, advance: () => abort.abort() };
    const part = await corrections.undoSteps({ stepIds }, control);
    expect(part.undone).toBeGreaterThan(0);
    expect(part.undone + part.notReached.length).toBe(3_000);
    expect(part.notReached.length).toBeGreaterThan(0);
    const rest = await corrections.undoSteps({ stepIds: part.notReached });
    expect(rest).toMatchObject({ undone: part.notReached.length, left: 0 });
    expect(states()).toEqual(['- 12012']);
  });
});
