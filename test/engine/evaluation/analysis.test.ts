import { describe, expect, it } from 'vitest';
import {
  evaluationOptions,
  type Agreement,
  type CorrectionEffect,
  type Deviation,
  type RunErrors,
  type SliceCell,
  type SliceField,
  type Suspect,
} from '../../../src/common/contract';
import { createEvaluationService } from '../../../src/main/engine/evaluation/service';
import { correct, createWorld, truthBox, type World } from './world';

const serviceOf = (world: World) => createEvaluationService({ workspace: world, version: '1.2.3' });
const optionsOf = (world: World, options: Record<string, unknown> = {}) =>
  evaluationOptions.parse({ runIds: world.runIds, ...options });

function setAttributes(world: World, expressionId: number, attributes: Record<string, unknown>): void {
  world.database
    .prepare('UPDATE expressions SET attributes = ? WHERE id = ?')
    .run(JSON.stringify(attributes), expressionId);
}

describe('slices', () => {
  const world = createWorld();
  const service = serviceOf(world);
  const options = optionsOf(world);

  it('can be made by whatever tells the expressions apart', async () => {
    setAttributes(world, 1, { colour: 'red', chance: 0.5 });
    const fields = (await service.fields(options)) as SliceField[];
    expect(fields.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['kind', 'category', 'split', 'attribute:colour']),
    );
    // One size, one position word count: nothing to slice by.
    expect(fields.map(({ id }) => id)).not.toContain('length');
  });

  it('count each expression once and have the numbers of the evaluation', async () => {
    const cells = (await service.slices({ options, by: 'kind', and: null, minimum: 5 })) as SliceCell[];
    expect(cells.map(({ values, count, small }) => [values, count, small])).toEqual([
      [['category'], 12, false],
      [['relation'], 12, false],
    ]);
    const evaluation = await service.compute(options);
    cells.forEach((cell, index) =>
      expect(cell.runs[0]?.accuracy50).toEqual(evaluation.runs[0]?.byKind[index]?.metrics.accuracy50),
    );
  });

  it('can be made by a saved view', async () => {
    const views = [{ id: 3, name: 'hard ones', expressionIds: new Set([1, 2, 3]) }];
    const withViews = createEvaluationService({ workspace: world, version: '1.2.3', views: () => views });
    expect(await withViews.fields(options)).toContainEqual({
      id: 'view:3',
      name: 'View “hard ones”',
      values: 2,
    });
    const cells = (await withViews.slices({ options, by: 'view:3', and: null, minimum: 1 })) as SliceCell[];
    expect(cells.map(({ values, count }) => [values[0], count])).toEqual([
      ['in it', 3],
      ['not in it', 21],
    ]);
  });

  it('cross two fields, and leave small ones out of the tests', async () => {
    const cells = (await service.slices({
      options,
      by: 'kind',
      and: 'split',
      minimum: 5,
    })) as SliceCell[];
    expect(cells.map(({ values }) => values)).toEqual([
      ['category', 'test'],
      ['category', 'val'],
      ['relation', 'test'],
      ['relation', 'val'],
    ]);
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(24);
    const [large, small] = cells;
    expect(small).toMatchObject({ small: true, count: 2 });
    expect(small?.pairs[0]?.correctedPValue).toBeNull();
    expect(large?.pairs[0]?.correctedPValue).toBeGreaterThanOrEqual(large?.pairs[0]?.pValue ?? 1);
  });

  it('that stand out are found and named', async () => {
    const deviating = createWorld({ images: 30 });
    // RisCLIP misses one kind on every image but the first three.
    deviating.database
      .prepare(
        'UPDATE predictions SET iou = 0 WHERE run_id = 3 AND expression_id > 12 AND expression_id % 2 = 0',
      )
      .run();
    const found = (await serviceOf(deviating).deviations({
      options: optionsOf(deviating),
      minimum: 20,
    })) as Deviation[];
    const first = found.find(({ runId }) => runId === 3);
    expect(first).toMatchObject({ field: 'kind', count: 60 });
    expect(found.find(({ runId, value }) => runId === 3 && value === 'relation')?.difference).toBeCloseTo(
      -0.9,
      12,
    );
    expect(first?.correctedPValue).toBeLessThan(0.001);
  });
});

describe('errors', () => {
  const world = createWorld();
  const service = serviceOf(world);
  const options = optionsOf(world);

  it('are of one type each, add up, and say what fixing them would give', async () => {
    const errors = (await service.errors(options)) as RunErrors[];
    for (const { count, types, stages, flows, accuracy50 } of errors) {
      const sum = (shares: { count: number }[]) => shares.reduce((all, one) => all + one.count, 0);
      expect(sum(types)).toBe(count);
      expect(sum(flows)).toBe(count);
      const right = types[0]?.count ?? 0;
      expect(sum(stages)).toBe(count - right);
      expect(accuracy50).toBeCloseTo(right / count, 12);
      for (const one of types.slice(1))
        expect(one.accuracyIfFixed).toBeCloseTo((right + one.count) / count, 12);
    }
    // YOLO+CLIP had the right proposal every time.
    expect(errors[0]?.stages.map(({ name }) => name)).toEqual(['ranking']);
  });

  it('lead to their expressions', async () => {
    const [first] = (await service.errors(options)) as RunErrors[];
    const share = first?.types.find(({ name, count }) => name !== 'right' && count > 0);
    const { ids } = await service.examples({
      options,
      where: [{ type: 'error', runId: 1, error: share?.name ?? null, localisation: null, stage: null }],
    });
    expect(ids).toHaveLength(share?.count ?? -1);
    const ranking = { type: 'error', runId: 1, error: null, localisation: null, stage: 'ranking' } as const;
    const { ids: ranked } = await service.examples({ options, where: [ranking] });
    expect(ranked).toHaveLength((first?.count ?? 0) - (first?.types[0]?.count ?? 0));
  });

  it('flow from each type to the stages', async () => {
    for (const { types, stages, stageFlows } of (await service.errors(options)) as RunErrors[]) {
      const sumOf = (flows: RunErrors['stageFlows']) => flows.reduce((sum, { count }) => sum + count, 0);
      for (const { name, count } of types.filter((type) => type.name !== 'right')) {
        expect(sumOf(stageFlows.filter(({ type }) => type === name))).toBe(count);
      }
      for (const { name, count } of stages) {
        expect(sumOf(stageFlows.filter(({ stage }) => stage === name))).toBe(count);
      }
    }
  });
});

describe('agreement', () => {
  it('counts the sets, the ceiling and opposite pairs', async () => {
    const world = createWorld();
    setAttributes(world, 1, { pair: 'a' });
    setAttributes(world, 3, { pair: 'a' });
    setAttributes(world, 2, { pair: 'b' });
    const agreement = (await serviceOf(world).agreement(optionsOf(world))) as Agreement;
    expect(agreement.sets.reduce((sum, { count }) => sum + count, 0)).toBe(24);
    // RisCLIP is always right.
    expect(agreement.oracle.value).toBe(1);
    for (const { both, onlyA, onlyB, neither } of agreement.pairs) {
      expect(both + onlyA + onlyB + neither).toBe(24);
    }
    expect(agreement.consistency?.[2]).toMatchObject({ pairs: 1, allRight: { value: 1 }, noneRight: 0 });
  });
});

describe('ground truth in question', () => {
  it('is where the methods agree with each other and not with it', async () => {
    const world = createWorld();
    correct(world, 1, { ...truthBox(0), x: 55, y: 40 });
    const suspects = (await serviceOf(world).suspects({
      options: optionsOf(world, { runIds: [2, 3] }),
      limit: 10,
    })) as Suspect[];
    expect(suspects.map(({ expressionId }) => expressionId)).toEqual([1, 2]);
    expect(suspects[0]?.reasons).toEqual(['methods-agree']);
  });

  it('has what corrections did to the numbers', async () => {
    const world = createWorld();
    const box = truthBox(0);
    correct(world, 1, { ...box, x: box.x + 30 });
    const effect = (await serviceOf(world).correctionEffect({
      ...optionsOf(world),
      where: [],
    })) as CorrectionEffect;
    expect(effect).toMatchObject({ count: 24, corrected: 2 });
    const risclip = effect.runs.find(({ runId, metric }) => runId === 3 && metric === 'accuracy50');
    expect(risclip).toMatchObject({ original: 1 });
    expect(risclip?.difference.value).toBeCloseTo(-2 / 24, 12);
    expect(risclip?.difference.low).toBeLessThanOrEqual(risclip?.difference.value ?? -1);
  });

  it('has what they did to errors and to who is right together, by the same draws', async () => {
    const world = createWorld();
    correct(world, 1, { ...truthBox(0), x: 40 });
    const service = serviceOf(world);
    const effect = (await service.correctionEffect({
      ...optionsOf(world),
      where: [],
    })) as CorrectionEffect;
    const against = async (groundTruth: 'original' | 'corrected') => {
      const options = { ...optionsOf(world), groundTruth };
      return {
        errors: (await service.errors(options)) as RunErrors[],
        agreement: (await service.agreement(options)) as Agreement,
      };
    };
    const [was, is] = [await against('original'), await against('corrected')];
    expect(effect.errors.length).toBeGreaterThan(6);
    for (const { runId, of, name, original, now } of effect.errors) {
      const shareIn = ({ errors }: typeof was) => {
        const run = errors.find((one) => one.runId === runId);
        const shares = of === 'type' ? run?.types : run?.stages;
        return shares?.find((share) => share.name === name)?.share ?? 0;
      };
      expect([original, now]).toEqual([shareIn(was), shareIn(is)]);
    }
    // What is right is Acc@0.5, so its interval is the same one.
    const right = effect.errors.find(({ runId, name }) => runId === 3 && name === 'right')?.difference;
    const accuracy = effect.runs.find(
      ({ runId, metric }) => runId === 3 && metric === 'accuracy50',
    )?.difference;
    for (const end of ['value', 'low', 'high'] as const) {
      expect(right?.[end]).toBeCloseTo(accuracy?.[end] ?? 9, 12);
    }
    expect(right?.value).toBeLessThan(0);
    const { oracle, sets } = effect.agreement;
    expect([oracle.original, oracle.now]).toEqual([was.agreement.oracle.value, is.agreement.oracle.value]);
    for (const { runIds, original, now } of sets) {
      const shareIn = ({ agreement }: typeof was) =>
        (agreement.sets.find((set) => set.runIds.join() === runIds.join())?.count ?? 0) / agreement.count;
      expect([original, now]).toEqual([shareIn(was), shareIn(is)]);
    }
    expect(sets.reduce((sum, { now }) => sum + now, 0)).toBeCloseTo(1, 12);
  });
});
