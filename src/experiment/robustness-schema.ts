/** How the result document holds what became of rankings when constants were varied. */
import { z } from 'zod';

/** What sampling constants over their ranges did to the rankings. */
export const robustnessSchema = z.strictObject({
  /** Sets of constants that were tried. */
  worlds: z.int(),
  /** Constants that varied; those that the workload sets and the device's capabilities stood still. */
  constants: z.int(),
  /**
   * Rankings that no world was asked about: those whose leaders, by all replications, are not those of the first alone,
   * which is what a world repeats.
   */
  untold: z.int().default(0),
  rankings: z.array(
    z.strictObject({
      metric: z.string(),
      /** Where in the sweep; empty for what does not depend on it. */
      at: z.record(z.string(), z.string()),
      /** The designs ranked: those with equal resources. */
      designs: z.array(z.string()),
      /** In front with nominal constants, ties included: by all replications, and by the first alone. */
      leaders: z.array(z.string()),
      /** Worlds with the same designs in front. */
      holds: z.int(),
      /** Worlds in which the ranking could be made. */
      of: z.int(),
      /** Constants that were varied by themselves in search of the next; 0 where none was searched for. */
      candidates: z.int().default(0),
      /** The constant that by itself, the others nominal, puts others in front. Null when none was found. */
      flip: z
        .strictObject({
          constant: z.string(),
          unit: z.string(),
          /** Beyond this value [unit]. */
          value: z.number(),
          side: z.enum(['above', 'below']),
          leaders: z.array(z.string()),
        })
        .nullable(),
    }),
  ),
});

export type Robustness = z.infer<typeof robustnessSchema>;
