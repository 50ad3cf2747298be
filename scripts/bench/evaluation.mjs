/** `node scripts/bench/evaluation.mjs`: how long an evaluation and a report take. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { module } = await runnerImport(join(root, 'test', 'bench', 'evaluation.ts'));

for (const size of [
  { expressions: 10_000, images: 2_600 },
  { expressions: 95_457, images: 25_799 },
]) {
  await module.bench(size, (/** @type {string} */ line) => console.log(line));
}
await module.benchReport({ expressions: 10_000, images: 2_600 }, (/** @type {string} */ line) =>
  console.log(line),
);
