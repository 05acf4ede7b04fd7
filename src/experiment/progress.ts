/** Progress of work that is more than one plan: each kind of it is counted under a name of its own. */
import type { PoolOptions, Progress } from './pool.js';

/**
 * The same options, with progress, and what an interrupt says, under a name.
 * @param whole from the progress of a plan to that of the work that the plan is a part of
 */
export function counting(
  pool: PoolOptions,
  what: string,
  whole: (step: Progress) => Progress = (step) => step,
): PoolOptions {
  const { onProgress } = pool;
  if (onProgress === undefined) return { ...pool, what };
  return { ...pool, what, onProgress: (step) => onProgress({ ...whole(step), what }) };
}
