import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// One project per host, so that each can be run alone: `npx vitest run --project engine`.
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'engine',
          include: ['test/engine/**/*.test.ts'],
          environment: 'node',
          // Native add-ons (SQLite, onnxruntime) are not made for worker threads.
          pool: 'forks',
          // As the engine's own processes: src/main/engine/compiler.ts.
          execArgv: ['--no-maglev'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        plugins: [vue()],
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          environment: 'jsdom',
          // Whole screens are mounted; on a busy machine with two cores that takes its time.
          testTimeout: 30_000,
        },
      },
      { test: { name: 'app', include: ['test/app/**/*.test.ts'], environment: 'node' } },
      {
        test: {
          name: 'scripts',
          include: ['test/scripts/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          testTimeout: 30_000,
        },
      },
    ],
  },
});
