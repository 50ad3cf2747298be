/** `node scripts/bench/browse.mjs [images]`: how long Browse takes to answer; four expressions an image. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const { module } = await runnerImport(join(root, 'test', 'bench', 'browse.ts'));
const images = Number(process.argv[2] ?? 26_000);
await module.bench({ images }, (/** @type {string} */ line) => console.log(line));
