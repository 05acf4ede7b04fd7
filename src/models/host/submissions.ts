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

const NONE = -1;

/** See the head of this file. */
export class Submissions {
  private readonly freeSlots: number[] = [];
  /** Rows by slot, and the slots before and after each in the order of submission; NONE at the ends. */
  private readonly rows: Int32Array;
  private readonly earlier: Int32Array;
  private readonly later: Int32Array;
  private first = NONE;
  private last = NONE;
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
    this.rows = new Int32Array(slots);
    this.earlier = new Int32Array(slots);
    this.later = new Int32Array(slots);
    for (let i = slots - 1; i >= 0; i--) this.freeSlots.push(firstSlot + i);
  }

  /** Prepared and not yet seen to finish. */
  get outstanding(): number {
    return this.slots - this.freeSlots.length;
  }

  get hasFreeSlot(): boolean {
    return this.freeSlots.length > 0;
  }

  /** Whether one is among them that will never complete. */
  get waitsInVain(): boolean {
    return this.ignored > 0 || this.lost.length > 0;
  }

  /** The row that was submitted first of those under way, or -1. */
  get oldest(): number {
    return this.first === NONE ? NONE : this.rows[this.first]!;
  }

  /** Gives a new submission its slot. */
  begin(descriptor: DescriptorRow): number {
    const slot = this.freeSlots.pop()!;
    descriptor.slot = slot;
    this.rows[slot - this.firstSlot] = descriptor.index;
    this.append(slot - this.firstSlot);
    return slot;
  }

  /** Puts a slot behind all others. */
  private append(at: number): void {
    this.earlier[at] = this.last;
    this.later[at] = NONE;
    if (this.last === NONE) this.first = at;
    else this.later[this.last] = at;
    this.last = at;
  }

  /** Takes a slot out of the order. */
  private remove(at: number): void {
    const before = this.earlier[at]!;
    const after = this.later[at]!;
    if (before === NONE) this.first = after;
    else this.later[before] = after;
    if (after === NONE) this.last = before;
    else this.earlier[after] = before;
  }

  /** Next row to submit again, or undefined. */
  takeAgain(): number | undefined {
    return this.again.length > 0 ? this.again.shift() : undefined;
  }

  /** Gives a row and its slot back. */
  release(row: number): void {
    const slot = this.host.table.rows[row]!.slot;
    this.remove(slot - this.firstSlot);
    this.freeSlots.push(slot);
    this.host.table.release(row);
  }

  /**
   * Forgets the attempts so far, whose time counts as fault. What is submitted again is a new submission, behind those that
   * were made before it.
   */
  startOver(row: number, nowPs: number): void {
    const descriptor = this.host.table.rows[row]!;
    const at = descriptor.slot - this.firstSlot;
    this.remove(at);
    this.append(at);
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
    for (let at = this.first; at !== NONE; ) {
      const next = this.later[at]!;
      const row = this.rows[at]!;
      if (rows[row]!.visiblePs > 0) this.bookUnseen(row);
      at = next;
    }
    for (const row of this.refused.splice(0)) this.bookUnseen(row);
    for (const row of this.again.splice(0)) this.giveUp(row, 0);
    this.takeLost();
  }
}
