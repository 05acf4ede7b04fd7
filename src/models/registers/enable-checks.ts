/** What Enable Device and Enable WQ check before they accept a configuration (DSA specification 5.1 and 5.2). */

import type { DeviceShape } from './capabilities.js';
import { floorLog2 } from './capabilities.js';
import { COMMAND_ERROR } from './commands.js';
import type { ConfigSpace } from './config-space.js';
import type { GrpcfgFields } from './grpcfg.js';
import { OCCUPANCY_ENABLE, type WqcfgFields } from './wqcfg.js';

const LEAST_LOG_ENTRIES = 64;
const LEAST_BUFFERS_PER_ENGINE = 4;
/** 2^64. */
const ADDRESS_END = 4294967296 * 4294967296;

/** EVLCFG and whether GENCFG switches the log on. */
export interface LogConfiguration {
  readonly enabled: boolean;
  /** [B] */
  readonly base: number;
  readonly entries: number;
  readonly pasidEnable: boolean;
}

/** The whole configuration, decoded. */
export interface DeviceConfiguration {
  readonly queues: readonly WqcfgFields[];
  readonly groups: readonly GrpcfgFields[];
  /** GENCFG 7:0. */
  readonly readBufferLimit: number;
  readonly log: LogConfiguration;
}

/** The error of Enable Device on a disabled device, or 0. */
export function checkDevice(shape: DeviceShape, pci: ConfigSpace, config: DeviceConfiguration): number {
  const { queues, groups } = config;
  if (!pci.busMaster) return COMMAND_ERROR.bus_master_off;
  if (queues.reduce((sum, queue) => sum + queue.size, 0) > shape.workQueueEntries) {
    return COMMAND_ERROR.total_size;
  }
  if (groups.some((g) => g.workQueues.length > 0 !== g.engines.length > 0)) return COMMAND_ERROR.group_config;
  if (groups.some((g) => g.workQueues.some((queue) => queue >= shape.workQueues))) {
    return COMMAND_ERROR.queue_config;
  }
  const homes = (queue: number) => groups.filter((g) => g.workQueues.includes(queue)).length;
  if (queues.some((queue, number) => homes(number) !== (queue.size > 0 ? 1 : 0))) {
    return COMMAND_ERROR.queue_config;
  }
  const engines = groups.flatMap((g) => g.engines);
  if (engines.some((engine) => engine >= shape.engines) || new Set(engines).size < engines.length) {
    return COMMAND_ERROR.engine_config;
  }
  if (!readBuffersFit(shape, config)) return COMMAND_ERROR.read_buffers;
  if (!logFits(shape, config.log)) return COMMAND_ERROR.event_log;
  if (pci.pageRequests && !pci.addressTranslation) return COMMAND_ERROR.address_translation;
  return config.log.enabled && config.log.pasidEnable && !pci.pasid
    ? COMMAND_ERROR.pasid
    : COMMAND_ERROR.none;
}

/** Allowed is at least four for each engine, at least Reserved, and never what other groups have reserved (4.4). */
function readBuffersFit(shape: DeviceShape, { groups, readBufferLimit }: DeviceConfiguration): boolean {
  const reserved = groups.reduce((sum, g) => sum + g.readBuffersReserved, 0);
  if (reserved > shape.readBuffers || readBufferLimit > shape.readBuffers) return false;
  return groups.every((g) => {
    if (g.engines.length === 0) return true;
    const most = g.readBuffersReserved + shape.readBuffers - reserved;
    const least = Math.max(g.readBuffersReserved, LEAST_BUFFERS_PER_ENGINE * g.engines.length);
    // In-progress limits exist only with a capability that no revision here has.
    if (g.workLimit !== 0 || g.batchLimit !== 0) return false;
    return g.readBuffersAllowed >= least && g.readBuffersAllowed <= most;
  });
}

function logFits(shape: DeviceShape, log: LogConfiguration): boolean {
  if (!log.enabled) return true;
  const bytes = log.entries * shape.capabilities.eventLogEntryBytes;
  return log.entries >= LEAST_LOG_ENTRIES && log.base + bytes <= ADDRESS_END;
}

/** What Enable WQ knows beside the queue's own fields. */
export interface QueueSituation {
  readonly shape: DeviceShape;
  readonly pci: ConfigSpace;
  /** Whether the handle in bytes 16-19 is valid. */
  readonly occupancyHandleValid: boolean;
  /** Bytes 20-23. */
  readonly occupancyWord: number;
}

/** The error of Enable WQ on a disabled queue of an enabled device, or 0. */
export function checkQueue(queue: WqcfgFields, situation: QueueSituation): number {
  const { shape, pci } = situation;
  const { capabilities } = shape;
  const e = COMMAND_ERROR;
  if (queue.size === 0) return e.queue_size;
  if (queue.priority === 0) return e.queue_priority;
  if (queue.dedicated ? !shape.dedicatedMode : !shape.sharedMode) return e.queue_mode;
  const pageRequests = pci.pageRequests && !queue.prsDisable;
  if (queue.blockOnFault && (!capabilities.blockOnFault || !pageRequests)) return e.queue_block_on_fault;
  if (!queue.dedicated && !queue.pasidEnable) return e.queue_pasid;
  if (queue.pasidEnable && !pci.pasid) return e.queue_pasid;
  const batchMissing = queue.maxBatchShift === 0 && !capabilities.batch1;
  if (batchMissing || queue.maxBatchShift > floorLog2(capabilities.maxBatch)) return e.queue_max_batch;
  if (queue.maxTransferShift > floorLog2(capabilities.maxTransferBytes)) return e.queue_max_transfer;
  // A dedicated queue without PASID works on the function's own address space, which has no privilege to check.
  if (queue.priv && queue.pasidEnable && !pci.privilegedMode) return e.queue_privilege;
  if (situation.occupancyWord & OCCUPANCY_ENABLE && !situation.occupancyHandleValid) {
    return e.queue_occupancy_interrupt;
  }
  if (queue.atsDisable && !shape.queueTranslationControls) return e.queue_address_translation;
  if (queue.operations?.some((word, i) => (word & ~capabilities.operations[i]!) !== 0)) {
    return e.queue_operations;
  }
  return queue.prsDisable && !shape.queueTranslationControls ? e.queue_page_requests : e.none;
}
