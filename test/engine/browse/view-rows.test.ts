import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ViewState } from '../../../src/common/contract';
import { rowsOfViews } from '../../../src/main/engine/browse/view-rows';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, newTestWorkspace, type TestDataset } from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;

beforeAll(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 3 });
});
afterAll(() => dispose());

const stateOf = (query: string): ViewState => ({
  query,
  examples: null,
  sorts: [],
  layout: 'grid',
  columns: [],
  tileSize: 'medium',
  groupByImage: false,
  colourBy: 'result',
});

it('a saved view has the expressions that Browse shows by it; one that cannot be read has none', () => {
  const { views } = workspace.repositories;
  const left = views.save(null, 'left', stateOf('left'));
  views.save(null, 'broken', stateOf('length>many'));
  const [found, ...others] = rowsOfViews(workspace, dataset.datasetId, []);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ id: left.id, name: 'left' });
  const numbers = [...(found?.expressionIds ?? [])].map((id) => dataset.expressionIds.indexOf(id));
  expect(numbers).toEqual([1, 3, 5, 7, 9, 11]);
});
