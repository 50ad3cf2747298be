/**
 * `npm run bench:roofline [folder] [--threads n] [--rounds n]`: what the machine can do at most, and what PyTorch and
 * onnxruntime make of it with each network of the full-size pack. In a named folder the pack stays (5 GB), and what is
 * there is not made again.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ensurePython } from '../lib/python.mjs';
import { program, runProgram } from '../lib/steps.mjs';
import { fullSizePack, training } from './full-size.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: String(cpus().length) },
    rounds: { type: 'string', default: '3' },
  },
});
const [named] = positionals;
const folder = named ? resolve(named) : mkdtempSync(join(tmpdir(), 'bench-roofline-'));

await program(async () => {
  try {
    const python = await ensurePython(root);
    const pack = await fullSizePack(python, folder);
    const sizes = ['--threads', values.threads, '--rounds', values.rounds];
    const args = ['-m', 'grounding_train.fullsize.roofline', '--pack', pack, ...sizes];
    return (await runProgram(python, args, { cwd: training })).code;
  } finally {
    if (!named) rmSync(folder, { recursive: true, force: true });
  }
});
