import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tools/**/*.test.ts'],
    globalSetup: ['tools/build-before-tests.ts'],
    testTimeout: 60_000,
    maxWorkers: '100%', // by default a core less; but many tests wait for programs that they started
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/testing/**'],
    },
  },
});
