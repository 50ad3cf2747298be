/** `node scripts/bench/memory.mjs [count]`: memory of the engine over 500 pictures of the demo, three methods each. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withModule } from './module.mjs';

const resources = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'resources');
const folder = join(resources, 'datasets', 'emojiref', 'images');
const pictures = readdirSync(folder)
  .sort()
  .map((name) => join(folder, name));

await withModule('memory', (module) =>
  module.bench({
    resources,
    pictures,
    count: Number(process.argv[2] ?? 500),
    tell: (/** @type {string} */ line) => console.log(line),
  }),
);
