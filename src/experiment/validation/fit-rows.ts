/**
 * The rows that the calibration looks at: one of every few of the calibration set, and shorter runs. Rows that differ
 * from a neighbour only in a larger size, another aligned destination or one more step of concurrency add time, not
 * knowledge; the validation scores them all the same.
 */
import { FAMILIES, type FamilyId, placeOf } from './families.js';
import type { MeasuredRow } from './measured.js';
import type { ProbePlan, RowPlan } from './row-plan.js';

const ALIGNMENTS = new Set(['64', '16']);
const CONCURRENCIES = new Set(['1', '4', '16']);
const SWEEP_BYTES = new Set(['64', '256', '1024', '4096', '16384']);
/** Runs that take long for what they tell: pages from storage, large copies, what a neighbour tells as well. */
const SLOW = [
  /^LDpf_(majorPF|ATCmiss|noPF)/,
  /^LDpf_.*_(memfill|compare|compval)$/,
  /^LDprs_.*_(memfill|compval)$/,
  /^LDmot_naive_DSA_(128|512|2048|8192|16384|32768|65536|131072)$/,
  /^LDdrdbk_off_(?!8$)/,
  /^LDdrdbk_on_(2|3|5|6|7|9|11|12|13|14|15)$/,
];
const MOST_MEMBERS_OUTSTANDING = 512;
const LONGEST_BATCH = 256;
const LARGEST_SUBMISSION_BYTES = 1048576;

/** Families whose error the calibration makes small: those that promise a bound and depend on constants. */
const FAMILIES_FITTED: ReadonlySet<FamilyId> = new Set(
  FAMILIES.filter((f) => f.medianBound !== null && f.medianBound > 0).map((f) => f.id),
);

/** The family of a row that the calibration looks at, or undefined. */
export function fitFamily(row: MeasuredRow): FamilyId | undefined {
  const place = placeOf(row);
  if (!('family' in place) || !FAMILIES_FITTED.has(place.family)) return undefined;
  const batch = Number(row.batch);
  if (row.id.startsWith('LD1_')) {
    const looked = ALIGNMENTS.has(row.dst_alignment_bytes) && SWEEP_BYTES.has(row.size_bytes);
    return looked ? place.family : undefined;
  }
  if (row.id.startsWith('HE_dedicated_thr_')) {
    const outstanding = batch * Number(row.concurrency);
    const looked = CONCURRENCIES.has(row.concurrency) && outstanding <= MOST_MEMBERS_OUTSTANDING;
    return looked ? place.family : undefined;
  }
  if (row.id.startsWith('HE_dedicated_lat_batch_') && batch > LONGEST_BATCH) return undefined;
  if (SLOW.some((pattern) => pattern.test(row.id))) return undefined;
  const submitted = /^DA_submission_native_(\d+)$/.exec(row.id);
  if (submitted !== null && Number(submitted[1]) > LARGEST_SUBMISSION_BYTES) return undefined;
  return place.family;
}

/** The same plan with shorter runs; windows and bursts stay long enough for the luck of their engines to even out. */
export function shortened(plan: RowPlan): RowPlan {
  if (plan.kind !== 'simulated' || plan.row.id.startsWith('HE_dedicated_thr_')) return plan;
  return { ...plan, probes: plan.probes.map(shorter) };
}

/** A quarter of the submissions and half the warm-up, both at least a round of what is outstanding. */
function shorter(probe: ProbePlan): ProbePlan {
  const { load } = probe.scenario.tenant;
  const round = load.kind === 'closed' || load.kind === 'burst' ? load.depth : 1;
  const least = (whole: number, part: number): number =>
    Math.min(whole, Math.max(24, Math.ceil(part / round) * round));
  return {
    ...probe,
    warmup: Math.min(probe.warmup, Math.max(round, Math.ceil(probe.warmup / 2))),
    count: least(probe.count, probe.count / 4),
  };
}

/** The operation of a row by its simulated name; compval and others of LightDSA's fault runs included. */
export function operationOf(row: MeasuredRow): string {
  if (row.operation !== '') return row.operation;
  const name = /_(memmove|memfill|compare|compval)$/.exec(row.id)?.[1] ?? '';
  return { memfill: 'fill', compval: 'compare_pattern' }[name] ?? name;
}
