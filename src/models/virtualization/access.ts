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

/** Most bytes that KVM hands to a VMM at once (struct kvm_run, mmio.data) [B]. */
const RETURN_BYTES = 8;
/** Most bytes that VFIO hands to a driver at once [B]. */
const PIECE_BYTES = 4;

/** Something that happens several times in one access. */
const times = (count: number, name: string, eachPs: number): Part => ({
  name: count === 1 ? name : `${count} × ${name}`,
  timePs: count * eachPs,
});

/**
 * The cost of a register access. The compositions are those of virtualization costs part 1b: KVM has no handler for
 * a VFIO region in the kernel, so kernel emulation costs an exit to the VMM and then, for every piece of at most
 * four bytes, a system call on the VFIO file. What is wider than eight bytes leaves the guest once, but KVM returns
 * to the VMM for every eight of them (arch/x86/kvm/x86.c, complete_emulated_mmio).
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
  const returns = Math.ceil(bytes / RETURN_BYTES);
  const userExit = times(returns, 'user_exit', p.user_exit);
  const handler = times(returns, 'vmm_handler', p.vmm_handler);
  const pieces = Math.ceil(bytes / PIECE_BYTES);
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
        times(returns, 'socket_round_trip', p.socket_round_trip),
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

const PORTAL_BYTES = 64;
const ROUND_TRIPS = new Set(['exit_round_trip', 'user_exit', 'socket_round_trip']);

/** Writes of 64 bytes to a portal that is not mapped, split at the handler [ps]. */
export interface PortalAccess {
  readonly outPs: number;
  readonly handlerPs: number;
  readonly backPs: number;
}

/**
 * A trapped portal write up to its handler, the handler, and the way back. A round trip counts half each way, and of
 * those that are made for piece after piece only the last leads back to the guest. The mediated device's handler assembles
 * 64 bytes from its pieces; an owner of a whole function has the VMM trap them.
 * @param control who handles it
 */
export function portalAccess(control: ControlPath, p: ParameterValues): PortalAccess {
  const by = control === 'native' ? 'vmm-trap' : control;
  const sum = (bytes: number, wanted: (name: string) => boolean) =>
    registerAccess(by, 'write', bytes, p)
      .parts.filter(({ name }) => wanted(name))
      .reduce((total, part) => total + part.timePs, 0);
  const handlerPs = sum(PORTAL_BYTES, (name) => name.endsWith('handler'));
  const backPs = Math.floor(sum(RETURN_BYTES, (name) => ROUND_TRIPS.has(name)) / 2);
  return {
    outPs: registerAccess(by, 'write', PORTAL_BYTES, p).timePs - handlerPs - backPs,
    handlerPs,
    backPs,
  };
}
