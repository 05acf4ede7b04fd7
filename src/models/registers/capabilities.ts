/** What a device reports of itself: VERSION, GENCAP, WQCAP, GRPCAP, ENGCAP, OPCAP, OFFSETS and CMDCAP. */
import { type Capabilities, capabilitiesOf, type Generation } from '../../core/capabilities.js';
import type { ParameterValues } from '../parameters.js';
import { BASIC_COMMANDS, HANDLE_COMMANDS } from './commands.js';
import { PHYSICAL_LAYOUT, REGISTER, type TableLayout } from './map.js';

/** Everything that the capability registers of a device say. */
export interface DeviceShape {
  readonly capabilities: Capabilities;
  readonly engines: number;
  readonly groups: number;
  readonly workQueues: number;
  /** Entries that all work queues share. */
  readonly workQueueEntries: number;
  readonly readBuffers: number;
  /** ENGCAP: descriptors and batches that an engine holds. */
  readonly workDescriptors: number;
  readonly batchDescriptors: number;
  readonly sharedMode: boolean;
  readonly dedicatedMode: boolean;
  /** WQCAP 50 and 55: address translation and page requests can be switched off for a queue. */
  readonly queueTranslationControls: boolean;
  readonly occupancyInterrupt: boolean;
  /** GENCAP 31: software may write WQCFG and GRPCFG. */
  readonly configurable: boolean;
  /** WQCFG 29 of bytes 24-27: mode and PASID stay writable although the configuration is read-only. */
  readonly modeSupport: boolean;
  /** Commands that exist, bit n for command n. */
  readonly commands: number;
  /** GENCAP 4: CMDCAP exists and says so. */
  readonly commandCapabilities: boolean;
  /** MSI-X vectors. */
  readonly vectors: number;
  /** Interrupt message store entries, a multiple of 256. */
  readonly messageStoreEntries: number;
  readonly layout: TableLayout;
}

/** Entries of the interrupt message store of Sapphire Rapids (gen_cap 0x40915f0107: 8 x 256). */
const MESSAGE_STORE_ENTRIES = 2048;

/**
 * The shape of a physical device: counts from the platform's constants, features from the revision. The interrupt
 * handle commands are taken to exist from revision 2.0 on; before, the handle is the index.
 */
export function physicalShape(p: ParameterValues, generation: Generation = '1.0'): DeviceShape {
  const capabilities = {
    ...capabilitiesOf(generation),
    maxTransferBytes: p['device.max_transfer'],
    maxBatch: p['device.max_batch'],
  };
  return {
    capabilities,
    engines: p['device.engines'],
    groups: p['device.groups'],
    workQueues: p['device.work_queues'],
    workQueueEntries: p['device.work_queue_entries'],
    readBuffers: p['device.read_buffers'],
    workDescriptors: p['engine.work_descriptors'],
    batchDescriptors: p['engine.batch_descriptors'],
    sharedMode: true,
    dedicatedMode: true,
    queueTranslationControls: generation !== '1.0',
    occupancyInterrupt: true,
    configurable: true,
    modeSupport: false,
    commands: BASIC_COMMANDS | (generation === '1.0' ? 0 : HANDLE_COMMANDS),
    commandCapabilities: true,
    vectors: p['device.work_queues'] + 1,
    messageStoreEntries: MESSAGE_STORE_ENTRIES,
    layout: PHYSICAL_LAYOUT,
  };
}

/** Size of one WQCFG [B]. */
export function wqcfgBytes(shape: DeviceShape): number {
  return shape.capabilities.operationConfig ? 64 : 32;
}

/** Largest n with 2^n not above the value. */
export function floorLog2(value: number): number {
  let shift = 0;
  for (let power = 2; power <= value; power *= 2) shift++;
  return shift;
}

const bit = (number: number, on: boolean): number => (on ? (1 << number) >>> 0 : 0);
const EVENT_LOG_SIZES = [0, 64, 128, 256];

/** GENCAP as its two words. */
export function gencapWords(shape: DeviceShape): [number, number] {
  const c = shape.capabilities;
  const low =
    bit(0, c.blockOnFault) |
    bit(1, c.overlappingCopy) |
    bit(2, c.cacheControl) |
    bit(4, shape.commandCapabilities) |
    bit(5, c.durableWrite) |
    bit(6, c.interDomain) |
    bit(7, c.translationFetchStride) |
    bit(8, c.destinationReadback) |
    bit(9, c.drainReadback) |
    bit(10, c.fill16) |
    bit(11, c.crc64) |
    bit(12, c.faultInfo) |
    (EVENT_LOG_SIZES.indexOf(c.eventLogEntryBytes) << 13) |
    bit(15, c.batchContinuation) |
    (floorLog2(c.maxTransferBytes) << 16) |
    (floorLog2(c.maxBatch) << 21) |
    ((shape.messageStoreEntries / 256) << 25) |
    bit(31, shape.configurable);
  return [low >>> 0, bit(52 - 32, c.batch1)];
}

/** WQCAP as its two words. */
export function wqcapWords(shape: DeviceShape): [number, number] {
  const low = shape.workQueueEntries | (shape.workQueues << 16) | ((floorLog2(wqcfgBytes(shape)) - 5) << 24);
  const high =
    bit(48 - 32, shape.sharedMode) |
    bit(49 - 32, shape.dedicatedMode) |
    bit(50 - 32, shape.queueTranslationControls) |
    bit(51 - 32, true) |
    bit(52 - 32, true) |
    bit(53 - 32, shape.occupancyInterrupt) |
    bit(54 - 32, shape.capabilities.operationConfig) |
    bit(55 - 32, shape.queueTranslationControls);
  return [low >>> 0, high >>> 0];
}

/** The capability registers as [offset, value] words. */
export function capabilityWords(shape: DeviceShape): [number, number][] {
  const { layout } = shape;
  const [gencapLow, gencapHigh] = gencapWords(shape);
  const [wqcapLow, wqcapHigh] = wqcapWords(shape);
  const units = (offset: number) => offset / 0x100;
  const store = shape.messageStoreEntries > 0 ? units(layout.messageStore) : 0;
  return [
    [REGISTER.version, shape.capabilities.version],
    [REGISTER.gencap, gencapLow],
    [REGISTER.gencap + 4, gencapHigh],
    [REGISTER.wqcap, wqcapLow],
    [REGISTER.wqcap + 4, wqcapHigh],
    [REGISTER.grpcap, shape.groups | (shape.readBuffers << 8) | (1 << 16) | (1 << 17)],
    [REGISTER.engcap, shape.engines | (shape.workDescriptors << 8) | (shape.batchDescriptors << 16)],
    ...shape.capabilities.operations.map((word, i): [number, number] => [REGISTER.opcap + 4 * i, word]),
    [REGISTER.offsets, units(layout.groups) | (units(layout.workQueues) << 16)],
    [REGISTER.offsets + 4, (units(layout.permissions) | (store << 16)) >>> 0],
    [REGISTER.cmdcap, shape.commandCapabilities ? shape.commands : 0],
  ];
}
