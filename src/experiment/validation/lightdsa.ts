/**
 * The runs of LightDSA: one core, one shared queue of 128, buffers of 4 GiB in DRAM walked from end to end, cache
 * control off unless said otherwise. Its MB/s are MiB/s.
 */
import { type MeasuredRow, wholeCell } from './measured.js';
import { bytesPerSecond, missing, type ProbePlan, type RowPlan, single } from './row-plan.js';
import type { Scenario } from './scenario.js';

const MIB = 1048576;
const GIB = 1073741824;

/** Each operand walks a region of this size, so that no translation is met again before the IOTLB forgot it [B]. */
const REGION_BYTES = 8 * MIB;
const FEWEST_BUFFERS = 8;

/** Operations by the names of LightDSA. */
const OPERATIONS: Readonly<Record<string, string>> = {
  memmove: 'memmove',
  memcpy: 'memmove',
  memfill: 'fill',
  fill: 'fill',
  compare: 'compare',
  compval: 'compare_pattern',
};

/** Batches outstanding while streaming: more than an engine takes in at once. */
const STREAMING_BATCHES = 8;

/** Buffers of a size that fill a region. */
function buffersOf(sizeBytes: number): number {
  return Math.max(FEWEST_BUFFERS, Math.ceil(REGION_BYTES / Math.max(64, sizeBytes)));
}

function oneOperation(operation: string, sizeBytes: number): Scenario['operations'] {
  return [{ operation, sizeBytes, weight: 1 }];
}

/** Submissions that are enough for a steady rate: fewer where each takes long. */
function lengthFor(bytesPerSubmission: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.round((64 * MIB) / bytesPerSubmission)));
}

/** The alignment sweep of one engine: batches of 32, singles with 128 outstanding, and one at a time. */
export function alignmentSweep(row: MeasuredRow): RowPlan {
  const sizeBytes = wholeCell(row, 'size_bytes');
  const base = {
    platform: 'lightdsa',
    mode: 'shared',
    engines: 1,
    operations: oneOperation(OPERATIONS[row.operation]!, sizeBytes),
    alignmentBytes: wholeCell(row, 'dst_alignment_bytes'),
    buffers: buffersOf(sizeBytes),
  } as const;
  const probe = ((): ProbePlan => {
    if (row.submission === 'async batches') {
      const scenario: Scenario = { ...base, batch: 32, load: { kind: 'closed', depth: STREAMING_BATCHES } };
      return { scenario, warmup: 2 * STREAMING_BATCHES, count: lengthFor(32 * sizeBytes, 8, 64) };
    }
    if (row.submission === 'async singles') {
      const scenario: Scenario = { ...base, load: { kind: 'closed', depth: 128 } };
      return { scenario, warmup: 256, count: lengthFor(sizeBytes, 128, 1024) };
    }
    const scenario: Scenario = { ...base, load: { kind: 'closed', depth: 1 } };
    return { scenario, warmup: 4, count: lengthFor(sizeBytes, 32, 400) };
  })();
  return single(row, probe, (o) => bytesPerSecond(o) / MIB);
}

/** Batches on four engines to destinations at any byte, with destination readback. */
export function randomUnaligned(row: MeasuredRow): RowPlan {
  return missing(row, 'destination readback');
}

/** Faults under batches (LDpf) and singles (LDprs), and a pattern of sizes with and without readback. */
export function faultRow(row: MeasuredRow): RowPlan {
  const [, kind, operation] = /^LDpf_(\w+PF|ATCmiss)_(\w+)$/.exec(row.id) ?? [];
  if (kind === 'noPF' || kind === 'ATCmiss') {
    // Without faults one buffer is met again and again; a miss at every page needs more pages than an IOTLB holds.
    const sizeBytes = 32768;
    const scenario: Scenario = {
      platform: 'lightdsa',
      mode: 'shared',
      engines: 4,
      batch: 32,
      load: { kind: 'closed', depth: STREAMING_BATCHES },
      operations: oneOperation(OPERATIONS[operation!]!, sizeBytes),
      buffers: kind === 'noPF' ? 1 : buffersOf(sizeBytes),
      cacheControl: true,
    };
    return single(
      row,
      { scenario, warmup: 2 * STREAMING_BATCHES, count: 64 },
      (o) => bytesPerSecond(o) / GIB,
    );
  }
  if (operation !== undefined) return missing(row, `${kind === 'majorPF' ? 'major' : 'minor'} faults`);
  if (row.id.includes('touch') || row.id.includes('Touch')) return missing(row, 'touching pages first');
  return missing(row, 'pages absent at every use');
}

/** A pattern of large and small copies, with and without destination readback. */
export function readbackPattern(row: MeasuredRow): RowPlan {
  return missing(row, 'operations in a fixed order');
}
