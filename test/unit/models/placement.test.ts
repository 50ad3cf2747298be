import type { InferenceSession } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { createPlaced } from '../../../src/main/engine/models/runtime';

/** What onnxruntime does on a machine with the provider: refuses what it cannot do alone, unless the CPU may help. */
function machine(does: 'all' | 'some' | 'none') {
  const tried: boolean[] = [];
  async function create(options: InferenceSession.SessionOptions): Promise<string> {
    const session = options.extra?.['session'] as Record<string, unknown> | undefined;
    const alone = session?.['disable_cpu_ep_fallback'] === '1';
    tried.push(alone);
    if (does === 'none' || (does === 'some' && alone)) throw new Error('not here');
    return String(options.executionProviders);
  }
  return { create, tried };
}

it.each([
  ['all', { session: 'webgpu', partly: false }, [true]],
  ['some', { session: 'webgpu', partly: true }, [true, false]],
] as const)('a provider that does %s of a graph', async (does, placed, tried) => {
  const { create, tried: asked } = machine(does);
  expect(await createPlaced({ threads: 1, provider: 'webgpu' }, create)).toEqual(placed);
  expect(asked).toEqual(tried);
});

it('rejects where there is no session either way, and asks the CPU once', async () => {
  await expect(createPlaced({ threads: 1, provider: 'cuda' }, machine('none').create)).rejects.toThrow(
    'not here',
  );
  const { create, tried } = machine('all');
  expect(await createPlaced({ threads: 1, provider: 'cpu' }, create)).toEqual({
    session: 'cpu',
    partly: false,
  });
  expect(tried).toEqual([false]);
});
