/** `npm run test:training`: the Python tests of `training/`, in a virtual environment of their own. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePython } from './lib/python.mjs';
import { program, runProgram } from './lib/steps.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

await program(async () => {
  const python = await ensurePython(root);
  return (await runProgram(python, ['-m', 'pytest', 'training/tests'], { cwd: root })).code;
});
