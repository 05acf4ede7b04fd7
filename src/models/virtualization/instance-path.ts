/** What the threads of one instance share on their way to the device: lock, ring, and whether its PASID is known. */
import type { ParameterValues } from '../parameters.js';
import type { Design } from './design.js';
import { HandlerLock } from './handler-lock.js';
import { RingBackend } from './ring-backend.js';

/** See the head of this file. */
export class InstancePath {
  readonly lock: HandlerLock;
  readonly ring: RingBackend | null;
  /** Time of the exit at the first ENQCMD with a guest PASID [ps]. */
  private readonly firstUsePs: number;
  /** Whether the processor can translate the PASID. */
  private isKnown = false;

  /** @param shared whether its queue is a shared one, which takes the PASID from the descriptor */
  constructor(design: Design, shared: boolean, p: ParameterValues) {
    this.lock = new HandlerLock(p.vmm_lock);
    this.ring = design.data === 'virtio-ring' ? new RingBackend(p) : null;
    const emulated =
      design.guest === 'vm' && design.allotment === 'work-queue' && design.control !== 'syscall';
    this.firstUsePs =
      emulated && shared && design.data === 'portal'
        ? p.exit_round_trip + p.user_exit + p.vmm_handler + p.syscall
        : 0;
  }

  /** Time that the exit of a first use takes, once [ps]. */
  takeFirstUse(): number {
    if (this.isKnown === true) return 0;
    this.isKnown = true;
    return this.firstUsePs;
  }

  /** The guest runs on another host, where no processor knows its PASID yet. */
  moveHost(): void {
    this.isKnown = false;
  }
}
