/**
 * Page requests of a guest with page tables of its own: the host does not know what is behind an absent page, so the request
 * travels through the VMM into the guest, whose kernel answers, and the answer back. A guest that stands still answers
 * nothing, and a device that waits for it never comes to rest: its VMM must answer in its place, as invalid.
 */
import type { ParameterValues } from '../parameters.js';

/** The host's kernel wakes the VMM, which reads the request from the fault queue of iommufd [ps]. */
function toVmmPs(p: ParameterValues): number {
  return p.backend_wake + p.syscall + p.vmm_handler;
}

/**
 * What the way through the guest adds to a page request: to the VMM, an interrupt of the emulated IOMMU, the exit in which the
 * guest writes its answer, and the VMM's call that passes it on [ps].
 */
export function relayPs(p: ParameterValues): number {
  const answerPs = p.exit_round_trip + p.decode + p.user_exit + p.vmm_handler + p.syscall;
  return toVmmPs(p) + p.interrupt_eventfd_running + answerPs;
}

/** From a page request until the VMM of a guest that stands still has answered it as invalid [ps]. */
export function refusalPs(p: ParameterValues): number {
  return toVmmPs(p) + p.syscall;
}
