/** What is read in pieces is of one moment, whatever is written between two of them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { evaluationOptions } from '../../../src/common/contract';
import { chooseSelection, everything } from '../../../src/main/engine/evaluation/choose';
import { atOnce } from '../../../src/main/engine/jobs/pieces';
import { temporaryFolder } from '../../support/workspace';
import { correct, createWorld, truthBox, type World } from './world';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function worldInFile(images: number): World {
  const folder = temporaryFolder();
  folders.push(folder);
  const world = createWorld({ file: join(folder, 'workspace.sqlite'), images });
  world.database.pragma('journal_mode = WAL');
  return world;
}

it('a selection that is read while people correct has the ground truth of its beginning, in all its parts', () => {
  const world = worldInFile(600);
  const options = evaluationOptions.parse({ runIds: world.runIds });
  const before = atOnce(chooseSelection({ workspace: world }, options, everything));
  const pieces = chooseSelection({ workspace: world }, options, everything);
  let referentId = 0;
  let found = pieces.next();
  while (!found.done) {
    referentId += 1;
    correct(world, referentId, { ...truthBox(referentId), width: 5 });
    world.database.prepare('DELETE FROM expressions WHERE id = ?').run(2_400 - referentId);
    found = pieces.next();
  }
  expect(referentId).toBeGreaterThan(10);
  expect(found.value).toEqual(before);
  const after = atOnce(chooseSelection({ workspace: world }, options, everything));
  expect(after.selection.revision).toBe(referentId);
  expect(after.counted.table.count).toBe(before.counted.table.count - referentId);
  world.database.close();
});

it('a reading that is given up in the middle leaves nothing open', () => {
  const world = worldInFile(60);
  const pieces = chooseSelection({ workspace: world }, evaluationOptions.parse({ runIds: world.runIds }), []);
  for (let piece = 0; piece < 4; piece += 1) expect(pieces.next().done).toBe(false);
  pieces.return(undefined as never);
  // Only where no other connection is left can the write-ahead log be given up.
  expect(world.database.pragma('journal_mode = DELETE', { simple: true })).toBe('delete');
  world.database.close();
});
