import { defineConfig } from 'vitest/config';

/** Suites that interrupt or kill commands in the midst of their work: they meet it surest on a machine that is not busy. */
const ALONE = ['queue', 'resume', 'robustness', 'run', 'trace'].map((name) => `test/cli/${name}.test.ts`);

export default defineConfig({
  test: {
    // Suites that simulate or start processes share two cores with others: only a hang should time out.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    setupFiles: ['./test/support/property-seed.ts'],
    reporters: ['default', './test/support/plain-summary.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
