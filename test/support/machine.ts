/** Small machines for tests: one device, queues, tenants, each with what a test does not care about filled in. */
import type {
  BufferConfig,
  DeviceConfig,
  GroupConfig,
  Load,
  MachineConfig,
  TenantConfig,
  WorkQueueConfig,
} from '../../src/models/config.js';
import { buildMachine, type MachineParts } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { designById } from '../../src/models/virtualization/designs.js';

export const NS = 1e3;
export const US = 1e6;
export const KIB = 1024;
export const MIB = 1024 * 1024;

/** A design that everybody can use: a process with a mapped portal, interrupts as on the host. */
export const HOST_DESIGN: Design = {
  ...designById('native-cdev')!,
  interrupts: { misc: 'msix-remapped', completion: 'msix-remapped' },
};

/** A guest whose portal is mapped and whose interrupts are posted. */
export const GUEST_DESIGN: Design = designById('mdev')!;

/** A shared queue of 128 named `q`. */
export function queue(over: Partial<WorkQueueConfig> = {}): WorkQueueConfig {
  return {
    name: 'q',
    mode: 'shared',
    size: 128,
    threshold: 128,
    priority: 10,
    blockOnFault: true,
    maxTransferBytes: 2147483648,
    maxBatch: 1024,
    operations: null,
    ...over,
  };
}

/** A group of `engines` engines that serves these queues. */
export function group(engines: number, workQueues: WorkQueueConfig[], over: Partial<GroupConfig> = {}) {
  return {
    engines: Array.from({ length: engines }, (_, i) => i),
    workQueues,
    readBuffersReserved: 0,
    readBuffersAllowed: 96,
    useReadBufferLimit: false,
    ...over,
  };
}

/** A device of these groups, whose engines are numbered through: an engine belongs to one group. */
export function device(groups: GroupConfig[], over: Partial<DeviceConfig> = {}): DeviceConfig {
  let next = 0;
  const numbered = groups.map((each) => ({ ...each, engines: each.engines.map(() => next++) }));
  return { name: 'dsa0', groups: numbered, readBufferLimit: 0, ...over };
}

/** What a test may say about a tenant. */
export interface TenantOptions extends Partial<Omit<TenantConfig, 'buffers'>> {
  buffers?: Partial<BufferConfig>;
}

/** One instance with one thread that copies 4 KiB pages from memory, 32 outstanding, to queue `q`. */
export function tenant(over: TenantOptions = {}): TenantConfig {
  const { buffers, ...rest } = over;
  return {
    name: 'guest',
    instances: 1,
    threads: 1,
    workQueues: ['q'],
    load: { kind: 'closed', depth: 32 },
    operations: [{ operation: 'memmove', sizeBytes: 4 * KIB, weight: 1 }],
    batch: 1,
    completion: 'poll',
    portal: null,
    portalSlots: 64,
    memory: { sizeBytes: 1 << 30, backingBytes: 4 * KIB },
    ...rest,
    buffers: {
      count: 64,
      pageSizeBytes: 4 * KIB,
      placement: 'dram',
      resident: 1,
      alignmentBytes: 64,
      ...buffers,
    },
  };
}

/** One operation as a whole mix. */
export const only = (operation: string, sizeBytes: number) => [{ operation, sizeBytes, weight: 1 }];

/** Work that arrives at these times [ps]. */
export const arriving = (...arrivalsPs: number[]): Load => ({ kind: 'trace', arrivalsPs });

/** What a test may say about a machine. */
export interface MachineOptions extends Partial<Omit<MachineConfig, 'parameters' | 'tenants'>> {
  parameters?: Readonly<Record<string, number>>;
  tenants?: readonly TenantConfig[];
}

/** One engine, one shared queue, one tenant; no jitter unless a test asks for it, so that times are exact. */
export function machine(over: MachineOptions = {}): MachineConfig {
  const { parameters, ...rest } = over;
  return {
    devices: [device([group(1, [queue()])])],
    design: HOST_DESIGN,
    tenants: [tenant()],
    measure: { warmupPs: 20 * US, durationPs: 100 * US },
    semantics: 'bytes',
    seed: 1,
    ...rest,
    parameters: parameterValues({ 'memory.jitter': 0, ...parameters }),
  };
}

/** Runs a machine whose load ends until nothing happens any more, with everything measured. */
export function drained(config: MachineConfig, replication = 0): MachineParts {
  const parts = buildMachine(config, replication);
  parts.recorder.measure(true);
  if (!parts.simulator.runUntilIdle(2_000_000)) throw new Error('the machine does not come to rest');
  return parts;
}
