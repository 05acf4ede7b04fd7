/** Transfers of an engine that something happens to at a time of their own: they become ready, or their writes arrive. */
import type { Transfer } from './transfer.js';

/** The earliest first; of equal times, what was added first. A ring without an allocation per entry. */
export class TransferQueue {
  /** Time of the first entry [ps]; Infinity when empty. */
  firstPs = Number.POSITIVE_INFINITY;
  /** Number of entries. */
  count = 0;
  private readonly times: Float64Array;
  private readonly transfers: (Transfer | null)[];
  private readonly mask: number;
  private head = 0;

  /** @param capacity most entries at a time */
  constructor(capacity: number) {
    let places = 1;
    while (places < capacity) places *= 2;
    this.times = new Float64Array(places);
    this.transfers = new Array<Transfer | null>(places).fill(null);
    this.mask = places - 1;
  }

  /** The first entry; the queue must not be empty. */
  get first(): Transfer {
    return this.transfers[this.head]!;
  }

  /** Adds a transfer. Most come in the order of their times, so that few entries move. */
  add(transfer: Transfer, timePs: number): void {
    const { times, transfers, mask, head } = this;
    let at = this.count++;
    while (at > 0) {
      const before = (head + at - 1) & mask;
      if (times[before]! <= timePs) break;
      const place = (head + at) & mask;
      times[place] = times[before]!;
      transfers[place] = transfers[before]!;
      at--;
    }
    const place = (head + at) & mask;
    times[place] = timePs;
    transfers[place] = transfer;
    if (at === 0) this.firstPs = timePs;
  }

  /** Removes and returns the first entry; the queue must not be empty. */
  shift(): Transfer {
    const { head } = this;
    const transfer = this.transfers[head]!;
    this.head = (head + 1) & this.mask;
    this.count--;
    this.firstPs = this.count > 0 ? this.times[this.head]! : Number.POSITIVE_INFINITY;
    return transfer;
  }
}
