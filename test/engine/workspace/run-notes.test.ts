import DatabaseConstructor from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { RunsRepository } from '../../../src/main/engine/workspace/repositories/runs';

it('runs of a workspace of the first version have no note, and take one', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema]);
  database.exec(`
    INSERT INTO datasets VALUES (1, 'Cats', '', '', 'grounding-jsonl', '', '', '', '');
    INSERT INTO runs VALUES (1, 1, 'risclip', 'small', 'Small', '1', 'ab', '{}', 'cd', 'cpu', '{}', '');`);
  migrate(database);
  const runs = new RunsRepository(database);
  expect(runs.get(1)?.note).toBe('');
  runs.setNote(1, 'threshold tuned on val <b>');
  expect(runs.get(1)?.note).toBe('threshold tuned on val <b>');
  expect(runs.list(1)[0]?.note).toBe('threshold tuned on val <b>');
});
