/** An evaluation with every kind of number in it, and examples, made without a workspace. */
import { encodeRunLength } from '../../../src/common/geometry/rle';
import {
  correctionKinds,
  ownMethodIds,
  reportSections,
  type Evaluation,
  type RunSummary,
  type ShareEffect,
  type Slice,
} from '../../../src/common/contract';
import { evaluateRuns, type Counted } from '../../../src/main/engine/evaluation/evaluate';
import type { AnswerView } from '../../../src/main/engine/reports/evidence';
import type { Example } from '../../../src/main/engine/reports/examples';
import type { ReportContents } from '../../../src/main/engine/reports/contents';

import { allRows, tableOf, type SampleRow } from '../evaluation/sample-rows';
import { atOnce } from '../../../src/main/engine/jobs/pieces';

/** One pixel. */
const picture = Buffer.from('/9j/4AAQSkZJRg==', 'base64');

const map = Buffer.from('UklGRg==', 'base64');
const mask = encodeRunLength({
  width: 4,
  height: 3,
  data: Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0),
});
const blank: AnswerView = { map: null, proposals: [], points: [], mask: null, words: '' };

const sampleRows: SampleRow[][] = ownMethodIds.map((method, run) =>
  Array.from({ length: 40 }, (_, index): SampleRow => {
    const right = (index * (run + 3)) % 7 > run;
    return {
      expressionId: index + 1,
      referentId: Math.floor(index / 2) + 1,
      imageId: Math.floor(index / 4) + 1,
      kind: ['category', 'relation'][index % 2] ?? '',
      category: ['cat', 'dog', 'fish'][index % 3] ?? '',
      chance: 0.5,
      answered: index !== 3,
      iou: right ? 0.5 + (index % 10) / 20 : (index % 10) / 40,
      giou: (index % 10) / 10,
      centreInside: right,
      score: (index % 5) / 5,
      attainableIou: 0.9,
      boundaryF: method === 'yolo-clip' ? null : 0.5,
      rankBySimilarity: method === 'yolo-clip' ? 1 : null,
      rankByScore: method === 'yolo-clip' ? 2 : null,
      energyInBox: method === 'yolo-clip' ? null : 0.4,
      energyInMask: method === 'yolo-clip' ? null : 0.3,
      mapAuc: method === 'yolo-clip' ? null : 0.7,
      maskIntersection: method === 'yolo-clip' ? null : right ? 80 : 5,
      maskUnion: method === 'yolo-clip' ? null : 100,
      bestProposalIou: method === 'yolo-clip' ? 0.9 : null,
      pointInside: method === 'yolo-clip' ? null : right,
    };
  }),
);

const effect: ShareEffect = {
  original: 0.25,
  now: 0.2,
  difference: { value: -0.05, low: -0.09, high: -0.01 },
};

const table = tableOf(sampleRows.map((rows, index) => ({ method: ownMethodIds[index] ?? 'risclip', rows })));
const nothing = { count: 0, expressionIds: new Int32Array(0), imageIds: new Int32Array(0), runs: [] };

export const sampleCounted: Counted = {
  table,
  rows: allRows(table),
  absent: { table: nothing, rows: new Int32Array(0) },
  counting: { unit: 'expression', comparator: '>=' },
};

const { runs: runsWithoutNames, pairs: samplePairs } = atOnce(
  evaluateRuns(
    ownMethodIds.map((method, index) => ({ id: index + 1, method }) as RunSummary),
    sampleCounted,
  ),
);

/** The same report with `text` in every place that takes text from data or from people. */
export function sampleReport(text: (where: string) => string = (where) => where): ReportContents {
  const named = (slices: readonly Slice[]) => slices.map((slice) => ({ ...slice, value: text(slice.value) }));
  const runs = runsWithoutNames.map((run) => ({
    ...run,
    packId: text('pack'),
    packName: text('Pack'),
    packVersion: text('1.0.0'),
    packHash: text('abc'),
    settings: { [text('prompt')]: text('a photo of {}') },
    provider: text('cpu'),
    versions: { [text('onnxruntime')]: text('1.30.0') },
    byKind: named(run.byKind),
    byCategory: named(run.byCategory),
  }));
  const evaluation: Evaluation = {
    schema: 1,
    computedAt: '2026-11-25T01:20:00.000Z',
    dataset: { id: 1, name: text('Cats'), contentHash: text('f00d'), split: text('test') },
    protocol: {
      boxMatch: 'IoU >= threshold, no +1',
      unit: 'expression',
      coverage: 'common',
      groundTruth: 'corrected',
      revision: 3,
      corrections: 2,
      interval: '95%',
    },
    workbench: { version: text('0.1.0'), versions: { [text('node')]: text('24') } },
    runs,
    pairs: samplePairs,
  };
  const example = (id: number): Example => ({
    answers: {
      expressionId: id,
      expressionKey: text('e'),
      text: text('the cat'),
      kind: text('category'),
      category: text('cat'),
      split: text('test'),
      imageId: id,
      imageKey: text('image'),
      imageFile: text('image.jpg'),
      imageSize: { width: 64, height: 48 },
      referentKey: text('r'),
      truth: { box: { x: 1, y: 2, width: 30, height: 20 }, mask: null },
      corrected: true,
      reviewState: text('unreviewed'),
      failureLabel: text('other'),
      note: text('two of them fit'),
      answers: runs.map((run, index) => ({
        runId: run.runId,
        predicted: true,
        box: index === 0 ? null : { x: 3, y: 4, width: 30, height: 20 },
        mask: null,
        score: 0.5,
        missingReason: text('nothing found'),
        milliseconds: 3,
      })),
    },
    ious: [0, 0.5, 0.9],
    views: [
      { ...blank, proposals: [{ x: 5, y: 6, width: 10, height: 10 }], words: text('1 proposal') },
      {
        ...blank,
        map,
        points: [{ x: 9, y: 9, positive: true }],
        mask,
        words: text('heat map'),
      },
      { ...blank, map, mask, words: text('Locator map') },
    ],
    truthMask: mask,
    picture: id === 2 ? null : picture,
    problem: text('The file is missing.'),
  });
  return {
    title: text('A report'),
    sections: [...reportSections],
    evaluation,
    notes: runs.map(({ runId }) => ({ runId, note: text('with the new thresholds') })),
    licences: { dataset: text('CC-BY-4.0'), packs: { [text('pack')]: text('MIT') } },
    deviations: runs.map((run) => ({
      runId: run.runId,
      field: 'kind',
      value: text('relation'),
      name: text('Kind of expression: relation'),
      count: 20,
      accuracy50: 0.3,
      difference: -0.2,
      correctedPValue: 0.01,
    })),
    errors: runs.map((run) => ({
      runId: run.runId,
      count: 40,
      accuracy50: 0.75,
      types: [
        { name: 'right', count: 30, share: 0.75, accuracyIfFixed: 0.75 },
        { name: 'wrong-instance', count: 10, share: 0.25, accuracyIfFixed: 1 },
      ],
      localisation: [],
      stages: [{ name: 'ranking', count: 10, share: 0.25, accuracyIfFixed: 1 }],
      flows: [],
      stageFlows: [],
    })),
    agreement: {
      count: 40,
      sets: [
        { runIds: [1, 2, 3], count: 30 },
        { runIds: [], count: 10 },
      ],
      oracle: { value: 0.75, low: 0.6, high: 0.85 },
      pairs: [
        { runA: 1, runB: 2, both: 20, onlyA: 6, onlyB: 4, neither: 10, complementary: 0.1, kappa: 0.42 },
      ],
      consistency: [
        { runId: 1, pairs: 12, allRight: { value: 0.5, low: 0.3, high: 0.7 }, someRight: 4, noneRight: 2 },
      ],
    },
    corrections: {
      count: 40,
      corrected: 2,
      errors: [
        { runId: 1, of: 'type', name: 'wrong-instance', ...effect },
        { runId: 1, of: 'stage', name: 'ranking', ...effect },
      ],
      agreement: {
        oracle: effect,
        sets: [
          { runIds: [1, 2], ...effect },
          { runIds: [], ...effect },
        ],
      },
      runs: [
        {
          runId: 1,
          metric: 'accuracy50',
          original: 0.7,
          now: 0.75,
          difference: { value: 0.05, low: 0.01, high: 0.09 },
        },
      ],
    },
    correctionsMade: correctionKinds.map((kind) => ({
      kind,
      image: text('image'),
      referent: text('r'),
      expressions: [text('e')],
      text: text('the cat'),
      originalText: kind === 'text' ? text('the cta') : null,
      originalBox: kind === 'added' ? null : { x: 1, y: 2, width: 30, height: 20 },
      correctedBox: { x: 2, y: 2, width: 30, height: 20.25 },
      iou: kind === 'added' ? null : 0.9,
      maskIou: kind === 'mask' ? 0.8 : null,
      source: kind === 'box' ? 'accepted' : null,
      runId: kind === 'box' ? 1 : null,
      author: text('Anna'),
      savedAt: '2026-11-20T10:00:00.000Z',
      note: text('the shadow was in it'),
    })),
    examples: { chosen: [], worst: [example(1)], disagreed: [example(2)], best: [example(3)] },
  };
}
