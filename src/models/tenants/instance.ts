/** One guest, container or process: its memory, its buffers, and the descriptors that it builds. */
import { AddressSpace } from '../../core/address-space.js';
import { DESCRIPTOR_BYTES } from '../../core/descriptor.js';
import { FLAG } from '../../core/flags.js';
import { OPCODE } from '../../core/operations.js';
import { WeightedChoice } from '../../sim/distributions.js';
import type { KeyedRandom } from '../../sim/random.js';
import type { Placement, TenantConfig } from '../config.js';
import { PURPOSE } from '../context.js';
import type { DirtyPages } from '../lifecycle/dirty-pages.js';
import type { ParameterValues } from '../parameters.js';
import { Layout } from './layout.js';
import { type RegionName, TENANT_OPERATIONS, type TenantOperation } from './operations.js';
import { copyWords, type Prepared, prepare, putAddress, Word, wordsOf } from './prepared.js';

const PAGE_BYTES = 4096;
const LARGE_PAGE_BYTES = 2_097_152;
const RECORD_FLAGS = FLAG.completion_record_address_valid | FLAG.request_completion_record;

/** No interrupt is asked for. */
export const NO_HANDLE = -1;

/** What a built submission amounts to. */
export interface Built {
  opcode: number;
  /** Bytes that it asks to process [B]. */
  bytes: number;
  descriptors: number;
}

/** See the head of this file. */
export class Instance {
  readonly space: AddressSpace;
  readonly layout: Layout;
  readonly pageBytes: number;
  readonly placement: Placement;
  /** Whether any page may be absent when a descriptor reaches it. */
  readonly mayFault: boolean;
  /**
   * Whether completion records are kept in its memory: where descriptors are executed they are part of what is left there, and
   * software that goes on after a page fault reads them. Otherwise nobody does.
   */
  readonly keepsRecords: boolean;
  /** PASID, or the number of the domain that its dedicated queue carries. */
  readonly pasid: number;
  /** Interrupt handle that its submissions name, or NO_HANDLE where they ask for no interrupt. */
  handle = NO_HANDLE;
  /** Its processors stand still, or it is dead: nobody in it answers a page request. */
  answersNothing = false;
  /** Page requests that were answered as invalid in its place. */
  refusedFaults = 0;
  /** Log of what the device writes, while somebody keeps one. */
  dirty: DirtyPages | null = null;
  private readonly fresh: 'none' | RegionName;
  private readonly cycle: readonly number[] | null;
  private nextSerial = 0;
  /** By entry of the operation mix. */
  private readonly prepared: readonly Prepared[];
  /** A Batch descriptor without addresses. */
  private readonly batchTemplate: Uint32Array;
  private readonly choice: WeightedChoice;
  private readonly member = new Uint8Array(DESCRIPTOR_BYTES);
  private readonly memberWords = new Uint32Array(this.member.buffer);

  /**
   * @param index number of the instance in the machine
   * @param tenant number of its tenant
   * @param slots submissions that can be outstanding at once
   * @param blockOnFault whether its work queue lets descriptors block on faults
   * @param absence whether its design lets pages that the device reaches be absent
   * @param seed of the initial content of its memory
   * @param executes whether descriptors are executed on that memory
   */
  constructor(
    readonly index: number,
    readonly tenant: number,
    readonly config: TenantConfig,
    slots: number,
    blockOnFault: boolean,
    absence: boolean,
    seed: number,
    executes: boolean,
    private readonly random: KeyedRandom,
  ) {
    this.space = new AddressSpace({ presence: 'mapped', seed: seed + index });
    this.layout = new Layout(config, slots, this.space, executes);
    this.pageBytes = config.buffers.pageSizeBytes;
    this.placement = config.buffers.placement;
    this.fresh = config.buffers.fresh ?? 'none';
    this.mayFault = absence && (config.buffers.resident < 1 || this.fresh !== 'none');
    this.keepsRecords = executes || this.mayFault;
    this.cycle = config.order === 'cyclic' ? cycleOf(config) : null;
    this.pasid = index + 1;
    const writeFlags =
      (config.cacheControl === true ? FLAG.cache_control_1 : 0) |
      (config.destinationReadback === true ? FLAG.cache_control_2 : 0);
    // A queue without Block On Fault reserves the flag (specification 8.1).
    const reserved = blockOnFault ? 0 : FLAG.block_on_fault;
    this.prepared = config.operations.map(({ operation: name, sizeBytes }) => {
      const operation = TENANT_OPERATIONS[name]!;
      const own = (operation.flags & ~reserved) | (writes(operation) ? writeFlags : 0);
      return prepare(operation, this.layout, { pasid: this.pasid, flags: own | RECORD_FLAGS, sizeBytes });
    });
    this.batchTemplate = wordsOf({ opcode: OPCODE.batch, flags: RECORD_FLAGS, size: config.batch });
    this.choice = new WeightedChoice(config.operations.map((o) => o.weight));
  }

  /** Its distinct destinations that are written to the cache [B]. */
  get cachedDestinationBytes(): number {
    const { cacheControl, buffers, operations } = this.config;
    if (cacheControl !== true || !this.prepared.some(({ operation }) => writes(operation))) return 0;
    return buffers.count * Math.max(...operations.map((o) => o.sizeBytes));
  }

  /** Takes the serial numbers of the next submission; descriptors of a batch have one each. */
  takeSerial(): number {
    const serial = this.nextSerial;
    this.nextSerial += this.config.batch;
    return serial;
  }

  /**
   * Builds the submission with this serial number: sixteen words; a batch's members go to its list in
   * memory.
   * @param built receives what it amounts to
   */
  build(serial: number, slot: number, words: Uint32Array, built: Built): void {
    const { batch } = this.config;
    if (batch === 1) {
      const prepared = this.prepared[this.pick(serial)]!;
      this.buildOne(prepared, serial, slot, 0, words);
      this.askForInterrupt(words);
      built.bytes = prepared.bytes;
      built.opcode = prepared.operation.opcode;
      built.descriptors = 1;
      return;
    }
    built.bytes = 0;
    const list = this.layout.list(slot);
    for (let i = 0; i < batch; i++) {
      const prepared = this.prepared[this.pick(serial + i)]!;
      this.buildOne(prepared, serial + i, slot, i + 1, this.memberWords);
      this.space.write(list + i * DESCRIPTOR_BYTES, this.member, 0, DESCRIPTOR_BYTES);
      built.bytes += prepared.bytes;
    }
    copyWords(this.batchTemplate, words);
    putAddress(words, Word.record, this.clearedRecord(slot, 0, serial));
    putAddress(words, Word.source, list);
    this.askForInterrupt(words);
    built.opcode = OPCODE.batch;
    built.descriptors = batch;
  }

  private buildOne(
    prepared: Prepared,
    serial: number,
    slot: number,
    member: number,
    words: Uint32Array,
  ): void {
    const { buffers } = prepared;
    copyWords(prepared.template, words);
    putAddress(words, Word.record, this.clearedRecord(slot, member, serial));
    for (let i = 0; i < buffers.length; i++) {
      putAddress(words, prepared.words[i]!, buffers[i]!.address(serial));
    }
    if (this.mayFault) this.evict(prepared, serial);
  }

  /** A submission asks for an interrupt when it completes; members of a batch do not. */
  private askForInterrupt(words: Uint32Array): void {
    if (this.handle === NO_HANDLE) return;
    words[Word.flags]! |= FLAG.request_completion_interrupt;
    words[Word.handle] = this.handle;
  }

  /** Address of a completion record whose status says that there is none yet, as software must leave it. */
  private clearedRecord(slot: number, member: number, serial: number): number {
    const address = this.layout.record(slot, member, this.config.batch, serial);
    if (this.keepsRecords) this.space.writeByte(address, 0);
    return address;
  }

  /** Entry of the operation mix for a serial number. */
  private pick(serial: number): number {
    if (this.prepared.length === 1) return 0;
    if (this.cycle !== null) return this.cycle[serial % this.cycle.length]!;
    return this.choice.pick(this.random.uniform(this.index, serial, PURPOSE.operation));
  }

  /**
   * Touches every absent page of the operands of a descriptor that was just built. A large page is brought in whole;
   * its cost is shared by the small ones that it holds.
   * @returns processor time that it took [ps]
   */
  touchPs(serial: number, p: ParameterValues): number {
    const pick = this.pick(serial);
    const { sizeBytes } = this.config.operations[pick]!;
    const { operation, buffers } = this.prepared[pick]!;
    const storagePs = this.config.buffers.faults === 'major' ? p['translation.storage_read'] : 0;
    const largePs = (p['translation.cpu_touch_large'] * PAGE_BYTES) / LARGE_PAGE_BYTES;
    let tookPs = 0;
    for (const [i, region] of operation.regions.entries()) {
      const address = buffers[i]!.address(serial);
      const writes = region === 'destination' || region === 'destination2';
      const smallPs = writes ? p['translation.cpu_touch'] : p['translation.cpu_touch_read'];
      const last = Math.floor((address + sizeBytes - 1) / PAGE_BYTES);
      for (let page = Math.floor(address / PAGE_BYTES); page <= last; page++) {
        if (this.space.isPresent(page * PAGE_BYTES)) continue;
        this.space.setPresent(page * PAGE_BYTES);
        tookPs += storagePs + (this.pageBytes > PAGE_BYTES ? largePs : smallPs);
      }
    }
    return Math.round(tookPs);
  }

  /** Lets the host take pages of the operands away before the device gets there, as often as configured. */
  private evict({ operation, buffers, sizeBytes }: Prepared, serial: number): void {
    let page = 0;
    for (const [i, region] of operation.regions.entries()) {
      const address = buffers[i]!.address(serial);
      const first = Math.floor(address / PAGE_BYTES);
      const last = Math.floor((address + sizeBytes - 1) / PAGE_BYTES);
      for (let number = first; number <= last; number++) {
        const draw = this.random.uniform(this.index, serial, PURPOSE.residence, page++);
        if (region === this.fresh || draw >= this.config.buffers.resident)
          this.space.setAbsent(number * PAGE_BYTES);
      }
    }
  }
}

function writes(operation: TenantOperation): boolean {
  return operation.regions.includes('destination');
}

/** Entries of a cyclic mix, each as often as its weight says. */
function cycleOf(config: TenantConfig): number[] {
  return config.operations.flatMap((operation, i) =>
    new Array<number>(Math.max(1, Math.round(operation.weight))).fill(i),
  );
}
