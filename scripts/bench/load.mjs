/** Loads a TypeScript module of the repository for a bench. */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Hands the module to `use`. Not `runnerImport`: the engine loads onnxruntime only when it is first asked, and that
 * loader is closed by then.
 *
 * @param {string[]} path Parts of the module's path from the repository's root.
 * @param {(module: Record<string, any>) => Promise<void>} use
 */
export async function withModule(path, use) {
  const server = await createServer({
    root,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, watch: null, ws: false },
  });
  try {
    await use(await server.ssrLoadModule(join(root, ...path)));
  } finally {
    await server.close();
  }
}
