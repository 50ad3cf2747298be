/** The pack of full-size networks with random weights: speed does not depend on the weights. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runProgram, step, StepError } from '../lib/steps.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Where the Python package is. */
export const training = join(root, 'training');
export const packId = 'full-size-random';

/**
 * Makes the pack unless the folder has it (5 GB), and says where it is.
 * @param {string} python @param {string} folder
 */
export async function fullSizePack(python, folder) {
  const pack = join(folder, 'models', packId);
  if (existsSync(join(pack, 'manifest.json'))) return pack;
  await step('Exporting full-size networks with random weights', async () => {
    const pictures = join(root, 'resources', 'datasets', 'emojiref', 'images');
    const folders = ['--out', folder, '--pictures', pictures];
    const args = ['-m', 'grounding_train.fullsize.measure', 'pack', ...folders];
    const { code } = await runProgram(python, args, { cwd: training });
    if (code !== 0) throw new StepError('The pack could not be made.', 'See the lines above.');
  });
  return pack;
}
