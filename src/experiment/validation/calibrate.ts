/**
 * Chooses constants: a pattern search over the fitted ones, one after the other, within their declared ranges.
 * Deterministic: no clock, no luck, and the number of worker threads changes nothing.
 */
import { availableParallelism } from 'node:os';
import { nearestRank } from '../../analysis/scoring.js';
import type { ParameterDeclaration } from '../../models/parameters.js';
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
import { distinctProbes, type Outcomes, PROBE_WORKER, probeKey } from './simulate-rows.js';
import { resultOf } from './validation.js';
import type { ProbeOutcome, ProbeTask } from './worker.js';

/** First step as a part of the range, and how often it is halved. */
const FIRST_STEP = 1 / 16;
const HALVINGS = 1;
/** Passes over all constants at one step size, at most. */
const PASSES = 1;
/** An error counts at most so many times its family's bound, so that no single row decides. */
const WORST_RATIO = 10;
/** Times are chosen to a tenth of a nanosecond, bandwidths to 10 MB/s, ratios to a hundredth. */
const GRAIN = { time: 100, bandwidth: 1e7, ratio: 0.01, count: 1, size: 1 } as const;

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
  readonly onStep?: (step: { name: string; loss: number; evaluations: number; pass: string }) => void;
}

/** What a calibration chose. */
export interface Calibration {
  /** Constants that moved, by name, in internal units. */
  readonly chosen: Readonly<Record<string, number>>;
  readonly startLoss: number;
  readonly loss: number;
  /** Settings simulated. */
  readonly evaluations: number;
}

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
  const fit = rows.flatMap((row): FitRow[] => {
    const family = fitFamily(row);
    if (family === undefined || operationOf(row) === (options.leaveOut ?? '-')) return [];
    return [{ family, plan: shortened(planRow(row)) }];
  });
  const probes = distinctProbes(fit.map(({ plan }) => plan));
  const workers = openWorkers<ProbeTask, ProbeOutcome[]>({
    file: PROBE_WORKER,
    workers: options.workers ?? availableParallelism(),
    interrupted: () => new InterruptedError(0, probes.length),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  try {
    return await search(fit, probes, workers, options);
  } finally {
    await workers.close();
  }
}

async function search(
  fit: readonly FitRow[],
  probes: readonly ProbePlan[],
  workers: Workers<ProbeTask, ProbeOutcome[]>,
  { preset, leaveOut, onStep }: CalibrationOptions,
): Promise<Calibration> {
  const start = leaveOut === undefined ? {} : middles();
  let evaluations = 0;
  /** Outcomes under a trial: those of `some` probes anew, the others as they are. */
  const evaluate = async (
    trial: Readonly<Record<string, number>>,
    some: readonly ProbePlan[],
    others: Outcomes,
  ): Promise<Candidate> => {
    evaluations++;
    const outcomes = new Map(others);
    for (const [key, outcome] of await simulate(some, { preset, trial }, workers)) outcomes.set(key, outcome);
    return { trial, outcomes, loss: lossOf(fit, outcomes) };
  };
  let best = await evaluate(start, probes, new Map());
  const startLoss = best.loss;
  // Which probes a constant moves is seen when it is first tried; later trials simulate only these.
  const moved = new Map<string, readonly ProbePlan[]>();
  for (let halving = 0; halving <= HALVINGS; halving++) {
    for (let pass = 0; pass < PASSES; pass++) {
      const before = best.loss;
      for (const parameter of FITTED) {
        const { name } = parameter;
        const some = moved.get(name) ?? probes;
        if (some.length === 0) continue;
        const stepSize = ((parameter.high - parameter.low) * FIRST_STEP) / (1 << halving);
        const values = neighbours(parameter, best.trial[name] ?? parameter.nominal, stepSize);
        const from = best;
        const tried = await Promise.all(
          values.map((value) => evaluate({ ...from.trial, [name]: value }, some, from.outcomes)),
        );
        if (!moved.has(name)) {
          moved.set(
            name,
            probes.filter((probe) => tried.some((candidate) => differs(candidate, from, probeKey(probe)))),
          );
        }
        for (const candidate of tried) if (candidate.loss < best.loss) best = candidate;
        onStep?.({ name, loss: best.loss, evaluations, pass: `${halving + 1}.${pass + 1}` });
      }
      // A constant may move a probe that it did not move at first: what is taken as chosen is simulated in full.
      best = await evaluate(best.trial, probes, new Map());
      if (best.loss > before * 0.995) break;
    }
  }
  return { chosen: best.trial, startLoss, loss: best.loss, evaluations };
}

/** A set of constants with what it leads to. */
interface Candidate {
  readonly trial: Readonly<Record<string, number>>;
  readonly outcomes: Outcomes;
  readonly loss: number;
}

function differs(a: Candidate, b: Candidate, key: string): boolean {
  return JSON.stringify(a.outcomes.get(key)) !== JSON.stringify(b.outcomes.get(key));
}

/** The middle of the range of every fitted constant. */
function middles(): Record<string, number> {
  return Object.fromEntries(
    FITTED.map(({ name, low, high, dimension }) => {
      const grain = GRAIN[dimension];
      return [name, Math.round((low + high) / 2 / grain) * grain];
    }),
  );
}

/** The values a step below and above, kept within the range and to the grain of the dimension. */
function neighbours(parameter: ParameterDeclaration, value: number, stepSize: number): number[] {
  const grain = GRAIN[parameter.dimension];
  const step = Math.max(grain, Math.round(stepSize / grain) * grain);
  const moves = [value - step, value + step].map((v) => {
    const inside = Math.min(parameter.high, Math.max(parameter.low, v));
    return Math.round(inside / grain) * grain;
  });
  return [...new Set(moves)].filter((v) => v !== value);
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
      const results = await workers.run({ setting, probes: share });
      for (const [i, probe] of share.entries()) outcomes.set(probeKey(probe), results[i]!);
    }),
  );
  return outcomes;
}

/** How bad a set of outcomes is: over families, mean and 90th percentile of |error| in units of their bounds. */
export function lossOf(fit: readonly FitRow[], outcomes: Outcomes): number {
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
