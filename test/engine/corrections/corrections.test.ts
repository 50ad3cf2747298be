import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, DomainService, WorkbenchEvents, contract } from '../../../src/common/contract';
import type { ImageBox } from '../../../src/common/geometry/types';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import {
  addTestDataset,
  addTestRun,
  maskOfBox,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

let path: string;
let workspace: Workspace;
let dataset: TestDataset;
let service: DomainService<typeof contract.corrections>;
let events: WorkbenchEvents['data.changed'][];

function compose() {
  service = createCorrectionsService({
    workspace,
    emit: (_name, payload) => void events.push(payload as WorkbenchEvents['data.changed']),
  });
}

beforeEach(async () => {
  path = temporaryFolder();
  workspace = await openTestWorkspace(path);
  dataset = addTestDataset(workspace, { images: 2, masks: true });
  events = [];
  compose();
});
afterEach(() => {
  workspace.close();
  rmSync(path, { recursive: true, force: true });
});

const referentId = () => dataset.referentIds[0] ?? 0;
const expressionId = (index = 0) => dataset.expressionIds[index] ?? 0;
const imageId = (index = 0) => dataset.imageIds[index] ?? 0;
const truth = () => workspace.repositories.groundTruth.of(referentId());
interface Part {
  newerThan?: number;
  olderThan?: number;
  limit?: number;
}
const all = { newerThan: null, olderThan: null, limit: 1_000 };
const moved: ImageBox = { x: 30, y: 40, width: 90, height: 70 };

function boxChange(box: ImageBox | null, more: Partial<Change & { kind: 'ground-truth' }> = {}): Change {
  return {
    kind: 'ground-truth',
    referentId: referentId(),
    expectedRevision: truth()?.revision ?? 0,
    box,
    mask: null,
    source: 'edited',
    runId: null,
    ...more,
  };
}

async function apply(change: Change, label: string) {
  return service.apply({ change, label });
}

describe('a corrected box', () => {
  it('is a new revision beside the original, with its step, and counts up', async () => {
    workspace.repositories.settings.change({ author: 'Ada' });
    const result = await apply(boxChange(moved), 'Move box');
    expect(result).toEqual({
      undoState: { undo: 'Move box', redo: null },
      expressionIds: [expressionId(0), expressionId(1)],
      addedIds: [],
      removedIds: [],
      revision: 1,
      label: 'Move box',
    });
    expect(events).toEqual([{ what: 'corrections', expressionIds: [expressionId(0), expressionId(1)] }]);
    const history = await service.history({ referentId: referentId(), ...all });
    expect(history).toMatchObject([
      { revision: 1, box: moved, source: 'edited', author: 'Ada', runId: null, current: true },
      { revision: 0, box: truthBox(0), source: 'imported', author: '', current: false },
    ]);
    expect((await apply(boxChange(truthBox(5)), 'Move box')).revision).toBe(2);
  });

  it('marks its expressions as corrected until it is again as imported', async () => {
    const corrected = () =>
      workspace.repositories.browse.rows(dataset.expressionIds.slice(0, 3), []).map((row) => row.corrected);
    expect(corrected()).toEqual([false, false, false]);
    await apply(boxChange(moved), 'Move box');
    expect(corrected()).toEqual([true, true, false]);
    await service.undo({ imageId: imageId() });
    expect(corrected()).toEqual([false, false, false]);
    expect(truth()?.revision).toBe(2);
  });

  it('measures the predictions of its expressions anew in the same transaction', async () => {
    const run = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
    const heat = addTestRun(workspace, dataset.datasetId, 'blip-sam');
    const text = 'the cat';
    const { predictions, browse } = workspace.repositories;
    predictions.save(run, [
      { expressionId: expressionId(), text, prediction: testPrediction('yolo-clip', moved) },
    ]);
    const mask = maskOfBox(moved);
    predictions.save(heat, [
      { expressionId: expressionId(), text, prediction: testPrediction('blip-sam', moved, mask) },
    ]);
    const before = browse.rows([expressionId()], [run, heat])[0]?.results;
    expect(before?.[0]?.iou).toBeLessThan(0.7);
    await apply(boxChange(moved, { source: 'accepted', runId: heat, mask }), 'Accept BLIP+SAM');
    expect(browse.rows([expressionId()], [run, heat])[0]?.results.map(({ iou }) => iou)).toEqual([1, 1]);
    const [first, second] = predictions.ofExpression(expressionId(), [run, heat]);
    expect(first).toMatchObject({ iou: 1, maskIou: null });
    expect(second).toMatchObject({ iou: 1, maskIou: 1 });
    const measured = workspace.database
      .prepare('SELECT best_proposal_iou, point_inside FROM predictions ORDER BY run_id')
      .raw()
      .all();
    expect(measured).toEqual([
      [1, null],
      [null, 1],
    ]);
    await service.undo({ imageId: imageId() });
    expect(browse.rows([expressionId()], [run, heat])[0]?.results).toEqual(before);
    expect(truth()?.runId).toBeNull();
    await service.redo({ imageId: imageId() });
    expect((await service.history({ referentId: referentId(), ...all }))[0]).toMatchObject({
      source: 'redo',
      runId: heat,
    });
  });

  it('is refused when somebody changed it first, and then nothing is changed', async () => {
    await apply(boxChange(moved), 'Move box');
    const stale = boxChange(truthBox(9), { expectedRevision: 0 });
    await expect(apply(stale, 'Move box')).rejects.toMatchObject({ kind: 'conflict' });
    expect(truth()).toMatchObject({ box: moved, revision: 1 });
    expect(workspace.repositories.groundTruth.workspaceRevision()).toBe(1);
  });

  it('is clipped to its image, and refused outside it', async () => {
    await apply(boxChange({ x: -20, y: 400, width: 100, height: 100 }), 'Draw box');
    expect(truth()?.box).toEqual({ x: 0, y: 400, width: 80, height: 80 });
    const outside = boxChange({ x: 700, y: 10, width: 5, height: 5 });
    await expect(apply(outside, 'Draw box')).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is no step where it changes nothing', async () => {
    await apply(boxChange(moved), 'Move box');
    await service.undo({ imageId: imageId() });
    const current = truth();
    const same = await apply(boxChange(current?.box ?? null, { mask: current?.mask ?? null }), 'Move box');
    expect(same).toMatchObject({ expressionIds: [], undoState: { undo: null, redo: 'Move box' } });
  });
});

describe('the mask of a corrected box', () => {
  const oldMask = () => truth()?.mask ?? null;

  it('goes when the box leaves it, and comes back with undo', async () => {
    const mask = oldMask();
    expect(mask).toEqual(maskOfBox(truthBox(0)));
    await apply(boxChange(moved, { mask }), 'Move box');
    expect(oldMask()).toBeNull();
    await service.undo({ imageId: imageId() });
    expect(oldMask()).toEqual(mask);
  });

  it('stays while its extent agrees with the box to a pixel', async () => {
    const mask = oldMask();
    const { x, y, width, height } = truthBox(0);
    await apply(boxChange({ x: x - 0.5, y, width: width + 1, height }, { mask }), 'Resize box');
    expect(oldMask()).toEqual(mask);
    await apply(boxChange({ x: x - 2, y, width: width + 2, height }, { mask }), 'Resize box');
    expect(oldMask()).toBeNull();
  });

  it('is taken as given where it is a new one, and gives its box where it comes alone', async () => {
    const mask = maskOfBox({ x: 100, y: 100, width: 30, height: 20 });
    await apply(boxChange(moved, { mask, source: 'drawn' }), 'Draw mask');
    expect(truth()).toMatchObject({ box: moved, mask });
    await apply(boxChange(null, { mask, source: 'drawn' }), 'Draw mask');
    expect(truth()).toMatchObject({ box: { x: 100, y: 100, width: 30, height: 20 }, mask });
  });

  it('is refused with another size than its image, or damaged counts', async () => {
    const foreign = maskOfBox({ x: 1, y: 1, width: 3, height: 3 }, 10, 10);
    await expect(apply(boxChange(moved, { mask: foreign }), 'Draw mask')).rejects.toMatchObject({
      kind: 'invalid',
    });
    const damaged = { size: [480, 640] as const, counts: '!!' };
    await expect(apply(boxChange(moved, { mask: damaged }), 'Draw mask')).rejects.toMatchObject({
      kind: 'invalid',
    });
  });
});

describe('undo and redo', () => {
  it('cover geometry, text, failure label and review state, one step each', async () => {
    const { expressions } = workspace.repositories;
    const original = expressions.get(expressionId());
    await apply(boxChange(moved), 'Move box');
    await apply({ kind: 'text', expressionId: expressionId(), text: '  the black cat ' }, 'Edit expression');
    await apply({ kind: 'failure-label', expressionId: expressionId(), label: 'landmark' }, 'Label failure');
    await apply({ kind: 'review-state', expressionId: expressionId(), state: 'reviewed' }, 'Mark reviewed');
    const changed = expressions.get(expressionId());
    expect(changed).toMatchObject({
      text: 'the black cat',
      originalText: 'the cat',
      failureLabel: 'landmark',
      reviewState: 'reviewed',
    });
    const undone: string[] = [];
    for (let step = 0; step < 4; step += 1) undone.push((await service.undo({ imageId: imageId() })).label);
    expect(undone).toEqual(['Mark reviewed', 'Label failure', 'Edit expression', 'Move box']);
    expect(expressions.get(expressionId())).toEqual(original);
    expect(truth()?.box).toEqual(truthBox(0));
    await expect(async () => service.undo({ imageId: imageId() })).rejects.toMatchObject({
      kind: 'conflict',
    });
    for (let step = 0; step < 4; step += 1) await service.redo({ imageId: imageId() });
    expect(expressions.get(expressionId())).toEqual(changed);
    expect(truth()?.box).toEqual(moved);
    expect(await service.state({ imageId: imageId() })).toEqual({ undo: 'Mark reviewed', redo: null });
  });

  it('survive a restart, redo included', async () => {
    await apply(boxChange(moved), 'Move box');
    await apply({ kind: 'review-state', expressionId: expressionId(), state: 'ambiguous' }, 'Mark ambiguous');
    await service.undo({ imageId: imageId() });
    workspace.close();
    workspace = await openTestWorkspace(path);
    compose();
    expect(await service.state({ imageId: imageId() })).toEqual({ undo: 'Move box', redo: 'Mark ambiguous' });
    await service.redo({ imageId: imageId() });
    expect(workspace.repositories.expressions.get(expressionId())?.reviewState).toBe('ambiguous');
  });

  it('keep redo until another change is made, and keep to their image', async () => {
    await apply(boxChange(moved), 'Move box');
    await service.undo({ imageId: imageId() });
    const elsewhere = dataset.expressionIds[4] ?? 0;
    await apply({ kind: 'review-state', expressionId: elsewhere, state: 'invalid' }, 'Mark invalid');
    expect(await service.state({ imageId: imageId(1) })).toEqual({ undo: 'Mark invalid', redo: null });
    expect(await service.state({ imageId: imageId() })).toEqual({ undo: null, redo: 'Move box' });
    await apply({ kind: 'failure-label', expressionId: expressionId(), label: 'other' }, 'Label failure');
    expect(await service.state({ imageId: imageId() })).toEqual({ undo: 'Label failure', redo: null });
    await expect(async () => service.redo({ imageId: imageId() })).rejects.toMatchObject({
      kind: 'conflict',
    });
  });

  it('go a hundred steps deep, and never touch the imported original', async () => {
    for (let step = 1; step <= 100; step += 1) {
      await apply(boxChange({ ...moved, x: step }), `Nudge ${step}`);
    }
    for (let step = 100; step >= 1; step -= 1) {
      expect((await service.undo({ imageId: imageId() })).label).toBe(`Nudge ${step}`);
    }
    expect(truth()).toMatchObject({ box: truthBox(0), revision: 200 });
    const history = await service.history({ referentId: referentId(), ...all });
    expect(history).toHaveLength(201);
    expect(history.at(-1)).toMatchObject({ revision: 0, box: truthBox(0), source: 'imported' });
  });
});

describe('a history', () => {
  it('says what each step was, in the words of undo, and is read piece by piece', async () => {
    await apply(boxChange(moved), 'Resize box');
    await apply(boxChange({ ...moved, x: 31 }, { source: 'accepted' }), 'Accept YOLO+CLIP');
    await service.undo({ imageId: imageId() });
    await service.redo({ imageId: imageId() });
    const history = async (part: Part = {}) =>
      (await service.history({ referentId: referentId(), ...all, ...part })).map(
        ({ revision, source, label }) => [revision, source, label],
      );
    expect(await history()).toEqual([
      [4, 'redo', 'Accept YOLO+CLIP'],
      [3, 'undo', 'Accept YOLO+CLIP'],
      [2, 'accepted', 'Accept YOLO+CLIP'],
      [1, 'edited', 'Resize box'],
      [0, 'imported', null],
    ]);
    expect((await history({ newerThan: 2 })).map(([revision]) => revision)).toEqual([4, 3]);
    expect((await history({ olderThan: 3, limit: 2 })).map(([revision]) => revision)).toEqual([2, 1]);
  });

  it('has the edits of a text that stand, with what was there before', async () => {
    const edit = (text: string, index = 0) =>
      apply({ kind: 'text', expressionId: expressionId(index), text }, 'Edit expression');
    workspace.repositories.settings.change({ author: 'Ada' });
    await edit('the black cat');
    await apply(boxChange(moved), 'Move box');
    await edit('another one', 1);
    await edit('the small black cat');
    const texts = () => service.textHistory({ expressionId: expressionId() });
    const original = workspace.repositories.expressions.get(expressionId())?.originalText;
    expect(await texts()).toMatchObject([
      { label: 'Edit expression', before: 'the black cat', after: 'the small black cat', author: 'Ada' },
      { label: 'Edit expression', before: original, after: 'the black cat', expressionId: expressionId() },
    ]);
    await service.undo({ imageId: imageId() });
    expect(await texts()).toHaveLength(1);
  });
});

describe('an edited text', () => {
  it('makes answers to the old text count no longer, until undo or a new answer', async () => {
    const run = addTestRun(workspace, dataset.datasetId, 'risclip');
    const { predictions, browse } = workspace.repositories;
    const answer = (text: string) =>
      predictions.save(run, [
        { expressionId: expressionId(), text, prediction: testPrediction('risclip', moved) },
      ]);
    const answered = () => browse.rows([expressionId()], [run])[0]?.results.length;
    const pending = () => predictions.pendingTasks(run, [expressionId()]).map(({ text }) => text);
    answer('the cat');
    await apply({ kind: 'text', expressionId: expressionId(), text: 'the dark cat' }, 'Edit expression');
    expect([answered(), pending()]).toEqual([0, ['the dark cat']]);
    expect(predictions.ofExpression(expressionId(), [run])[0]?.answeredText).toBe('the cat');
    await service.undo({ imageId: imageId() });
    expect([answered(), pending()]).toEqual([1, []]);
    await service.redo({ imageId: imageId() });
    // An answer that was on its way while the text was edited.
    answer('the cat');
    expect(answered()).toBe(0);
    answer('the dark cat');
    expect([answered(), pending()]).toEqual([1, []]);
  });
});

it('nothing is half done when a part fails', async () => {
  const run = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
  workspace.repositories.predictions.save(run, [
    { expressionId: expressionId(), text: 'the cat', prediction: testPrediction('yolo-clip', moved) },
  ]);
  workspace.database.exec("UPDATE prediction_evidence SET evidence = x'00ff'");
  await expect(apply(boxChange(moved), 'Move box')).rejects.toThrow();
  expect(truth()).toMatchObject({ box: truthBox(0), revision: 0 });
  expect(await service.state({ imageId: imageId() })).toEqual({ undo: null, redo: null });
  expect(workspace.repositories.groundTruth.workspaceRevision()).toBe(0);
  expect(events).toEqual([]);
});
