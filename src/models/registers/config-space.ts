/** Configuration space of the function: identity, command register, BARs, MSI-X, PCIe and, where shown, ATS, PRS, PASID. */
import type { TableLayout } from './map.js';

/** Offsets that drivers and the PCI core use [B]. */
export const CONFIG = {
  id: 0x00,
  command: 0x04,
  class: 0x08,
  header: 0x0c,
  bar0: 0x10,
  bar2: 0x18,
  subsystem: 0x2c,
  capabilities: 0x34,
  msix: 0x40,
  pcie: 0x50,
  device_control: 0x58,
  ats: 0x100,
  prs: 0x110,
  pasid: 0x120,
} as const;

/** Command register. */
export const BUS_MASTER = 1 << 2;
const COMMAND_WRITABLE = 0x07ff;
/** MSI-X message control, in the upper half of the capability's first word. */
export const MSIX_CONTROL = { enable: 0x8000_0000, mask_all: 0x4000_0000 } as const;
/** Device control: initiate a function-level reset. */
export const INITIATE_FLR = 1 << 15;
const ATS_ENABLE = 0x8000_0000;
const PRS_ENABLE = 1;
const PASID_ENABLE = 1 << 16;
const PASID_PRIVILEGED = 1 << 18;
const DSA_ID = 0x0b25_8086;
/** Class 08 80 00: base system peripheral, other. */
const CLASS_CODE = 0x0880_0000;
const BAR_64_BIT_PREFETCHABLE = 0xc;
const CAPABILITY_LIST = 1 << 20;
const PORTAL_BYTES = 0x4000;

/** What the function shows. */
export interface ConfigSpaceOptions {
  readonly layout: TableLayout;
  readonly vectors: number;
  /** Size of BAR0 [B], a power of two. */
  readonly bar0Bytes: number;
  /** Work queues, for the size of the portals' BAR. */
  readonly workQueues: number;
  /** Portal pages of a queue: four physically, two in a guest. */
  readonly portalBytes?: number;
  /** ATS, PRS and PASID capabilities exist. */
  readonly sharedVirtualMemory: boolean;
}

/** 4096 bytes of configuration space with their write rules. */
export class ConfigSpace {
  /** Called when the command register changes. */
  onCommand: (before: number, after: number) => void = () => {};
  /** Called when software initiates a function-level reset. */
  onFunctionLevelReset: () => void = () => {};
  /** Called when MSI-X is enabled or its function mask goes. */
  onVectorsEnabled: () => void = () => {};
  private readonly words = new Uint32Array(1024);
  private readonly bars: readonly number[];

  constructor(private readonly options: ConfigSpaceOptions) {
    const portals = powerOfTwo(options.workQueues * (options.portalBytes ?? PORTAL_BYTES));
    this.bars = [options.bar0Bytes, 0, portals, 0];
    this.reset();
  }

  /** The state after a function-level reset: nothing enabled, BARs empty. */
  reset(): void {
    const { layout, vectors, sharedVirtualMemory } = this.options;
    this.words.fill(0);
    this.put(CONFIG.id, DSA_ID);
    this.put(CONFIG.command, CAPABILITY_LIST);
    this.put(CONFIG.class, CLASS_CODE);
    this.put(CONFIG.header, 0x80 << 16);
    this.put(CONFIG.bar0, BAR_64_BIT_PREFETCHABLE);
    this.put(CONFIG.bar2, BAR_64_BIT_PREFETCHABLE);
    this.put(CONFIG.subsystem, 0x2010_8086);
    this.put(CONFIG.capabilities, CONFIG.msix);
    this.put(CONFIG.msix, 0x11 | (CONFIG.pcie << 8) | ((vectors - 1) << 16));
    this.put(CONFIG.msix + 4, layout.vectors);
    this.put(CONFIG.msix + 8, layout.pending);
    // Version 2, root complex integrated endpoint.
    this.put(CONFIG.pcie, 0x10 | (2 << 16) | (9 << 20));
    this.put(CONFIG.pcie + 4, 1 << 28);
    if (!sharedVirtualMemory) return;
    this.put(CONFIG.ats, 0x0f | (1 << 16) | (CONFIG.prs << 20));
    this.put(CONFIG.prs, 0x13 | (1 << 16) | (CONFIG.pasid << 20));
    this.put(CONFIG.pasid, 0x1b | (1 << 16));
    // Privileged mode, PASIDs of twenty bits.
    this.put(CONFIG.pasid + 4, 0x1404);
  }

  /** All of it as it stands, to be put elsewhere. */
  save(): Uint32Array {
    return this.words.slice();
  }

  /** Takes what {@link save} gave; nothing happens by it that a write would cause. */
  load(words: Uint32Array): void {
    this.words.set(words);
  }

  /** A read of one, two or four bytes. */
  read(offset: number, bytes: 1 | 2 | 4): number {
    const word = this.words[offset >>> 2]! >>> ((offset % 4) * 8);
    return bytes === 4 ? word : word & ((1 << (bytes * 8)) - 1);
  }

  /** A write of one, two or four bytes; read-only bits are ignored. */
  write(offset: number, bytes: 1 | 2 | 4, value: number): void {
    const shift = (offset % 4) * 8;
    const mask = (bytes === 4 ? 0xffff_ffff : ((1 << (bytes * 8)) - 1) << shift) >>> 0;
    const at = offset - (offset % 4);
    const before = this.words[at / 4]!;
    const bits = (this.writable(at) & mask) >>> 0;
    const after = ((before & ~bits) | ((value << shift) & bits)) >>> 0;
    this.words[at / 4] = after;
    if (at === CONFIG.command && after !== before) this.onCommand(before, after);
    if (at === CONFIG.msix && this.vectorsEnabled) this.onVectorsEnabled();
    if (at === CONFIG.device_control && after & INITIATE_FLR) {
      this.reset();
      this.onFunctionLevelReset();
    }
  }

  /** The function may write to memory: descriptors, records, messages. */
  get busMaster(): boolean {
    return (this.words[CONFIG.command / 4]! & BUS_MASTER) !== 0;
  }

  /** MSI-X is on and the function is not masked as a whole. */
  get vectorsEnabled(): boolean {
    const control = this.words[CONFIG.msix / 4]!;
    return (control & MSIX_CONTROL.enable) !== 0 && (control & MSIX_CONTROL.mask_all) === 0;
  }

  get addressTranslation(): boolean {
    return (this.words[CONFIG.ats / 4 + 1]! & ATS_ENABLE) !== 0;
  }

  get pageRequests(): boolean {
    return (this.words[CONFIG.prs / 4 + 1]! & PRS_ENABLE) !== 0;
  }

  get pasid(): boolean {
    return (this.words[CONFIG.pasid / 4 + 1]! & PASID_ENABLE) !== 0;
  }

  get privilegedMode(): boolean {
    return (this.words[CONFIG.pasid / 4 + 1]! & PASID_PRIVILEGED) !== 0;
  }

  private writable(at: number): number {
    switch (at) {
      case CONFIG.command:
        return COMMAND_WRITABLE;
      case CONFIG.bar0:
      case CONFIG.bar0 + 4:
      case CONFIG.bar2:
      case CONFIG.bar2 + 4:
        return this.barBits(at);
      case CONFIG.msix:
        return MSIX_CONTROL.enable | MSIX_CONTROL.mask_all;
      case CONFIG.device_control:
        return 0xffff;
    }
    if (!this.options.sharedVirtualMemory) return 0;
    if (at === CONFIG.ats + 4) return ATS_ENABLE;
    if (at === CONFIG.prs + 4) return PRS_ENABLE;
    return at === CONFIG.pasid + 4 ? PASID_ENABLE | PASID_PRIVILEGED : 0;
  }

  /** Address bits of a BAR: writing ones and reading back gives its size. */
  private barBits(at: number): number {
    const index = (at - CONFIG.bar0) / 4;
    return index % 2 === 1 ? 0xffff_ffff : ~(this.bars[index]! - 1) >>> 0;
  }

  private put(offset: number, value: number): void {
    this.words[offset / 4] = value;
  }
}

/** The power of two at or above a size, at least a page. */
export function powerOfTwo(bytes: number): number {
  let size = 4096;
  while (size < bytes) size *= 2;
  return size;
}
