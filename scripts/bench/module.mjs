/** Loads `test/bench/<name>.ts`, with the engine's sources that it imports. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Not `runnerImport`: the engine loads onnxruntime only when it is first asked, and that loader is closed by then.
 * @param {string} name
 * @param {(module: Record<string, any>) => Promise<unknown>} use
 */
export async function withModule(name, use) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, watch: null, ws: false },
  });
  try {
    await use(await server.ssrLoadModule(join(root, 'test', 'bench', `${name}.ts`)));
  } finally {
    await server.close();
  }
}
