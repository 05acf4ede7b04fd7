/** Which run reproduces which measured row. */
import { placeOf } from './families.js';
import { batchLatency, concurrency } from './hw-eval.js';
import { kernelCopy, nopProbe, submissionInterval, submissionLatency } from './latency-parts.js';
import { alignmentSweep, faultHandling, faultKinds, randomUnaligned, readbackPattern } from './lightdsa.js';
import type { MeasuredRow } from './measured.js';
import type { RowPlan } from './row-plan.js';
import { translationCount } from './translation-counts.js';

const PLANNERS: readonly { pattern: RegExp; plan: (row: MeasuredRow) => RowPlan }[] = [
  { pattern: /^LD1_/, plan: alignmentSweep },
  { pattern: /^LDmot_naive_DSA_/, plan: randomUnaligned },
  { pattern: /^LDpf_/, plan: faultKinds },
  { pattern: /^LDprs_/, plan: faultHandling },
  { pattern: /^LDdrdbk_/, plan: readbackPattern },
  { pattern: /^HE_dedicated_lat_batch_/, plan: batchLatency },
  { pattern: /^HE_dedicated_thr_/, plan: concurrency },
  { pattern: /^DAtlb_/, plan: nopProbe },
  { pattern: /^DA_submission_/, plan: submissionLatency },
  { pattern: /^DER_/, plan: submissionInterval },
  { pattern: /^D2_fig7_/, plan: kernelCopy },
  { pattern: /^ATC_/, plan: translationCount },
];

/**
 * How a row is reproduced.
 * @throws RangeError for a row that is excluded, or that no planner knows
 */
export function planRow(row: MeasuredRow): RowPlan {
  const place = placeOf(row);
  if ('excluded' in place) throw new RangeError(`${row.id} is excluded: ${place.excluded}`);
  if (place.family === 'software') return { kind: 'input', row };
  const planner = PLANNERS.find(({ pattern }) => pattern.test(row.id));
  if (planner === undefined) throw new RangeError(`no run reproduces ${row.id}`);
  return planner.plan(row);
}
