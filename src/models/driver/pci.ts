/** What the PCI core does for a driver: enumeration, bus mastering, address translation, MSI-X. */
import { BUS_MASTER, CONFIG, INITIATE_FLR, MSIX_CONTROL } from '../registers/config-space.js';
import { STRIDE } from '../registers/map.js';
import { type Driver, readConfiguration, write32, writeConfiguration } from './bus.js';

/** First message address of an x86 processor's interrupt controllers. */
const MESSAGE_ADDRESS = 0xfee0_0000;
/** First vector that an operating system gives to devices. */
const FIRST_VECTOR = 0x20;
const ATS_ENABLE = 0x8000_0000;
const PRS_ENABLE = 1;
const PASID_AND_PRIVILEGE = (1 << 16) | (1 << 18);

/** What enumeration finds, kept by the core so that nobody reads it again. */
export interface PciFunction {
  readonly vendor: number;
  readonly device: number;
  readonly bar0Bytes: number;
  readonly bar2Bytes: number;
  readonly vectors: number;
  /** Offset of the MSI-X table in BAR0 [B]. */
  readonly table: number;
  /** Message control as it was found. */
  readonly control: number;
  /** ATS, PRS and PASID capabilities were found. */
  readonly sharedVirtualMemory: boolean;
}

/** Enumerates the function: identity, size of the BARs, capabilities; then lets it master the bus. */
export function* enumerate(): Driver<PciFunction> {
  const id = yield* readConfiguration(CONFIG.id);
  const bar0Bytes = yield* barSize(CONFIG.bar0);
  const bar2Bytes = yield* barSize(CONFIG.bar2);
  const capability = (yield* readConfiguration(CONFIG.capabilities)) & 0xff;
  const control = yield* readConfiguration(capability);
  const table = yield* readConfiguration(capability + 4);
  const ats = yield* readConfiguration(CONFIG.ats);
  const command = yield* readConfiguration(CONFIG.command);
  yield* writeConfiguration(CONFIG.command, command | BUS_MASTER | 2);
  return {
    vendor: id & 0xffff,
    device: id >>> 16,
    bar0Bytes,
    bar2Bytes,
    vectors: ((control >>> 16) & 0x7ff) + 1,
    table: (table & ~7) >>> 0,
    control,
    sharedVirtualMemory: ats !== 0,
  };
}

/** Writes ones and reads back which bits stay; the address is put in its place again. */
function* barSize(offset: number): Driver<number> {
  const before = yield* readConfiguration(offset);
  yield* writeConfiguration(offset, 0xffff_ffff);
  const bits = (yield* readConfiguration(offset)) & 0xffff_fff0;
  yield* writeConfiguration(offset, before);
  return (~bits + 1) >>> 0;
}

/** What the IOMMU driver switches on for shared virtual memory: ATS, page requests, PASIDs. */
export function* enableSharedVirtualMemory(): Driver {
  yield* writeConfiguration(CONFIG.ats + 4, ATS_ENABLE);
  yield* writeConfiguration(CONFIG.pasid + 4, PASID_AND_PRIVILEGE);
  yield* writeConfiguration(CONFIG.prs + 4, PRS_ENABLE);
}

/**
 * Enables MSI-X: the function masked, four words for every entry, the function unmasked. The entries lie in BAR0, in a
 * page that a VMM never maps into its guest.
 */
export function* enableVectors(pci: PciFunction): Driver {
  const on = (pci.control | MSIX_CONTROL.enable) >>> 0;
  yield* writeConfiguration(CONFIG.msix, on | MSIX_CONTROL.mask_all);
  for (let vector = 0; vector < pci.vectors; vector++) {
    const entry = pci.table + vector * STRIDE.vector;
    yield* write32(entry, MESSAGE_ADDRESS);
    yield* write32(entry + 4, 0);
    yield* write32(entry + 8, FIRST_VECTOR + vector);
    yield* write32(entry + 12, 0);
  }
  yield* writeConfiguration(CONFIG.msix, on);
}

/** A function-level reset, as vfio-pci does before it hands the function out. */
export function* functionLevelReset(): Driver {
  yield* writeConfiguration(CONFIG.device_control, INITIATE_FLR);
}
