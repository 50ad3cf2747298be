import DatabaseConstructor from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { LatencyMeasurement } from '../../../src/common/contract';
import { migrate } from '../../../src/main/engine/workspace/migrations';
import { initialSchema } from '../../../src/main/engine/workspace/migrations/001-initial';
import { LatenciesRepository } from '../../../src/main/engine/workspace/repositories/latencies';

const measured = (provider: string, minute: number): LatencyMeasurement => ({
  method: 'risclip',
  prepare: minute,
  ground: 1,
  repetitions: 7,
  stages: [{ stage: 'locate', milliseconds: 2, runtime: 1 }],
  provider,
  threads: 2,
  processor: 'Test',
  onnxruntime: '1.30.0',
  measuredAt: `2026-11-25T01:0${minute}:00.000Z`,
});

it('what a pack took is kept by its files, provider and threads; the newest counts and comes first', () => {
  const database = new DatabaseConstructor(':memory:');
  migrate(database, [initialSchema]);
  migrate(database);
  const latencies = new LatenciesRepository(database);
  latencies.save('pack', 'a', measured('cpu', 1));
  latencies.save('pack', 'a', measured('cpu', 2));
  latencies.save('pack', 'a', measured('webgpu', 3));
  latencies.save('pack', 'b', measured('cpu', 4));
  latencies.save('other', 'a', measured('cpu', 5));
  expect(latencies.list('pack', 'a')).toEqual([measured('webgpu', 3), measured('cpu', 2)]);
  expect(latencies.list('pack', 'c')).toEqual([]);
});
