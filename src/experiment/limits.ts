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

/** What a limit bounds at a point; null when it could not be measured. */
export function limitedValue(point: ResultPoint, limit: GateBound): number | null {
  return pointMetric(point, limit.metric)?.mean ?? null;
}

/** The metric that a limit bounds, without its tenant. */
export function limitedMetric({ text }: Pick<ResultLimit, 'text'>): string {
  return text.split(/\s/)[0]!.split('.').at(-1)!;
}

/** Checks a limit at a point. A metric that could not be measured does not keep its limit. */
export function checkLimit(point: string, limit: GateBound, value: number | null): ResultLimit {
  return {
    text: limit.text,
    point,
    value,
    held: value !== null && HOLDS[limit.operator](value, limit.value),
  };
}
