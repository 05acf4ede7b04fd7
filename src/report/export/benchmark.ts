/**
 * A result document for github-action-benchmark (benchmark-action/github-action-benchmark, "customBiggerIsBetter" and
 * "customSmallerIsBetter"): a list of values of one direction. The tool takes one direction a file.
 */
import type { Results } from '../../experiment/results.js';

/** One value as the tool reads it. */
export interface BenchmarkEntry {
  name: string;
  unit: string;
  value: number;
  /** Spread, as text. */
  range?: string;
  extra?: string;
}

/** Which of the tool's two formats is written. */
export const DIRECTIONS = ['bigger', 'smaller'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Every metric of that direction that could be measured, of all points. */
export function benchmarkEntries(results: Results, direction: Direction): BenchmarkEntry[] {
  const wanted = direction === 'bigger' ? 'higher' : 'lower';
  return results.points.flatMap((point) =>
    Object.entries(point.metrics).flatMap(([metric, { mean, half_width }]) => {
      const declared = results.metrics[metric];
      if (mean === null || declared?.better !== wanted) return [];
      return [
        {
          name: `${results.workload.name}: ${metric} of ${point.key}`,
          unit: declared.unit === '' ? 'number' : declared.unit,
          value: mean,
          ...(half_width === null ? {} : { range: `± ${half_width}` }),
          extra: `${results.measure.replications} replications, seed ${results.workload.seed}, dsasim ${results.generator.version}`,
        },
      ];
    }),
  );
}
