import DatabaseConstructor from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate, schemaVersion, versionOf } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { measurements } from '../../../src/main/engine/workspace/migrations/002-measurements';
import { browsing } from '../../../src/main/engine/workspace/migrations/003-browsing';

it('a workspace from before keeps its objects and expressions as imported ones', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema, measurements, browsing]);
  database.exec(`
    INSERT INTO datasets VALUES (1, 'Cats', '', '', 'grounding-jsonl', '', '', '', '');
    INSERT INTO images VALUES (1, 1, 'i', 'i.webp', 80, 60, 'test');
    INSERT INTO referents (id, dataset_id, image_id, key, category, attributes) VALUES (1, 1, 1, 'r', 'cat', '{}');
    INSERT INTO expressions (id, dataset_id, image_id, referent_id, key, text, original_text, kind, word_count,
      attributes, split, category)
      VALUES (1, 1, 1, 1, 'e', 'the cat', 'the cat', 'category', 2, '{}', 'test', 'cat');`);
  migrate(database);
  expect(versionOf(database)).toBe(schemaVersion);
  expect(database.prepare('SELECT note, added_revision, referent_id FROM expressions').get()).toEqual({
    note: '',
    added_revision: 0,
    referent_id: 1,
  });
  expect(database.prepare('SELECT retired_revision FROM referents').pluck().get()).toBeNull();
  expect(database.prepare('SELECT count(*) FROM expression_links').pluck().get()).toBe(0);
});
