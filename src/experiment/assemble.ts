/** From the results of replications to the result document. Nothing here depends on who ran what, or when. */
import { estimate } from '../analysis/estimate.js';
import { METRICS, STAGES } from '../models/metrics.js';
import { PARAMETERS, type ParameterValues } from '../models/parameters.js';
import type { RunResult } from '../models/run-result.js';
import type { Design } from '../models/virtualization/design.js';
import { designVerdict } from '../models/virtualization/validity.js';
import { HISTOGRAM_RESOLUTION } from '../sim/log-histogram.js';
import type { Conclusion } from '../workload/conclusion.js';
import type { GateBound, GateMetric } from '../workload/gate.js';
import { SI_UNIT, toSi } from '../workload/internal.js';
import type { SweepAxis } from '../workload/sweep.js';
import type { Measure, Point } from '../workload/workload.js';
import { bands, excerpt, overTime, percentiles } from './closer-look.js';
import { Columns } from './columns.js';
import { judgeConclusion } from './conclusion.js';
import { curvesOf } from './curves.js';
import type { Digests } from './digest.js';
import { judgePoint } from './judgement.js';
import { checkLimit, limitedValue } from './limits.js';
import type {
  ControlStep,
  Estimate,
  ResultDesign,
  ResultLifecycleEvent,
  ResultMeasure,
  ResultParameter,
  ResultPoint,
  ResultStage,
  Results,
  StreamedResults,
} from './results.js';
import { RESULTS_SCHEMA_VERSION } from './results.js';
import { streamedSettings } from './settings.js';
import { Stream, whole } from './stream.js';

/** What was run, beside its results. */
export interface Experiment {
  version: string;
  workload: Omit<Results['workload'], 'hash' | 'digests'>;
  measure: Measure;
  sweep: readonly SweepAxis[];
  designs: readonly Design[];
  /** Constants before any design or sweep replaces some. */
  parameters: ParameterValues;
  /** As they were run. */
  points: readonly Point[];
  /** Of what the workload asks for. */
  digests: Digests;
  limits: readonly GateBound[];
  conclusion: Conclusion | null;
  /** How a gate compares this run with a baseline. */
  rules: readonly GateMetric[];
  /** Of the workload itself. */
  warnings: readonly string[];
}

/**
 * The result document.
 * @param experiment what was run
 * @param runs results by point and replication, as `runPlan` gives them
 */
export function assemble(experiment: Experiment, runs: readonly (readonly RunResult[])[]): Results {
  return whole<Results>(assembleStreamed(experiment, (point) => runs[point]!));
}

/**
 * The result document, each point made when it is read. What stands behind the points depends on them, so the
 * document is read in the order of its keys.
 * @param runsOf replications of a point by its index
 */
export function assembleStreamed(
  experiment: Experiment,
  runsOf: (point: number) => readonly RunResult[],
): StreamedResults {
  const { points, designs, sweep, limits } = experiment;
  const known = metricNames(points, runsOf);
  const find = (key: string): ResultPoint | undefined => {
    const i = points.findIndex((point) => point.key === key);
    return i < 0 ? undefined : assemblePoint(points[i]!, runsOf(i));
  };
  let columns = new Columns(0);
  const warnings = new Set(experiment.warnings);
  /** By point, then by limit; NaN for what could not be measured. */
  const limited = new Float64Array(points.length * limits.length);
  const { hash, ...parts } = experiment.digests;
  const { name, description, file, seed, preset, semantics, command } = experiment.workload;
  return {
    schema_version: RESULTS_SCHEMA_VERSION,
    kind: 'run',
    generator: { name: 'dsasim', version: experiment.version },
    // Keys in the order of the schema: a document that was read and written again has the same bytes.
    workload: { name, description, file, hash, digests: parts, seed, preset, semantics, command },
    measure: resultMeasure(experiment.measure),
    metrics: Object.fromEntries(
      METRICS.filter(({ name }) => known.has(name)).map(({ name, unit, better, sentence }) => [
        name,
        { unit, better, sentence },
      ]),
    ),
    sweep: sweep.map(({ path, unit, values, numbers }) => ({
      path,
      unit,
      values: [...values],
      numbers: [...numbers],
    })),
    designs: designs.map(resultDesign),
    parameters: resultParameters(experiment.parameters),
    points: new Stream(function* () {
      columns = new Columns(points.length);
      for (const [i, point] of points.entries()) {
        const result = assemblePoint(point, runsOf(i));
        columns.add(result);
        for (const warning of result.warnings) warnings.add(warning);
        limits.forEach((limit, l) => {
          limited[i * limits.length + l] = limitedValue(result, limit) ?? Number.NaN;
        });
        yield result;
      }
    }),
    curves: curvesOf(points, (point) => columns.at(point), sweep),
    robustness: null,
    what_if: null,
    limits: new Stream(function* () {
      for (const [i, { key }] of points.entries()) {
        for (const [l, limit] of limits.entries()) {
          const value = limited[i * limits.length + l]!;
          yield checkLimit(key, limit, Number.isNaN(value) ? null : value);
        }
      }
    }),
    conclusion: experiment.conclusion === null ? null : judgeConclusion(experiment.conclusion, find),
    gate: experiment.rules.map(({ metric, better, tolerance, absolute, level }) => ({
      metric,
      better,
      tolerance,
      absolute,
      level,
    })),
    settings: streamedSettings(points, designs),
    warnings: new Stream(() => warnings),
  };
}

/** Metrics that some point has. Only those of a lifecycle are not had by all. */
function metricNames(
  points: readonly Point[],
  runsOf: (point: number) => readonly RunResult[],
): ReadonlySet<string> {
  const names = new Set<string>();
  let plain = false;
  for (const [i, { config }] of points.entries()) {
    const lives = (config.lifecycle ?? []).length > 0;
    if (!lives && plain) continue;
    plain ||= !lives;
    for (const run of runsOf(i)) for (const name of Object.keys(run.metrics)) names.add(name);
  }
  return names;
}

/** What was asked to be measured, as results and baselines hold it. */
export function resultMeasure({ warmupPs, durationPs, replications, until }: Measure): ResultMeasure {
  return {
    warmup: warmupPs === null ? null : toSi('time', warmupPs),
    duration: toSi('time', durationPs),
    replications,
    until: until === null ? null : { relative_half_width: until.relativeHalfWidth, max: until.max },
  };
}

function assemblePoint(point: Point, runs: readonly RunResult[]): ResultPoint {
  const first = runs[0]!;
  const sum = (key: keyof RunResult['conservation']): number =>
    runs.reduce((total, run) => total + run.conservation[key], 0);
  return {
    key: point.key,
    design: point.design,
    at: { ...point.at },
    resources: first.resources.map((share) => ({
      tenant: share.tenant,
      instances: share.instances,
      devices_per_instance: share.devicesPerInstance,
      engines_per_instance: share.enginesPerInstance,
      work_queues_per_instance: share.workQueuesPerInstance,
      entries_per_instance: share.entriesPerInstance,
      mode: share.mode,
    })),
    devices: first.devices,
    warmup: toSi('time', point.config.measure.warmupPs),
    ...judgePoint(runs, point.config.measure.warmupPs),
    metrics: estimates(runs.map((run) => run.metrics)),
    tenants: Object.fromEntries(
      Object.keys(first.tenants).map((name) => [name, estimates(runs.map((run) => run.tenants[name] ?? {}))]),
    ),
    stages: stages(runs),
    percentiles: percentiles(runs),
    bands: bands(runs),
    over_time: overTime(first),
    excerpt: excerpt(first),
    control: controlSteps(runs),
    lifecycle: lifecycleEvents(runs),
    conservation: {
      submitted: sum('submitted'),
      completed: sum('completed'),
      failed: sum('failed'),
      rejected: sum('rejected'),
      aborted: sum('aborted'),
      in_flight: sum('inFlight'),
    },
    fingerprints: runs.map((run) => run.fingerprint),
    memory_digests: runs.map((run) => run.memoryDigest).filter((digest) => digest !== ''),
    warnings: unique(runs.flatMap((run) => run.warnings)),
  };
}

/**
 * Percentiles come from a histogram that tells values apart by 0.4 %: replications that agree to the picosecond still
 * do not know the percentile better than that.
 */
function resolved(mean: number | null, halfWidth: number | null): number | null {
  return mean === null || halfWidth === null ? halfWidth : Math.max(halfWidth, mean * HISTOGRAM_RESOLUTION);
}

function isPercentile(metric: string): boolean {
  return metric.startsWith('latency_p');
}

/** Every metric of the catalogue that some replication knows, in the catalogue's order. */
function estimates(runs: readonly Readonly<Record<string, number | null>>[]): Record<string, Estimate> {
  const result: Record<string, Estimate> = {};
  for (const { name } of METRICS) {
    if (!runs.some((run) => name in run)) continue;
    const values = runs.map((run) => run[name] ?? null);
    const { mean, halfWidth } = estimate(values);
    result[name] = { mean, half_width: isPercentile(name) ? resolved(mean, halfWidth) : halfWidth, values };
  }
  return result;
}

/**
 * Mean exposed time of each stage. The mean over descriptors is taken in each replication and then over replications,
 * as for the mean latency, so that the stages add up to it.
 */
function stages(runs: readonly RunResult[]): ResultStage[] {
  const measured = runs.filter((run) => run.measured > 0);
  const tailed = runs.filter((run) => run.tail > 0);
  const mean = (from: readonly RunResult[], value: (run: RunResult) => number): number =>
    from.length === 0 ? 0 : from.reduce((total, run) => total + value(run), 0) / from.length / 1e12;
  return STAGES.map((stage) => ({
    stage,
    mean: mean(measured, (run) => run.stages[stage].sumPs / run.measured),
    p99: mean(tailed, (run) => run.stages[stage].tailSumPs / run.tail),
  }));
}

/** The steps of the first replication, with the mean of their times where all replications took the same steps. */
function controlSteps(runs: readonly RunResult[]): ControlStep[] {
  return runs[0]!.control.map((step, i) => {
    const same = runs.map((run) => run.control[i]).filter((other) => other?.step === step.step);
    return {
      phase: step.phase,
      step: step.step,
      reads: step.reads,
      writes: step.writes,
      trapped: step.trapped,
      commands: step.commands,
      seconds: same.reduce((total, other) => total + other!.timePs, 0) / same.length / 1e12,
    };
  });
}

/** The events of the first replication, with estimates of their metrics over all. */
function lifecycleEvents(runs: readonly RunResult[]): ResultLifecycleEvent[] {
  return runs[0]!.lifecycle.map((event, i) => {
    const same = runs.map((run) => run.lifecycle[i]!);
    const steps = event.steps.map((step, s) => {
      const { timePs: _, ...counts } = step;
      const times = same.flatMap((other) => other.steps[s]?.timePs ?? []);
      return { ...counts, seconds: times.reduce((sum, time) => sum + time, 0) / times.length / 1e12 };
    });
    const { action, tenant, instance, outcome, reason } = event;
    return {
      action,
      tenant,
      instance,
      at: event.startedPs / 1e12,
      outcome,
      reason,
      metrics: estimates(same.map((other) => other.metrics)),
      steps,
    };
  });
}

function resultDesign(design: Design): ResultDesign {
  const { verdict, reasons } = designVerdict(design);
  return {
    id: design.id,
    family: design.family,
    status: design.status,
    summary: design.summary,
    axes: {
      guest: design.guest,
      allotment: design.allotment,
      ...(design.driver === undefined ? {} : { driver: design.driver }),
      control: design.control,
      data: design.data,
      translation: design.translation,
      interrupts: `misc ${design.interrupts.misc}, completion ${design.interrupts.completion}`,
      lifecycle: design.lifecycle,
      mapping: design.mapping,
      suspend: design.suspend,
    },
    validity: verdict === 'possible' ? 'possible' : 'hypothetical',
    reasons,
    notices: [...design.notices],
    sources: [...design.sources],
    code: (design.code ?? []).map(({ lines, what, runsIn, source }) => ({
      lines,
      what,
      runs_in: runsIn,
      source,
    })),
  };
}

function resultParameters(values: ParameterValues): ResultParameter[] {
  return PARAMETERS.map((p) => {
    const si = (value: number): number => toSi(p.dimension, value);
    const value = values[p.name];
    return {
      name: p.name,
      unit: SI_UNIT[p.dimension],
      value: si(value),
      low: si(p.low),
      nominal: si(p.nominal),
      high: si(p.high),
      changed: value !== p.nominal,
      sentence: p.sentence,
      source: p.source,
      trust: p.trust,
    };
  });
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
