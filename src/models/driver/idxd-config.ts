/** idxd_device_config: a DeviceConfig written into WQCFG and GRPCFG (Linux drivers/dma/idxd/device.c). */
import type { DeviceConfig, GroupConfig, WorkQueueConfig } from '../config.js';
import { floorLog2 } from '../registers/capabilities.js';
import { operationMask } from '../registers/decode.js';
import { encodeGrpcfg, type GrpcfgFields } from '../registers/grpcfg.js';
import { GENCFG, REGISTER, STRIDE } from '../registers/map.js';
import { decodeWqcfg, encodeWqcfg } from '../registers/wqcfg.js';
import { type Driver, DriverError, read32, write32, writing } from './bus.js';
import { type IdxdDevice, queueOffset, readQueueWords } from './idxd-probe.js';

const VERSION_2 = 0x200;

/** What a queue is bound to: a driver of the kernel, user space, or a mediated device. */
export type QueueType = 'kernel' | 'user' | 'mdev';

/** One queue as the driver keeps it: its number in the device, its group, and how it is to be. */
export interface QueuePlan {
  readonly index: number;
  readonly config: WorkQueueConfig;
  readonly type: QueueType;
}

/** A device's configuration with numbers instead of nesting. */
export interface DevicePlan {
  readonly config: DeviceConfig;
  readonly queues: readonly QueuePlan[];
  /** Queue numbers of each group. */
  readonly members: readonly (readonly number[])[];
}

/**
 * Numbers the queues of a configuration in their order.
 * @throws DriverError if the device lacks what the configuration uses, as sysfs would refuse it
 */
export function planDevice(device: IdxdDevice, config: DeviceConfig, type: QueueType): DevicePlan {
  const members: number[][] = [];
  const queues: QueuePlan[] = [];
  for (const group of config.groups) {
    const first = queues.length;
    for (const queue of group.workQueues) queues.push({ index: queues.length, config: queue, type });
    members.push(group.workQueues.map((_, i) => first + i));
  }
  refuseUnsupported(device, config, queues);
  return { config, queues, members };
}

function refuseUnsupported(device: IdxdDevice, config: DeviceConfig, queues: readonly QueuePlan[]): void {
  if (config.groups.length > device.groups) {
    throw new DriverError(`${config.name} has ${device.groups} groups, not ${config.groups.length}`);
  }
  if (queues.length > device.workQueues) {
    throw new DriverError(`${config.name} has ${device.workQueues} work queues, not ${queues.length}`);
  }
  for (const { config: queue } of queues) {
    if (queue.operations !== null && !device.operationConfig) {
      throw new DriverError(
        `work queue "${queue.name}" restricts its operations, which this device cannot (WQCAP bit 54)`,
      );
    }
  }
}

/** Writes the whole configuration; what is read-only at the time stays as it is, silently. */
export function* writeConfiguration(device: IdxdDevice, plan: DevicePlan): Driver {
  for (const queue of plan.queues) yield* writeQueue(device, queue);
  if (plan.config.readBufferLimit > 0) {
    const gencfg = yield* read32(REGISTER.gencfg);
    yield* write32(REGISTER.gencfg, (gencfg & ~GENCFG.read_buffer_limit) | plan.config.readBufferLimit);
  }
  for (let group = 0; group < device.groups; group++) {
    yield* writeGroup(device, group, groupFields(device, plan, group));
  }
}

/** Read first, so that what the device or an earlier owner put there survives; then written back, all of it. */
function* writeQueue(device: IdxdDevice, { index, config }: QueuePlan): Driver {
  const before = yield* readQueueWords(device, index);
  const words = encodeWqcfg(
    {
      ...decodeWqcfg(before),
      size: config.size,
      threshold: config.threshold,
      dedicated: config.mode === 'dedicated',
      blockOnFault: config.blockOnFault && device.blockOnFault,
      prsDisable: config.pageRequests === false,
      priority: config.priority,
      maxTransferShift: floorLog2(config.maxTransferBytes),
      maxBatchShift: floorLog2(config.maxBatch),
      operations: device.operationConfig
        ? config.operations === null
          ? device.operations
          : operationMask(config.operations)
        : null,
    },
    before,
  );
  const first = queueOffset(device, index);
  for (let i = 0; i < words.length; i++) yield writing(first + 4 * i, 4, words[i]!);
}

/** Groups without a configuration hold nothing; traffic classes are 1 up to revision 2.0. */
function groupFields(device: IdxdDevice, plan: DevicePlan, group: number): GrpcfgFields {
  const config: GroupConfig | undefined = plan.config.groups[group];
  return {
    workQueues: plan.members[group] ?? [],
    engines: config?.engines ?? [],
    trafficClassA: device.version <= VERSION_2 ? 1 : 0,
    trafficClassB: 1,
    useReadBufferLimit: config?.useReadBufferLimit ?? false,
    readBuffersReserved: config?.readBuffersReserved ?? 0,
    readBuffersAllowed: config?.readBuffersAllowed ?? device.readBuffers,
    workLimit: 0,
    batchLimit: 0,
  };
}

function* writeGroup(device: IdxdDevice, group: number, fields: GrpcfgFields): Driver {
  const base = device.offsets.groups + group * STRIDE.group;
  const words = encodeGrpcfg(fields);
  for (let i = 0; i < words.length; i += 2) yield writing(base + 4 * i, 8, words[i]!, words[i + 1]!);
}
