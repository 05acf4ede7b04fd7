/** Transfers that something happens to at a time of their own: they become ready, or their writes arrive. */
import type { Transfer } from './transfer.js';

const NEVER = Number.POSITIVE_INFINITY;

/** The earliest first; of equal times, what was added first. Linked through the transfers, each in one queue at a time. */
export class TransferQueue {
  /** Time of the first entry [ps]; Infinity when empty. */
  firstPs = NEVER;
  private head: Transfer | null = null;
  /** The last entry, unless the queue is empty. */
  private tail: Transfer | null = null;

  /** The first entry; the queue must not be empty. */
  get first(): Transfer {
    return this.head!;
  }

  /** Adds a transfer. Most come in the order of their times, and go to the end. */
  add(transfer: Transfer, timePs: number): void {
    const { tail } = this;
    transfer.duePs = timePs;
    if (this.head === null) {
      this.head = transfer;
      this.firstPs = timePs;
    } else if (tail!.duePs > timePs) {
      this.insert(transfer);
      return;
    } else tail!.next = transfer;
    transfer.next = null;
    this.tail = transfer;
  }

  /** Puts a transfer before the first that is due later than it. */
  private insert(transfer: Transfer): void {
    let before: Transfer | null = null;
    let after = this.head!;
    while (after.duePs <= transfer.duePs) {
      before = after;
      after = after.next!;
    }
    transfer.next = after;
    if (before !== null) before.next = transfer;
    else {
      this.head = transfer;
      this.firstPs = transfer.duePs;
    }
  }

  /** Removes and returns the first entry; the queue must not be empty. */
  shift(): Transfer {
    const transfer = this.head!;
    const { next } = transfer;
    this.head = next;
    this.firstPs = next === null ? NEVER : next.duePs;
    return transfer;
  }
}
