import { defineConfig } from 'vitest/config';

const MODEL = '**/*.model.test.ts';
const END_TO_END = '**/*.end-to-end.test.ts';
/** They put another module in a real one's place, which a shared worker would keep. */
const MOCKS = [
  'src/cli/verbs/bench.test.ts',
  'src/files/home-folder.test.ts',
  'src/input/node/decode-image.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 60_000,
    env: { MSD_CACHE: '' }, // whoever runs them may have a cache of their own, which tests neither fill nor read
    maxWorkers: '100%', // by default a core less; but many tests wait for programs that they started
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'web/**/*.test.ts'],
          exclude: [MODEL, END_TO_END, ...MOCKS],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'model', include: [MODEL], isolate: false } },
      { extends: true, test: { name: 'mocks', include: MOCKS } },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: [END_TO_END],
          globalSetup: ['tools/build-before-tests.ts'],
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts', 'src/**/testing/**'],
    },
  },
});
