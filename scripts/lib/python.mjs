/** The virtual environment of `training/`, made where it is needed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram, step, StepError } from './steps.mjs';
import { hashOf, isFresh, writeStamp } from './stamps.mjs';

const requirements = [join('training', 'requirements.txt'), join('training', 'requirements-full.txt')];

/** @param {string} root @param {string} command @param {string[]} args @param {string} hint */
async function mustRun(root, command, args, hint) {
  const { code } = await runProgram(command, args, { cwd: root });
  if (code !== 0) throw new StepError(`${command} ended with code ${code}.`, hint);
}

/**
 * Installs what `training/` needs into `training/.venv`, unless PYTHON names an interpreter that has it.
 * @param {string} root
 * @returns {Promise<string>} the interpreter
 */
export async function ensurePython(root) {
  if (process.env.PYTHON) return process.env.PYTHON;
  const environment = join(root, 'training', '.venv');
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(environment, '.grounding-stamp');
  const hash = hashOf(root, requirements);
  if (existsSync(python) && isFresh(stamp, hash)) return python;
  await step('Making training/.venv', () =>
    mustRun(
      root,
      'python3',
      ['-m', 'venv', environment],
      'Install Python 3.11 or newer with its venv module.',
    ),
  );
  await step('Installing training/requirements-full.txt (several GB with PyTorch)', () =>
    mustRun(
      root,
      python,
      ['-m', 'pip', 'install', '--quiet', '-r', join('training', 'requirements-full.txt')],
      'Check the connection to the Python package index and try again.',
    ),
  );
  writeStamp(stamp, hash);
  return python;
}
