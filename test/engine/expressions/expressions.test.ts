import { rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { contract, DomainService, OwnMethodId } from '../../../src/common/contract';
import { WorkbenchError } from '../../../src/common/errors';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { createAnswerQuestion } from '../../../src/main/engine/expressions/answer-question';
import { decodeStoredImage } from '../../../src/main/engine/expressions/image-files';
import { createExpressionsService } from '../../../src/main/engine/expressions/service';
import { createLogger } from '../../../src/main/engine/logger';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { middleMethod } from '../../support/method';
import {
  addTestDataset,
  addTestRun,
  boxWithIou,
  imageHeight,
  imageWidth,
  maskOfBox,
  openTestWorkspace,
  temporaryFolder,
  testPrediction,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

let folder: string;
let workspace: Workspace;
let dataset: TestDataset;
let service: DomainService<typeof contract.expressions>;
let asked: string[];

beforeAll(async () => {
  folder = temporaryFolder();
  const create = { width: imageWidth, height: imageHeight, channels: 3, background: '#205080' } as const;
  await sharp({ create }).png().toFile(join(folder, 'one.png'));
  workspace = await openTestWorkspace(join(folder, 'workspace'));
  dataset = addTestDataset(workspace, { images: 2, root: folder, masks: true, fileName: () => 'one.png' });
  asked = [];
  service = createExpressionsService({
    workspace,
    decode: (imageId) => decodeStoredImage(workspace, imageId),
    heldImage: () => {
      throw new WorkbenchError('not-found', 'Nothing is held.');
    },
    answerQuestion: createAnswerQuestion({
      method: async (packId: string, methodId: OwnMethodId) => {
        asked.push(`${packId} ${methodId}`);
        if (methodId === 'risclip')
          throw new WorkbenchError('model-missing', 'No RisCLIP here.', 'Install it.');
        return middleMethod({ failsOn: (text) => text === 'fail' });
      },
      defaultPackId: () => 'bundled',
      log: createLogger(null),
    }),
    segmenter: () => {
      throw new WorkbenchError('model-missing', 'No SAM here.', 'Install it.');
    },
    defaultPackId: () => 'bundled',
  });
});
afterAll(() => {
  workspace.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('one expression', () => {
  it('comes with everything known about it', async () => {
    const { predictions } = workspace.repositories;
    const yolo = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
    const heat = addTestRun(workspace, dataset.datasetId, 'blip-sam');
    const [expressionId = 0, sibling = 0] = dataset.expressionIds;
    const half = boxWithIou(truthBox(0), 0.5);
    const yoloAnswer = testPrediction('yolo-clip', half);
    const heatAnswer = testPrediction('blip-sam', half, maskOfBox(half));
    predictions.save(yolo, [{ expressionId, text: 'the cat', prediction: yoloAnswer }]);
    predictions.save(heat, [{ expressionId, text: 'the cat', prediction: heatAnswer }]);
    const detail = await service.get({ expressionId, runIds: [heat, yolo, 999] });
    const right = { type: 'right', localisation: null, stage: null };
    expect(detail).toEqual({
      id: expressionId,
      text: 'the cat',
      originalText: 'the cat',
      kind: 'category',
      attributes: { chance: 0.5 },
      image: {
        id: dataset.imageIds[0],
        datasetId: dataset.datasetId,
        fileName: 'one.png',
        width: imageWidth,
        height: imageHeight,
        split: 'train',
      },
      groundTruth: {
        referentId: dataset.referentIds[0],
        category: 'cat',
        box: truthBox(0),
        mask: maskOfBox(truthBox(0)),
        revision: 0,
        corrected: false,
        originalBox: truthBox(0),
        originalMask: maskOfBox(truthBox(0)),
      },
      otherObjects: [{ referentId: dataset.referentIds[1], category: 'dog', box: truthBox(1) }],
      siblings: [
        { id: expressionId, text: 'the cat', kind: 'category', referentId: dataset.referentIds[0] },
        {
          id: sibling,
          text: 'the cat left of number 1',
          kind: 'colour',
          referentId: dataset.referentIds[0],
        },
        {
          id: dataset.expressionIds[2],
          text: 'the dog',
          kind: 'position',
          referentId: dataset.referentIds[1],
        },
        {
          id: dataset.expressionIds[3],
          text: 'the dog left of number 3',
          kind: 'category',
          referentId: dataset.referentIds[1],
        },
      ],
      added: false,
      reviewState: 'unreviewed',
      note: '',
      failureLabel: null,
      predictions: [
        {
          ...yoloAnswer,
          runId: yolo,
          predictionId: 1,
          answeredText: 'the cat',
          iou: 0.5,
          maskIou: null,
          verdict: right,
        },
        {
          ...heatAnswer,
          runId: heat,
          predictionId: 2,
          answeredText: 'the cat',
          iou: 0.5,
          maskIou: 0.5,
          verdict: right,
        },
      ],
      failures: [],
      undoState: { undo: null, redo: null },
    });
  });

  it('says of a wrong answer what is wrong with it, and at which stage that arose', async () => {
    const { predictions } = workspace.repositories;
    const run = addTestRun(workspace, dataset.datasetId, 'yolo-clip');
    const [expressionId = 0] = dataset.expressionIds;
    const prediction = testPrediction('yolo-clip', { x: 300, y: 200, width: 50, height: 50 });
    predictions.save(run, [{ expressionId, text: 'the cat', prediction }]);
    const detail = await service.get({ expressionId, runIds: [run] });
    // Nothing is annotated there, and the test's detector proposes what it answers and nothing else.
    expect(detail.predictions[0]?.verdict).toEqual({
      type: 'background',
      localisation: null,
      stage: 'proposals',
    });
  });

  it('shows the correction beside the original', async () => {
    const corrections = createCorrectionsService({ workspace, emit: () => undefined });
    const box = { x: 5, y: 5, width: 20, height: 20 };
    await corrections.apply({
      change: {
        kind: 'ground-truth',
        referentId: dataset.referentIds[2] ?? 0,
        expectedRevision: 0,
        box,
        mask: null,
        source: 'drawn',
        runId: null,
      },
      label: 'Draw box',
    });
    const detail = await service.get({ expressionId: dataset.expressionIds[4] ?? 0, runIds: [] });
    expect(detail.groundTruth).toMatchObject({
      box,
      mask: null,
      revision: 1,
      corrected: true,
      originalBox: truthBox(2),
    });
    expect(detail.undoState).toEqual({ undo: 'Draw box', redo: null });
  });

  it('may have no referent', async () => {
    const expressionId = dataset.expressionIds[7] ?? 0;
    workspace.database.prepare('UPDATE expressions SET referent_id = NULL WHERE id = ?').run(expressionId);
    const detail = await service.get({ expressionId, runIds: [] });
    expect(detail.groundTruth).toBeNull();
    expect(detail.otherObjects).toHaveLength(2);
  });

  it('that does not exist is not found', async () => {
    await expect(async () => service.get({ expressionId: 4711, runIds: [] })).rejects.toMatchObject({
      kind: 'not-found',
    });
  });
});

describe('a free question', () => {
  const imageId = () => dataset.imageIds[0] ?? 0;

  it('is answered by each method, and one that fails does not keep the others from answering', async () => {
    const before = workspace.database.prepare('SELECT count(*) FROM predictions').pluck().get();
    const answers = await service.ask({
      imageId: imageId(),
      text: 'anything',
      methods: ['risclip', 'yolo-clip', 'yolo-clip'],
      packId: null,
    });
    expect(answers).toEqual([
      { method: 'risclip', ok: false, message: 'No RisCLIP here.', hint: 'Install it.' },
      {
        method: 'yolo-clip',
        ok: true,
        prediction: expect.objectContaining({ box: { x: 160, y: 120, width: 320, height: 240 } }),
        milliseconds: expect.any(Number),
      },
    ]);
    expect(asked).toEqual(['bundled risclip', 'bundled yolo-clip']);
    expect(workspace.database.prepare('SELECT count(*) FROM predictions').pluck().get()).toBe(before);
  });

  it('tells of an error inside a method, and fails as a whole without its image', async () => {
    const ask = (image: number) =>
      service.ask({ imageId: image, text: 'fail', methods: ['yolo-clip'], packId: 'other' });
    expect(await ask(imageId())).toMatchObject([{ ok: false, message: 'cannot read "fail"' }]);
    await expect(ask(4711)).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('pixels', () => {
  const picture = () => ({ imageId: dataset.imageIds[0] ?? 0 });

  it('are the colours of the stored image, cut at its border', async () => {
    const tile = await service.pixels({
      picture: picture(),
      x: imageWidth - 3,
      y: imageHeight - 2,
      side: 64,
    });
    expect(tile).toMatchObject({ x: imageWidth - 3, y: imageHeight - 2, width: 3, height: 2 });
    expect([...tile.colours]).toEqual(Array.from({ length: 6 }, () => [0x20, 0x50, 0x80]).flat());
  });

  it('are not there outside the image', async () => {
    await expect(
      (async () => service.pixels({ picture: picture(), x: imageWidth, y: 0, side: 8 }))(),
    ).rejects.toMatchObject({ kind: 'invalid' });
  });
});
