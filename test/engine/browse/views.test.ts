/** Saved views, the text search, grouping and orders: what Browse asks beyond plain filters. */
import DatabaseConstructor from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  browseFilter,
  browseSort,
  type BrowseFilterInput,
  type ViewState,
} from '../../../src/common/contract';
import { createCorrectionsService } from '../../../src/main/engine/corrections/service';
import { migrate } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { measurements } from '../../../src/main/engine/workspace/migrations/002-measurements';
import { browsing } from '../../../src/main/engine/workspace/migrations/003-browsing';
import type { Workspace } from '../../../src/main/engine/workspace/open';
import { addTestDataset, newTestWorkspace, type TestDataset } from '../../support/workspace';

let workspace: Workspace;
let dispose: () => void;
let dataset: TestDataset;

beforeAll(async () => {
  ({ workspace, dispose } = await newTestWorkspace());
  dataset = addTestDataset(workspace, { images: 3 });
  const set = workspace.database.prepare('UPDATE expressions SET attributes = ? WHERE id = ?');
  for (const [index, id] of dataset.expressionIds.entries()) {
    const attributes = {
      logic: index % 3 === 0 ? 'negation' : 'none',
      clauses: index % 2,
      heldOut: index < 4,
      area: index / 7,
    };
    set.run(JSON.stringify(attributes), id);
  }
});
afterAll(() => dispose());

/** The matching expressions by their number in the dataset. */
function numbers(given: Omit<BrowseFilterInput, 'datasetId'>, ...sorts: object[]): number[] {
  const filter = browseFilter.parse({ datasetId: dataset.datasetId, ...given });
  const [first, ...more] = [...sorts, {}].map((sort) => browseSort.parse(sort));
  const ids = workspace.repositories.browse.ids(filter, first ?? browseSort.parse({}), more);
  return Array.from(ids, (id) => dataset.expressionIds.indexOf(id));
}

const idOf = (expression: number) => dataset.expressionIds[expression] ?? 0;

describe('the text search', () => {
  it('finds beginnings of words and whole phrases', () => {
    expect(numbers({ text: 'num lef' })).toEqual([1, 3, 5, 7, 9, 11]);
    expect(numbers({ text: '"left of"' })).toEqual([1, 3, 5, 7, 9, 11]);
    expect(numbers({ text: '"of left"' })).toEqual([]);
    expect(numbers({ text: '"red car" left' })).toEqual([5]);
    expect(numbers({ text: 'umber' })).toEqual([]);
  });

  it('follows edits, undo of them, and removal', () => {
    const corrections = createCorrectionsService({ workspace, emit: () => undefined });
    const change = { kind: 'text', expressionId: idOf(2), text: 'The ÉCLAIR on the Straße' } as const;
    void corrections.apply({ change, label: 'Edit the text' });
    expect(numbers({ text: 'eclair' })).toEqual([2]);
    expect(numbers({ text: 'éclair STRASSE' })).toEqual([]);
    expect(numbers({ text: 'straße' })).toEqual([2]);
    void corrections.undo({ imageId: dataset.imageIds[0] ?? 0 });
    expect(numbers({ text: 'eclair' })).toEqual([]);
    expect(numbers({ text: 'dog' })).toContain(2);
    const check = "INSERT INTO expression_texts(expression_texts, rank) VALUES ('integrity-check', 1)";
    workspace.database.exec(check);
    const other = addTestDataset(workspace, { images: 1 });
    workspace.database.prepare('DELETE FROM datasets WHERE id = ?').run(other.datasetId);
    workspace.database.exec(check);
  });
});

describe('conditions', () => {
  it('on the length and on imported attributes', () => {
    expect(numbers({ lengthFrom: 3 })).toEqual([1, 3, 4, 5, 7, 9, 11]);
    expect(numbers({ lengthFrom: 3, lengthTo: 3 })).toEqual([4]);
    expect(numbers({ attributes: { logic: ['negation'] } })).toEqual([0, 3, 6, 9]);
    expect(numbers({ attributes: { heldOut: ['true'], clauses: ['1'] } })).toEqual([1, 3]);
    expect(numbers({ attributes: { 'no "such" name': ['x'] } })).toEqual([]);
  });

  it('know the attributes one can choose from', () => {
    const counted = (value: string, count: number) => ({ value, count });
    expect(workspace.repositories.browse.attributes(dataset.datasetId)).toEqual([
      { name: 'clauses', distinct: 2, values: [counted('0', 6), counted('1', 6)] },
      { name: 'heldOut', distinct: 2, values: [counted('false', 8), counted('true', 4)] },
      { name: 'logic', distinct: 2, values: [counted('none', 8), counted('negation', 4)] },
    ]);
  });

  it('are counted by length, leaving out the condition on the length itself', () => {
    const filter = browseFilter.parse({ datasetId: dataset.datasetId, lengthTo: 2, kinds: ['colour'] });
    expect(workspace.repositories.browse.facets(filter, [])).toMatchObject({
      total: 1,
      lengths: [
        { words: 2, count: 1 },
        { words: 3, count: 1 },
        { words: 6, count: 2 },
      ],
    });
  });
});

describe('the order', () => {
  it('of several fields, each deciding between equals', () => {
    const split = { by: 'split' };
    expect(numbers({ categories: ['cat', 'dog'] }, split, { by: 'length', descending: true })).toEqual([
      9, 11, 8, 10, 1, 3, 0, 2,
    ]);
  });

  it('keeps an image together where that is asked', () => {
    const { browse } = workspace.repositories;
    const filter = browseFilter.parse({ datasetId: dataset.datasetId, kinds: ['category'] });
    const byLength = browseSort.parse({ by: 'length', descending: true });
    const { ids, imageIds } = browse.idsByImage(filter, byLength, []);
    expect(Array.from(ids, (id) => dataset.expressionIds.indexOf(id))).toEqual([3, 0, 9, 6]);
    expect(Array.from(imageIds, (id) => dataset.imageIds.indexOf(id))).toEqual([0, 0, 2, 1]);
  });
});

describe('saved views', () => {
  const state: ViewState = {
    query: 'risclip:wrong',
    examples: null,
    sorts: [{ by: 'iou', method: 'risclip', descending: false }],
    layout: 'table',
    columns: ['text', 'risclip'],
    tileSize: 'small',
    groupByImage: true,
    colourBy: 'method',
  };

  it('are kept by name, renamed, one of them the default, and deleted', () => {
    const { views } = workspace.repositories;
    const worst = views.save(null, 'Worst', state);
    const best = views.save(null, 'Best', { ...state, query: '' });
    expect(() => views.save(null, 'WORST', state)).toThrow('already');
    expect(() => views.save(best.id, 'worst', state)).toThrow('already');
    views.setDefault(best.id);
    views.setDefault(worst.id);
    expect(views.save(worst.id, 'All wrong', state)).toMatchObject({ id: worst.id, isDefault: true });
    expect(views.list().map(({ name, isDefault }) => [name, isDefault])).toEqual([
      ['All wrong', true],
      ['Best', false],
    ]);
    expect(views.list()[0]?.state).toEqual(state);
    views.setDefault(null);
    views.delete(worst.id);
    expect(() => views.delete(worst.id)).toThrow('no view');
    expect(() => views.save(worst.id, 'Gone', state)).toThrow('no view');
    expect(views.list()).toEqual([{ ...best, isDefault: false }]);
  });
});

it('a workspace from before finds its old texts and keeps up with new ones', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema, measurements]);
  database.exec(`
    INSERT INTO datasets VALUES (1, 'Old', '', '', '', '', '', '', '');
    INSERT INTO images VALUES (1, 1, 'a', 'a.png', 10, 10, 'test');
    INSERT INTO expressions (id, dataset_id, image_id, key, text, original_text, kind, word_count, attributes, split, category)
      VALUES (1, 1, 1, 'a', 'the café', 'the café', '', 2, '{}', 'test', '');`);
  migrate(database, [initialSchema, measurements, browsing]);
  const found = database.prepare('SELECT rowid FROM expression_texts WHERE expression_texts MATCH ?').pluck();
  expect(found.all('cafe')).toEqual([1]);
  database.exec("UPDATE expressions SET text = 'the bar' WHERE id = 1");
  expect([found.all('cafe'), found.all('bar')]).toEqual([[], [1]]);
  database.close();
});
