/**
 * The runs of LightDSA: one core, one shared queue of 128, buffers of 4 GiB in DRAM walked from end to end, cache
 * control off unless said otherwise. Its MB/s are MiB/s.
 */
import type { BufferConfig, TenantConfig } from '../../models/config.js';
import { type MeasuredRow, wholeCell } from './measured.js';
import type { Observation } from './probe.js';
import { bytesPerSecond, type ProbePlan, type RowPlan, single } from './row-plan.js';
import type { Scenario } from './scenario.js';

const MIB = 1048576;
const GIB = 1073741824;

/** Most that each operand walks: more pages than an IOTLB may hold, so none is met again too soon [B]. */
const REGION_BYTES = 64 * MIB;

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

/** A scenario whose buffers are still to be counted. */
type Walk = Omit<Scenario, 'buffers'> & { readonly buffers: Omit<Scenario['buffers'], 'count'> };

/**
 * A run in which every descriptor meets new buffers, as a walk over 4 GiB does: as many as are issued, or as fill a
 * region.
 */
function walking(walk: Walk, warmup: number, count: number): ProbePlan {
  const { load, batch, operations } = walk.tenant;
  const outstanding = load.kind === 'closed' ? load.depth : 0;
  const issued = (warmup + count + outstanding) * (batch ?? 1);
  const largest = Math.max(64, ...operations.map((o) => o.sizeBytes));
  const buffers = { ...walk.buffers, count: Math.min(issued, Math.ceil(REGION_BYTES / largest)) };
  return { scenario: { ...walk, buffers }, warmup, count };
}

/** Submissions that are enough for a steady rate: fewer where each takes long. */
function lengthFor(bytesPerSubmission: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, Math.round((64 * MIB) / bytesPerSubmission)));
}

/** The alignment sweep of one engine: batches of 32, singles with 128 outstanding, and one at a time [MiB/s]. */
export function alignmentSweep(row: MeasuredRow): RowPlan {
  const sizeBytes = wholeCell(row, 'size_bytes');
  const probe = (load: Omit<Walk['tenant'], 'operations'>, warmup: number, count: number): ProbePlan => {
    const walk: Walk = {
      platform: 'lightdsa',
      mode: 'shared',
      engines: 1,
      tenant: { operations: oneOperation(row.operation, sizeBytes), ...load },
      buffers: { alignmentBytes: wholeCell(row, 'dst_alignment_bytes') },
    };
    return walking(walk, warmup, count);
  };
  const read = (o: Observation): number => bytesPerSecond(o) / MIB;
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

/**
 * Batches of 32 to destinations at any byte, with destination readback [MiB/s]. The rows do not say on how many
 * engines; small copies run at the pace of one that serialises partial writes.
 */
export function randomUnaligned(row: MeasuredRow): RowPlan {
  const sizeBytes = Number(/_(\d+)$/.exec(row.id)![1]);
  const walk: Walk = {
    ...ON_FOUR_ENGINES,
    engines: 1,
    tenant: {
      operations: oneOperation('memmove', sizeBytes),
      batch: 32,
      load: STREAMING,
      destinationReadback: true,
    },
    buffers: { alignmentBytes: 1 },
  };
  const probe = walking(walk, 16, lengthFor(32 * sizeBytes, 16, 64));
  return single(row, probe, (o) => bytesPerSecond(o) / MIB);
}

const ON_FOUR_ENGINES = { platform: 'lightdsa', mode: 'shared', engines: 4 } as const;
/** Batches outstanding where every page faults: one for each engine. */
const FAULTING = { kind: 'closed', depth: 4 } as const;
const FAULT_BATCH_BYTES = 32768;
const FAULT_SINGLE_BYTES = 262144;
/** Singles outstanding in the runs on fresh pages. */
const FAULT_DEPTH = 8;

/** Batches of 32 over pages that are absent, unknown to the IOTLB, or known (LDpf) [GiB/s]. */
export function faultKinds(row: MeasuredRow): RowPlan {
  const [, kind, name] = /^LDpf_(majorPF|minorPF|ATCmiss|noPF)_(\w+)$/.exec(row.id)!;
  const absent = kind === 'majorPF' || kind === 'minorPF';
  const faults = kind === 'majorPF' ? 'major' : 'minor';
  const walk: Walk = {
    ...ON_FOUR_ENGINES,
    tenant: {
      operations: oneOperation(name!, FAULT_BATCH_BYTES),
      batch: 32,
      load: absent ? FAULTING : STREAMING,
      cacheControl: true,
    },
    buffers: absent ? { fresh: OPERATIONS[name!]!.fresh, faults } : {},
  };
  const probe = absent ? walking(walk, FAULTING.depth, 2 * FAULTING.depth) : walking(walk, 8, 64);
  if (kind !== 'noPF') return single(row, probe, (o) => bytesPerSecond(o) / GIB);
  // Without faults one buffer is met again and again: its translations are known.
  const scenario: Scenario = { ...probe.scenario, buffers: { ...walk.buffers, count: 1 } };
  return single(row, { ...probe, scenario }, (o) => bytesPerSecond(o) / GIB);
}

/** Copies of 256 KiB to fresh pages, by who meets the absent page (LDprs) [GiB/s]. */
export function faultHandling(row: MeasuredRow): RowPlan {
  const [, way, name] = /^LDprs_([A-Za-z0-9]+)_(\w+)$/.exec(row.id)!;
  const touches = way!.startsWith('touch') || way!.startsWith('CPUtouch');
  // A core that touches everything first overlaps nothing with the device: one after the other.
  const depth = way === 'CPUtouchallfirst' ? 1 : FAULT_DEPTH;
  const walk: Walk = {
    ...ON_FOUR_ENGINES,
    blockOnFault: way === 'BOF1PRS',
    tenant: {
      operations: oneOperation(name!, FAULT_SINGLE_BYTES),
      load: { kind: 'closed', depth },
      cacheControl: true,
      touch: touches ? 'on-demand' : 'none',
    },
    buffers: {
      pageSizeBytes: way!.includes('2MB') ? 2 * MIB : 4096,
      fresh: OPERATIONS[name!]!.fresh,
    },
  };
  const probe = walking(walk, FAULT_DEPTH, 2 * FAULT_DEPTH);
  return single(row, probe, (o) => bytesPerSecond(o) / GIB);
}

/** Batches that alternate g copies of 16 KiB and g of 512 B, with and without destination readback [MiB/s]. */
export function readbackPattern(row: MeasuredRow): RowPlan {
  const [, readback, granularity] = /^LDdrdbk_(on|off)_(\d+)$/.exec(row.id)!;
  const weight = Number(granularity);
  const walk: Walk = {
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
    buffers: {},
  };
  return single(row, walking(walk, 16, 128), (o) => bytesPerSecond(o) / MIB);
}
