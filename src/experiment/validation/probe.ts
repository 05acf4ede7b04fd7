/** A probe: one machine, run until a number of submissions are done, as a benchmark on hardware would. */
import type { MachineConfig } from '../../models/config.js';
import { buildMachine, type MachineParts } from '../../models/machine.js';
import { STAGES, type StageName } from '../../models/metrics.js';

/** What to run and for how long. Plain data: it crosses threads. */
export interface Probe {
  readonly config: MachineConfig;
  /** Submissions (batches count once) before the measurement, and in it. */
  readonly warmup: number;
  readonly count: number;
}

/** What a probe saw in its measured part. */
export interface Observation {
  /** From the submission that ended the warm-up to the last one [ps]. */
  readonly elapsedPs: number;
  readonly submissions: number;
  readonly descriptors: number;
  readonly bytes: number;
  /** Of submissions [ps]. */
  readonly latencyPs: Readonly<Record<'mean' | 'min' | 'p5' | 'p50' | 'p95' | 'p99', number>>;
  /** Mean exposed time of each stage of a submission [ps]. */
  readonly stagePs: Readonly<Record<StageName, number>>;
  /** Translations that the engines asked for, and those that their DevTLBs answered. */
  readonly translations: { readonly requests: number; readonly hits: number };
}

/** Events without any submission finishing after which a probe is given up. */
const PATIENCE_EVENTS = 20_000_000;

/**
 * Runs a probe. The measurement starts and ends at the instant at which a submission was seen to finish, so that a
 * rate has no error from cutting a period.
 * @throws Error when nothing finishes any more, or when submissions fail
 */
export function runProbe(probe: Probe): Observation {
  const parts = buildMachine(probe.config, 0);
  const { simulator, registry, threads, recorder } = parts;
  runUntilFinished(parts, probe.warmup);
  const startPs = probe.warmup === 0 ? 0 : simulator.nowPs;
  for (const engine of registry.engines) engine.reset(startPs);
  for (const thread of threads) thread.reset(startPs);
  recorder.measure(true);
  const before = { ...parts.ledger };
  runUntilFinished(parts, probe.warmup + probe.count);
  if (parts.ledger.failed > before.failed || parts.ledger.rejected > before.rejected) {
    throw new Error('descriptors failed');
  }
  const { all } = recorder;
  const { stagePs } = recorder.tail(0);
  const { latency } = all;
  const at = (q: number): number => latency.quantile(q);
  let requests = 0;
  let hits = 0;
  for (const { tlb } of registry.engines) {
    hits += tlb.hits;
    requests += tlb.hits + tlb.misses + tlb.bypassed;
  }
  return {
    elapsedPs: simulator.nowPs - startPs,
    submissions: all.submissions,
    descriptors: all.descriptors,
    bytes: all.bytes,
    latencyPs: {
      mean: latency.mean,
      min: latency.min,
      p5: at(0.05),
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
    },
    stagePs: Object.fromEntries(
      STAGES.map((name, stage) => [name, stagePs[stage]! / all.submissions]),
    ) as Record<StageName, number>,
    translations: { requests, hits },
  };
}

/** Dispatches event by event until so many submissions have been seen to finish. */
function runUntilFinished({ simulator, ledger, config }: MachineParts, submissions: number): void {
  const target = submissions * config.tenants[0]!.batch;
  let patience = PATIENCE_EVENTS;
  while (ledger.completed + ledger.failed < target) {
    if (simulator.runUntilIdle(1) || --patience === 0) {
      throw new Error(`only ${ledger.completed + ledger.failed} of ${target} descriptors finished`);
    }
  }
}
