import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const common = { testTimeout: 240_000, hookTimeout: 240_000 };

/** Folders whose tests leave nothing behind in their process: they share one, which spares most of their time. */
const PURE = [
  'catalogue',
  'checks',
  'engine',
  'judging',
  'matrix',
  'oracle',
  'plan',
  'reference',
  'report',
  'spec',
].map(folder => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    // Most of what runs against servers is waiting: for keys to age, for quiet windows.
    maxWorkers: Math.max(4, availableParallelism()),
    projects: [
      { test: { ...common, name: 'pure', include: PURE, isolate: false } },
      { test: { ...common, name: 'rest', include: ['test/**/*.test.ts'], exclude: PURE } },
    ],
  },
});
