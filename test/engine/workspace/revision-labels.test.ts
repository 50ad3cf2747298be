import DatabaseConstructor from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { GroundTruthRepository } from '../../../src/main/engine/workspace/repositories/ground-truth';

it('revisions from before steps were named have no name, and newer ones do', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema]);
  database.exec(`
    INSERT INTO datasets VALUES (1, 'Cats', '', '', 'grounding-jsonl', '', '', '', '');
    INSERT INTO images (id, dataset_id, key, file, width, height, split) VALUES (1, 1, 'one', 'one.png', 60, 40, '');
    INSERT INTO referents (id, dataset_id, image_id, key, category, attributes, current_revision)
      VALUES (1, 1, 1, 'cat', 'cat', '{}', 1);
    INSERT INTO ground_truth (referent_id, revision, box_x, box_y, box_width, box_height, source, author, saved_at)
      VALUES (1, 0, 1, 2, 3, 4, 'imported', '', ''), (1, 1, 1, 2, 9, 4, 'edited', 'Ada', '');`);
  migrate(database);
  database.exec('UPDATE state SET revision = 1');
  const truths = new GroundTruthRepository(database);
  truths.add(
    1,
    { box: { x: 1, y: 2, width: 8, height: 4 }, mask: null },
    { source: 'edited', runId: null, label: 'Resize box', author: 'Ada' },
  );
  const history = truths.history(1, { newerThan: null, olderThan: null, limit: 10 });
  expect(history.map(({ label }) => label)).toEqual(['Resize box', null, null]);
});
