/** From a workload to its result: plan, simulate, assemble. */

import { fileName } from '../workload/files.js';
import type { GateMetric } from '../workload/gate.js';
import type { Workload } from '../workload/workload.js';
import { assembleStreamed, resultMeasure } from './assemble.js';
import { baselineRounded } from './baseline.js';
import { type Digests, digests } from './digest.js';
import { DEFAULT_RULES, type Identity } from './gate.js';
import { withinTime } from './misjudged.js';
import type { PoolOptions } from './pool.js';
import type { StreamedResults } from './results.js';
import { examineRankings } from './robustness.js';
import { sample } from './sampling.js';
import { settingsOf } from './settings.js';
import { measuredOf } from './standings.js';
import { tryChanges } from './what-if.js';

/** Options of `runWorkload`. */
export interface ExperimentOptions extends PoolOptions {
  /** Version of dsasim, for the document. */
  version: string;
  /** The command that makes the document again. */
  command: string;
  /** Worlds with other constants in which rankings are tried again; none unless told. */
  worlds?: number;
  /** Whether each point is tried with one resource more. */
  whatIf?: boolean;
}

/**
 * Simulates every replication of every point of a workload.
 * The document depends on the workload, the version and the command only, never on workers or time. Each of its points
 * is made when it is read, so that with a memo it may be larger than memory.
 * @throws WorkloadError where there is not enough simulated time for it; SimulationError, WorkerError, InterruptedError
 * as `runPlan`
 */
export function runWorkload(workload: Workload, options: ExperimentOptions): Promise<StreamedResults> {
  return withinTime(workload, () => run(workload, options));
}

async function run(workload: Workload, options: ExperimentOptions): Promise<StreamedResults> {
  const { version, command, worlds = 0, whatIf = false, ...pool } = options;
  const { name, description, seed, preset, semantics } = workload;
  const { points, runs, warnings } = await sample(workload.points, workload.measure, pool);
  const results = assembleStreamed(
    {
      version,
      workload: { name, description, file: fileName(workload.file), seed, preset, semantics, command },
      measure: workload.measure,
      sweep: workload.sweep,
      designs: workload.designs,
      parameters: workload.parameters,
      points,
      digests: digestsOf(workload),
      limits: workload.gate.limits,
      conclusion: workload.conclusion,
      rules: rulesOf(workload),
      warnings: [...workload.warnings.map((warning) => warning.message), ...warnings],
    },
    (point) => runs.of(point),
  );
  if (worlds > 0) {
    const measured = points.map(({ config }, i) => measuredOf(runs.of(i), config.measure.warmupPs));
    results.robustness = await examineRankings(points, measured, worlds, seed, pool);
  }
  if (whatIf) results.what_if = await tryChanges(points, runs, pool);
  return results;
}

/** The metrics that a gate compares: those of the workload, or the default ones where it names none. */
export function rulesOf(workload: Workload): readonly GateMetric[] {
  return workload.gate.metrics.length > 0 ? workload.gate.metrics : DEFAULT_RULES;
}

/** What a gate asks of a workload before simulating it. */
export function identityOf(workload: Workload, version: string): Identity {
  return {
    workload: workload.name,
    seed: workload.seed,
    measure: resultMeasure(workload.measure),
    model: version,
    designs: Object.fromEntries(workload.points.map((point) => [point.key, point.design])),
    settings: baselineRounded(settingsOf(workload.points, workload.designs)),
  };
}

/** The hash that results of this workload carry. */
export function hashOf(workload: Workload): string {
  return digestsOf(workload).hash;
}

function digestsOf({ name, points, measure }: Workload): Digests {
  return digests(name, points, measure);
}
