/** The host's side of a virtio ring: one thread for each guest that takes requests, submits them and returns them. */
import { Portal, type SubmissionTimes } from '../host/portal.js';
import type { ParameterValues } from '../parameters.js';

/**
 * It sleeps while nothing is outstanding, and then must be kicked; otherwise it polls ring and completion records, and
 * a guest that sees it awake does not kick (VIRTQ_AVAIL notification suppression).
 */
export class RingBackend {
  /** Requests taken and not yet returned. */
  private outstanding = 0;
  /** When it is done with all that it was given so far [ps]. */
  private freePs = 0;
  private awakeSincePs = 0;
  /** Processor time of finished turns since it was last asked [ps]. */
  private cpuPs = 0;
  private readonly portal: Portal;

  constructor(private readonly p: ParameterValues) {
    this.portal = new Portal(64, false, p);
  }

  /** Whether a guest that adds a request must kick. */
  get asleep(): boolean {
    return this.outstanding === 0;
  }

  /** A request is in the ring, and the kick, if it took one, has been sent [ps]. */
  take(shared: boolean, readLoad: number, sentPs: number, times: SubmissionTimes): void {
    const { p } = this;
    let readyPs = sentPs;
    if (this.asleep) {
      readyPs += p.backend_wake;
      this.awakeSincePs = readyPs;
    }
    this.outstanding++;
    this.submit(shared, readLoad, Math.max(readyPs, this.freePs) + p.ring_request, times);
  }

  /** The device asked for a retry at `nowPs`: it submits again. */
  again(readLoad: number, nowPs: number, times: SubmissionTimes): void {
    this.submit(true, readLoad, Math.max(nowPs, this.freePs) + this.p['host.retry_pause'], times);
  }

  private submit(shared: boolean, readLoad: number, fromPs: number, times: SubmissionTimes): void {
    if (shared) this.portal.enqcmd(fromPs, readLoad, times);
    else this.portal.movdir64b(fromPs, times);
    this.freePs = times.donePs;
  }

  /** A completion record was written at `nowPs`. @returns when the guest's ring says so [ps] */
  complete(nowPs: number): number {
    const { p } = this;
    this.freePs = Math.max(nowPs + p['host.poll_transfer'], this.freePs) + p.ring_completion;
    this.leave(this.freePs);
    return this.freePs;
  }

  /** A dedicated queue discarded a request: nothing will complete. */
  leave(atPs: number): void {
    this.outstanding--;
    if (this.outstanding === 0) this.cpuPs += Math.max(0, atPs - this.awakeSincePs);
  }

  /** Processor time since it was last asked: it polls as long as something is outstanding [ps]. */
  takeCpuPs(nowPs: number): number {
    const runningPs = this.asleep ? 0 : Math.max(0, nowPs - this.awakeSincePs);
    const tookPs = this.cpuPs + runningPs;
    this.cpuPs = 0;
    this.awakeSincePs = Math.max(this.awakeSincePs, nowPs);
    return tookPs;
  }
}
