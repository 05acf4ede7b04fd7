/** A Batch descriptor inside an engine: its list, and which members were fetched, started and finished. */
import { DESCRIPTOR_BYTES } from '../../core/descriptor.js';
import { FLAG } from '../../core/flags.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';

/** Descriptors that one fetch brings: a 4 KiB page of the list. */
export const FETCH_DESCRIPTORS = 64;

/** Of batches that have not begun; most engines never see one. */
const NO_LIST = new Uint8Array(0);

/** Reused by its engine for one batch after the other. */
export class BatchRun {
  /** Row of the descriptor table, or -1 when free. */
  row = -1;
  /** Position in the order in which its engine took batches. */
  order = 0;
  /** Where the list begins in simulated memory [B]. */
  listAddress = DOUBLE_ZERO;
  /** Members that will run; a failed fence shortens it. */
  count = 0;
  fetched = 0;
  /** Whether a page of the list is on its way. */
  fetching = false;
  started = 0;
  finished = 0;
  failed = 0;
  /** When the first page of its list is translated [ps]. */
  listPs = DOUBLE_ZERO;
  /** When the page of its own completion record is translated [ps]. */
  recordPs = DOUBLE_ZERO;
  /** Latest ends of the members' stages [ps]. */
  translatedPs = DOUBLE_ZERO;
  readPs = DOUBLE_ZERO;
  writtenPs = DOUBLE_ZERO;
  /** Time that members stood still for page requests [ps]. */
  faultPs = DOUBLE_ZERO;
  /** Decoded: its list and count are those of the present batch. */
  begun = false;
  /** An abort reached it before all its members had started: it ends without a completion record. */
  abandoned = false;
  /** Its end is scheduled. */
  ending = false;
  /** The list as it was fetched; room for it is made when it is known how long it is. */
  list: Uint8Array = NO_LIST;

  /** @param index place in its engine */
  constructor(readonly index: number) {}

  /** Takes a Batch descriptor in, which has not been decoded yet. */
  take(row: number, order: number): void {
    this.row = row;
    this.order = order;
    this.begun = false;
    this.abandoned = false;
    this.ending = false;
  }

  /** Starts a batch of `count` descriptors, none if an abort was faster. */
  begin(listAddress: number, count: number): void {
    this.begun = true;
    this.listAddress = listAddress;
    this.count = this.abandoned ? 0 : count;
    this.fetched = 0;
    this.fetching = false;
    this.started = 0;
    this.finished = 0;
    this.failed = 0;
    this.recordPs = 0;
    this.translatedPs = 0;
    this.readPs = 0;
    this.writtenPs = 0;
    this.faultPs = 0;
    const bytes = this.count * DESCRIPTOR_BYTES;
    if (this.list.length < bytes) this.list = new Uint8Array(bytes);
  }

  /** Whether nothing is left to fetch, start or finish. */
  isOver(): boolean {
    return this.finished === this.count && this.fetched >= this.count && !this.fetching;
  }

  /** Whether a member may start now. A fenced one waits until all before it have finished. */
  hasMember(): boolean {
    if (this.row < 0 || this.started >= Math.min(this.fetched, this.count)) return false;
    return !this.nextIsFenced() || this.finished === this.started;
  }

  /** After a member failed, a fenced one and all behind it are abandoned (specification 3.8). */
  abandonAtFence(): void {
    if (this.failed > 0 && this.started < this.fetched && this.nextIsFenced()) this.count = this.started;
  }

  /** An abort: members that have not started never will. @returns whether that cuts the batch short */
  abandonRest(): boolean {
    if (this.begun && this.started >= this.count) return false;
    this.abandoned = true;
    if (this.begun) this.count = this.started;
    return true;
  }

  private nextIsFenced(): boolean {
    return (this.list[this.started * DESCRIPTOR_BYTES + 4]! & FLAG.fence) !== 0;
  }
}
