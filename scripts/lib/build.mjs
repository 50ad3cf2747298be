/** Builds the application where its sources changed since the last build. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isFresh, writeStamp } from './stamps.mjs';
import { ownEnvironment, runProgram, step, StepError } from './steps.mjs';

const sources = ['src', 'electron.vite.config.ts', 'package-lock.json', 'tsconfig.json'];

/** @param {string} root */
export async function buildApplication(root) {
  const stamp = join(root, 'out', '.stamp');
  const hash = hashOf(root, sources);
  if (isFresh(stamp, hash) && existsSync(join(root, 'out', 'main'))) return;
  await step('Building', async () => {
    const env = ownEnvironment(root);
    const { code, output } = await runProgram('electron-vite', ['build'], { cwd: root, env, capture: true });
    if (code !== 0) throw new StepError(output, 'The sources do not build; see the lines above.');
    writeStamp(stamp, hash);
  });
}
