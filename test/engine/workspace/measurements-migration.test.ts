import DatabaseConstructor from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate, schemaVersion, versionOf } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';

it('a workspace of the first version keeps its predictions and knows that they are to be measured anew', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema]);
  database.exec(`
    INSERT INTO datasets VALUES (1, 'Cats', '', '', 'grounding-jsonl', '', '', '', '');
    INSERT INTO images VALUES (1, 1, 'i', 'i.webp', 80, 60, 'test');
    INSERT INTO expressions (id, dataset_id, image_id, key, text, original_text, kind, word_count, attributes, split, category)
      VALUES (1, 1, 1, 'e', 'the cat', 'the cat', 'category', 2, '{}', 'test', 'cat');
    INSERT INTO runs VALUES (1, 1, 'risclip', 'small', 'Small', '1', 'ab', '{}', 'cd', 'cpu', '{}', '');
    INSERT INTO predictions (run_id, expression_id, box_x, box_y, box_width, box_height, score, iou, missing_reason,
      answered_text, timings) VALUES (1, 1, 1, 2, 3, 4, 0.5, 0.25, '', 'the cat', '[]');`);
  migrate(database);
  expect(versionOf(database)).toBe(schemaVersion);
  expect(database.prepare('SELECT iou, score, boundary_f, measured_by FROM predictions').get()).toEqual({
    iou: 0.25,
    score: 0.5,
    boundary_f: null,
    measured_by: 1,
  });
  expect(database.prepare('SELECT count(*) FROM saved_evaluations').pluck().get()).toBe(0);
});
