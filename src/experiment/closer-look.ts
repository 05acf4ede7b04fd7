/**
 * What charts of a point are drawn from beside its metrics: latency by rank, where the time of each band of it goes,
 * the first replication over time, and the first descriptors of it one by one. Bounded whatever the length of a run.
 */
import { STAGES } from '../models/metrics.js';
import type { RunResult } from '../models/run-result.js';
import { LogHistogram, type LogHistogramJson } from '../sim/log-histogram.js';
import { toSi } from '../workload/internal.js';
import type { ResultPoint } from './results.js';

/** Percentiles of the latency table; those with fewer samples than `TAIL_SAMPLES` beyond them are left out. */
const PERCENTILES = [
  ...[1, 2.5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 92.5, 95, 97.5, 98, 99],
  ...[99.5, 99.75, 99.9, 99.95, 99.99],
];
const TAIL_SAMPLES = 10;
/** Steps of a run over time, of those that the simulation counts in. */
const STEPS = 50;
/** Digits of numbers that are only drawn. */
const DRAWN_DIGITS = 5;

/** Latency at fixed percentiles over all replications: [percentile, seconds]. */
export function percentiles(runs: readonly RunResult[]): [number, number][] {
  const all = new LogHistogram();
  for (const run of runs) all.merge(LogHistogram.fromJSON(run.latency as LogHistogramJson));
  const enough = (p: number): boolean => (all.count * Math.min(p, 100 - p)) / 100 >= TAIL_SAMPLES || p === 50;
  return all.count === 0
    ? []
    : PERCENTILES.filter(enough).map((p) => [p, toSi('time', all.estimateQuantile(p / 100))]);
}

/** Mean exposed time of each stage in each band of latency, over the descriptors of all replications. */
export function bands(runs: readonly RunResult[]): ResultPoint['bands'] {
  return runs[0]!.bands.flatMap(({ from, to }, band) => {
    const count = runs.reduce((sum, run) => sum + run.bands[band]!.count, 0);
    if (count < TAIL_SAMPLES) return [];
    const means = STAGES.flatMap((stage, i): [string, number][] => {
      const sumPs = runs.reduce((sum, run) => sum + run.bands[band]!.stagePs[i]!, 0);
      return sumPs > 0 ? [[stage, drawn(sumPs / count / 1e12)]] : [];
    });
    return [{ from, to, stages: Object.fromEntries(means) }];
  });
}

/** The first replication over time, from the start of the load. */
export function overTime({ bins, engines, queues }: RunResult): ResultPoint['over_time'] {
  const every = bins.completions.length / STEPS;
  const widthPs = bins.widthPs * every;
  const summed = (series: readonly number[]): number[] =>
    Array.from({ length: STEPS }, (_, step) =>
      series.slice(step * every, (step + 1) * every).reduce((sum, value) => sum + value, 0),
    );
  const completions = summed(bins.completions);
  return {
    step: widthPs / 1e12,
    throughput: summed(bins.bytes).map((bytes) => drawn(bytes / (widthPs / 1e12))),
    latency_mean: summed(bins.latencySumPs).map((sumPs, step) =>
      completions[step]! > 0 ? drawn(sumPs / completions[step]! / 1e12) : null,
    ),
    engine_utilization: summed(bins.busyPs).map((ps) => drawn(Math.min(1, ps / (widthPs * engines)))),
    queue_occupancy: summed(bins.queuedPs).map((ps) => drawn(ps / (widthPs * queues))),
  };
}

/** The first descriptors that finished in the measured phase of the first replication. */
export function excerpt({ excerpt: rows }: RunResult): ResultPoint['excerpt'] {
  const beganPs = Math.min(...rows.map(({ startPs }) => startPs));
  return rows.map(({ thread, queue, engine, startPs, stagePs }) => ({
    thread,
    queue,
    engine,
    start: toSi('time', startPs - beganPs),
    stages: stagePs.map((ps) => toSi('time', ps)),
  }));
}

function drawn(value: number): number {
  return Number(value.toPrecision(DRAWN_DIGITS));
}
