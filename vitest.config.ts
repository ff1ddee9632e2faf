import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/dist/**'];

/** Files that take the whole machine, or that have to be on time in it. */
const alone = [
  'test/dear-sampler.test.ts',
  'test/fresh-clone.test.ts',
  'test/idle-connections.test.ts',
  'test/multi-host.test.ts',
  'test/serve.test.ts',
  'test/terminal-view.test.ts',
];

/** Packages whose tests know neither processes nor disks nor clocks: nothing in them has to be on time. */
const pure = ['core', 'protocol', 'simulator'].map((name) => `packages/${name}/**/*.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'pure',
          include: pure,
          exclude,
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'units',
          include: ['packages/**/*.test.ts', 'scripts/**/*.test.ts', 'benchmarks/**/*.test.ts'],
          exclude: [...exclude, ...pure],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      // With real processes, of which a file has many at times: two files at once, whatever the machine has.
      {
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...alone],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: 'alone',
          include: alone,
          exclude,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
