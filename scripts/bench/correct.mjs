/** `node scripts/bench/correct.mjs [folder]`: SAM from click to mask; the folder holds `models/` with another pack. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withModule } from './module.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const demo = join(root, 'resources', 'datasets', 'emojiref');
const folders = [join(root, 'resources'), ...process.argv.slice(2).map((path) => resolve(path))];

await withModule('correct', async (module) => {
  for (const resources of folders) {
    await module.bench({ resources, demo }, (/** @type {string} */ line) => console.log(line));
  }
});
