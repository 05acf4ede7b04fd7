/** Limits of a workload's gate: absolute bounds on metrics, checked at every point. */
import type { GateBound } from '../workload/gate.js';
import { pointMetric } from './baseline.js';
import type { ResultLimit, ResultPoint } from './results.js';

const HOLDS: Record<GateBound['operator'], (value: number, bound: number) => boolean> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Checks every limit at every point. A metric that could not be measured does not keep its limit. */
export function checkLimits(points: readonly ResultPoint[], limits: readonly GateBound[]): ResultLimit[] {
  return points.flatMap((point) =>
    limits.map((limit) => {
      const value = pointMetric(point, limit.metric)?.mean ?? null;
      return {
        text: limit.text,
        point: point.key,
        value,
        held: value !== null && HOLDS[limit.operator](value, limit.value),
      };
    }),
  );
}
