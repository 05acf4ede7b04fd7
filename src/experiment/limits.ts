/** Limits of a workload's gate: absolute bounds on metrics, checked at every point. */
import { pointMetric } from './baseline.js';
import type { ResultLimit, ResultPoint } from './results.js';

/** A bound such as `latency_p99 < 8us`. */
export interface GateLimit {
  /** As written. */
  text: string;
  /** Name, also as `tenants.<name>.<metric>`. */
  metric: string;
  operator: '<' | '<=' | '>' | '>=';
  /** In the metric's SI unit. */
  value: number;
}

const HOLDS: Record<GateLimit['operator'], (value: number, bound: number) => boolean> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Checks every limit at every point. A metric that could not be measured does not keep its limit. */
export function checkLimits(points: readonly ResultPoint[], limits: readonly GateLimit[]): ResultLimit[] {
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
