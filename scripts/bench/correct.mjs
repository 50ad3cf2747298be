/** `node scripts/bench/correct.mjs [folder]`: SAM from click to mask; the folder holds `models/` with another pack. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const demo = join(root, 'resources', 'datasets', 'emojiref');
// Not `runnerImport`: the engine loads onnxruntime only when it is first asked, and that loader is closed by then.
const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  appType: 'custom',
  server: { middlewareMode: true, watch: null, ws: false },
});
try {
  const module = await server.ssrLoadModule(join(root, 'test', 'bench', 'correct.ts'));
  for (const folder of [join(root, 'resources'), ...process.argv.slice(2).map((path) => resolve(path))]) {
    await module.bench({ resources: folder, demo }, (/** @type {string} */ line) => console.log(line));
  }
} finally {
  await server.close();
}
