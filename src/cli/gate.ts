/** `dsasim gate`: holds a workload to its limits and to a committed baseline. */
import { Command, InvalidArgumentError } from 'commander';
import type { Baseline } from '../experiment/baseline.js';
import type { GateReport } from '../experiment/gate.js';
import type { Results } from '../experiment/results.js';
import type { GateMetric } from '../workload/gate.js';
import type { Workload } from '../workload/workload.js';
import { UsageError } from './errors.js';
import { EXIT } from './exit-codes.js';
import { gateText } from './gate-text.js';
import { onInterrupt } from './interrupt.js';
import { type WorkloadFlags, workloadOptions } from './options.js';
import { load, simulate } from './simulate.js';
import { print, say, wantsColour } from './terminal.js';

interface Flags extends WorkloadFlags {
  baseline: string;
  updateBaseline?: boolean;
  results?: string;
  tolerance?: Map<string, number>;
  force?: boolean;
}

/** The command. */
export function gateCommand(done: (exit: number) => void): Command {
  return new Command('gate')
    .description('Compare a workload with a committed baseline and hold it to its limits.')
    .argument('<workload.yaml>', 'workload file; its `gate` section says what is compared')
    .requiredOption('--baseline <file>', 'baseline to compare with')
    .option('--update-baseline', 'write the baseline instead of comparing with it')
    .option('--results <file>', 'results.json of this workload, instead of simulating it')
    .option('--tolerance <metric=percent>', 'accepted change of a metric; may be repeated', tolerance)
    .option('--force', 'let --update-baseline work under CI')
    .addOption(workloadOptions.workers())
    .addOption(workloadOptions.seed())
    .addOption(workloadOptions.replications())
    .addOption(workloadOptions.set())
    .addOption(workloadOptions.json('what the gate found'))
    .addOption(workloadOptions.quiet())
    .addHelpText(
      'after',
      `
Examples:
  $ dsasim gate workloads/quickstart.yaml --baseline reports/baselines/quickstart.json --update-baseline
  $ dsasim gate workloads/quickstart.yaml --baseline reports/baselines/quickstart.json

Exit codes: 0 passed, 1 regression or broken limit, 3 the baseline is missing or not comparable, or nothing
was compared.`,
    )
    .action(async (path: string, flags: Flags) => {
      const interrupt = onInterrupt();
      try {
        done(await gate(path, flags, interrupt.signal));
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'InterruptedError') throw error;
        say(`${error.message}; no file was written`);
        done(interrupt.exitCode());
      } finally {
        interrupt.dispose();
      }
    });
}

async function gate(path: string, flags: Flags, signal: AbortSignal): Promise<number> {
  const updating = flags.updateBaseline === true;
  if (updating && underCi(process.env) && flags.force !== true) {
    throw new UsageError(
      'a baseline is not updated under CI',
      'update it on your machine and commit it, or add --force',
      'DSASIM_C004',
    );
  }
  const workload = await load(path, flags);
  const rules = await gateRules(workload, flags);
  const { identityOf } = await import('../experiment/experiment.js');
  const { incomparable } = await import('../experiment/gate.js');
  const { makeBaseline, readBaseline, writeBaseline } = await import('../experiment/baseline.js');
  const { NotComparableError } = await import('../experiment/errors.js');
  const { checkFolder } = await import('../experiment/output.js');

  let baseline: Baseline | null = null;
  if (updating) await checkFolder(flags.baseline.replace(/[^/\\]*$/, '') || '.');
  else {
    baseline = await readBaseline(flags.baseline).catch((error: Error) => {
      throw error.name === 'DocumentError'
        ? new NotComparableError([`the baseline ${error.message}`])
        : error;
    });
    // Asked before simulating: a gate that cannot compare says so at once.
    const reasons = incomparable(identityOf(workload), baseline, rules);
    if (reasons.length > 0) throw new NotComparableError(reasons);
  }
  const results =
    flags.results === undefined
      ? await simulate(workload, path, flags, signal)
      : await storedResults(flags.results, workload);
  const current = makeBaseline(
    results,
    rules.map((rule) => rule.metric),
  );
  let report: GateReport = { comparisons: [], skipped: [], changed: [] };
  if (baseline === null) {
    await writeBaseline(flags.baseline, current);
    if (flags.quiet !== true) say(`wrote ${flags.baseline}`);
  } else {
    const { compareWithBaseline } = await import('../experiment/gate.js');
    report = compareWithBaseline(current, baseline, rules);
  }
  const failed =
    report.comparisons.some((c) => c.verdict === 'regressed') || results.limits.some((limit) => !limit.held);
  await present(report, results, failed, updating, flags);
  return failed ? EXIT.regression : EXIT.fine;
}

async function present(
  report: GateReport,
  results: Results,
  failed: boolean,
  updated: boolean,
  flags: Flags,
): Promise<void> {
  if (flags.json === true) {
    const { GATE_SCHEMA_VERSION } = await import('../experiment/gate.js');
    const { canonicalText } = await import('../experiment/canonical.js');
    const document = {
      schema_version: GATE_SCHEMA_VERSION,
      kind: 'gate',
      workload: results.workload.name,
      baseline: flags.baseline,
      updated,
      passed: !failed,
      ...report,
      limits: results.limits,
    };
    await print(canonicalText(document as never));
  } else if (flags.quiet !== true || failed) {
    await print(gateText(report, results.limits, updated, wantsColour(process.stdout)));
  }
}

/** The metrics of the workload's gate, with the tolerances of the command line over theirs. */
async function gateRules(workload: Workload, flags: Flags): Promise<GateMetric[]> {
  const { rulesOf } = await import('../experiment/experiment.js');
  const rules = rulesOf(workload);
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
    const tolerance = given.get(rule.metric);
    return tolerance === undefined ? rule : { metric: rule.metric, better: rule.better, tolerance };
  });
}

/** Results made before; they must be of this very workload. */
async function storedResults(path: string, workload: Workload): Promise<Results> {
  const { readResults } = await import('../experiment/document.js');
  const { NotComparableError } = await import('../experiment/errors.js');
  const { hashOf } = await import('../experiment/experiment.js');
  const results = await readResults(path).catch((error: Error & { code?: string }) => {
    const otherVersion = error.code === 'DSASIM_D005' || error.code === 'DSASIM_D007';
    throw otherVersion ? new NotComparableError([error.message]) : error;
  });
  if (results.workload.hash !== hashOf(workload)) {
    throw new NotComparableError([
      `${path} was made from another workload or with other options than these: run it again`,
    ]);
  }
  return results;
}

/** Whether a CI system is running this, by the variable that all of them set. */
function underCi(env: NodeJS.ProcessEnv): boolean {
  return env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
}

function tolerance(text: string, previous = new Map<string, number>()): Map<string, number> {
  const match = /^\s*([\w.-]+)\s*=\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Write metric=percent, such as latency_p99=5%.');
  return new Map(previous).set(match[1]!, Number(match[2]) / 100);
}
