/** A validation: every row of the calibration set simulated, scored by family, beside the closed-form roofline. */
import { keepsBounds, relativeError, type Score, score } from '../../analysis/scoring.js';
import type { PresetName } from '../../workload/presets.js';
import { FAMILIES, type Family, type FamilyId, placeOf } from './families.js';
import { fitFamily, operationOf, shortened } from './fit-rows.js';
import { leftOutConstants } from './left-out.js';
import type { MeasuredRow } from './measured.js';
import { planRow } from './plan-row.js';
import { fitRoofline, type Roofline, rooflinePrediction } from './roofline.js';
import type { Pair, RowPlan } from './row-plan.js';
import type { Setting } from './scenario.js';
import { type Outcomes, type ProbeOptions, probeKey, simulateProbes } from './simulate-rows.js';

/** The error of a row whose simulation failed: all of it. */
const FULL_ERROR = -1;

/** One row beside its simulation. */
export interface RowResult {
  readonly row: MeasuredRow;
  readonly family: FamilyId;
  /** The pair with the largest error, or null where nothing could be simulated. */
  readonly pair: Pair | null;
  /** Signed; -1 where nothing could be simulated. */
  readonly error: number;
  /** Why there is no pair, or ''. */
  readonly problem: string;
  /** Signed error of the roofline, or null where it says nothing. */
  readonly rooflineError: number | null;
}

/** The score of one family. */
export interface FamilyResult {
  readonly family: Family;
  readonly rows: readonly RowResult[];
  /** Null for the software path, which is an input, and for a family without rows. */
  readonly score: Score | null;
  /** Over the rows that the roofline speaks of, and the simulator's over the same rows. */
  readonly roofline: { readonly roofline: Score; readonly simulator: Score } | null;
  readonly held: boolean;
}

/** See the head of this file. */
export interface Validation {
  readonly preset: PresetName;
  readonly families: readonly FamilyResult[];
  readonly excluded: readonly { readonly row: MeasuredRow; readonly reason: string }[];
  /** Rows in the file. */
  readonly total: number;
  readonly roofline: Roofline;
  /** Empty when only some families were asked for. */
  readonly leftOut: readonly LeftOutResult[];
}

/** What happens to the rows of an operation when the calibration may not look at them. */
export interface LeftOutResult {
  readonly operation: string;
  /** Errors with the constants chosen without the operation, and with the preset's, over the same rows. */
  readonly without: Score;
  readonly preset: Score;
}

/** What to validate. */
export interface ValidationOptions extends ProbeOptions {
  readonly preset: PresetName;
  /** Only these families; all unless told. */
  readonly families?: readonly FamilyId[];
}

/**
 * Simulates and scores the rows.
 * @throws as `simulateProbes`
 */
export async function validate(
  rows: readonly MeasuredRow[],
  options: ValidationOptions,
): Promise<Validation> {
  const { preset, families, ...probeOptions } = options;
  const setting: Setting = { preset, trial: {} };
  const wanted = FAMILIES.filter(({ id }) => families?.includes(id) ?? true);
  const places = rows.map((row) => ({ row, place: placeOf(row) }));
  const plansOf = (family: FamilyId): RowPlan[] =>
    places.flatMap(({ row, place }) => ('family' in place && place.family === family ? [planRow(row)] : []));
  const plans = new Map(wanted.map(({ id }) => [id, plansOf(id)]));
  const outcomes = await simulateProbes([...plans.values()].flat(), setting, probeOptions);
  const roofline = fitRoofline(rows);
  const leftOut = families === undefined ? await leaveOut(rows, setting, probeOptions) : [];
  return {
    preset,
    leftOut,
    families: wanted.map((family) => {
      const results = plans.get(family.id)!.map((plan) => resultOf(plan, family.id, outcomes, roofline));
      return familyResult(family, results);
    }),
    excluded: places.flatMap(({ row, place }) =>
      'excluded' in place ? [{ row, reason: place.excluded }] : [],
    ),
    total: rows.length,
    roofline,
  };
}

/** A row beside its outcomes. */
export function resultOf(
  plan: RowPlan,
  family: FamilyId,
  outcomes: Outcomes,
  roofline: Roofline | null,
): RowResult {
  const { row } = plan;
  const prediction = roofline === null ? null : rooflinePrediction(roofline, row);
  const rooflineError = prediction === null ? null : relativeError(prediction, Number(row.value));
  const nothing = (problem: string, error: number): RowResult => {
    return { row, family, pair: null, error, problem, rooflineError };
  };
  if (plan.kind === 'input') return nothing('', 0);
  const own = plan.probes.map((probe) => outcomes.get(probeKey(probe))!);
  const observations = own.flatMap((outcome) => (outcome.ok ? [outcome.observation] : []));
  const failed = own.find((outcome) => !outcome.ok);
  if (failed !== undefined && !failed.ok) return nothing(failed.reason, FULL_ERROR);
  const pairs = plan.pairs(observations).map((pair) => ({
    pair,
    error: relativeError(pair.simulated, pair.measured),
  }));
  const worst = pairs.reduce((a, b) => (Math.abs(b.error) > Math.abs(a.error) ? b : a));
  return { row, family, ...worst, problem: '', rooflineError };
}

/** The rows that the calibration looks at, operation by operation, under constants that were chosen without it. */
async function leaveOut(
  rows: readonly MeasuredRow[],
  setting: Setting,
  { workers, signal }: ProbeOptions,
): Promise<LeftOutResult[]> {
  const results: LeftOutResult[] = [];
  for (const [operation, trial] of Object.entries(leftOutConstants())) {
    const fit = rows.flatMap((row) => {
      const family = fitFamily(row);
      return family !== undefined && operationOf(row) === operation
        ? [{ family, plan: shortened(planRow(row)) }]
        : [];
    });
    const plans = fit.map(({ plan }) => plan);
    const scoreWith = async (constants: Readonly<Record<string, number>>): Promise<Score> => {
      const outcomes = await simulateProbes(
        plans,
        { ...setting, trial: constants },
        {
          ...(workers === undefined ? {} : { workers }),
          ...(signal === undefined ? {} : { signal }),
        },
      );
      return score(fit.map(({ family, plan }) => resultOf(plan, family, outcomes, null).error))!;
    };
    results.push({ operation, without: await scoreWith(trial), preset: await scoreWith({}) });
  }
  return results;
}

function familyResult(family: Family, rows: readonly RowResult[]): FamilyResult {
  if (family.id === 'software') return { family, rows, score: null, roofline: null, held: true };
  const own = score(rows.map((row) => row.error));
  const compared = rows.filter((row) => row.rooflineError !== null);
  const roofline = score(compared.map((row) => row.rooflineError!));
  const simulator = score(compared.map((row) => row.error));
  return {
    family,
    rows,
    score: own,
    roofline: roofline === null || simulator === null ? null : { roofline, simulator },
    held: own === null || keepsBounds(own, family),
  };
}
