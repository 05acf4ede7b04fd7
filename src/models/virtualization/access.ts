/** What one register access of a guest's driver costs, and its parts, by control path. */
import type { ParameterValues } from '../parameters.js';
import type { ControlPath } from './design.js';

/** The parts of an access, so that a reader can see what it is made of. */
export interface AccessCost {
  /** Whether the access left the guest. */
  trapped: boolean;
  parts: readonly { name: string; timePs: number }[];
  /** Sum of the parts [ps]. */
  timePs: number;
}

type Part = { name: string; timePs: number };

const cost = (trapped: boolean, parts: readonly Part[]): AccessCost => ({
  trapped,
  parts,
  timePs: parts.reduce((sum, part) => sum + part.timePs, 0),
});

/**
 * The cost of a register access. The compositions are those of virtualization costs part 1b: KVM has no handler for
 * a VFIO region in the kernel, so kernel emulation costs an exit to the VMM and then, for every piece of at most
 * four bytes, a system call on the VFIO file.
 * @param control who handles it
 * @param kind a posted native write is cheaper than a read; a trapped one is not
 * @param bytes width of the access [B]
 */
export function registerAccess(
  control: ControlPath,
  kind: 'read' | 'write',
  bytes: number,
  p: ParameterValues,
): AccessCost {
  const mmio = {
    name: kind === 'read' ? 'mmio_read' : 'mmio_write',
    timePs: kind === 'read' ? p.mmio_read : p.mmio_write,
  };
  const exit = { name: 'exit_round_trip', timePs: p.exit_round_trip };
  const decode = { name: 'decode', timePs: p.decode };
  const userExit = { name: 'user_exit', timePs: p.user_exit };
  const handler = { name: 'vmm_handler', timePs: p.vmm_handler };
  const pieces = Math.ceil(bytes / 4);
  switch (control) {
    case 'native':
    case 'syscall':
      return cost(false, [mmio]);
    case 'mdev-trap':
      return cost(true, [
        exit,
        decode,
        userExit,
        { name: `${pieces} × syscall`, timePs: pieces * p.syscall },
        { name: `${pieces} × kernel_handler`, timePs: pieces * p.kernel_handler },
      ]);
    case 'in-kvm':
      return cost(true, [exit, decode, { name: 'kernel_handler', timePs: p.kernel_handler }]);
    case 'vmm-trap':
      return cost(true, [exit, decode, userExit, handler]);
    case 'vfio-user':
      return cost(true, [
        exit,
        decode,
        userExit,
        { name: 'socket_round_trip', timePs: p.socket_round_trip },
        handler,
      ]);
    case 'ioeventfd':
      // A write is posted: the kick needs no decoding, and the server takes it up by itself.
      if (kind === 'write') {
        return cost(true, [exit, { name: 'ioeventfd_signal', timePs: p.ioeventfd_signal }]);
      }
      return registerAccess('vfio-user', kind, bytes, p);
  }
}

/** An access to configuration space or the MSI-X table of a guest: always emulated, by whoever emulates registers. */
export function configurationAccess(control: ControlPath, bytes: number, p: ParameterValues): AccessCost {
  return registerAccess(control === 'native' ? 'vmm-trap' : control, 'write', bytes, p);
}

/** Writes of 64 bytes to a portal that is not mapped, split at the handler [ps]. */
export interface PortalAccess {
  readonly outPs: number;
  readonly handlerPs: number;
  readonly backPs: number;
}

/**
 * A trapped portal write up to its handler, the handler, and the way back. A round trip counts half each way. The
 * mediated device's handler assembles 64 bytes from its pieces; an owner of a whole function has the VMM trap them.
 * @param control who handles it
 */
export function portalAccess(control: ControlPath, p: ParameterValues): PortalAccess {
  const { parts, timePs } = registerAccess(control === 'native' ? 'vmm-trap' : control, 'write', 64, p);
  const handlerPs = parts
    .filter(({ name }) => name.endsWith('handler'))
    .reduce((sum, part) => sum + part.timePs, 0);
  const roundTrips = ['exit_round_trip', 'user_exit', 'socket_round_trip'];
  const tripsPs = parts
    .filter(({ name }) => roundTrips.includes(name))
    .reduce((sum, part) => sum + part.timePs, 0);
  const backPs = Math.floor(tripsPs / 2);
  return { outPs: timePs - handlerPs - backPs, handlerPs, backPs };
}
