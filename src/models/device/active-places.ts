/** Which transfers of an engine may start their data: places, readbacks and partial writes are limited. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { ParameterValues } from '../parameters.js';
import type { Transfer } from './transfer.js';

/**
 * A transfer takes a place when its data start and gives it back when its writes are acknowledged. Those that read
 * their destination back are fewer, and of those with partial writes one goes at a time.
 */
export class ActivePlaces {
  private active = 0;
  private readingBack = 0;
  /** When the next transfer with partial writes may start [ps]. */
  private partialFreePs = DOUBLE_ZERO;

  private readonly mostActive: number = 0;
  private readonly mostReadingBack: number = 0;
  private readonly partialGapPs = DOUBLE_ZERO;

  constructor(p: ParameterValues) {
    this.mostActive = p['engine.active_descriptors'];
    this.mostReadingBack = p['engine.readback_descriptors'];
    this.partialGapPs = p['memory.partial_write_gap'];
  }

  /** Whether a transfer finds a place; if not, it waits for one to be given back. */
  hasPlace(transfer: Transfer): boolean {
    if (transfer.readsBack === true && this.readingBack >= this.mostReadingBack) return false;
    return this.active < this.mostActive;
  }

  /** How long earlier partial writes keep a transfer with such from starting [ps]. */
  partialWaitPs(nowPs: number): number {
    return Math.max(0, this.partialFreePs - nowPs);
  }

  /** A transfer's data start. */
  take(transfer: Transfer, nowPs: number): void {
    this.active++;
    transfer.isActive = true;
    transfer.startedPs = nowPs;
    if (transfer.readsBack === true) this.readingBack++;
    if (transfer.partialWrites > 0) this.partialFreePs = nowPs + transfer.partialHoldPs;
  }

  /** All of a transfer's data have passed at `movedPs`. */
  moved(transfer: Transfer, movedPs: number): void {
    if (transfer.partialWrites > 0) this.holdPartial(movedPs + this.partialGapPs);
  }

  private holdPartial(untilPs: number): void {
    this.partialFreePs = Math.max(this.partialFreePs, untilPs);
  }

  /** Its completion record is written. @returns whether that makes room for another readback */
  recorded(transfer: Transfer): boolean {
    if (transfer.readsBack !== true || transfer.isActive !== true) return false;
    this.readingBack--;
    return true;
  }

  /** Its writes are acknowledged. @returns whether that gave a place back */
  retired(transfer: Transfer): boolean {
    if (transfer.isActive !== true) return false;
    this.active--;
    transfer.isActive = false;
    return true;
  }
}
