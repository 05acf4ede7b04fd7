/** Cases of each property. Mutation testing asks for fewer, since it runs the suite once for every mutant. */
export const PROPERTY_RUNS = Number(process.env.DSASIM_PROPERTY_RUNS ?? 2000);

/**
 * Parameters of a property: the seed is fixed, so that a failure is the same one everywhere. A mutant needs no smallest
 * counterexample.
 * @param most cases where fewer than {@link PROPERTY_RUNS} are enough
 */
export function runs(seed: number, most = PROPERTY_RUNS) {
  const endOnFailure = process.env.DSASIM_PROPERTY_RUNS !== undefined;
  return { numRuns: Math.min(most, PROPERTY_RUNS), seed, endOnFailure };
}
