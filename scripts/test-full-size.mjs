/**
 * `npm run test:full-size [folder]`: networks of the full-size architectures with random weights, exported, compared
 * with PyTorch, laid together as a pack, and run by the engine. Needs about 12 GB of memory, 8 GB of disk and six
 * minutes of two cores, and Python with PyTorch; so it is no part of `npm test`. In a named folder the pack stays, and what is there is not made again.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython } from './lib/python.mjs';
import { ownEnvironment, program, runProgram, StepError } from './lib/steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const named = process.argv[2];
const folder = named ? resolve(named) : mkdtempSync(join(tmpdir(), 'full-size-'));

await program(async () => {
  try {
    if (!existsSync(join(folder, 'expected.json'))) {
      const python = await ensurePython(root);
      const args = ['-m', 'tests.prove_full_size', '--out', folder];
      const { code } = await runProgram(python, args, { cwd: join(root, 'training') });
      if (code !== 0)
        throw new StepError('An exported graph is not what PyTorch computes.', 'See the lines above.');
    }
    const args = ['run', '--config', 'vitest.full-size.config.mts'];
    return (
      await runProgram('vitest', args, { cwd: root, env: { ...ownEnvironment(root), FULL_SIZE: folder } })
    ).code;
  } finally {
    if (!named) rmSync(folder, { recursive: true, force: true });
  }
});
