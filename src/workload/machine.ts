/** From a checked document to the machine that is simulated. */
import type {
  DeviceConfig,
  GroupConfig,
  Load,
  MachineConfig,
  TenantConfig,
  WorkQueueConfig,
} from '../models/config.js';
import type { LifecycleEvent } from '../models/lifecycle/events.js';
import type { ParameterValues } from '../models/parameters.js';
import type { Design } from '../models/virtualization/design.js';
import type { DeviceLimits } from './presets.js';
import type { WorkloadDocument } from './schema.js';
import type { DeviceDocument, GroupDocument, WorkQueueDocument } from './schema-device.js';
import type { OperationDocument, TenantDocument } from './schema-tenant.js';

/** How long disable-wq leaves a queue disabled by default [ps]. */
const DISABLED_PS = 1e9;

/** The power of two at or above a number: the device holds these limits as a shift, and the driver rounds up. */
export function powerOfTwoAbove(value: number): number {
  let power = 1;
  while (power < value) power *= 2;
  return power;
}

/** A tenant's operations as a list. */
export function operationList(tenant: TenantDocument): readonly OperationDocument[] {
  return Array.isArray(tenant.operations) ? tenant.operations : [tenant.operations];
}

/** What a machine is made from beside the document. */
export interface MachineInputs {
  readonly design: Design;
  readonly values: ParameterValues;
  readonly limits: DeviceLimits;
  /** Arrival times of a tenant's trace file [ps], by its path as written. */
  readonly arrivals: (trace: string) => readonly number[];
}

/** The machine of one design at one point. */
export function machineConfig(document: WorkloadDocument, inputs: MachineInputs): MachineConfig {
  return {
    parameters: inputs.values,
    devices: document.devices.map((device, i) => deviceConfig(device, i, inputs.limits)),
    design: inputs.design,
    tenants: document.tenants.map((tenant) => tenantConfig(tenant, inputs)),
    measure: {
      warmupPs: typeof document.measure.warmup === 'number' ? document.measure.warmup : 0,
      durationPs: document.measure.duration,
    },
    ...(document.lifecycle === undefined ? {} : { lifecycle: lifecycleEvents(document) }),
    semantics: document.semantics,
    seed: document.seed,
  };
}

/** The lifecycle with tenants by number. */
function lifecycleEvents({ lifecycle, tenants }: WorkloadDocument): LifecycleEvent[] {
  return (lifecycle ?? []).map((event) => ({
    action: event.do,
    atPs: event.at ?? null,
    tenant: Math.max(
      0,
      tenants.findIndex(({ name }) => name === event.tenant),
    ),
    instance: event.instance,
    forPs: event.for ?? DISABLED_PS,
    fails: event.fails !== undefined,
  }));
}

function deviceConfig(device: DeviceDocument, index: number, limits: DeviceLimits): DeviceConfig {
  const groups = device.groups ?? [];
  const engines = assignEngines(groups);
  const reserved = groups.reduce((sum, group) => sum + group.read_buffers_reserved, 0);
  return {
    name: device.name ?? `dsa${index}`,
    groups: groups.map((group, g): GroupConfig => {
      const most = group.read_buffers_reserved + limits.readBuffers - reserved;
      return {
        engines: engines[g]!,
        workQueues: group.work_queues.map(workQueueConfig),
        readBuffersReserved: group.read_buffers_reserved,
        readBuffersAllowed: group.read_buffers_allowed ?? most,
        useReadBufferLimit: group.use_read_buffer_limit,
      };
    }),
    readBufferLimit: device.read_buffer_limit,
  };
}

/** Engine numbers of each group: those that are listed, and for a count the lowest that are left. */
function assignEngines(groups: readonly GroupDocument[]): number[][] {
  const taken = new Set(groups.flatMap((group) => (typeof group.engines === 'number' ? [] : group.engines)));
  let next = 0;
  return groups.map(({ engines }) => {
    if (typeof engines !== 'number') return [...engines];
    const numbers: number[] = [];
    for (; numbers.length < engines; next++) if (!taken.has(next)) numbers.push(next);
    return numbers;
  });
}

function workQueueConfig(queue: WorkQueueDocument): WorkQueueConfig {
  return {
    name: queue.name,
    mode: queue.mode,
    size: queue.size,
    threshold: Math.min(queue.threshold ?? queue.size, queue.size),
    priority: queue.priority,
    blockOnFault: queue.block_on_fault,
    maxTransferBytes: powerOfTwoAbove(queue.max_transfer_size),
    maxBatch: powerOfTwoAbove(queue.max_batch_size),
    operations: queue.operations ?? null,
  };
}

function tenantConfig(tenant: TenantDocument, inputs: MachineInputs): TenantConfig {
  const { writes } = tenant.memory;
  return {
    name: tenant.name,
    instances: tenant.instances,
    threads: tenant.threads,
    ...(tenant.host_cpus === undefined ? {} : { hostCpus: tenant.host_cpus }),
    workQueues: tenant.work_queue,
    load: loadOf(tenant, inputs),
    operations: operationList(tenant).map(({ op, size, weight }) => ({
      operation: op,
      sizeBytes: size ?? 0,
      weight,
    })),
    order: tenant.order,
    touch: tenant.touch,
    cacheControl: tenant.cache_control,
    destinationReadback: tenant.destination_readback,
    batch: tenant.batch,
    completion: tenant.completion,
    portal: tenant.portal ?? null,
    ...(tenant.unmap === undefined ? {} : { unmapsPerSecond: tenant.unmap.rate }),
    portalSlots: tenant.portal_slots,
    buffers: {
      count: tenant.buffers.count,
      pageSizeBytes: tenant.buffers.page_size,
      placement: tenant.buffers.placement,
      resident: tenant.buffers.resident,
      alignmentBytes: tenant.buffers.alignment,
      ...(tenant.buffers.allocation === 'malloc' ? { allocation: tenant.buffers.allocation } : {}),
      ...(tenant.buffers.source_count === undefined ? {} : { sourceCount: tenant.buffers.source_count }),
      ...(tenant.buffers.completion_pages === undefined
        ? {}
        : { completionPages: tenant.buffers.completion_pages }),
      fresh: tenant.buffers.fresh,
      faults: tenant.buffers.faults,
    },
    memory: {
      sizeBytes: tenant.memory.size,
      backingBytes: tenant.memory.backing,
      ...(tenant.memory.peer > 0 ? { peerBytes: tenant.memory.peer } : {}),
      ...(writes === undefined
        ? {}
        : { writes: { perSecond: writes.rate, withinBytes: writes.within ?? tenant.memory.size } }),
    },
  };
}

function loadOf(tenant: TenantDocument, inputs: MachineInputs): Load {
  const { closed, burst, open, trace } = tenant.load;
  if (closed !== undefined) return { kind: 'closed', depth: closed.depth };
  if (burst !== undefined) return { kind: 'burst', depth: burst.depth };
  if (open !== undefined) return { kind: 'open', ratePerSecond: open.rate, arrivals: open.arrivals };
  return { kind: 'trace', arrivalsPs: inputs.arrivals(trace ?? '') };
}
