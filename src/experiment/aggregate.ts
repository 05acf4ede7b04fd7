/**
 * What a sweep of many points amounts to: how each metric is spread for each design, over all points and at each value
 * of each axis, and how often each design is in front. A few numbers are kept of every point.
 */
import type { ResultPoint, StreamedResults } from './results.js';
import { Stream } from './stream.js';

/** Points from which on a sweep is reported as aggregates. */
export const LARGE_SWEEP = 500;

/** Metrics that are aggregated, and which value of each is in front. */
export const AGGREGATED = [
  { metric: 'throughput', better: 'higher' },
  { metric: 'latency_p50', better: 'lower' },
  { metric: 'latency_p99', better: 'lower' },
  { metric: 'cpu_per_descriptor', better: 'lower' },
] as const;

/** How the means of a metric are spread over points. */
export interface Spread {
  /** Points at which it could be measured. */
  count: number;
  low: number;
  quartile1: number;
  median: number;
  quartile3: number;
  high: number;
  /** Keys of the points with the lowest and the highest value. */
  lowKey: string;
  highKey: string;
}

/** Verdicts on metrics, and labels of loads, that a reader must know of. */
export interface Doubts {
  points: number;
  overloaded: number;
  /** Points with a metric of which there are too few samples, or that was not stationary. */
  doubtful: number;
  failed: number;
}

/** Gathers points in the order of the result. */
export class Aggregate {
  readonly designs: readonly string[];
  readonly #axes: readonly { path: string; values: readonly string[] }[];
  readonly #keys: (point: number) => string;
  readonly #design: Uint16Array;
  readonly #at: Uint32Array;
  readonly #means: Float64Array;
  #doubts: Doubts[] = [];
  readonly #leads: Uint32Array;
  /** By metric: places at which it could be measured, and those of them at which all designs are in front. */
  readonly #told: Uint32Array;
  readonly #level: Uint32Array;
  #ranked = 0;
  #devices = 0;
  #unequal = 0;
  #points = 0;
  #place: { text: string; resources: string; equal: boolean; from: number } | null = null;

  /**
   * @param results whose points will come
   * @param points how many
   * @param keys key of a point by its index
   */
  constructor(
    results: Pick<StreamedResults, 'designs' | 'sweep'>,
    points: number,
    keys: (point: number) => string,
  ) {
    this.designs = results.designs.map(({ id }) => id);
    this.#axes = results.sweep;
    this.#keys = keys;
    this.#design = new Uint16Array(points);
    this.#at = new Uint32Array(points * results.sweep.length);
    this.#means = new Float64Array(points * AGGREGATED.length);
    this.#leads = new Uint32Array(this.designs.length * AGGREGATED.length);
    this.#told = new Uint32Array(AGGREGATED.length);
    this.#level = new Uint32Array(AGGREGATED.length);
  }

  /** Points taken. */
  get points(): number {
    return this.#points;
  }

  /** The points as they pass by; whoever reads them from the beginning begins the aggregate anew. */
  observing(points: Stream<ResultPoint>): Stream<ResultPoint> {
    const add = (point: ResultPoint): void => this.#add(point);
    const end = (): void => this.#endPlace();
    const begin = (): void => this.#begin();
    return new Stream(function* () {
      begin();
      for (const point of points.items()) {
        add(point);
        yield point;
      }
      end();
    });
  }

  /** How a metric is spread, or null where it could nowhere be measured. @param where an axis and the index of a value on it */
  spread(design: number, metric: number, where?: { axis: number; value: number }): Spread | null {
    const found: { mean: number; point: number }[] = [];
    for (let point = 0; point < this.#points; point++) {
      if (this.#design[point] !== design) continue;
      if (where !== undefined && this.#at[point * this.#axes.length + where.axis] !== where.value) continue;
      const mean = this.#means[point * AGGREGATED.length + metric]!;
      if (!Number.isNaN(mean)) found.push({ mean, point });
    }
    if (found.length === 0) return null;
    found.sort((a, b) => a.mean - b.mean || a.point - b.point);
    const at = (share: number): number => found[Math.round(share * (found.length - 1))]!.mean;
    const [low, high] = [found[0]!, found.at(-1)!];
    return {
      count: found.length,
      low: low.mean,
      quartile1: at(0.25),
      median: at(0.5),
      quartile3: at(0.75),
      high: high.mean,
      lowKey: this.#keys(low.point),
      highKey: this.#keys(high.point),
    };
  }

  /** What is to be known of a design's points. */
  doubts(design: number): Doubts {
    return this.#doubts[design]!;
  }

  /** Most devices that a point has. */
  get devices(): number {
    return this.#devices;
  }

  /** Ranked places at which a metric could be measured, and those of them at which all designs are level. */
  told(metric: number): { places: number; level: number } {
    return { places: this.#told[metric]!, level: this.#level[metric]! };
  }

  /** Places at which all designs were given the same, and those at which they were not and are not ranked. */
  get places(): { ranked: number; unequal: number } {
    return { ranked: this.#ranked, unequal: this.#unequal };
  }

  /** Ranked places at which the mean of a design is in front, ties included. */
  leads(design: number, metric: number): number {
    return this.#leads[design * AGGREGATED.length + metric]!;
  }

  #begin(): void {
    this.#doubts = this.designs.map(() => ({ points: 0, overloaded: 0, doubtful: 0, failed: 0 }));
    for (const counts of [this.#leads, this.#told, this.#level]) counts.fill(0);
    this.#ranked = 0;
    this.#devices = 0;
    this.#unequal = 0;
    this.#points = 0;
    this.#place = null;
  }

  #add(point: ResultPoint): void {
    const index = this.#points;
    const design = this.designs.indexOf(point.design);
    this.#design[index] = design;
    this.#axes.forEach(({ path, values }, a) => {
      this.#at[index * this.#axes.length + a] = values.indexOf(point.at[path] ?? '');
    });
    AGGREGATED.forEach(({ metric }, m) => {
      this.#means[index * AGGREGATED.length + m] = point.metrics[metric]?.mean ?? Number.NaN;
    });
    const doubts = this.#doubts[design]!;
    doubts.points++;
    if (point.load === 'overloaded') doubts.overloaded++;
    if (AGGREGATED.some(({ metric }) => /few|stationary/.test(point.verdicts[metric] ?? '')))
      doubts.doubtful++;
    if (point.conservation.failed + point.conservation.rejected > 0) doubts.failed++;
    const text = JSON.stringify(point.at);
    const resources = JSON.stringify([point.resources, point.devices]);
    this.#devices = Math.max(this.#devices, point.devices);
    if (this.#place?.text !== text) {
      this.#endPlace();
      this.#place = { text, resources, equal: true, from: index };
    } else if (this.#place.resources !== resources) this.#place.equal = false;
    this.#points++;
  }

  #endPlace(): void {
    const place = this.#place;
    this.#place = null;
    if (place === null || this.#points - place.from < 2) return;
    if (!place.equal) {
      this.#unequal++;
      return;
    }
    this.#ranked++;
    AGGREGATED.forEach(({ better }, m) => {
      const sign = better === 'higher' ? 1 : -1;
      let best = Number.NEGATIVE_INFINITY;
      for (let i = place.from; i < this.#points; i++) {
        const mean = this.#means[i * AGGREGATED.length + m]! * sign;
        if (mean > best) best = mean;
      }
      if (best === Number.NEGATIVE_INFINITY) return;
      this.#told[m]!++;
      let leaders = 0;
      for (let i = place.from; i < this.#points; i++) {
        if (this.#means[i * AGGREGATED.length + m]! * sign !== best) continue;
        this.#leads[this.#design[i]! * AGGREGATED.length + m]!++;
        leaders++;
      }
      if (leaders === this.#points - place.from) this.#level[m]!++;
    });
  }
}
