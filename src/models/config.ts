/**
 * What a simulation is given: one design at one point of a sweep, every value resolved and in internal units.
 * Times are integer picoseconds, sizes bytes, rates per second. The value is plain data, so that it can be
 * sent to a worker thread as it is.
 */
import type { LifecycleEvent } from './lifecycle/events.js';
import type { ParameterValues } from './parameters.js';
import type { Design } from './virtualization/design.js';

/** How a work queue takes descriptors (WQCFG.Mode; specification 3.2). */
export type WorkQueueMode = 'shared' | 'dedicated';

/** One work queue as a driver configures it (WQCFG; accel-config `grouped_workqueues`). */
export interface WorkQueueConfig {
  name: string;
  mode: WorkQueueMode;
  /** Storage of the queue [entries]. */
  size: number;
  /** A limited portal of a shared queue accepts below this occupancy [entries]; ignored on a dedicated one. */
  threshold: number;
  /** Weight in the group arbiter, 1..15. */
  priority: number;
  blockOnFault: boolean;
  /** [B] */
  maxTransferBytes: number;
  /** [descriptors] */
  maxBatch: number;
  /** Operation names that WQCFG.OPCFG allows, or null for all that the device has. */
  operations: readonly string[] | null;
  /** False where WQCFG.PRS Disable keeps the queue from requesting absent pages; by default it may. */
  pageRequests?: boolean;
}

/** One group: engines that serve a set of work queues (GRPCFG). */
export interface GroupConfig {
  /** Engine numbers, unique in the device. */
  engines: readonly number[];
  workQueues: readonly WorkQueueConfig[];
  /** Read buffers that no other group may take [64 B buffers]. */
  readBuffersReserved: number;
  /** Most read buffers that the group may hold [64 B buffers]. */
  readBuffersAllowed: number;
  /** Whether the group shares the device's global read-buffer limit (GRPFLAGS bit 7). */
  useReadBufferLimit: boolean;
}

/** One DSA device. */
export interface DeviceConfig {
  name: string;
  groups: readonly GroupConfig[];
  /** GENCFG global read-buffer limit [64 B buffers]; 0 = all. */
  readBufferLimit: number;
}

/** When a tenant's threads submit. */
export type Load =
  /** Every thread keeps `depth` descriptors (or batches) outstanding. */
  | { kind: 'closed'; depth: number }
  /** Every thread submits `depth` descriptors (or batches), waits for all of them, and starts over. */
  | { kind: 'burst'; depth: number }
  /** Every instance receives work at `ratePerSecond` [1/s], latency counted from the intended arrival. */
  | { kind: 'open'; ratePerSecond: number; arrivals: 'poisson' | 'uniform' }
  /** Every instance receives work at these times from the start of the load [ps], in ascending order. */
  | { kind: 'trace'; arrivalsPs: readonly number[] };

/** One entry of a tenant's operation mix. */
export interface OperationMix {
  /** Name as in core's table of operations: memmove, fill, compare, crc … */
  operation: string;
  /** Transfer size [B]. */
  sizeBytes: number;
  weight: number;
}

/** How a thread learns of a completion. */
export type CompletionWait = 'poll' | 'umwait' | 'interrupt';

/** Where a tenant's buffers live. */
export type Placement = 'dram' | 'llc' | 'remote' | 'cxl' | 'peer';

/** Who places a tenant's buffers. */
export type Allocator = 'aligned' | 'malloc';

/** The memory that a tenant's descriptors work on. */
export interface BufferConfig {
  /** Distinct buffers an operand rotates over. */
  count: number;
  /** Page size of the buffers' mapping [B]: 4 KiB, 2 MiB or 1 GiB. */
  pageSizeBytes: number;
  placement: Placement;
  /** Probability that a page is present when first used, 0..1. */
  resident: number;
  /** Alignment of each buffer [B]. */
  alignmentBytes: number;
  /**
   * How the buffers were obtained: each at its alignment in a region of its own, or one after the other from `malloc`,
   * those of one submission together; `alignmentBytes` then says nothing.
   */
  allocation?: Allocator;
  /** Distinct sources; by default as many as `count`. */
  sourceCount?: number;
  /** Pages that completion records rotate over; by default they lie one after the other. */
  completionPages?: number;
  /** Operand whose pages are absent at every use, as if its memory had just been allocated. */
  fresh?: 'none' | 'destination' | 'source' | 'source2' | 'pattern';
  /** Whether an absent page is in memory already (minor) or must be read from storage (major). */
  faults?: 'minor' | 'major';
}

/** What the processors of an instance write beside its buffers, for themselves. */
export interface ProcessorWrites {
  /** Pages of 4 KiB that are written [1/s]. */
  perSecond: number;
  /** Part of the memory over which they are spread evenly [B]. */
  withinBytes: number;
}

/** A tenant: a number of equal guests, containers or processes, as the design has it. */
export interface TenantConfig {
  name: string;
  instances: number;
  /** Submitting threads (vCPUs) of each instance. */
  threads: number;
  /** Processors of the host that the threads of all instances share; by default each has its own. */
  hostCpus?: number;
  /** Instance i submits to workQueues[i mod length]. */
  workQueues: readonly string[];
  load: Load;
  operations: readonly OperationMix[];
  /** `cyclic` issues entry i `weight` times in a row, then entry i + 1, instead of drawing. */
  order?: 'weighted' | 'cyclic';
  /** Whether the thread touches the pages of a descriptor before it submits it. */
  touch?: 'none' | 'on-demand';
  /** Descriptors of one submission; 1 = a single descriptor, above that a Batch descriptor over a list. */
  batch: number;
  completion: CompletionWait;
  /** Which portal page is written; null lets the design choose (limited where it maps only that one). */
  portal: 'limited' | 'unlimited' | null;
  /** Portal slots (64 B lines of the page) that a thread rotates over, 1..64. */
  portalSlots: number;
  buffers: BufferConfig;
  /** Destination writes go to the cache (Cache Control 1) instead of memory. */
  cacheControl?: boolean;
  /** Destinations are read back before the completion record is written (Cache Control 2). */
  destinationReadback?: boolean;
  /** How often each thread unmaps a page of its buffers, maps another in its place and waits for the invalidation [1/s]. */
  unmapsPerSecond?: number;
  /** Guest memory, pinned or not as the design has it, and memory of other devices that this one must reach. */
  memory: { sizeBytes: number; backingBytes: number; peerBytes?: number; writes?: ProcessorWrites };
}

/** When a simulation measures. */
export interface MeasureConfig {
  warmupPs: number;
  durationPs: number;
}

/** One design at one point: all that `simulate` needs beside seed and replication. */
export interface MachineConfig {
  parameters: ParameterValues;
  /** Devices as configured. A design that hands out whole functions replicates them for every instance. */
  devices: readonly DeviceConfig[];
  design: Design;
  tenants: readonly TenantConfig[];
  measure: MeasureConfig;
  /** What happens after the measured phase; by default nothing. */
  lifecycle?: readonly LifecycleEvent[];
  /** `bytes` executes every descriptor on simulated memory; `timing` does not, and the result says so. */
  semantics: 'bytes' | 'timing';
  seed: number;
}
