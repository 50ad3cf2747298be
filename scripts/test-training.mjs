/** `npm run test:training`: the Python tests of `training/`, in a virtual environment of their own. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { program, runProgram, step, StepError } from './lib/steps.mjs';
import { hashOf, isFresh, writeStamp } from './lib/stamps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const environment = join(root, 'training', '.venv');
const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const requirements = join('training', 'requirements.txt');

/** @param {string} command @param {string[]} args @param {string} hint */
async function mustRun(command, args, hint) {
  const { code } = await runProgram(command, args, { cwd: root });
  if (code !== 0) throw new StepError(`${command} ended with code ${code}.`, hint);
}

async function installPython() {
  const stamp = join(environment, '.grounding-stamp');
  const hash = hashOf(root, [requirements]);
  if (existsSync(python) && isFresh(stamp, hash)) return;
  await step('Making training/.venv', () =>
    mustRun('python3', ['-m', 'venv', environment], 'Install Python 3.11 or newer with its venv module.'),
  );
  await step('Installing training/requirements.txt (several GB with PyTorch)', () =>
    mustRun(
      python,
      ['-m', 'pip', 'install', '--quiet', '-r', requirements],
      'Check the connection to the Python package index and try again.',
    ),
  );
  writeStamp(stamp, hash);
}

await program(async () => {
  await installPython();
  return (await runProgram(python, ['-m', 'pytest', 'training/tests'], { cwd: root })).code;
});
