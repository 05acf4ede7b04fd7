/** From a gate's command line to what it says about each workload. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Baseline } from '../experiment/baseline.js';
import type { GateReport } from '../experiment/gate.js';
import type { GateOutcome, GateSides } from '../experiment/gate-outcome.js';
import type { Results } from '../experiment/results.js';
import type { GateMetric } from '../workload/gate.js';
import type { Workload } from '../workload/workload.js';
import { UsageError } from './errors.js';
import type { GateFlags } from './gate.js';
import { load, simulate } from './simulate.js';
import { say } from './terminal.js';
import { version } from './version.js';

/** One workload at the gate: from its file, from results made before, or from both. */
export interface GateJob {
  name: string;
  path: string;
  workload: Workload | null;
  results: Results | null;
  /** File of the baseline. */
  baseline: string;
}

/** What came of a job. */
export interface Judged extends GateSides {
  /** Why the job was not compared. */
  error: Error | null;
}

/**
 * Loads everything that a gate is about, before anything is simulated.
 * @throws WorkloadError, DocumentError, UsageError; NotComparableError when there is nothing to compare;
 *   AbortError when `signal` is aborted
 */
export async function gateJobs(
  paths: readonly string[],
  flags: GateFlags,
  signal: AbortSignal,
): Promise<GateJob[]> {
  if (flags.updateBaseline === true && underCi(process.env) && flags.force !== true) {
    throw new UsageError(
      'a baseline is not updated under CI',
      'update it on your machine and commit it, or add --force',
      'DSASIM_C004',
    );
  }
  const { NotComparableError } = await import('../experiment/errors.js');
  const { readResults } = await import('../experiment/document.js');
  const documents: { path: string; results: Results }[] = [];
  for (const path of flags.results ?? []) {
    const results = await readResults(path).catch((error: Error & { code?: string }) => {
      const otherVersion = error.code === 'DSASIM_D005' || error.code === 'DSASIM_D007';
      throw otherVersion
        ? new NotComparableError([error.message], 'make the results again with this dsasim run')
        : error;
    });
    documents.push({ path, results });
  }
  const workloads: { path: string; workload: Workload }[] = [];
  for (const path of paths) workloads.push({ path, workload: await load(path, flags, signal) });

  const several = Math.max(workloads.length, documents.length) > 1;
  const folder = await isFolder(flags.baseline);
  if (several && !folder) {
    throw new UsageError(
      `--baseline ${flags.baseline} is one file for several workloads`,
      'name a folder: it holds a <workload name>.json for each',
      'DSASIM_C007',
    );
  }
  const baselineOf = (name: string): string =>
    folder ? join(flags.baseline, `${name}.json`) : flags.baseline;
  const jobs: GateJob[] = workloads.map(({ path, workload }) => {
    const own = documents.find(({ results }) => results.workload.name === workload.name);
    // With one workload and one document the hash decides whether they belong together.
    const document = own ?? (several ? undefined : documents[0]);
    if (document === undefined && documents.length > 0) {
      throw new UsageError(
        `no --results are of the workload ${workload.name}`,
        'give the results of every workload, or none',
        'DSASIM_C008',
      );
    }
    const results = document?.results ?? null;
    return {
      name: workload.name,
      path: document?.path ?? path,
      workload,
      results,
      baseline: baselineOf(workload.name),
    };
  });
  if (workloads.length === 0) {
    for (const { path, results } of documents) {
      const { name } = results.workload;
      jobs.push({ name, path, workload: null, results, baseline: baselineOf(name) });
    }
  }
  if (jobs.length === 0) {
    throw new NotComparableError(
      ['nothing was compared: neither a workload nor --results was given'],
      'name a workload: dsasim gate workload.yaml --baseline FILE',
    );
  }
  const twice = jobs.find(({ name }, i) => jobs.findIndex((job) => job.name === name) !== i);
  if (twice !== undefined) {
    throw new UsageError(
      `two workloads are called ${twice.name}`,
      'a name decides about the baseline: give each its own',
      'DSASIM_C009',
    );
  }
  return jobs;
}

/**
 * Judges one workload: compares it with its baseline, or writes that.
 * @throws what `simulate` throws; a baseline that cannot be compared with is part of what it returns
 */
export async function runGate(
  job: GateJob,
  flags: GateFlags,
  signal: AbortSignal,
  written: string[],
): Promise<Judged> {
  const { NotComparableError } = await import('../experiment/errors.js');
  try {
    return await judge(job, flags, signal, written);
  } catch (error) {
    if (!(error instanceof NotComparableError)) throw error;
    const outcome = outcomeOf(job, flags, { comparisons: [], skipped: [], changed: [] }, []);
    return {
      outcome: {
        ...outcome,
        status: 'not comparable',
        reasons: [...error.reasons],
        remedy: error.remedy,
      },
      sides: null,
      error,
    };
  }
}

async function judge(
  job: GateJob,
  flags: GateFlags,
  signal: AbortSignal,
  written: string[],
): Promise<Judged> {
  const { workload } = job;
  const rules = await gateRules(job, flags);
  const { identityOf } = await import('../experiment/experiment.js');
  const { compareWithBaseline, incomparable, WANTED_CHANGE } = await import('../experiment/gate.js');
  const { makeBaseline, writeBaseline } = await import('../experiment/baseline.js');
  const { NotComparableError } = await import('../experiment/errors.js');
  const { passes } = await import('../experiment/gate-outcome.js');
  const { predictions } = await import('../report/notices.js');
  const { overview } = await import('../report/overview.js');
  const strictness = { strictModel: flags.strictModel === true };

  let baseline: Baseline | null = null;
  if (flags.updateBaseline !== true) {
    baseline = await baselineAt(job.baseline);
    if (workload !== null) {
      // Asked before simulating: a gate that cannot compare says so at once.
      const reasons = incomparable(identityOf(workload, version()), baseline, rules, strictness);
      if (reasons.length > 0) throw new NotComparableError(reasons, WANTED_CHANGE);
    }
  }
  const results = await resultsOf(job, flags, signal);
  const current = makeBaseline(
    results,
    rules.map((rule) => rule.metric),
  );
  let report: GateReport = { comparisons: [], skipped: [], changed: [] };
  if (baseline === null) {
    await writeBaseline(job.baseline, current);
    written.push(job.baseline);
    if (flags.quiet !== true) say(`wrote ${job.baseline}`);
  } else report = compareWithBaseline(current, baseline, rules, strictness);
  const outcome = outcomeOf(job, flags, report, results.limits);
  const passed = passes(report, results.limits, flags.failOn);
  return {
    outcome: {
      ...outcome,
      status: passed ? 'passed' : 'failed',
      predictions: predictions(overview(results)),
    },
    sides: baseline === null ? null : { baseline, current },
    error: null,
  };
}

function outcomeOf(
  { name, baseline }: GateJob,
  { updateBaseline = false, failOn }: GateFlags,
  report: GateReport,
  limits: GateOutcome['limits'],
): GateOutcome {
  return {
    workload: name,
    baseline,
    status: 'passed',
    updated: updateBaseline,
    failOn,
    report,
    limits,
    predictions: [],
    reasons: [],
    remedy: '',
  };
}

async function baselineAt(path: string): Promise<Baseline> {
  const { readBaseline } = await import('../experiment/baseline.js');
  const { NotComparableError } = await import('../experiment/errors.js');
  return readBaseline(path).catch((error: Error) => {
    if (error.name !== 'DocumentError') throw error;
    throw new NotComparableError([`the baseline ${error.message}`], howToMake(error));
  });
}

/** What to do about a baseline that cannot be used. */
function howToMake({ code }: Error & { code?: string }): string {
  if (code === 'DSASIM_D005') return 'use the dsasim that wrote it or a newer one';
  const write = 'write it with the same command and --update-baseline, on your machine, and commit it';
  return code !== undefined && OTHERS.includes(code) ? `move it away, and ${write}` : write;
}

/** Of files that were never a baseline. */
const OTHERS: readonly string[] = ['DSASIM_D003', 'DSASIM_D004'];

/** Only a baseline is replaced by one, whatever its version or state. @throws UsageError for any other file */
export async function checkReplaced(path: string): Promise<void> {
  const { readBaseline } = await import('../experiment/baseline.js');
  await readBaseline(path).catch((error: Error & { code?: string }) => {
    if (error.name !== 'DocumentError') throw error;
    if (error.code === undefined || !OTHERS.includes(error.code)) return;
    throw new UsageError(
      `${path} would be overwritten, and is no baseline`,
      'name another file, or move it away',
      'DSASIM_C018',
    );
  });
}

/** Results made before, which must be of this very workload, or new ones. */
async function resultsOf(job: GateJob, flags: GateFlags, signal: AbortSignal): Promise<Results> {
  const { workload, results } = job;
  if (results === null) return simulate(workload!, job.path, flags, signal);
  const { NotComparableError } = await import('../experiment/errors.js');
  const { hashOf } = await import('../experiment/experiment.js');
  if (workload !== null && results.workload.hash !== hashOf(workload)) {
    throw new NotComparableError(
      [`${job.path} was made from another workload or with other options than these`],
      'make it again with dsasim run and the same options, or leave the options of the gate out',
    );
  }
  return results;
}

/** The metrics that are compared, with the tolerances of the command line over those of the workload. */
async function gateRules({ workload, results }: GateJob, flags: GateFlags): Promise<GateMetric[]> {
  const { rulesOf } = await import('../experiment/experiment.js');
  const rules = workload === null ? results!.gate : rulesOf(workload);
  const given = flags.tolerance ?? new Map<string, number>();
  for (const metric of given.keys()) {
    if (rules.some((rule) => rule.metric === metric)) continue;
    throw new UsageError(
      `--tolerance names ${metric}, which this gate does not compare`,
      `it compares: ${rules.map((rule) => rule.metric).join(', ')}`,
      'DSASIM_C005',
    );
  }
  return rules.map((rule) => {
    const accepted = given.get(rule.metric);
    return accepted === undefined ? rule : { ...rule, tolerance: accepted, absolute: 0 };
  });
}

/** Whether a path is, or by its ending is meant to be, a folder. */
async function isFolder(path: string): Promise<boolean> {
  if (/[/\\]$/.test(path)) return true;
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Whether a CI system is running this, by the variable that all of them set. */
function underCi(env: NodeJS.ProcessEnv): boolean {
  return env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
}
