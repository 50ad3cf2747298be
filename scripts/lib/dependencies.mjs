/** Installs what package-lock.json names, once. Install scripts do not run: what we use needs none. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, isFresh, writeStamp } from './stamps.mjs';
import { ownEnvironment, runProgram, step, StepError } from './steps.mjs';

/** @param {string} root */
export async function installDependencies(root) {
  const stamp = join(root, 'node_modules', '.grounding-stamp');
  const hash = hashOf(root, ['package-lock.json', '.npmrc']);
  if (isFresh(stamp, hash) && existsSync(join(root, 'node_modules', 'zod'))) return;
  await step('Installing dependencies (about 700 MB, once)', async () => {
    const { code } = await runProgram('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      env: ownEnvironment(root),
    });
    if (code !== 0) {
      throw new StepError(
        'npm could not install them.',
        'Check the connection to the npm registry and try again.',
      );
    }
    writeStamp(stamp, hash);
  });
}

/** Path of a Node of at least version 22: the one of our dependencies, else the running one. @param {string} root */
export function ownNode(root) {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const bundled = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', program);
  if (existsSync(bundled)) return bundled;
  if (Number(process.versions.node.split('.')[0]) >= 22) return process.execPath;
  throw new StepError(
    `Node ${process.versions.node} is too old for this machine's kind.`,
    'Install Node 22 or newer.',
  );
}
