import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'electron-vite';
import { resolve } from 'node:path';

/** The oldest runtimes this runs on: Electron 25's own processes (Node 18, Chrome 114) and Node 22 for the engine. */
const nodeTarget = 'node18';
const chromeTarget = 'chrome114';

const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      target: nodeTarget,
      outDir: 'out/main',
      // Dependencies stay in node_modules: some are native, and none needs bundling to run in Node.
      externalizeDeps: true,
      rollupOptions: {
        input: {
          index: at('src/main/index.ts'),
          engine: at('src/main/engine/entry.ts'),
          cli: at('src/main/engine/cli.ts'),
        },
        output: { format: 'cjs', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name].js' },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      outDir: 'out/preload',
      // A sandboxed preload cannot require packages, so zod is bundled into it.
      externalizeDeps: false,
      rollupOptions: {
        input: { index: at('src/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].js' },
      },
    },
  },
  renderer: {
    root: at('src/renderer'),
    plugins: [vue()],
    build: {
      target: chromeTarget,
      cssTarget: chromeTarget,
      outDir: at('out/renderer'),
      // Everything is a file of its own: the content security policy allows neither inline code nor data: fonts.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rollupOptions: { input: { index: at('src/renderer/index.html') } },
    },
  },
});
