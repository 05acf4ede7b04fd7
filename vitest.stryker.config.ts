import { defineConfig } from 'vitest/config';

/** The tests that judge mutants of src/core: everything about the core, with fewer random cases a property. */
export default defineConfig({
  test: {
    include: ['test/core/**/*.test.ts'],
    // Neither says more about a mutant than the others do, and both are slow.
    exclude: ['test/core/fuzz.test.ts', 'test/core/allocation.test.ts'],
    env: { DSASIM_PROPERTY_RUNS: '200' },
    testTimeout: 120_000,
    pool: 'forks',
  },
});
