/**
 * The families of the validation: which measured rows belong together, and how large their error may be. Every row
 * of the calibration set has exactly one place here, in a family or among the exclusions.
 */
import { type MeasuredRow, wholeCell } from './measured.js';

/** What a family promises: bounds on the median and the 90th percentile of the relative error's size, as ratios. */
export interface Family {
  readonly id: FamilyId;
  readonly title: string;
  /** Bound on the median of |error|; null = printed without a promise. */
  readonly medianBound: number | null;
  /** Bound on the 90th percentile of |error|; null = none. */
  readonly p90Bound: number | null;
}

/** Every family, in the order of the printed table. `software` is an input of the model: it has no error. */
export const FAMILIES = [
  {
    id: 'async-1k-8k',
    title: 'batches and async singles, aligned, 1 to 8 KiB',
    medianBound: 0.02,
    p90Bound: 0.06,
  },
  {
    id: 'async-16k',
    title: 'batches and async singles, aligned, 16 KiB and more',
    medianBound: 0.01,
    p90Bound: 0.02,
  },
  {
    id: 'async-small',
    title: 'batches and async singles, aligned, below 1 KiB',
    medianBound: 0.05,
    p90Bound: 0.12,
  },
  { id: 'unaligned', title: 'unaligned destinations, async and batched', medianBound: 0.02, p90Bound: 0.05 },
  { id: 'sync-aligned', title: 'synchronous latency, aligned', medianBound: 0.03, p90Bound: 0.06 },
  { id: 'sync-unaligned', title: 'synchronous latency, unaligned', medianBound: 0.05, p90Bound: 0.12 },
  { id: 'batch-latency', title: 'batch latency by length, medians', medianBound: 0.04, p90Bound: 0.08 },
  {
    id: 'batch-spread',
    title: 'batch latency by length, minimum and p99',
    medianBound: null,
    p90Bound: null,
  },
  {
    id: 'windows',
    title: 'sliding windows and bursts: singles, batches of 4 KiB',
    medianBound: 0.1,
    p90Bound: 0.3,
  },
  {
    id: 'windows-small',
    title: 'sliding windows and bursts: batches of 64 B and less',
    medianBound: null,
    p90Bound: null,
  },
  {
    id: 'translation-counts',
    title: 'translation requests and hits (formulas)',
    medianBound: 0,
    p90Bound: 0,
  },
  { id: 'devtlb', title: 'DevTLB hit and miss', medianBound: 0.05, p90Bound: null },
  { id: 'faults', title: 'faults, page requests, destination readback', medianBound: 0.1, p90Bound: 0.25 },
  { id: 'submission', title: 'submission intervals and latency', medianBound: 0.05, p90Bound: 0.25 },
  {
    id: 'software',
    title: 'software path on one core (input of the model)',
    medianBound: null,
    p90Bound: null,
  },
] as const satisfies readonly {
  id: string;
  title: string;
  medianBound: number | null;
  p90Bound: number | null;
}[];

/** The id of a family. */
export type FamilyId = (typeof FAMILIES)[number]['id'];

/** The family with this id, or undefined. */
export function familyById(id: string): Family | undefined {
  return FAMILIES.find((family) => family.id === id);
}

/** Where a row belongs: a family, or the reason why it is left out. */
export type Place = { readonly family: FamilyId } | { readonly excluded: string };

/**
 * Rows that are left out, and why. Nothing else may be: these are inputs, values that follow from other rows, or
 * measurements that their own authors' data contradict.
 */
const EXCLUSIONS: readonly { pattern: RegExp; reason: string }[] = [
  { pattern: /^CAP_/, reason: 'a capability of the device: an input of the model' },
  { pattern: /_extra_/, reason: 'follows from two other rows' },
  {
    pattern: /^HE_dedicated_lat_batch_memmove_4096_n1_/,
    reason: 'a batch of one is an error path (the specification allows 2 and more)',
  },
  {
    pattern: /^HE_dedicated_lat_copy_crc_(8|64)_/,
    reason: 'takes as long as a nop: no data can have moved',
  },
  {
    pattern: /^HE_dedicated_lat_(noop|memmove|crc_gen|copy_crc)_/,
    reason: 'single-shot latency, contradicted by the one-outstanding loop of the same program',
  },
];

/** Families by id; the first pattern that matches decides. */
const PLACES: readonly { pattern: RegExp; family: (row: MeasuredRow) => FamilyId }[] = [
  { pattern: /^LD1_(batch|sg64)_/, family: asyncFamily },
  { pattern: /^LD1_single_/, family: (row) => (isAligned(row) ? 'sync-aligned' : 'sync-unaligned') },
  { pattern: /^LD4_(seq|rand)_cpu_/, family: () => 'software' },
  { pattern: /^LDmot_naive_CPU_/, family: () => 'software' },
  { pattern: /^LDmot_naive_DSA_/, family: () => 'unaligned' },
  { pattern: /^LDprs_touchonly/, family: () => 'software' },
  { pattern: /^LD(pf|prs)_/, family: () => 'faults' },
  { pattern: /^LDdrdbk_(on|off)_/, family: () => 'faults' },
  { pattern: /^DAtlb_/, family: () => 'devtlb' },
  { pattern: /^DA_submission_/, family: () => 'submission' },
  { pattern: /^HE_dedicated_lat_sw_/, family: () => 'software' },
  { pattern: /^HE_dedicated_lat_batch_.*_median$/, family: () => 'batch-latency' },
  { pattern: /^HE_dedicated_lat_batch_/, family: () => 'batch-spread' },
  {
    pattern: /^HE_dedicated_thr_(pipelined|burst)_batch_/,
    family: (row) => (wholeCell(row, 'size_bytes') <= 64 ? 'windows-small' : 'windows'),
  },
  { pattern: /^HE_dedicated_thr_/, family: () => 'windows' },
  { pattern: /^ATC_/, family: () => 'translation-counts' },
  { pattern: /^DER_/, family: () => 'submission' },
  { pattern: /^D2_fig7_(dsa|dma)_wait$/, family: () => 'sync-aligned' },
  { pattern: /^D2_fig7_dsa_submit$/, family: () => 'submission' },
  { pattern: /^D2_fig7_dma_(map|prep|submit|unmap)$/, family: () => 'software' },
];

/**
 * The place of a row.
 * @throws RangeError for a row that no pattern knows, so that new data cannot be overlooked
 */
export function placeOf(row: MeasuredRow): Place {
  const exclusion = EXCLUSIONS.find(({ pattern }) => pattern.test(row.id));
  if (exclusion !== undefined) {
    return { excluded: exclusion.reason };
  }
  const place = PLACES.find(({ pattern }) => pattern.test(row.id));
  if (place === undefined) throw new RangeError(`${row.id} belongs to no family and is not excluded`);
  return { family: place.family(row) };
}

/** Destinations at whole cache lines. */
export function isAligned(row: MeasuredRow): boolean {
  return wholeCell(row, 'dst_alignment_bytes') % 64 === 0;
}

function asyncFamily(row: MeasuredRow): FamilyId {
  if (!isAligned(row)) return 'unaligned';
  const sizeBytes = wholeCell(row, 'size_bytes');
  if (sizeBytes < 1024) return 'async-small';
  return sizeBytes <= 8192 ? 'async-1k-8k' : 'async-16k';
}
