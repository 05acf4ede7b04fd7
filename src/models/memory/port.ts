/** A kind of memory, reserved piece by piece in order of asking. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';

/** A server of one bandwidth. */
export class Port {
  /** When all that was reserved so far has passed [ps]. */
  freePs = DOUBLE_ZERO;

  /**
   * Reserves the port for some time, not before `nowPs`.
   * @returns when the reservation has passed [ps]
   */
  reserve(tookPs: number, nowPs: number): number {
    if (tookPs === 0) return nowPs;
    const { freePs } = this;
    const endPs = (freePs > nowPs ? freePs : nowPs) + tookPs;
    this.freePs = endPs;
    return endPs;
  }
}
