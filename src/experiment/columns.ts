/**
 * What of every point is needed beside the others, in a few numbers each: the metrics that curves and aggregates are
 * made of, by replication, as far as they may be believed. All else of a point is written and forgotten.
 */
import { isCounted } from '../analysis/verdict.js';
import { CURVE_METRICS, type Measured } from './curves.js';
import type { ResultPoint } from './results.js';

const FIRST_VALUES = 1024;

/** See the head of this file. */
export class Columns {
  #values = new Float64Array(FIRST_VALUES);
  #used = 0;
  /** Where the values of each point begin. */
  readonly #from: Float64Array;
  readonly #resources: Uint32Array;
  /** Distinct resources; a sweep has few. */
  readonly #texts: string[] = [];
  readonly #known = new Map<string, number>();
  #points = 0;

  /** @param points how many there will be */
  constructor(points: number) {
    this.#from = new Float64Array(points + 1);
    this.#resources = new Uint32Array(points);
  }

  /** Takes the next point. */
  add(point: ResultPoint): void {
    const text = JSON.stringify(point.resources);
    let resources = this.#known.get(text);
    if (resources === undefined) {
      resources = this.#texts.push(text) - 1;
      this.#known.set(text, resources);
    }
    this.#resources[this.#points] = resources;
    const replications = point.fingerprints.length;
    const end = this.#used + CURVE_METRICS.length * replications;
    if (end > this.#values.length) {
      const larger = new Float64Array(Math.max(end, this.#values.length * 2));
      larger.set(this.#values);
      this.#values = larger;
    }
    for (const name of CURVE_METRICS) {
      const known = point.metrics[name]?.values;
      const values = isCounted(point.verdicts[name], replications) ? known : undefined;
      for (let i = 0; i < replications; i++) this.#values[this.#used++] = values?.[i] ?? Number.NaN;
    }
    this.#from[++this.#points] = this.#used;
  }

  /** What a point gave; null where it is not to be believed. @throws RangeError before all points were taken */
  at(point: number): Measured {
    if (this.#points !== this.#resources.length) throw new RangeError('not all points were taken');
    const from = this.#from[point]!;
    const replications = (this.#from[point + 1]! - from) / CURVE_METRICS.length;
    const metrics: Record<string, { values: (number | null)[] }> = {};
    CURVE_METRICS.forEach((name, m) => {
      const start = from + m * replications;
      const values = Array.from(this.#values.subarray(start, start + replications), (value) =>
        Number.isNaN(value) ? null : value,
      );
      metrics[name] = { values };
    });
    return { resources: this.#texts[this.#resources[point]!], metrics };
  }
}
