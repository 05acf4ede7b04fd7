/** One guest, container or process: its memory, its buffers, and the descriptors that it builds. */
import { AddressSpace } from '../../core/address-space.js';
import { type DescriptorFields, encodeDescriptor } from '../../core/encode-descriptor.js';
import { FLAG } from '../../core/flags.js';
import { OPCODE } from '../../core/operations.js';
import { WeightedChoice } from '../../sim/distributions.js';
import type { KeyedRandom } from '../../sim/random.js';
import type { Placement, TenantConfig } from '../config.js';
import { PURPOSE } from '../context.js';
import type { DirtyPages } from '../lifecycle/dirty-pages.js';
import type { ParameterValues } from '../parameters.js';
import { Layout } from './layout.js';
import {
  type OperandAddresses,
  type RegionName,
  TENANT_OPERATIONS,
  type TenantOperation,
} from './operations.js';

const PAGE_BYTES = 4096;
const LARGE_PAGE_BYTES = 2_097_152;
const LINE_BYTES = 64;
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
  /** Flags of the descriptors of each operation. */
  private readonly flags: readonly number[];
  private readonly operations: readonly TenantOperation[];
  private readonly choice: WeightedChoice;
  /** Reused; every field that an operation sets is there from the start, so that its shape never changes. */
  private readonly fields: DescriptorFields = {
    opcode: 0,
    flags: 0,
    pasid: 0,
    completionAddress: 0,
    source: 0,
    destination: 0,
    size: 0,
    destination2: 0,
    patternLow: 0,
    patternHigh: 0,
    interruptHandle: 0,
  };
  private readonly member = new Uint8Array(LINE_BYTES);
  private readonly at: OperandAddresses = {
    source: 0,
    source2: 0,
    destination: 0,
    destination2: 0,
    pattern: 0,
  };

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
    this.cycle = config.order === 'cyclic' ? cycleOf(config) : null;
    this.pasid = index + 1;
    const writeFlags =
      (config.cacheControl === true ? FLAG.cache_control_1 : 0) |
      (config.destinationReadback === true ? FLAG.cache_control_2 : 0);
    this.operations = config.operations.map((o) => TENANT_OPERATIONS[o.operation]!);
    // A queue without Block On Fault reserves the flag (specification 8.1).
    const reserved = blockOnFault ? 0 : FLAG.block_on_fault;
    this.flags = this.operations.map(
      (o) => (o.flags & ~reserved) | RECORD_FLAGS | (writes(o) ? writeFlags : 0),
    );
    this.choice = new WeightedChoice(config.operations.map((o) => o.weight));
  }

  /** Its distinct destinations that are written to the cache [B]. */
  get cachedDestinationBytes(): number {
    const { cacheControl, buffers, operations } = this.config;
    if (cacheControl !== true || !this.operations.some(writes)) return 0;
    return buffers.count * Math.max(...operations.map((o) => o.sizeBytes));
  }

  /** Takes the serial numbers of the next submission; descriptors of a batch have one each. */
  takeSerial(): number {
    const serial = this.nextSerial;
    this.nextSerial += this.config.batch;
    return serial;
  }

  /**
   * Builds the submission with this serial number into 64 bytes; a batch's members go to its list in memory.
   * @param built receives what it amounts to
   */
  build(serial: number, slot: number, image: Uint8Array, offset: number, built: Built): void {
    const { batch } = this.config;
    if (batch === 1) {
      built.bytes = this.buildOne(serial, slot, 0, image, offset);
      built.opcode = this.fields.opcode;
      built.descriptors = 1;
      return;
    }
    built.bytes = 0;
    const list = this.layout.list(slot);
    for (let i = 0; i < batch; i++) {
      built.bytes += this.buildOne(serial + i, slot, i + 1, this.member, 0);
      this.space.write(list + i * LINE_BYTES, this.member, 0, LINE_BYTES);
    }
    this.clear();
    this.fields.opcode = OPCODE.batch;
    this.fields.flags = RECORD_FLAGS;
    this.nameInterrupt(0);
    this.fields.completionAddress = this.clearedRecord(slot, 0, serial);
    this.fields.source = list;
    this.fields.size = batch;
    encodeDescriptor(this.fields, image, offset);
    built.opcode = OPCODE.batch;
    built.descriptors = batch;
  }

  private buildOne(serial: number, slot: number, member: number, image: Uint8Array, offset: number): number {
    const { fields, at, config } = this;
    const pick = this.pick(serial);
    const operation = this.operations[pick]!;
    const { sizeBytes } = config.operations[pick]!;
    this.clear();
    fields.opcode = operation.opcode;
    fields.flags = this.flags[pick]!;
    this.nameInterrupt(member);
    fields.pasid = this.pasid;
    fields.completionAddress = this.clearedRecord(slot, member, serial);
    fields.size = sizeBytes;
    this.layout.operands(serial, at);
    operation.fill(fields, at);
    encodeDescriptor(fields, image, offset);
    if (this.mayFault) this.evict(serial, sizeBytes, operation);
    return fields.size;
  }

  /** A submission asks for an interrupt when it completes; members of a batch do not. */
  private nameInterrupt(member: number): void {
    const asks = member === 0 && this.handle !== NO_HANDLE;
    if (asks) this.fields.flags! |= FLAG.request_completion_interrupt;
    this.fields.interruptHandle = asks ? this.handle : 0;
  }

  /** Address of a completion record whose status says that there is none yet, as software must leave it. */
  private clearedRecord(slot: number, member: number, serial: number): number {
    const address = this.layout.record(slot, member, this.config.batch, serial);
    this.space.writeByte(address, 0);
    return address;
  }

  /** Entry of the operation mix for a serial number. */
  private pick(serial: number): number {
    if (this.operations.length === 1) return 0;
    if (this.cycle !== null) return this.cycle[serial % this.cycle.length]!;
    return this.choice.pick(this.random.uniform(this.index, serial, PURPOSE.operation));
  }

  private clear(): void {
    const { fields } = this;
    fields.pasid = 0;
    fields.source = 0;
    fields.destination = 0;
    fields.destination2 = 0;
    fields.patternLow = 0;
    fields.patternHigh = 0;
  }

  /**
   * Touches every absent page of the operands of a descriptor that was just built. A large page is brought in whole;
   * its cost is shared by the small ones that it holds.
   * @returns processor time that it took [ps]
   */
  touchPs(serial: number, p: ParameterValues): number {
    const pick = this.pick(serial);
    const { sizeBytes } = this.config.operations[pick]!;
    const storagePs = this.config.buffers.faults === 'major' ? p['translation.storage_read'] : 0;
    const largePs = (p['translation.cpu_touch_large'] * PAGE_BYTES) / LARGE_PAGE_BYTES;
    let tookPs = 0;
    this.layout.operands(serial, this.at);
    for (const region of this.operations[pick]!.regions) {
      const writes = region === 'destination' || region === 'destination2';
      const smallPs = writes ? p['translation.cpu_touch'] : p['translation.cpu_touch_read'];
      const last = Math.floor((this.at[region] + sizeBytes - 1) / PAGE_BYTES);
      for (let page = Math.floor(this.at[region] / PAGE_BYTES); page <= last; page++) {
        if (this.space.isPresent(page * PAGE_BYTES)) continue;
        this.space.setPresent(page * PAGE_BYTES);
        tookPs += storagePs + (this.pageBytes > PAGE_BYTES ? largePs : smallPs);
      }
    }
    return Math.round(tookPs);
  }

  /** Lets the host take pages of the operands away before the device gets there, as often as configured. */
  private evict(serial: number, bytes: number, operation: TenantOperation): void {
    let page = 0;
    for (const region of operation.regions) {
      const first = Math.floor(this.at[region] / PAGE_BYTES);
      const last = Math.floor((this.at[region] + bytes - 1) / PAGE_BYTES);
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
