/** The engine's columns against plain SQL: any filter, order and count, before and after anything changes. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  answerTypes,
  browseFilter,
  browseSort,
  failureLabels,
  reviewStates,
  sortFields,
  type BrowseFilter,
  type BrowseSort,
} from '../../../src/common/contract';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { idsBySql } from '../../support/browse-sql';
import {
  addTestDataset,
  addTestRun,
  boxWithIou,
  newTestWorkspace,
  openTestWorkspace,
  temporaryFolder,
  testCategories,
  testKinds,
  testPrediction,
  testSplits,
  truthBox,
  type TestDataset,
} from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;
let runIds: number[];

/** Whole numbers that look random and are the same each time. */
const mixed = (value: number) => (Math.imul(value + 1, 2_654_435_761) >>> 7) % 1_000;

function fill() {
  dataset = addTestDataset(workspace, { images: 60 });
  const { database } = workspace;
  runIds = (['yolo-clip', 'blip-sam', 'risclip'] as const).map((method) =>
    addTestRun(workspace, dataset.datasetId, method),
  );
  const attributes = database.prepare('UPDATE expressions SET attributes = ? WHERE id = ?');
  const label = database.prepare('UPDATE expressions SET failure_label = ?, review_state = ? WHERE id = ?');
  const noReferent = database.prepare(
    "UPDATE expressions SET referent_id = NULL, category = '' WHERE id = ?",
  );
  for (const [index, id] of dataset.expressionIds.entries()) {
    const draw = mixed(index);
    attributes.run(
      JSON.stringify({
        logic: draw % 3 === 0 ? 'negation' : 'none',
        ...(draw % 2 === 0 ? { clauses: draw % 4 } : {}),
        'odd "name"': draw % 5 === 0,
        area: draw / 7,
      }),
      id,
    );
    if (draw % 4 === 0) label.run(failureLabels[draw % 5]?.id ?? null, reviewStates[draw % 4], id);
    if (index % 17 === 3) noReferent.run(id);
  }
  for (const [place, runId] of runIds.entries())
    answer(runId, place, (index) => mixed(index * 3 + place) > 150);
}

/** Answers of one run: some right, some on another object, some beside everything, some none. */
function answer(runId: number, place: number, answers: (index: number) => boolean) {
  const { repositories } = workspace;
  const tasks = dataset.expressionIds.flatMap((expressionId, index) => {
    if (!answers(index)) return [];
    const draw = mixed(index * 7 + place * 31);
    const truth = truthBox(Math.floor(index / 2));
    const box =
      draw < 100
        ? null
        : draw < 250
          ? truthBox(Math.floor(index / 2) ^ 1)
          : draw < 300
            ? { x: 400, y: 300, width: 30, height: 30 }
            : boxWithIou(truth, Math.round(draw / 50) / 20);
    const text = repositories.expressions.get(expressionId)?.text ?? '';
    return [{ expressionId, text, prediction: testPrediction('yolo-clip', box) }];
  });
  repositories.predictions.save(runId, tasks);
}

beforeAll(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  // Another dataset before and after: its rows must never show.
  addTestDataset(workspace, { images: 3 });
  fill();
  addTestDataset(workspace, { images: 2 });
});
afterAll(() => dispose());

const some = <Value>(values: readonly Value[]) => fc.subarray([...values]);
const share = fc.integer({ min: 0, max: 20 }).map((steps) => steps / 20);

function filters(): fc.Arbitrary<BrowseFilter> {
  const rarely = <Value>(arbitrary: fc.Arbitrary<Value>, otherwise: Value) =>
    fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary });
  const condition = fc.record(
    {
      runId: fc.constantFrom(...runIds),
      outcome: fc.constantFrom('right', 'wrong', 'missing'),
      errors: some(answerTypes),
      iouFrom: share,
      iouTo: share,
      openFrom: fc.boolean(),
      openTo: fc.boolean(),
    },
    { requiredKeys: ['runId'] },
  );
  return fc
    .record({
      text: rarely(fc.constantFrom('cat', 'red', '"left of"', 'left num', 'the', 'zebra'), ''),
      splits: rarely(some(testSplits), []),
      kinds: rarely(some(testKinds), []),
      categories: rarely(some([...testCategories, '']), []),
      reviewStates: rarely(some(reviewStates), []),
      failureLabels: rarely(some(failureLabels.map(({ id }) => id as string)), []),
      corrected: rarely(fc.boolean(), null as unknown as boolean),
      results: rarely(fc.array(condition, { maxLength: 3 }), []),
      disagreement: rarely(some(runIds), []),
      lengthFrom: rarely(fc.nat(6), null as unknown as number),
      lengthTo: rarely(fc.nat(6), null as unknown as number),
      attributes: rarely(
        fc.constantFrom<Record<string, string[]>>(
          { logic: ['negation'] },
          { logic: ['none'], clauses: ['2', '0'] },
          { 'odd "name"': ['true'] },
          { missing: ['x'] },
        ),
        {},
      ),
      expressionIds: rarely(
        fc.array(fc.constantFrom(...dataset.expressionIds, 987_654)),
        null as unknown as number[],
      ),
    })
    .map((given) => browseFilter.parse({ datasetId: dataset.datasetId, ...given }));
}

const orders = () =>
  fc.array(
    fc.record({
      by: fc.constantFrom(...sortFields),
      runId: fc.constantFrom(...runIds),
      descending: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  );

function expectSame(filter: BrowseFilter, sorts: BrowseSort[]) {
  const { browse } = workspace.repositories;
  const named = [...new Set([...filter.results.map(({ runId }) => runId), ...filter.disagreement])];
  const compared = named.length > 1 ? named : runIds;
  const [sort = browseSort.parse({}), ...thenBy] = sorts;
  const wanted = idsBySql(workspace.database, filter, sorts, compared);
  expect([...browse.ids(filter, sort, thenBy)]).toEqual(wanted);
}

function expectSameCounts(filter: BrowseFilter) {
  const counted = workspace.repositories.browse.facets(filter, runIds);
  const count = (change: Partial<BrowseFilter>) =>
    idsBySql(workspace.database, { ...filter, ...change }).length;
  expect(counted.total).toBe(count({}));
  for (const facet of ['splits', 'kinds', 'categories', 'reviewStates', 'failureLabels'] as const) {
    const found = counted[facet].map(({ value, count: own }) => [value, own]);
    const values = [...new Set(found.map(([value]) => value as string))];
    expect(found, facet).toEqual(values.map((value) => [value, count({ [facet]: [value] })]));
    expect(
      found.reduce((sum, [, own]) => sum + Number(own), 0),
      facet,
    ).toBe(
      facet === 'failureLabels'
        ? count({ failureLabels: failureLabels.map(({ id }) => id) })
        : count({ [facet]: [] }),
    );
  }
  expect(counted.corrected).toBe(count({ corrected: true }));
  expect(counted.asImported).toBe(count({ corrected: false }));
  const compared = filter.disagreement.length > 0 ? filter.disagreement : runIds;
  expect(counted.disagreement).toBe(compared.length < 2 ? 0 : count({ disagreement: [...compared] }));
  for (const { words, count: own } of counted.lengths) {
    expect(own).toBe(count({ lengthFrom: words, lengthTo: words }));
  }
  for (const { name, values } of counted.attributes) {
    for (const { value, count: own } of values) {
      expect(own, `@${name}:${value}`).toBe(count({ attributes: { ...filter.attributes, [name]: [value] } }));
    }
  }
  for (const run of counted.runs) {
    const without = (part: 'outcome' | 'errors' | 'iou') =>
      filter.results.map(({ iouFrom, iouTo, openFrom, openTo, outcome, errors, runId }) => {
        const own = runId === run.runId;
        return {
          runId,
          ...(own && part === 'outcome' ? {} : { outcome }),
          ...(own && part === 'errors' ? {} : { errors }),
          ...(own && part === 'iou' ? {} : { iouFrom, iouTo, openFrom, openTo }),
        };
      });
    for (const outcome of ['right', 'wrong', 'missing'] as const) {
      expect(run[outcome]).toBe(count({ results: [...without('outcome'), { runId: run.runId, outcome }] }));
    }
    for (const { value, count: own } of run.errors) {
      expect(own).toBe(count({ results: [...without('errors'), { runId: run.runId, errors: [value] }] }));
    }
    run.iouHistogram.forEach((own, bin) => {
      const range = { runId: run.runId, iouFrom: bin / 20, iouTo: (bin + 1) / 20, openTo: bin < 19 };
      expect(own).toBe(count({ results: [...without('iou'), range] }));
    });
  }
}

describe('the columns', () => {
  it('give what SQL gives for any filter and order', () => {
    fc.assert(
      fc.property(filters(), orders(), (filter, sorts) => expectSame(filter, sorts)),
      { numRuns: 300 },
    );
  });

  it('count what SQL counts, each facet without its own conditions', () => {
    fc.assert(
      fc.property(filters(), (filter) => expectSameCounts(filter)),
      { numRuns: 40 },
    );
  });

  it('group by image as the order has it', () => {
    const { browse } = workspace.repositories;
    fc.assert(
      fc.property(filters(), orders(), (filter, [sort = browseSort.parse({}), ...thenBy]) => {
        const { ids, imageIds } = browse.idsByImage(filter, sort, thenBy);
        const plain = [...browse.ids(filter, sort, thenBy)];
        const imageOf = workspace.database.prepare('SELECT image_id FROM expressions WHERE id = ?').pluck();
        const images = new Map<number, number[]>();
        for (const id of plain) {
          const imageId = imageOf.get(id) as number;
          images.set(imageId, [...(images.get(imageId) ?? []), id]);
        }
        expect([...ids]).toEqual([...images.values()].flat());
        expect([...imageIds]).toEqual(
          [...images].flatMap(([imageId, members]) => members.map(() => imageId)),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('follow every change: corrections, undo, labels, texts, predictions, removal', () => {
    const { repositories, database } = workspace;
    const corrections = createCorrectionsService({ workspace, emit: () => undefined });
    const check = () => {
      fc.assert(
        fc.property(filters(), orders(), (filter, sorts) => expectSame(filter, sorts)),
        { numRuns: 25 },
      );
      expectSameCounts(browseFilter.parse({ datasetId: dataset.datasetId }));
    };
    const [image = 0] = dataset.imageIds;
    const [expressionId = 0, second = 0] = dataset.expressionIds;
    const [referentId = 0] = dataset.referentIds;
    const box = { x: 300, y: 200, width: 60, height: 60 };
    void corrections.apply({
      change: {
        kind: 'ground-truth',
        referentId,
        expectedRevision: 0,
        source: 'drawn',
        runId: null,
        box,
        mask: null,
      },
      label: 'Draw',
    });
    check();
    void corrections.undo({ imageId: image });
    check();
    void corrections.applyToMany({
      expressionIds: dataset.expressionIds.slice(0, 90),
      change: { kind: 'failure-label', label: 'other' },
      label: 'Label',
    });
    void corrections.apply({
      change: { kind: 'text', expressionId, text: 'A zebra left of it all' },
      label: 'Edit',
    });
    check();
    answer(runIds[0] ?? 0, 5, () => true);
    check();
    const kept = runIds;
    runIds = runIds.slice(0, 2);
    repositories.runs.remove(kept[2] ?? 0);
    check();
    const rolledBack = () =>
      database.transaction(() => {
        repositories.expressions.setReviewState(second, 'invalid');
        throw new Error('on purpose');
      })();
    expect(rolledBack).toThrow('on purpose');
    check();
    const { datasetId } = dataset;
    fill();
    expect(dataset.datasetId).not.toBe(datasetId);
    check();
    repositories.datasets.remove(dataset.datasetId);
    expect([...repositories.datasets.clear(dataset.datasetId)].length).toBeGreaterThan(1);
    expect(
      repositories.browse.ids(browseFilter.parse({ datasetId: dataset.datasetId }), browseSort.parse({})),
    ).toHaveLength(0);
  });
});

it('a workspace that may not be written is browsed, and what another process changes is seen', async () => {
  const path = temporaryFolder();
  const writer = await openTestWorkspace(path);
  const made = addTestDataset(writer, { images: 2 });
  const reader = await openTestWorkspace(path, true);
  const filter = browseFilter.parse({ datasetId: made.datasetId, reviewStates: ['reviewed'] });
  const ids = () => [...reader.repositories.browse.ids(filter, browseSort.parse({}))];
  expect(ids()).toEqual([]);
  writer.repositories.expressions.setReviewState(made.expressionIds[1] ?? 0, 'reviewed');
  expect(ids()).toEqual([made.expressionIds[1]]);
  reader.close();
  writer.close();
});
