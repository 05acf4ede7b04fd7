/** What a virtual DSA shows of itself: capabilities cut down to one queue. */
import type { DeviceShape } from './capabilities.js';
import { BASIC_COMMANDS, HANDLE_COMMANDS } from './commands.js';
import { decodeGrpcfg } from './grpcfg.js';
import { VIRTUAL_LAYOUT } from './map.js';
import type { PhysicalRegisters } from './physical-registers.js';
import type { WqcfgFields } from './wqcfg.js';

/**
 * `read-only`: a dedicated queue whose configuration the host made (v1 to v6); `writable`: the guest may configure it
 * too (the full register interface of 2020); `shared`: a shared queue with guest PASIDs (the later downstream series).
 */
export type VirtualVariant = 'read-only' | 'writable' | 'shared';

/** What the host hands out. */
export interface VirtualQueue {
  readonly variant: VirtualVariant;
  /** The device that the queue belongs to. */
  readonly physical: DeviceShape;
  /** The queue as the guest finds it. */
  readonly fields: WqcfgFields;
  /** Words of the group's GRPCFG; its engines and flags are shown. */
  readonly group: readonly number[];
}

/** nop to dualcast, CRC and copy with CRC, DIF check to update, cache flush. */
const VIRTUAL_OPERATIONS = [0x003f_03ff, 0x0000_0001, 0, 0, 0, 0, 0, 0];
const VIRTUAL_VECTORS = 2;

/** Takes a queue of a physical device to hand it out. */
export function virtualQueue(
  registers: PhysicalRegisters,
  queue: number,
  variant: VirtualVariant,
): VirtualQueue {
  const { queues, groups } = registers.decoded();
  const group = groups.findIndex((g) => g.workQueues.includes(queue));
  const fields = queues[queue]!;
  return {
    variant,
    physical: registers.shape,
    fields: {
      ...fields,
      blockOnFault: false,
      pasid: 0,
      // A shared queue takes the PASID of each descriptor; the guest finds it so configured.
      pasidEnable: variant === 'shared',
      priv: false,
      operations: null,
    },
    group: registers.grpcfgWords(group),
  };
}

/** The capability registers that the guest reads. */
export function virtualShape(queue: VirtualQueue): DeviceShape {
  const { physical, fields, variant } = queue;
  const { capabilities } = physical;
  return {
    ...physical,
    capabilities: {
      ...capabilities,
      operations: VIRTUAL_OPERATIONS.map((word, i) => (word & capabilities.operations[i]!) >>> 0),
      blockOnFault: false,
      durableWrite: false,
      interDomain: false,
      translationFetchStride: false,
      fill16: false,
      crc64: false,
      faultInfo: false,
      eventLogEntryBytes: 0,
      batchContinuation: false,
      batch1: false,
      operationConfig: false,
    },
    engines: decodeGrpcfg(queue.group).engines.length,
    groups: 1,
    workQueues: 1,
    workQueueEntries: fields.size,
    sharedMode: variant === 'shared',
    dedicatedMode: variant !== 'shared',
    queueTranslationControls: false,
    occupancyInterrupt: false,
    configurable: variant === 'writable',
    modeSupport: variant === 'shared',
    commands: BASIC_COMMANDS | HANDLE_COMMANDS,
    commandCapabilities: true,
    vectors: VIRTUAL_VECTORS,
    messageStoreEntries: 0,
    layout: VIRTUAL_LAYOUT,
  };
}
