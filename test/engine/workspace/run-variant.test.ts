import DatabaseConstructor from 'better-sqlite3';
import { expect, it } from 'vitest';
import { plainVariant } from '../../../src/common/contract';
import { migrate } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { RunsRepository } from '../../../src/main/engine/workspace/repositories/runs';

it('runs made before packs had variants used the plain one', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema]);
  database.exec(`
    INSERT INTO datasets VALUES (1, 'Cats', '', '', 'grounding-jsonl', '', '', '', '');
    INSERT INTO runs VALUES (1, 1, 'risclip', 'small', 'Small', '1', 'ab', '{}', 'cd', 'cpu', '{}', '');`);
  migrate(database);
  expect(new RunsRepository(database).get(1)?.variant).toBe(plainVariant);
});
