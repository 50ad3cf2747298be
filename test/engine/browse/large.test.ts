/** What the columns are read from: covering indexes alone, so that 100,000 expressions take tenths of a second. */
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { browseFilter, browseSort } from '../../../src/common/contract';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, addTestRun, newTestWorkspace, type TestDataset } from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;
let runIds: number[];

beforeAll(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 2_000 });
  runIds = (['yolo-clip', 'blip-sam', 'risclip'] as const).map((method) =>
    addTestRun(workspace, dataset.datasetId, method),
  );
  // Bare rows: how answers are saved is tested elsewhere, here only their number matters.
  workspace.database.exec(`
    INSERT INTO predictions (run_id, expression_id, box_x, box_y, box_width, box_height, iou, answer_type,
      missing_reason, answered_text, timings)
    SELECT runs.id, expressions.id, 1, 1, 10, 10, (expressions.id * 7919 * runs.id % 1000) / 999.0,
      iif((expressions.id * 7919 * runs.id % 1000) / 999.0 >= 0.5, 1, 7), '', text, '[]'
    FROM runs, expressions ORDER BY runs.id, expressions.id`);
});
afterAll(() => dispose());

it('answers from what it has read once, and reads it from covering indexes', () => {
  const { database, repositories } = workspace;
  const prepare = vi.spyOn(database, 'prepare');
  const ask = (given: object, sort: object = {}) => {
    const filter = browseFilter.parse({ datasetId: dataset.datasetId, ...given });
    repositories.browse.facets(filter, runIds);
    return repositories.browse.ids(filter, browseSort.parse(sort)).length;
  };
  const wrong = { results: [{ runId: runIds[0], outcome: 'wrong' }] };
  expect(ask({})).toBe(8_000);
  expect(ask(wrong)).toBe(4_000);
  const asked = prepare.mock.calls.map(([sql]) => sql);
  const read = asked.filter((sql) => /FROM (expressions|predictions)/.test(sql));
  // The expressions (how many, and each), their attributes, and two columns of each run's results: once each.
  expect(read).toHaveLength(9);
  prepare.mockClear();
  ask({ kinds: ['colour'] }, { by: 'iou', runId: runIds[1] });
  ask(wrong, { by: 'spread', descending: true });
  expect(prepare.mock.calls.filter(([sql]) => /FROM (expressions|predictions)/.test(sql))).toEqual([]);
  prepare.mockRestore();
  for (const sql of read.filter((each) => each.includes('INDEXED BY'))) {
    const values = (sql.match(/\?/g) ?? []).map(() => 1);
    const [step] = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as { detail: string }[];
    expect(step?.detail).toMatch(/^SEARCH .* USING COVERING INDEX/);
  }
});
