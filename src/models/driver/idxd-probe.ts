/** idxd_probe: identification, reset, capabilities, and a read-only configuration (Linux drivers/dma/idxd/init.c). */
import { COMMAND } from '../registers/commands.js';
import {
  bitsOf,
  decodeGrpcfg,
  ENGINE_WORD,
  FLAGS_WORD,
  GRPCFG_WORDS,
  type GrpcfgFields,
} from '../registers/grpcfg.js';
import { DEVICE_STATE, GENCFG, GENCTRL, REGISTER, STRIDE } from '../registers/map.js';
import { decodeWqcfg, type WqcfgFields } from '../registers/wqcfg.js';
import { type Driver, DriverError, read32, read64, reading, write32 } from './bus.js';
import { resetPolled } from './idxd-command.js';

/** What the platform offers the driver beside the device itself. */
export interface DriverEnvironment {
  /** Processes can be bound to PASIDs (shared virtual addressing). */
  readonly userPasid: boolean;
  /** PASID of the kernel's own descriptors, or null where it uses none. */
  readonly kernelPasid: number | null;
}

/** A device as its capability registers describe it, and what the driver keeps of it. */
export interface IdxdDevice {
  readonly environment: DriverEnvironment;
  readonly version: number;
  readonly configurable: boolean;
  readonly blockOnFault: boolean;
  /** GENCAP 14:13 is not zero. */
  readonly eventLog: boolean;
  readonly maxTransferShift: number;
  readonly maxBatchShift: number;
  readonly workQueues: number;
  readonly workQueueEntries: number;
  readonly wqcfgBytes: number;
  readonly sharedMode: boolean;
  readonly dedicatedMode: boolean;
  readonly operationConfig: boolean;
  readonly groups: number;
  readonly readBuffers: number;
  readonly engines: number;
  /** OPCAP, eight words. */
  readonly operations: readonly number[];
  /** CMDCAP, or 0 where there is none. */
  readonly commands: number;
  /** Where the tables lie in BAR0 [B]; the message store at 0 where there is none. */
  readonly offsets: {
    readonly groups: number;
    readonly workQueues: number;
    readonly permissions: number;
    readonly messageStore: number;
  };
  /** What a read-only configuration was found to be, or null. */
  readonly found: FoundConfiguration | null;
}

/** A configuration that the driver must take as it is. */
export interface FoundConfiguration {
  readonly groups: readonly GrpcfgFields[];
  readonly queues: readonly WqcfgFields[];
}

/** Whether the device must be asked for interrupt handles. */
export function requestsHandles(device: IdxdDevice): boolean {
  return ((device.commands >>> COMMAND.request_int_handle) & 1) === 1;
}

/**
 * Probes the device: resets it and learns what it is.
 * @throws DriverError if it is halted
 */
export function* probe(environment: DriverEnvironment): Driver<IdxdDevice> {
  const version = yield* read32(REGISTER.version);
  if (((yield* read32(REGISTER.gensts)) & 3) === DEVICE_STATE.halt) {
    throw new DriverError('the device is halted and needs a reset');
  }
  yield* resetPolled();
  if (environment.kernelPasid !== null) yield* allowUserInterrupts();
  const device = yield* readCapabilities(version, environment);
  const genctrl = yield* read32(REGISTER.genctrl);
  yield* write32(REGISTER.genctrl, genctrl | GENCTRL.software_error | GENCTRL.halt);
  return device.configurable ? device : { ...device, found: yield* readConfiguration(device) };
}

/** GENCFG user-mode interrupts, set wherever PASIDs are. */
export function* allowUserInterrupts(): Driver {
  const gencfg = yield* read32(REGISTER.gencfg);
  yield* write32(REGISTER.gencfg, gencfg | GENCFG.user_interrupts);
}

function* readCapabilities(version: number, environment: DriverEnvironment): Driver<IdxdDevice> {
  const [gencap] = yield* read64(REGISTER.gencap);
  const commands = gencap & 0x10 ? yield* read32(REGISTER.cmdcap) : 0;
  const [grpcap] = yield* read64(REGISTER.grpcap);
  const [engcap] = yield* read64(REGISTER.engcap);
  const [wqcap, wqcapHigh] = yield* read64(REGISTER.wqcap);
  const operations: number[] = [];
  for (let i = 0; i < 4; i++) operations.push(...(yield* read64(REGISTER.opcap + 8 * i)));
  const [tables, moreTables] = yield* read64(REGISTER.offsets);
  yield* read64(REGISTER.offsets + 8);
  const has = (word: number, bit: number) => ((word >>> bit) & 1) === 1;
  return {
    environment,
    version,
    configurable: has(gencap, 31),
    blockOnFault: has(gencap, 0),
    eventLog: ((gencap >>> 13) & 3) !== 0,
    maxTransferShift: (gencap >>> 16) & 0x1f,
    maxBatchShift: (gencap >>> 21) & 0xf,
    workQueues: (wqcap >>> 16) & 0xff,
    workQueueEntries: wqcap & 0xffff,
    wqcfgBytes: 32 << ((wqcap >>> 24) & 0xf),
    sharedMode: has(wqcapHigh, 48 - 32),
    dedicatedMode: has(wqcapHigh, 49 - 32),
    operationConfig: has(wqcapHigh, 54 - 32),
    groups: grpcap & 0xff,
    readBuffers: (grpcap >>> 8) & 0xff,
    engines: engcap & 0xff,
    operations,
    commands,
    offsets: {
      groups: (tables & 0xffff) * 0x100,
      workQueues: (tables >>> 16) * 0x100,
      permissions: (moreTables & 0xffff) * 0x100,
      messageStore: (moreTables >>> 16) * 0x100,
    },
    found: null,
  };
}

/** Reads a configuration that cannot be written: the driver works with what it finds. */
function* readConfiguration(device: IdxdDevice): Driver<FoundConfiguration> {
  yield* read32(REGISTER.gencfg);
  const groups: GrpcfgFields[] = [];
  for (let group = 0; group < device.groups; group++) groups.push(yield* readGroup(device, group));
  const queues: WqcfgFields[] = [];
  for (let queue = 0; queue < device.workQueues; queue++) {
    queues.push(decodeWqcfg(yield* readQueueWords(device, queue)));
  }
  return { groups, queues };
}

/** Bitmap words are read until all queues are covered, and one beyond. */
function* readGroup(device: IdxdDevice, group: number): Driver<GrpcfgFields> {
  const base = device.offsets.groups + group * STRIDE.group;
  const words = new Array<number>(GRPCFG_WORDS).fill(0);
  for (let i = 0; i < ENGINE_WORD / 2; i++) {
    [words[2 * i], words[2 * i + 1]] = yield* read64(base + 8 * i);
    if (i * 64 >= device.workQueues) break;
  }
  [words[ENGINE_WORD], words[ENGINE_WORD + 1]] = yield* read64(base + 4 * ENGINE_WORD);
  [words[FLAGS_WORD], words[FLAGS_WORD + 1]] = yield* read64(base + 4 * FLAGS_WORD);
  const fields = decodeGrpcfg(words);
  const queues = bitsOf(words.slice(0, ENGINE_WORD)).filter((queue) => queue < device.workQueues);
  return { ...fields, workQueues: queues };
}

/** Offset of a queue's WQCFG [B]. */
export function queueOffset(device: IdxdDevice, queue: number): number {
  return device.offsets.workQueues + queue * device.wqcfgBytes;
}

/** Reads a WQCFG word by word. */
export function* readQueueWords(device: IdxdDevice, queue: number): Driver<number[]> {
  const first = queueOffset(device, queue);
  const words: number[] = [];
  for (let i = 0; i < device.wqcfgBytes / 4; i++) {
    words.push((yield reading(first + 4 * i, 4))[0]);
  }
  return words;
}
