import { defineConfig } from 'vitest/config';

// Apart from the other tests because of its size and time: `npm run test:full-size`.
export default defineConfig({
  test: {
    include: ['test/full-size/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
