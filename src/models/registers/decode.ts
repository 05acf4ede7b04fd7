/** From registers back to the configuration that a timed device is assembled from. */
import { hasOperation } from '../../core/capabilities.js';
import { OPCODE, type OperationName } from '../../core/operations.js';
import type { DeviceConfig, GroupConfig, WorkQueueConfig } from '../config.js';
import type { GrpcfgFields } from './grpcfg.js';
import { DEVICE_STATE, QUEUE_STATE } from './map.js';
import type { PhysicalRegisters } from './physical-registers.js';
import type { WqcfgFields } from './wqcfg.js';

/** Operations that every queue keeps, whatever its mask: a driver cannot do without them. */
const ALWAYS: readonly string[] = ['nop', 'batch', 'drain'];
const OPCODE_WORDS = 8;

/** A power of two of any size that a shift field can name. */
const power = (shift: number): number => {
  let value = 1;
  for (let i = 0; i < shift; i++) value *= 2;
  return value;
};

/**
 * The configuration of one queue as the device understands it.
 * @param name the driver's name for it: registers hold none
 * @param supported OPCAP: a mask that equals it restricts nothing
 */
export function wqcfgToConfig(
  fields: WqcfgFields,
  name: string,
  supported: readonly number[],
): WorkQueueConfig {
  const { operations } = fields;
  const restricts = operations?.some((word, i) => word !== supported[i]) ?? false;
  return {
    name,
    mode: fields.dedicated ? 'dedicated' : 'shared',
    size: fields.size,
    threshold: fields.threshold,
    priority: fields.priority,
    blockOnFault: fields.blockOnFault,
    maxTransferBytes: power(fields.maxTransferShift),
    maxBatch: power(fields.maxBatchShift),
    operations: restricts ? operationNames(operations!) : null,
    ...(fields.prsDisable ? { pageRequests: false } : {}),
  };
}

/** The configuration of one group. @param queues its queues, decoded */
export function grpcfgToConfig(fields: GrpcfgFields, queues: readonly WorkQueueConfig[]): GroupConfig {
  return {
    engines: fields.engines,
    workQueues: queues,
    readBuffersReserved: fields.readBuffersReserved,
    readBuffersAllowed: fields.readBuffersAllowed,
    useReadBufferLimit: fields.useReadBufferLimit,
  };
}

/** What a device will execute, as its registers say. */
export interface DecodedDevice {
  readonly config: DeviceConfig;
  /** Number in the device of each queue of `config`, in its order. */
  readonly queues: readonly number[];
}

/**
 * Decodes an enabled device: its enabled queues, in their groups, and nothing else can receive a descriptor.
 * @param name the driver's name for the device
 * @param queueName the driver's name for each queue
 * @throws RangeError if the device is not enabled
 */
export function decodeDevice(
  registers: PhysicalRegisters,
  name: string,
  queueName: (queue: number) => string,
): DecodedDevice {
  if (registers.state !== DEVICE_STATE.enabled) throw new RangeError(`device ${name} is not enabled`);
  const { queues, groups, readBufferLimit } = registers.decoded();
  const supported = registers.shape.capabilities.operations;
  const numbers: number[] = [];
  const configs: GroupConfig[] = [];
  for (const group of groups) {
    const enabled = group.workQueues.filter((queue) => registers.queueState(queue) === QUEUE_STATE.enabled);
    if (group.engines.length === 0) continue;
    numbers.push(...enabled);
    const decoded = enabled.map((queue) => wqcfgToConfig(queues[queue]!, queueName(queue), supported));
    configs.push(grpcfgToConfig(group, decoded));
  }
  // A limit of all buffers, the reset value, limits nothing.
  const limit = readBufferLimit === registers.shape.readBuffers ? 0 : readBufferLimit;
  return { config: { name, groups: configs, readBufferLimit: limit }, queues: numbers };
}

/** The mask of WQCFG.OPCFG for some operation names. */
export function operationMask(names: readonly string[]): number[] {
  const words = new Array<number>(OPCODE_WORDS).fill(0);
  for (const name of [...ALWAYS, ...names]) {
    const opcode = OPCODE[name as OperationName];
    words[opcode >>> 5] = (words[opcode >>> 5]! | (1 << (opcode & 31))) >>> 0;
  }
  return words;
}

/** Names of the operations in a mask beside those that are always there, in order of their codes. */
export function operationNames(mask: readonly number[]): string[] {
  const names = (Object.keys(OPCODE) as OperationName[]).filter((name) => !ALWAYS.includes(name));
  return names.filter((name) => hasOperation(mask, OPCODE[name]));
}
