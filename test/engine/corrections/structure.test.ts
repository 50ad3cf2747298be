import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change, DomainService, contract } from '../../../src/common/contract';
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
import { atOnce } from '../../../src/main/engine/jobs/pieces';

let path: string;
let workspace: Workspace;
let dataset: TestDataset;
let service: DomainService<typeof contract.corrections>;

function compose() {
  service = createCorrectionsService({ workspace, emit: () => undefined });
}

beforeEach(async () => {
  path = temporaryFolder();
  workspace = await openTestWorkspace(path);
  dataset = addTestDataset(workspace, { images: 2, masks: true });
  compose();
});
afterEach(() => {
  workspace.close();
  rmSync(path, { recursive: true, force: true });
});

const expressionId = (index = 0) => dataset.expressionIds[index] ?? 0;
const referentId = (index = 0) => dataset.referentIds[index] ?? 0;
const imageId = (index = 0) => dataset.imageIds[index] ?? 0;
const expression = (id: number) => workspace.repositories.expressions.get(id);
const objects = () => workspace.repositories.expressions.objectsOfImage(imageId());
const apply = async (change: Change, label = 'Change') => service.apply({ change, label });
const undo = async () => service.undo({ imageId: imageId() });
const redo = async () => service.redo({ imageId: imageId() });
const corrected = (id: number) => workspace.repositories.browse.rows([id], [])[0]?.corrected;

/** The referent and box that evaluation reads for each expression at a revision. */
function seenAt(revision: number) {
  const snapshot = workspace.repositories.evaluationRows.snapshot();
  const selection = {
    datasetId: dataset.datasetId,
    split: null,
    runs: [],
    revision,
    original: revision === 0,
    boxes: 'exclusive' as const,
  };
  const { table, absent } = atOnce(snapshot.tables(selection));
  snapshot.end();
  const rows = Array.from(table.expressionIds, (id, row) => [
    id,
    table.referentIds[row],
    table.truth[4 * row],
  ]);
  return { rows, absent: [...absent.expressionIds] };
}

describe('a note', () => {
  it('is kept with the expression and can be undone', async () => {
    await apply({ kind: 'note', expressionId: expressionId(), note: ' two dogs fit ' });
    expect(expression(expressionId())?.note).toBe('two dogs fit');
    await undo();
    expect(expression(expressionId())?.note).toBe('');
  });
});

describe('splitting a referent', () => {
  it('gives the expression an object of its own; the others keep theirs', async () => {
    const run = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
    const answered = [expressionId(0), expressionId(1)].map((id) => ({
      expressionId: id,
      text: expression(id)?.text ?? '',
      prediction: testPrediction('yolo-clip', truthBox(0)),
    }));
    workspace.repositories.predictions.save(run, answered);
    const before = seenAt(0);
    const { revision } = await apply({ kind: 'split-referent', expressionId: expressionId(1) }, 'Split');
    const own = expression(expressionId(1))?.referentId ?? 0;
    expect(own).not.toBe(referentId());
    expect(expression(expressionId(0))?.referentId).toBe(referentId());
    expect(objects().map(({ referentId: id }) => id)).toEqual([referentId(0), referentId(1), own]);
    expect(workspace.repositories.groundTruth.of(own)).toMatchObject({
      box: truthBox(0),
      mask: maskOfBox(truthBox(0)),
    });
    expect(corrected(expressionId(1))).toBe(true);
    expect(corrected(expressionId(0))).toBe(false);

    const moved = { ...truthBox(0), x: 200 };
    const truth = workspace.repositories.groundTruth.of(own)!;
    await apply({
      kind: 'ground-truth',
      referentId: own,
      expectedRevision: truth.revision,
      box: moved,
      mask: null,
      source: 'edited',
      runId: null,
    });
    const iou = (id: number) => workspace.repositories.predictions.ofExpression(id, [run])[0]?.iou;
    expect([iou(expressionId(0)), iou(expressionId(1))]).toEqual([1, 0]);

    // What was measured before stays reproducible: at the older revision nothing is split.
    expect(seenAt(0)).toEqual(before);
    expect(seenAt(revision).rows[1]).toEqual([expressionId(1), own, truthBox(0).x]);
    expect(seenAt(workspace.repositories.groundTruth.workspaceRevision()).rows[1]?.[2]).toBe(200);

    await undo();
    await undo();
    expect(expression(expressionId(1))?.referentId).toBe(referentId());
    expect(objects()).toHaveLength(2);
    expect(corrected(expressionId(1))).toBe(false);
    expect(iou(expressionId(1))).toBe(1);
    await redo();
    expect(expression(expressionId(1))?.referentId).toBe(own);
  });

  it('is refused where no other expression means the object', async () => {
    await apply({ kind: 'split-referent', expressionId: expressionId(1) });
    await expect(
      (async () =>
        service.apply({ change: { kind: 'split-referent', expressionId: expressionId(1) }, label: 'x' }))(),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('merging referents', () => {
  it('moves all expressions to the other object; undo brings both back', async () => {
    const at0 = seenAt(0);
    await apply({ kind: 'merge-referents', referentId: referentId(1), intoReferentId: referentId(0) });
    expect(workspace.repositories.expressions.idsOfReferent(referentId(0))).toEqual(
      [0, 1, 2, 3].map(expressionId),
    );
    expect(objects().map(({ referentId: id }) => id)).toEqual([referentId(0)]);
    expect(expression(expressionId(2))).toMatchObject({ referentId: referentId(0) });
    expect(workspace.repositories.datasets.content(dataset.datasetId, 'corrected').referents).toHaveLength(3);
    expect(workspace.repositories.datasets.content(dataset.datasetId, 'original')).toMatchObject({
      referents: { length: 4 },
    });
    const exported = workspace.repositories.datasets.content(dataset.datasetId, 'original').expressions;
    expect(exported[2]?.referentKey).toBe('referent-1');
    expect(seenAt(0)).toEqual(at0);
    await undo();
    expect(objects()).toHaveLength(2);
    expect(expression(expressionId(2))?.referentId).toBe(referentId(1));
    expect(corrected(expressionId(2))).toBe(false);
  });

  it('refuses objects of different images, the same object twice, and one that is no object any more', async () => {
    const merge = async (from: number, into: number) =>
      service.apply({
        change: { kind: 'merge-referents', referentId: from, intoReferentId: into },
        label: 'Merge',
      });
    await expect(merge(referentId(0), referentId(2))).rejects.toMatchObject({ kind: 'invalid' });
    await expect(merge(referentId(0), referentId(0))).rejects.toMatchObject({ kind: 'invalid' });
    await merge(referentId(1), referentId(0));
    await expect(merge(referentId(0), referentId(1))).rejects.toMatchObject({ kind: 'invalid' });
  });
});

describe('an expression without a referent', () => {
  it('counts as such from then on, and as before at the older revision', async () => {
    await apply({ kind: 'review-state', expressionId: expressionId(), state: 'no-referent' }, 'No referent');
    expect(expression(expressionId())).toMatchObject({ referentId: null, reviewState: 'no-referent' });
    expect(seenAt(0).absent).toEqual([]);
    expect(seenAt(workspace.repositories.groundTruth.workspaceRevision()).absent).toEqual([expressionId()]);
    await undo();
    expect(expression(expressionId())).toMatchObject({
      referentId: referentId(),
      reviewState: 'unreviewed',
    });
    await apply({ kind: 'link-referent', expressionId: expressionId(), referentId: referentId(1) });
    expect(expression(expressionId())?.referentId).toBe(referentId(1));
  });
});

describe('an added expression', () => {
  const box = { x: 300, y: 200, width: 50, height: 40 };
  const addition: Change = {
    kind: 'add-expression',
    imageId: 1,
    text: 'the bird on the roof',
    referent: { box, mask: null, source: 'accepted', runId: null },
  };

  it('is an expression with a human-made referent; the original dataset does not know it', async () => {
    const { addedIds, revision } = await apply({ ...addition, imageId: imageId() }, 'Add expression');
    const [added] = addedIds;
    expect(expression(added ?? 0)).toMatchObject({ text: 'the bird on the roof', added: true });
    expect(corrected(added ?? 0)).toBe(true);
    const own = expression(added ?? 0)?.referentId ?? 0;
    expect(
      await service.history({ referentId: own, newerThan: null, olderThan: null, limit: 9 }),
    ).toMatchObject([{ source: 'accepted', label: 'Add expression', box }]);
    expect(workspace.repositories.datasets.get(dataset.datasetId)?.expressions).toBe(9);
    expect(seenAt(0).rows).toHaveLength(8);
    expect(seenAt(revision).rows.at(-1)).toEqual([added, own, box.x]);
    const { datasets } = workspace.repositories;
    expect(datasets.content(dataset.datasetId, 'original').expressions).toHaveLength(8);
    expect(datasets.content(dataset.datasetId, 'corrected').expressions.at(-1)).toMatchObject({
      text: 'the bird on the roof',
      kind: 'added',
    });
    expect(datasets.content(dataset.datasetId, 'original').referents).toHaveLength(4);
  });

  it('is gone after undo and there again after redo, also over a restart', async () => {
    const { addedIds } = await apply({ ...addition, imageId: imageId() }, 'Add expression');
    await apply({ kind: 'note', expressionId: addedIds[0] ?? 0, note: 'mine' });
    await undo();
    expect(await undo()).toMatchObject({ removedIds: addedIds, label: 'Add expression' });
    expect(expression(addedIds[0] ?? 0)).toBeNull();
    expect(objects()).toHaveLength(2);
    expect(workspace.repositories.datasets.get(dataset.datasetId)?.expressions).toBe(8);
    workspace.close();
    workspace = await openTestWorkspace(path);
    compose();
    expect(await redo()).toMatchObject({ addedIds });
    await redo();
    expect(expression(addedIds[0] ?? 0)?.note).toBe('mine');
    expect(objects()).toHaveLength(3);
  });

  it('gets another id on redo where its own was given away meanwhile, and later steps follow', async () => {
    const { addedIds } = await apply({ ...addition, imageId: imageId() }, 'Add expression');
    await apply({ kind: 'note', expressionId: addedIds[0] ?? 0, note: 'mine' });
    await undo();
    await undo();
    const other = await apply({ ...addition, imageId: imageId(1) }, 'Add elsewhere');
    expect(other.addedIds).toEqual(addedIds);
    const again = await redo();
    expect(again.addedIds).not.toEqual(addedIds);
    await redo();
    expect(expression(again.addedIds[0] ?? 0)).toMatchObject({ note: 'mine', imageId: imageId() });
    expect(expression(addedIds[0] ?? 0)).toMatchObject({ note: '', imageId: imageId(1) });
  });

  it('may mean an object that is there, or nothing', async () => {
    const known = await apply({
      ...addition,
      imageId: imageId(),
      referent: { referentId: referentId(1) },
    } as Change);
    expect(expression(known.addedIds[0] ?? 0)).toMatchObject({ referentId: referentId(1) });
    const nothing = await apply({ ...addition, imageId: imageId(), referent: null } as Change);
    expect(expression(nothing.addedIds[0] ?? 0)?.referentId).toBeNull();
    await expect(
      (async () =>
        service.apply({
          change: { ...addition, imageId: imageId(), referent: { referentId: referentId(2) } } as Change,
          label: 'x',
        }))(),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });
});
