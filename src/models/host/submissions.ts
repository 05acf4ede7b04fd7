/**
 * The submissions of one thread that are under way, and what becomes of those that do not end in the ordinary way: lost
 * in an abort, ignored by their queue, refused for a revoked interrupt handle.
 */
import { OPCODE } from '../../core/operations.js';
import type { DescriptorRow } from '../descriptor-row.js';
import type { HostContext } from './host-context.js';

/** A submission that an abort ended, and the members of a batch that had ended before. */
interface LostSubmission {
  readonly descriptor: DescriptorRow;
  readonly finished: number;
}

/** A submission slot: what is in it, and the slots before and after it in the order of submission. */
class Slot {
  descriptor: DescriptorRow | null = null;
  earlier: Slot = this;
  later: Slot = this;

  constructor(readonly number: number) {}
}

/** See the head of this file. */
export class Submissions {
  private readonly all: Slot[] = [];
  /** Those in use are a ring, which begins and ends with this one; of those that are free, each knows the next as the later. */
  private readonly ends = new Slot(-1);
  private free = this.ends;
  private inUse = 0;
  /** Submissions that a dedicated queue ignored or discarded, and that the thread still waits for. */
  private ignored = 0;
  /** Submissions that ended without a record. */
  private readonly lost: LostSubmission[] = [];
  /** Those whose interrupt handle was revoked. */
  private readonly refused: DescriptorRow[] = [];
  /** Those to submit again. */
  private readonly again: DescriptorRow[] = [];

  /**
   * @param firstSlot first of its submission slots
   * @param slots how many submissions it may have outstanding
   */
  constructor(
    private readonly firstSlot: number,
    private readonly slots: number,
    private readonly host: HostContext,
  ) {
    for (let i = 0; i < slots; i++) this.all.push(new Slot(firstSlot + i));
    for (const slot of this.all.toReversed()) this.giveBack(slot);
  }

  /** Prepared and not yet seen to finish. */
  get outstanding(): number {
    return this.inUse;
  }

  get hasFreeSlot(): boolean {
    return this.inUse < this.slots;
  }

  /** Whether one is among them that will never complete. */
  get waitsInVain(): boolean {
    return this.ignored > 0 || this.lost.length > 0;
  }

  /** What was submitted first of those under way, or null. */
  get oldest(): DescriptorRow | null {
    return this.ends.later.descriptor;
  }

  /** Gives a new submission its slot. */
  begin(descriptor: DescriptorRow): number {
    const slot = this.free;
    this.free = slot.later;
    this.inUse++;
    this.append(slot, descriptor);
    descriptor.slot = slot.number;
    return slot.number;
  }

  private giveBack(slot: Slot): void {
    slot.later = this.free;
    this.free = slot;
  }

  /** Puts a descriptor in its slot behind all others. */
  private append(slot: Slot, descriptor: DescriptorRow): void {
    const { ends } = this;
    const last = ends.earlier;
    slot.descriptor = descriptor;
    slot.earlier = last;
    slot.later = ends;
    last.later = slot;
    ends.earlier = slot;
  }

  /** Takes a descriptor's slot out of the order. */
  private remove(descriptor: DescriptorRow): Slot {
    const slot = this.all[descriptor.slot - this.firstSlot]!;
    const { earlier, later } = slot;
    earlier.later = later;
    later.earlier = earlier;
    return slot;
  }

  /** Whether something is to be submitted again. */
  get hasAgain(): boolean {
    return this.again.length > 0;
  }

  /** The next to submit again; call only when {@link hasAgain}. */
  takeAgain(): DescriptorRow {
    return this.again.shift()!;
  }

  /** Gives a row and its slot back. */
  release(descriptor: DescriptorRow): void {
    this.giveBack(this.remove(descriptor));
    this.inUse--;
    this.host.table.release(descriptor.index);
  }

  /**
   * Forgets the attempts so far, whose time counts as fault. What is submitted again is a new submission, behind those that
   * were made before it.
   */
  startOver(descriptor: DescriptorRow, nowPs: number): void {
    this.append(this.remove(descriptor), descriptor);
    descriptor.carriedPs += nowPs - descriptor.startPs;
    descriptor.startPs = nowPs;
    descriptor.status = 0;
    descriptor.visiblePs = 0;
    descriptor.clearStages();
  }

  /** It will not end any more: what of it had ended counts as such, the rest as aborted. */
  giveUp(descriptor: DescriptorRow, finished: number): void {
    const { ledger } = this.host;
    const { weight, failedMembers, opcode } = descriptor;
    // A batch that went on member by member after faults has ended but for those.
    const ended = weight > 1 && opcode !== OPCODE.batch ? weight - failedMembers : finished;
    const bad = opcode === OPCODE.batch ? failedMembers : 0;
    ledger.completed += ended - bad;
    ledger.failed += bad;
    ledger.aborted += weight - ended;
    this.release(descriptor);
  }

  /** A completion that nobody will look at: it is booked as the device wrote it. */
  bookUnseen(descriptor: DescriptorRow): void {
    this.host.recorder.count(descriptor);
    this.release(descriptor);
  }

  /** A dedicated queue has ignored it: nothing will ever complete. */
  ignore(): void {
    this.ignored++;
  }

  /** The thread has waited too long for one that was ignored. */
  timeout(descriptor: DescriptorRow): void {
    this.ignored--;
    this.host.ledger.rejected += descriptor.weight;
    this.release(descriptor);
  }

  /** An abort has made it end without a record; the thread does not know yet. */
  lose(descriptor: DescriptorRow, finished: number): void {
    this.lost.push({ descriptor, finished });
  }

  /** The thread learns what was lost. @returns descriptors lost */
  takeLost(): number {
    const before = this.host.ledger.aborted;
    for (const { descriptor, finished } of this.lost.splice(0)) this.giveUp(descriptor, finished);
    return this.host.ledger.aborted - before;
  }

  /** It ended because the handle that would have announced it is revoked: its driver must look. */
  refuse(descriptor: DescriptorRow): void {
    this.refused.push(descriptor);
  }

  /** The driver has a new interrupt handle: what failed with the old one is to submit again. @returns how many */
  renew(handle: number): number {
    const renewed = this.refused.splice(0);
    for (const descriptor of renewed) {
      descriptor.failedMembers = 0;
      descriptor.faultedMembers = 0;
      descriptor.nameInterrupt(handle);
      this.startOver(descriptor, this.host.simulator.nowPs);
      this.again.push(descriptor);
    }
    return renewed.length;
  }

  /** Its thread is no more: books what has ended and will not be looked at. */
  abandon(): void {
    for (let slot = this.ends.later; slot !== this.ends; ) {
      const { descriptor, later } = slot;
      if (descriptor!.visiblePs > 0) this.bookUnseen(descriptor!);
      slot = later;
    }
    for (const descriptor of this.refused.splice(0)) this.bookUnseen(descriptor);
    for (const descriptor of this.again.splice(0)) this.giveUp(descriptor, 0);
    this.takeLost();
  }
}
