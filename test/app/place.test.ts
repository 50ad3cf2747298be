// Where a person is: kept in memory and in a file, refused where it is not what it must be.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nowhere, viewState, type Place } from '../../src/common/contract';
import { idsOfRuns, runsOfIds } from '../../src/main/app/id-runs';
import { PlaceKeeper } from '../../src/main/app/place';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-'));
  file = join(folder, 'place.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const view = viewState.omit({ examples: true }).parse({
  query: 'kind:spatial',
  sorts: [],
  layout: 'grid',
  columns: [],
  tileSize: 'medium',
  groupByImage: false,
});
const inspect: Place['inspect'] = {
  expressionId: 12,
  camera: { scale: 2.5, centre: { x: 10, y: 20 } },
  panel: 'correct',
  isEditingBox: false,
  tool: 'polygon',
  clicks: [],
  corners: [{ x: 1, y: 2 }],
};
const unsaved: Place['unsaved'] = [
  { imageId: 3, label: 'Note', change: { kind: 'note', expressionId: 12, note: 'half a sentence' } },
];

describe('the place', () => {
  it('is what was told part by part, and the same after a restart', () => {
    const keeper = new PlaceKeeper(file, '/workspace');
    expect(keeper.present).toEqual(nowhere);
    const browse = { datasetId: 1, view, markedId: null, runs: {} };
    const examples = { label: 'errors', expressionIds: [1, 2, 9] };
    keeper.change({ route: '/inspect/12', inspect });
    keeper.change({ selected: [5, 6], browse, examples });
    keeper.change({ route: '/browse' });
    const told = { ...nowhere, route: '/browse', inspect, browse, selected: [5, 6], examples };
    expect(keeper.present).toEqual(told);
    keeper.flush();
    expect(new PlaceKeeper(file, '/workspace').present).toEqual(told);
  });

  it('belongs to its workspace: ids mean something else in another', () => {
    const keeper = new PlaceKeeper(file, '/workspace');
    keeper.change({ route: '/inspect/12', inspect });
    keeper.flush();
    expect(new PlaceKeeper(file, '/another').present).toEqual(nowhere);
  });

  it('writes a long selection once, apart and in runs, not with every step', () => {
    const keeper = new PlaceKeeper(file, '/workspace');
    const browse = { datasetId: 1, view, markedId: 7, runs: {} };
    const selected = Array.from({ length: 100_000 }, (_, index) => 100_000 - index);
    keeper.change({ browse, selected: [...selected, 200_001] });
    keeper.flush();
    const lists = join(folder, 'place-lists.json');
    expect(JSON.parse(readFileSync(lists, 'utf8'))).toMatchObject({ selected: [1, 100_000, 200_001, 1] });
    rmSync(lists);
    for (let step = 1; step <= 20; step += 1) keeper.change({ browse: { ...browse, markedId: step } });
    keeper.flush();
    expect(existsSync(lists)).toBe(false);
    expect(statSync(file).size).toBeLessThan(2_000);

    keeper.change({ selected });
    keeper.flush();
    expect(new PlaceKeeper(file, '/workspace').present.selected).toEqual(selected.toReversed());
    // A selection that was not told with another dataset is none of it.
    keeper.change({ browse: { ...browse, datasetId: 2 } });
    keeper.flush();
    expect(new PlaceKeeper(file, '/workspace').present.selected).toEqual([]);
  });

  it('keeps ids without neighbours too, and refuses more than it may hold', () => {
    const scattered = Array.from({ length: 1_000 }, (_, index) => 3 * index + 1);
    expect(idsOfRuns(runsOfIds(scattered.toReversed()), 1_000)).toEqual(scattered);
    expect(idsOfRuns(runsOfIds(scattered), 999)).toEqual([]);
    expect(idsOfRuns([1, 1e12], 100_000)).toEqual([]);
    expect(runsOfIds([])).toEqual([]);
  });

  it('is begun anew where the file is damaged or has another shape', () => {
    for (const content of ['{', '[]', '{"workspace":"/workspace","place":{"route":"https://x"}}']) {
      writeFileSync(file, content);
      expect(new PlaceKeeper(file, '/workspace').present).toEqual(nowhere);
    }
  });

  it('is forgotten without the work that is not saved', () => {
    const keeper = new PlaceKeeper(file, '/workspace');
    const drafts = [{ key: 'note:12', text: 'half a n' }];
    keeper.change({ route: '/inspect/12', inspect, unsaved, drafts });
    keeper.forget();
    keeper.flush();
    expect(new PlaceKeeper(file, '/workspace').present).toEqual({ ...nowhere, unsaved, drafts });
  });

  it('is written only when something was told, and nothing is thrown where it cannot be', () => {
    const keeper = new PlaceKeeper(join(folder, 'missing', 'place.json'), '/workspace');
    keeper.flush();
    keeper.change({ route: '/jobs' });
    expect(() => keeper.flush()).not.toThrow();
    const written = new PlaceKeeper(file, '/workspace');
    written.change({ route: '/jobs' });
    written.flush();
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ place: { route: '/jobs' } });
  });
});
