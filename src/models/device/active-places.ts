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

  constructor(private readonly p: ParameterValues) {}

  /** Whether a transfer finds a place; if not, it waits for one to be given back. */
  hasPlace(transfer: Transfer): boolean {
    if (transfer.readsBack && this.readingBack >= this.p['engine.readback_descriptors']) return false;
    return this.active < this.p['engine.active_descriptors'];
  }

  /** How long earlier partial writes keep a transfer from starting [ps]. */
  waitPs(transfer: Transfer, nowPs: number): number {
    return transfer.partialWrites > 0 && this.partialFreePs > nowPs ? this.partialFreePs - nowPs : 0;
  }

  /** A transfer's data start. */
  take(transfer: Transfer, nowPs: number): void {
    this.active++;
    transfer.isActive = true;
    if (transfer.readsBack) this.readingBack++;
    transfer.startedPs = nowPs;
    if (transfer.partialWrites > 0) this.partialFreePs = nowPs + transfer.partialHoldPs;
  }

  /** All of a transfer's data have passed at `movedPs`. */
  moved(transfer: Transfer, movedPs: number): void {
    if (transfer.partialWrites === 0) return;
    this.partialFreePs = Math.max(this.partialFreePs, movedPs + this.p['memory.partial_write_gap']);
  }

  /** Its completion record is written. @returns whether that makes room for another readback */
  recorded(transfer: Transfer): boolean {
    if (!transfer.isActive || !transfer.readsBack) return false;
    this.readingBack--;
    return true;
  }

  /** Its writes are acknowledged. @returns whether that gave a place back */
  retired(transfer: Transfer): boolean {
    if (!transfer.isActive) return false;
    this.active--;
    transfer.isActive = false;
    return true;
  }
}
