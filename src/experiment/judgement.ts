/** What the replications of a point say about themselves: how it stood its load, and which metrics may be believed. */
import { drifts } from '../analysis/drift.js';
import { type LoadLabel, loadLabel } from '../analysis/load-label.js';
import { type MetricVerdict, metricVerdict, type VerdictInput } from '../analysis/verdict.js';
import { METRICS } from '../models/metrics.js';
import type { RunBins, RunResult } from '../models/run-result.js';

/** Label and verdicts of a point. */
export interface Judgement {
  load: LoadLabel;
  /** Of every metric that the point has, in the catalogue's order. */
  verdicts: Record<string, MetricVerdict>;
}

/** Judges a point from its replications. */
export function judgePoint(runs: readonly RunResult[], warmupPs: number): Judgement {
  const measured = runs.map(({ bins }) => measuredBins(bins, warmupPs));
  const load = loadLabel(measured);
  const flow = drifts(measured.map(({ completions }) => completions));
  const delay = drifts(
    measured.map(({ completions, latencySumPs }) =>
      latencySumPs.map((sum, bin) => (completions[bin]! > 0 ? sum / completions[bin]! : null)),
    ),
  );
  const verdicts: Judgement['verdicts'] = {};
  for (const { name } of METRICS) {
    if (!runs.some((run) => name in run.metrics)) continue;
    const values = runs.map((run) => run.metrics[name] ?? null);
    verdicts[name] = metricVerdict({ values, kind: kindOf(name), load, drifting: { flow, delay } });
  }
  return { load, verdicts };
}

function kindOf(metric: string): VerdictInput['kind'] {
  if (metric === 'throughput' || metric === 'rate') return 'flow';
  return metric.startsWith('latency_') ? 'delay' : 'other';
}

/** The bins that lie in the measured phase as a whole. */
function measuredBins(bins: RunBins, warmupPs: number): RunBins {
  const first = Math.ceil(warmupPs / bins.widthPs - 1e-9);
  const { widthPs } = bins;
  const part = (series: readonly number[]): number[] => series.slice(first);
  return {
    widthPs,
    completions: part(bins.completions),
    bytes: part(bins.bytes),
    latencySumPs: part(bins.latencySumPs),
    served: part(bins.served),
    waiting: part(bins.waiting),
    backlog: part(bins.backlog),
    busyPs: part(bins.busyPs),
    queuedPs: part(bins.queuedPs),
  };
}
