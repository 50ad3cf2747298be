// Where a person is: kept in memory and in a file, refused where it is not what it must be.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nowhere, type Place } from '../../src/common/contract';
import { PlaceKeeper } from '../../src/main/app/place';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'place-'));
  file = join(folder, 'place.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
    keeper.change({ route: '/inspect/12', inspect });
    keeper.change({ selected: [5, 6] });
    keeper.change({ route: '/browse' });
    const told = { ...nowhere, route: '/browse', inspect, selected: [5, 6] };
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

  it('is begun anew where the file is damaged or has another shape', () => {
    for (const content of ['{', '[]', '{"workspace":"/workspace","place":{"route":"https://x"}}']) {
      writeFileSync(file, content);
      expect(new PlaceKeeper(file, '/workspace').present).toEqual(nowhere);
    }
  });

  it('is forgotten without the work that is not saved', () => {
    const keeper = new PlaceKeeper(file, '/workspace');
    keeper.change({ route: '/inspect/12', inspect, unsaved });
    keeper.forget();
    keeper.flush();
    expect(new PlaceKeeper(file, '/workspace').present).toEqual({ ...nowhere, unsaved });
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
