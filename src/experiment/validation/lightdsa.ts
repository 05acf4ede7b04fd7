/**
 * The runs of LightDSA: one core, one shared queue of 128, buffers of 4 GiB in DRAM walked from end to end, cache
 * control off unless said otherwise. Its MB/s are MiB/s.
 */
import type { BufferConfig, TenantConfig } from '../../models/config.js';
import { type MeasuredRow, wholeCell } from './measured.js';
import { bytesPerSecond, type ProbePlan, type RowPlan, single } from './row-plan.js';
import type { Scenario } from './scenario.js';

const MIB = 1048576;
const GIB = 1073741824;

/** Each operand walks a region of this size: more pages than an IOTLB may hold, so none is met again too soon [B]. */
const REGION_BYTES = 256 * MIB;

/** Batches outstanding while streaming: more than an engine takes in at once. */
const STREAMING = { kind: 'closed', depth: 8 } as const;

/** Operations by the names of LightDSA, and the operand that lies in fresh memory where its runs have one. */
const OPERATIONS: Readonly<Record<string, { operation: string; fresh: NonNullable<BufferConfig['fresh']> }>> =
  {
    memmove: { operation: 'memmove', fresh: 'destination' },
    memfill: { operation: 'fill', fresh: 'destination' },
    fill: { operation: 'fill', fresh: 'destination' },
    compare: { operation: 'compare', fresh: 'source2' },
    compval: { operation: 'compare_pattern', fresh: 'pattern' },
  };

function oneOperation(name: string, sizeBytes: number): TenantConfig['operations'] {
  return [{ operation: OPERATIONS[name]!.operation, sizeBytes, weight: 1 }];
}

/** Buffers of a size that fill a region. */
function buffersOf(sizeBytes: number): number {
  return Math.ceil(REGION_BYTES / Math.max(64, sizeBytes));
}

/** Submissions that are enough for a steady rate: fewer where each takes long. */
function lengthFor(bytesPerSubmission: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.round((64 * MIB) / bytesPerSubmission)));
}

/** The alignment sweep of one engine: batches of 32, singles with 128 outstanding, and one at a time [MiB/s]. */
export function alignmentSweep(row: MeasuredRow): RowPlan {
  const sizeBytes = wholeCell(row, 'size_bytes');
  const probe = (
    tenant: Omit<Scenario['tenant'], 'operations'>,
    warmup: number,
    count: number,
  ): ProbePlan => ({
    scenario: {
      platform: 'lightdsa',
      mode: 'shared',
      engines: 1,
      tenant: { operations: oneOperation(row.operation, sizeBytes), ...tenant },
      buffers: { count: buffersOf(sizeBytes), alignmentBytes: wholeCell(row, 'dst_alignment_bytes') },
    },
    warmup,
    count,
  });
  const read = (o: Parameters<typeof bytesPerSecond>[0]): number => bytesPerSecond(o) / MIB;
  switch (row.submission) {
    case 'async batches':
      return single(row, probe({ batch: 32, load: STREAMING }, 16, lengthFor(32 * sizeBytes, 8, 64)), read);
    case 'async singles': {
      const load = { kind: 'closed', depth: 128 } as const;
      return single(row, probe({ load }, 256, lengthFor(sizeBytes, 128, 1024)), read);
    }
    default: {
      const load = { kind: 'closed', depth: 1 } as const;
      return single(row, probe({ load }, 4, lengthFor(sizeBytes, 32, 400)), read);
    }
  }
}

/** Batches of 32 on four engines to destinations at any byte, with destination readback [MiB/s]. */
export function randomUnaligned(row: MeasuredRow): RowPlan {
  const sizeBytes = Number(/_(\d+)$/.exec(row.id)![1]);
  const scenario: Scenario = {
    ...ON_FOUR_ENGINES,
    tenant: {
      operations: oneOperation('memmove', sizeBytes),
      batch: 32,
      load: STREAMING,
      destinationReadback: true,
    },
    buffers: { count: buffersOf(sizeBytes), alignmentBytes: 1 },
  };
  return single(row, streaming(scenario, sizeBytes), (o) => bytesPerSecond(o) / MIB);
}

const ON_FOUR_ENGINES = { platform: 'lightdsa', mode: 'shared', engines: 4 } as const;
const FAULT_BATCH_BYTES = 32768;
const FAULT_SINGLE_BYTES = 262144;
/** Singles outstanding in the runs on fresh pages. */
const FAULT_DEPTH = 32;

/** Batches of 32 over pages that are absent, unknown to the IOTLB, or known (LDpf) [GiB/s]. */
export function faultKinds(row: MeasuredRow): RowPlan {
  const [, kind, name] = /^LDpf_(majorPF|minorPF|ATCmiss|noPF)_(\w+)$/.exec(row.id)!;
  const faults = kind === 'majorPF' ? 'major' : 'minor';
  const scenario: Scenario = {
    ...ON_FOUR_ENGINES,
    tenant: {
      operations: oneOperation(name!, FAULT_BATCH_BYTES),
      batch: 32,
      load: STREAMING,
      cacheControl: true,
    },
    buffers: {
      // Without faults one buffer is met again and again; a miss at every page needs more than an IOTLB holds.
      count: kind === 'noPF' ? 1 : buffersOf(FAULT_BATCH_BYTES),
      ...(kind!.endsWith('rPF') ? { fresh: OPERATIONS[name!]!.fresh, faults } : {}),
    },
  };
  const count = kind!.endsWith('rPF') ? 8 : 64;
  return single(row, { scenario, warmup: STREAMING.depth, count }, (o) => bytesPerSecond(o) / GIB);
}

/** Copies of 256 KiB to fresh pages, by who meets the absent page (LDprs) [GiB/s]. */
export function faultHandling(row: MeasuredRow): RowPlan {
  const [, way, name] = /^LDprs_([A-Za-z0-9]+)_(\w+)$/.exec(row.id)!;
  const touches = way!.startsWith('touch') || way!.startsWith('CPUtouch');
  // A core that touches everything first overlaps nothing with the device: one after the other.
  const depth = way === 'CPUtouchallfirst' ? 1 : FAULT_DEPTH;
  const scenario: Scenario = {
    ...ON_FOUR_ENGINES,
    blockOnFault: way === 'BOF1PRS',
    tenant: {
      operations: oneOperation(name!, FAULT_SINGLE_BYTES),
      load: { kind: 'closed', depth },
      cacheControl: true,
      touch: touches ? 'on-demand' : 'none',
    },
    buffers: {
      count: buffersOf(FAULT_SINGLE_BYTES),
      pageSizeBytes: way!.includes('2MB') ? 2 * MIB : 4096,
      fresh: OPERATIONS[name!]!.fresh,
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
    tenant: {
      operations: [
        { operation: 'memmove', sizeBytes: 16384, weight },
        { operation: 'memmove', sizeBytes: 512, weight },
      ],
      order: 'cyclic',
      batch: 32,
      load: STREAMING,
      cacheControl: true,
      destinationReadback: readback === 'on',
    },
    buffers: { count: buffersOf(16384) },
  };
  return single(row, { scenario, warmup: 16, count: 128 }, (o) => bytesPerSecond(o) / MIB);
}

/** Batches of 32 long enough for a steady rate. */
function streaming(scenario: Scenario, sizeBytes: number): ProbePlan {
  return { scenario, warmup: 2 * STREAMING.depth, count: lengthFor(32 * sizeBytes, 16, 64) };
}
