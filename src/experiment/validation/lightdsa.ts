/**
 * The runs of LightDSA: one core, one shared queue of 128, buffers of 4 GiB in DRAM walked from end to end, cache
 * control off unless said otherwise. Its MB/s are MiB/s.
 */
import { type MeasuredRow, wholeCell } from './measured.js';
import { bytesPerSecond, type ProbePlan, type RowPlan, single } from './row-plan.js';
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

/** Batches of 32 on four engines to destinations at any byte, with destination readback. */
export function randomUnaligned(row: MeasuredRow): RowPlan {
  const sizeBytes = Number(/_(\d+)$/.exec(row.id)![1]);
  const scenario: Scenario = {
    ...fourEngines('memmove', sizeBytes),
    batch: 32,
    alignmentBytes: 1,
    destinationReadback: true,
    buffers: buffersOf(sizeBytes),
  };
  return single(row, streaming(scenario, sizeBytes), (o) => bytesPerSecond(o) / MIB);
}

const FAULT_BATCH_BYTES = 32768;
const FAULT_SINGLE_BYTES = 262144;
/** Singles outstanding in the runs on fresh pages. */
const FAULT_DEPTH = 32;

/** Batches of 32 over pages that are absent, unknown to the IOTLB, or known (LDpf) [GiB/s]. */
export function faultKinds(row: MeasuredRow): RowPlan {
  const [, kind, operation] = /^LDpf_(majorPF|minorPF|ATCmiss|noPF)_(\w+)$/.exec(row.id)!;
  const scenario: Scenario = {
    ...fourEngines(OPERATIONS[operation!]!, FAULT_BATCH_BYTES),
    batch: 32,
    cacheControl: true,
    // Without faults one buffer is met again and again; a miss at every page needs more than an IOTLB holds.
    buffers: kind === 'noPF' ? 1 : buffersOf(FAULT_BATCH_BYTES),
    ...(kind === 'minorPF' ? { special: { fresh: 'destination' } } : {}),
    ...(kind === 'majorPF' ? { special: { fresh: 'destination', faultKind: 'major' } } : {}),
  };
  return single(row, streaming(scenario, FAULT_BATCH_BYTES), (o) => bytesPerSecond(o) / GIB);
}

/** Copies of 256 KiB to fresh pages, by who meets the absent page (LDprs) [GiB/s]. */
export function faultHandling(row: MeasuredRow): RowPlan {
  const [, way, operation] = /^LDprs_([A-Za-z0-9]+)_(\w+)$/.exec(row.id)!;
  const scenario: Scenario = {
    ...fourEngines(OPERATIONS[operation!]!, FAULT_SINGLE_BYTES),
    load: { kind: 'closed', depth: FAULT_DEPTH },
    cacheControl: true,
    blockOnFault: way === 'BOF1PRS',
    buffers: buffersOf(FAULT_SINGLE_BYTES),
    pageSizeBytes: way!.includes('2MB') ? 2 * MIB : 4096,
    special: {
      fresh: 'destination',
      ...(way === 'CPUtouchallfirst' ? { touch: 'first' } : {}),
      ...(way!.startsWith('touchondemand') ? { touch: 'on-demand' } : {}),
    },
  };
  const probe: ProbePlan = { scenario, warmup: FAULT_DEPTH, count: 2 * FAULT_DEPTH };
  return single(row, probe, (o) => bytesPerSecond(o) / GIB);
}

/** Batches that alternate g copies of 16 KiB and g of 512 B, with and without destination readback [MiB/s]. */
export function readbackPattern(row: MeasuredRow): RowPlan {
  const [, readback, granularity] = /^LDdrdbk_(on|off)_(\d+)$/.exec(row.id)!;
  const weight = Number(granularity);
  const scenario: Scenario = {
    platform: 'lightdsa',
    mode: 'shared',
    engines: 1,
    batch: 32,
    load: { kind: 'closed', depth: STREAMING_BATCHES },
    operations: [
      { operation: 'memmove', sizeBytes: 16384, weight },
      { operation: 'memmove', sizeBytes: 512, weight },
    ],
    buffers: buffersOf(16384),
    cacheControl: true,
    destinationReadback: readback === 'on',
    special: { order: 'cyclic' },
  };
  return single(row, { scenario, warmup: 16, count: 64 }, (o) => bytesPerSecond(o) / MIB);
}

/** One process that streams to all engines of a device. */
function fourEngines(operation: string, sizeBytes: number): Omit<Scenario, 'buffers'> {
  return {
    platform: 'lightdsa',
    mode: 'shared',
    engines: 4,
    load: { kind: 'closed', depth: STREAMING_BATCHES },
    operations: oneOperation(operation, sizeBytes),
  };
}

/** Batches of 32 long enough for a steady rate. */
function streaming(scenario: Scenario, sizeBytes: number): ProbePlan {
  return { scenario, warmup: 2 * STREAMING_BATCHES, count: lengthFor(32 * sizeBytes, 16, 64) };
}
