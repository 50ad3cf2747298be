/** Every number of an evaluation leads to its expressions: the ids behind a mark are as many as the mark says. */
import { describe, expect, it } from 'vitest';
import {
  evaluationOptions,
  exampleCondition,
  type ExampleConditionInput,
} from '../../../src/common/contract';
import { createEvaluationService } from '../../../src/main/engine/evaluation/service';
import { correct, createWorld, truthBox } from './world';

const world = createWorld();
const service = createEvaluationService({ workspace: world, version: '1.2.3' });
const options = evaluationOptions.parse({ runIds: world.runIds });

async function ids(...where: ExampleConditionInput[]): Promise<number[]> {
  return (await service.examples({ options, where: where.map((one) => exampleCondition.parse(one)) })).ids;
}

describe('the expressions behind a mark', () => {
  it('are all where there is no condition, in the order of their ids', async () => {
    const all = await ids();
    expect(all).toHaveLength(24);
    expect(all).toEqual([...all].sort((a, b) => a - b));
  });

  it('of each bar of a histogram are as many as it says, and each expression is behind one bar', async () => {
    const evaluation = await service.compute(options);
    const seen = new Set<number>();
    for (const [bin, count] of (evaluation.runs[0]?.iouHistogram ?? []).entries()) {
      const found = await ids({
        type: 'between',
        runId: 1,
        measure: 'iou',
        from: bin / 20,
        to: (bin + 1) / 20,
      });
      expect(found).toHaveLength(count);
      for (const id of found) seen.add(id);
    }
    expect(seen.size).toBe(24);
  });

  it('of a rate are those that reach its threshold, or those that do not', async () => {
    const evaluation = await service.compute(options);
    for (const [name, measure, threshold] of [
      ['accuracy50', 'iou', 0.5],
      ['accuracy75', 'iou', 0.75],
      ['giouAccuracy50', 'giou', 0.5],
      ['maskPrecision70', 'maskIou', 0.7],
      ['proposalRecall', 'bestProposalIou', 0.5],
      ['pointingAccuracy', 'pointInside', 1],
    ] as const) {
      for (const { runId, scores } of evaluation.runs) {
        const score = scores[name];
        const condition = { type: 'reaches', runId, measure, threshold } as const;
        const reached = await ids({ ...condition, reached: true });
        const missed = await ids({ ...condition, reached: false });
        expect(reached).toHaveLength(Math.round(24 * (score?.value ?? 0)));
        expect(missed).toHaveLength(score ? 24 - reached.length : 0);
      }
    }
  });

  it('meet all conditions', async () => {
    const both = await ids(
      { type: 'slice', field: 'kind', value: 'relation' },
      { type: 'slice', field: 'split', value: 'val' },
    );
    expect(both).toEqual([2, 4]);
  });

  it('of a set of the Venn diagram are as many as it says', async () => {
    const agreement = await service.agreement(options);
    for (const { runIds, count } of agreement.sets) {
      expect(await ids({ type: 'right-together', runIds })).toHaveLength(count);
    }
  });

  it('of a point of the risk-coverage curve are the surest answers', async () => {
    world.database.prepare('UPDATE predictions SET score = 1.0 / (expression_id + 1) WHERE run_id = 1').run();
    expect(await ids({ type: 'surest', runId: 1, share: 0.25 })).toEqual([1, 2, 3, 4, 5, 6]);
    const { runs } = await service.compute(options);
    const bins = runs[0]?.confidence?.calibration ?? [];
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(24);
    for (const { bin, count, score } of bins) {
      expect(Math.ceil(score * 15) - 1).toBe(bin);
      expect(await ids({ type: 'score-bin', runId: 1, bin })).toHaveLength(count);
    }
  });

  it('are refused of a run that is not in the evaluation', async () => {
    await expect(ids({ type: 'error', runId: 99 })).rejects.toThrow('Run 99 is not in this evaluation.');
  });
});

it('gives two runs point by point', async () => {
  const { expressionIds, a, b } = await service.points({ options, runA: 1, runB: 3, measure: 'iou' });
  expect(expressionIds).toHaveLength(24);
  expect(b.every((iou) => iou === 1)).toBe(true);
  const right = a.filter((iou) => iou >= 0.5).length;
  expect(right).toBe(
    (await ids({ type: 'reaches', runId: 1, measure: 'iou', threshold: 0.5, reached: true })).length,
  );
  // YOLO+CLIP gives no masks: there is nothing to compare.
  const masks = await service.points({ options, runA: 1, runB: 3, measure: 'maskIou' });
  expect(masks.expressionIds).toEqual([]);
});

it('sees a correction at once, though it has the rows at hand', async () => {
  const fresh = createWorld();
  const own = createEvaluationService({ workspace: fresh, version: '1.2.3' });
  const before = await own.compute(options);
  correct(fresh, 1, { ...truthBox(0), x: 50, y: 40 });
  const after = await own.compute(options);
  expect(after.runs[2]?.scores.accuracy50?.value).toBeLessThan(before.runs[2]?.scores.accuracy50?.value ?? 0);
  const effect = await own.correctionEffect({ ...options, where: [] });
  expect(effect.runs.map(({ metric }) => metric)).toContain('giouAccuracy50');
  const slice = { type: 'slice', field: 'split', value: 'val' } as const;
  expect(await own.correctionEffect({ ...options, where: [slice] })).toMatchObject({
    count: 4,
    corrected: 2,
  });
});

it('tells what became of a saved evaluation', async () => {
  const fresh = createWorld();
  const own = createEvaluationService({ workspace: fresh, version: '1.2.3' });
  const saved = await own.save({ options, name: 'before', note: '' });
  const { evaluation } = await own.open({ id: saved.id });
  correct(fresh, 1, { ...truthBox(0), x: 50, y: 40 });
  const opened = await own.open({ id: saved.id });
  expect(opened.reproduced).toBe(true);
  expect(opened.evaluation).toEqual(evaluation);
  const effect = await own.sinceSaved({ id: saved.id });
  expect(effect).toMatchObject({ count: 24, corrected: 2 });
  const change = effect.runs.find(({ runId, metric }) => runId === 3 && metric === 'accuracy50');
  expect(change?.original).toBe(1);
  expect(change?.now).toBeCloseTo(22 / 24, 12);
  expect(change?.difference.value).toBeCloseTo(-2 / 24, 12);
});
