/**
 * Chooses constants: searches for those within their declared ranges that bring the simulated rows nearest to the
 * measured ones. Deterministic: no clock, no luck, and the number of worker threads changes nothing.
 */
import { availableParallelism } from 'node:os';
import { nearestRank } from '../../analysis/scoring.js';
import type { PresetName } from '../../workload/presets.js';
import { InterruptedError } from '../errors.js';
import { openWorkers, type Workers } from '../on-workers.js';
import { type FamilyId, familyById } from './families.js';
import { fitFamily, operationOf, shortened } from './fit-rows.js';
import { FITTED } from './fitted.js';
import type { MeasuredRow } from './measured.js';
import { planRow } from './plan-row.js';
import type { ProbePlan, RowPlan } from './row-plan.js';
import type { Setting } from './scenario.js';
import {
  type Candidate,
  type Constants,
  type Judge,
  middles,
  type OnStep,
  type Pace,
  search,
} from './search.js';
import { distinctProbes, type Outcomes, PROBE_WORKER, probeKey } from './simulate-rows.js';
import { resultOf } from './validation.js';
import type { ProbeOutcome, ProbeTask } from './worker.js';

/** An error counts at most so many times its family's bound, so that no single row decides. */
const WORST_RATIO = 10;

/** From the nominal values on, until the search comes to rest. */
const TO_REST: Pace = { steps: [1 / 16, 1 / 32], rounds: 20 };
/** From the middle of every range, with the steps that such a way takes; it ends where these leave it. */
const FROM_THE_MIDDLE: Pace = { steps: [1 / 8, 1 / 16], rounds: 1 };

/** Options of {@link calibrate}. */
export interface CalibrationOptions {
  readonly preset: PresetName;
  /**
   * Rows of this operation are not looked at, and the search starts from the middle of every range: the nominal
   * values have seen those rows.
   */
  readonly leaveOut?: string;
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Called after every constant that was tried. */
  readonly onStep?: OnStep;
}

/** What a calibration chose. */
export interface Calibration {
  /** Constants that moved, by name, in internal units. */
  readonly chosen: Constants;
  readonly startLoss: number;
  readonly loss: number;
  /** Whether no single step makes the loss smaller. */
  readonly settled: boolean;
  /** Settings simulated. */
  readonly evaluations: number;
}

/** A row that the calibration looks at. */
interface FitRow {
  readonly family: FamilyId;
  readonly plan: RowPlan;
}

/**
 * Fits the constants to the rows.
 * @throws InterruptedError when `signal` is aborted; what a worker thread throws
 */
export async function calibrate(
  rows: readonly MeasuredRow[],
  options: CalibrationOptions,
): Promise<Calibration> {
  const [start, pace] = options.leaveOut === undefined ? [{}, TO_REST] : [middles(FITTED), FROM_THE_MIDDLE];
  return judging(rows, options, async (judge) => {
    const startLoss = (await judge.judge(start, null, null)).loss;
    const { best, settled } = await search(FITTED, start, judge, pace, options.onStep);
    const { evaluations } = judge;
    return { chosen: best.constants, startLoss, loss: best.loss, settled, evaluations };
  });
}

/**
 * What a calibration makes small, at the preset's own constants.
 * @throws as {@link calibrate}
 */
export function lossOfPreset(rows: readonly MeasuredRow[], options: CalibrationOptions): Promise<number> {
  return judging(rows, options, async (judge) => (await judge.judge({}, null, null)).loss);
}

async function judging<T>(
  rows: readonly MeasuredRow[],
  { leaveOut, preset, workers: threads, signal }: CalibrationOptions,
  work: (judge: RowJudge) => Promise<T>,
): Promise<T> {
  const fit = fitRows(rows, leaveOut);
  const probes = distinctProbes(fit.map(({ plan }) => plan));
  const workers = openWorkers<ProbeTask, ProbeOutcome[]>({
    file: PROBE_WORKER,
    workers: threads ?? availableParallelism(),
    interrupted: () => new InterruptedError(0, probes.length),
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await work(new RowJudge(fit, probes, preset, workers));
  } finally {
    await workers.close();
  }
}

/** The rows to look at, without those of one operation. */
function fitRows(rows: readonly MeasuredRow[], leaveOut?: string): FitRow[] {
  return rows.flatMap((row): FitRow[] => {
    const family = fitFamily(row);
    if (family === undefined || operationOf(row) === (leaveOut ?? '-')) return [];
    return [{ family, plan: shortened(planRow(row)) }];
  });
}

/** Constants with the outcomes of all probes. */
interface Judged extends Candidate {
  readonly outcomes: Outcomes;
}

/**
 * Simulates the rows. Which probes a constant moves is seen when it is first tried; later trials simulate only these,
 * and only where something that bears on them has changed.
 */
class RowJudge implements Judge<Judged> {
  evaluations = 0;
  private readonly moved = new Map<string, Set<string>>();
  /** The same after one of the first two trials. */
  private readonly learning = new Map<string, Set<string>>();
  /** Families that a constant bears on, with every probe of theirs. */
  private readonly near = new Map<string, Set<string>>();

  constructor(
    private readonly fit: readonly FitRow[],
    private readonly probes: readonly ProbePlan[],
    private readonly preset: PresetName,
    private readonly workers: Workers<ProbeTask, ProbeOutcome[]>,
  ) {}

  async judge(constants: Constants, from: Judged | null, moved: string | null): Promise<Judged> {
    this.evaluations++;
    const known = moved === null ? undefined : this.moved.get(moved);
    const some = known === undefined ? this.probes : this.probes.filter((p) => known.has(probeKey(p)));
    const outcomes = new Map(from?.outcomes ?? []);
    const setting: Setting = { preset: this.preset, trial: constants };
    for (const [key, outcome] of await simulate(some, setting, this.workers)) outcomes.set(key, outcome);
    if (moved !== null && from !== null && known === undefined) this.learn(moved, from.outcomes, outcomes);
    return { constants, outcomes, loss: lossOf(this.fit, outcomes) };
  }

  mattersAnew(moved: string, then: Judged, now: Judged): boolean {
    if (then === now) return false;
    const keys = this.near.get(moved);
    if (keys === undefined) return true;
    for (const key of keys) if (!same(then.outcomes.get(key), now.outcomes.get(key))) return true;
    return false;
  }

  /** Notes what a first trial has moved; the two neighbours of a constant are tried side by side. */
  private learn(name: string, before: Outcomes, after: Outcomes): void {
    const keys = this.learning.get(name) ?? new Set();
    for (const [key, outcome] of after) if (!same(before.get(key), outcome)) keys.add(key);
    if (!this.learning.has(name)) {
      this.learning.set(name, keys);
      return;
    }
    this.moved.set(name, keys);
    this.near.set(name, this.familiesOf(keys));
  }
  private familiesOf(keys: ReadonlySet<string>): Set<string> {
    const ofRow = ({ plan }: FitRow): string[] =>
      plan.kind === 'simulated' ? plan.probes.map((probe) => probeKey(probe)) : [];
    const families = new Set(
      this.fit.filter((row) => ofRow(row).some((key) => keys.has(key))).map(({ family }) => family),
    );
    return new Set(this.fit.filter(({ family }) => families.has(family)).flatMap(ofRow));
  }
}

function same(a: ProbeOutcome | undefined, b: ProbeOutcome | undefined): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/** Parts of the probes that run side by side; the two neighbours of a constant are simulated together as well. */
const PARTS = 2;

/** Every probe once, spread over the worker threads. */
async function simulate(
  probes: readonly ProbePlan[],
  setting: Setting,
  workers: Workers<ProbeTask, ProbeOutcome[]>,
): Promise<Map<string, ProbeOutcome>> {
  const outcomes = new Map<string, ProbeOutcome>();
  const shares = Array.from({ length: PARTS }, (_, part) => probes.filter((__, i) => i % PARTS === part));
  await Promise.all(
    shares.map(async (share) => {
      if (share.length === 0) return;
      const results = await workers.run({ setting, probes: share });
      for (const [i, probe] of share.entries()) outcomes.set(probeKey(probe), results[i]!);
    }),
  );
  return outcomes;
}

/** How bad a set of outcomes is: over families, mean and 90th percentile of |error| in units of their bounds. */
function lossOf(fit: readonly FitRow[], outcomes: Outcomes): number {
  const errors = new Map<FamilyId, number[]>();
  for (const { family, plan } of fit) {
    const { error } = resultOf(plan, family, outcomes, null);
    const list = errors.get(family) ?? [];
    list.push(Math.abs(error));
    errors.set(family, list);
  }
  let loss = 0;
  for (const [id, sizes] of errors) {
    const { medianBound, p90Bound } = familyById(id)!;
    const ratios = sizes.map((size) => Math.min(WORST_RATIO, size / medianBound!));
    loss += ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    if (p90Bound !== null) {
      const p90 = nearestRank(
        [...sizes].sort((a, b) => a - b),
        0.9,
      );
      loss += Math.min(WORST_RATIO, p90 / p90Bound);
    }
  }
  return loss;
}
