/**
 * The submissions of one thread that are under way, and what becomes of those that do not end in the ordinary way: lost
 * in an abort, ignored by their queue, refused for a revoked interrupt handle.
 */
import { OPCODE } from '../../core/operations.js';
import type { DescriptorRow } from '../descriptor-row.js';
import type { HostContext } from './host-context.js';

/** A submission that an abort ended: its row, and the members of a batch that had ended before. */
interface LostSubmission {
  readonly row: number;
  readonly finished: number;
}

const NO_ROW = -1;

/** A submission slot: its row, and the slots before and after it in the order of submission. */
class Slot {
  row = NO_ROW;
  earlier: Slot = this;
  later: Slot = this;

  constructor(readonly number: number) {}
}

/** See the head of this file. */
export class Submissions {
  private readonly all: Slot[] = [];
  /** Those in use are a ring, which begins and ends with this one; of those that are free, each knows the next as the later. */
  private readonly ends = new Slot(NO_ROW);
  private free = this.ends;
  private inUse = 0;
  /** Submissions that a dedicated queue ignored or discarded, and that the thread still waits for. */
  private ignored = 0;
  /** Submissions that ended without a record. */
  private readonly lost: LostSubmission[] = [];
  /** Rows whose interrupt handle was revoked. */
  private readonly refused: number[] = [];
  /** Rows to submit again. */
  private readonly again: number[] = [];

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

  /** The row that was submitted first of those under way, or -1. */
  get oldest(): number {
    return this.ends.later.row;
  }

  /** Gives a new submission its slot. */
  begin(descriptor: DescriptorRow): number {
    const slot = this.free;
    this.free = slot.later;
    this.inUse++;
    this.append(slot, descriptor.index);
    descriptor.slot = slot.number;
    return slot.number;
  }

  private giveBack(slot: Slot): void {
    slot.later = this.free;
    this.free = slot;
  }

  /** Puts a row in its slot behind all others. */
  private append(slot: Slot, row: number): void {
    const { ends } = this;
    const last = ends.earlier;
    slot.row = row;
    slot.earlier = last;
    slot.later = ends;
    last.later = slot;
    ends.earlier = slot;
  }

  /** Takes a row's slot out of the order. */
  private remove(row: number): Slot {
    const slot = this.all[this.host.table.rows[row]!.slot - this.firstSlot]!;
    const { earlier, later } = slot;
    earlier.later = later;
    later.earlier = earlier;
    return slot;
  }

  /** Next row to submit again, or undefined. */
  takeAgain(): number | undefined {
    return this.again.length > 0 ? this.again.shift() : undefined;
  }

  /** Gives a row and its slot back. */
  release(row: number): void {
    this.giveBack(this.remove(row));
    this.inUse--;
    this.host.table.release(row);
  }

  /**
   * Forgets the attempts so far, whose time counts as fault. What is submitted again is a new submission, behind those that
   * were made before it.
   */
  startOver(row: number, nowPs: number): void {
    const descriptor = this.host.table.rows[row]!;
    this.append(this.remove(row), row);
    descriptor.carriedPs += nowPs - descriptor.startPs;
    descriptor.startPs = nowPs;
    descriptor.status = 0;
    descriptor.visiblePs = 0;
    descriptor.clearStages();
  }

  /** It will not end any more: what of it had ended counts as such, the rest as aborted. */
  giveUp(row: number, finished: number): void {
    const { table, ledger } = this.host;
    const { weight, failedMembers, opcode } = table.rows[row]!;
    // A batch that went on member by member after faults has ended but for those.
    const ended = weight > 1 && opcode !== OPCODE.batch ? weight - failedMembers : finished;
    const bad = opcode === OPCODE.batch ? failedMembers : 0;
    ledger.completed += ended - bad;
    ledger.failed += bad;
    ledger.aborted += weight - ended;
    this.release(row);
  }

  /** A completion that nobody will look at: it is booked as the device wrote it. */
  bookUnseen(row: number): void {
    this.host.recorder.count(row);
    this.release(row);
  }

  /** A dedicated queue has ignored it: nothing will ever complete. */
  ignore(): void {
    this.ignored++;
  }

  /** The thread has waited too long for one that was ignored. */
  timeout(row: number): void {
    this.ignored--;
    this.host.ledger.rejected += this.host.table.rows[row]!.weight;
    this.release(row);
  }

  /** An abort has made it end without a record; the thread does not know yet. */
  lose(row: number, finished: number): void {
    this.lost.push({ row, finished });
  }

  /** The thread learns what was lost. @returns descriptors lost */
  takeLost(): number {
    const before = this.host.ledger.aborted;
    for (const { row, finished } of this.lost.splice(0)) this.giveUp(row, finished);
    return this.host.ledger.aborted - before;
  }

  /** It ended because the handle that would have announced it is revoked: its driver must look. */
  refuse(row: number): void {
    this.refused.push(row);
  }

  /** The driver has a new interrupt handle: what failed with the old one is to submit again. @returns how many */
  renew(handle: number): number {
    const { table, simulator } = this.host;
    const rows = this.refused.splice(0);
    for (const row of rows) {
      const descriptor = table.rows[row]!;
      descriptor.failedMembers = 0;
      descriptor.faultedMembers = 0;
      descriptor.nameInterrupt(handle);
      this.startOver(row, simulator.nowPs);
      this.again.push(row);
    }
    return rows.length;
  }

  /** Its thread is no more: books what has ended and will not be looked at. */
  abandon(): void {
    const { rows } = this.host.table;
    for (let slot = this.ends.later; slot !== this.ends; ) {
      const { row, later } = slot;
      if (rows[row]!.visiblePs > 0) this.bookUnseen(row);
      slot = later;
    }
    for (const row of this.refused.splice(0)) this.bookUnseen(row);
    for (const row of this.again.splice(0)) this.giveUp(row, 0);
    this.takeLost();
  }
}
