/** DPDK's driver over vfio-pci: one group for each engine, queues dealt out among them, everything polled. */
import { COMMAND, queueOperand } from '../registers/commands.js';
import { ENGINE_WORD, FLAGS_WORD } from '../registers/grpcfg.js';
import { COMMAND_ACTIVE, DEVICE_STATE, QUEUE_STATE, REGISTER, STRIDE } from '../registers/map.js';
import { queueState } from '../registers/wqcfg.js';
import { type Driver, DriverError, read32, read64, write32, write64 } from './bus.js';
import { pollChecked } from './idxd-command.js';

const VERSION_2 = 0x200;
/** Traffic classes A and B set to 1. */
const TRAFFIC_CLASSES = 1 | (1 << 3);
const ENGINES = 4 * ENGINE_WORD;
const FLAGS = 4 * FLAGS_WORD;
const MODE_DEDICATED_PRIORITY_1 = 1 | (1 << 4);

/** What the driver keeps of a device that it has set up. */
export interface DpdkDevice {
  /** Queues, each of which becomes a dmadev. */
  readonly queues: number;
  /** Entries of each queue. */
  readonly queueEntries: number;
  readonly maxBatch: number;
  /** Offset of WQCFG and size of one [B]. */
  readonly workQueues: number;
  readonly wqcfgBytes: number;
}

/**
 * Resets, configures and enables the device.
 * @param maxQueues the `max_queues` argument, 0 for as many as the device has
 * @throws DriverError if the device is not disabled after the reset
 */
export function* initialize(maxQueues = 0): Driver<DpdkDevice> {
  const version = yield* read32(REGISTER.version);
  const [tables] = yield* read64(REGISTER.offsets);
  const groupsAt = (tables & 0xffff) * 0x100;
  const workQueues = (tables >>> 16) * 0x100;
  const wqcfgBytes = 32 << (((yield* read64(REGISTER.wqcap))[0] >>> 24) & 0xf);
  yield* pollChecked(COMMAND.reset_device);
  if (((yield* read32(REGISTER.gensts)) & 3) !== DEVICE_STATE.disabled) {
    throw new DriverError('the device is not disabled');
  }
  if ((yield* read32(REGISTER.cmdstatus)) & COMMAND_ACTIVE) throw new DriverError('a command is in progress');
  let groups = (yield* read64(REGISTER.grpcap))[0] & 0xff;
  let engines = (yield* read64(REGISTER.engcap))[0] & 0xff;
  const [wqcap] = yield* read64(REGISTER.wqcap);
  const found = (wqcap >>> 16) & 0xff;
  const [gencap] = yield* read64(REGISTER.gencap);
  for (let group = 0; group < groups; group++) {
    const at = groupsAt + group * STRIDE.group;
    yield* write64(at + ENGINES, 0, 0);
    yield* write64(at, 0, 0);
    if (version <= VERSION_2) yield* setBits(at + FLAGS, TRAFFIC_CLASSES);
  }
  for (let queue = 0; queue < found; queue++) yield* write32(workQueues + queue * wqcfgBytes, 0);
  const queues = maxQueues === 0 ? found : Math.min(maxQueues, found);
  if (maxQueues !== 0 && maxQueues < found) engines = Math.min(engines, maxQueues);
  groups = Math.min(groups, engines);
  engines = groups;
  for (let engine = 0; engine < engines; engine++) {
    yield* setBits(groupsAt + (engine % groups) * STRIDE.group + ENGINES, 1 << engine);
  }
  const queueEntries = Math.floor((wqcap & 0xffff) / queues);
  const maxBatchShift = (gencap >>> 21) & 0xf;
  for (let queue = 0; queue < queues; queue++) {
    yield* setBits(groupsAt + (queue % groups) * STRIDE.group, 1 << queue);
    const at = workQueues + queue * wqcfgBytes;
    yield* write32(at, queueEntries);
    yield* write32(at + 8, MODE_DEDICATED_PRIORITY_1);
    yield* write32(at + 12, ((gencap >>> 16) & 0x1f) | (maxBatchShift << 5));
  }
  yield* pollChecked(COMMAND.enable_device);
  return { queues, queueEntries, maxBatch: 1 << maxBatchShift, workQueues, wqcfgBytes };
}

function* setBits(offset: number, bits: number): Driver {
  const [low, high] = yield* read64(offset);
  yield* write64(offset, low | bits, high);
}

/** rte_dma_start: enables one queue, unless it is. */
export function* start(device: DpdkDevice, queue: number): Driver {
  if (yield* enabled(device, queue)) return;
  yield* pollChecked(COMMAND.enable_wq, queue);
  if (!(yield* enabled(device, queue))) throw new DriverError(`work queue ${queue} did not become enabled`);
}

/** rte_dma_stop: disables it. */
export function* stop(device: DpdkDevice, queue: number): Driver {
  if (!(yield* enabled(device, queue))) return;
  yield* pollChecked(COMMAND.disable_wq, queueOperand(queue));
  if (yield* enabled(device, queue)) throw new DriverError(`work queue ${queue} stayed enabled`);
}

function* enabled(device: DpdkDevice, queue: number): Driver<boolean> {
  const word = yield* read32(device.workQueues + queue * device.wqcfgBytes + 24);
  return queueState(word) === QUEUE_STATE.enabled;
}
