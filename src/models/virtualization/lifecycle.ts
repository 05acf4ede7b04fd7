/** Provisioning and boot of one instance: which sequences each design executes, where, and what they add up to. */
import {
  command,
  type DeviceView,
  enableDevice,
  enableVectors,
  enableWorkQueue,
  mediatedEnable,
  openCharacterDevice,
  probe,
  type RegisterAccess,
} from '../driver/sequences.js';
import type { ParameterValues } from '../parameters.js';
import type { ControlStepResult } from '../run-result.js';
import { configurationAccess, registerAccess } from './access.js';
import type { ControlPath, Design, InterruptPath } from './design.js';

const HUGE_PAGE_BYTES = 2 * 1024 * 1024;
const PAGE_BYTES = 4096;

/** What the control path needs to know of the device and the instance. */
export interface ControlContext {
  design: Design;
  parameters: ParameterValues;
  /** The physical device as its host driver, or the guest that owns it, finds it. */
  physical: DeviceView;
  mode: 'shared' | 'dedicated';
  /** The tenant waits by interrupts, so its driver sets them up. */
  interrupts: boolean;
  memory: { sizeBytes: number; backingBytes: number };
}

/** Time from the device raising vector 0 until the sleeping driver runs again. */
function miscInterruptPs(path: InterruptPath, p: ParameterValues): number {
  switch (path) {
    case 'eventfd-irqfd':
      return p['host.interrupt_remapped'] + p.interrupt_eventfd_blocked;
    case 'ims-posted':
    case 'msix-posted':
      return p.interrupt_posted_blocked;
    case 'posted-host':
      return p['host.interrupt_posted'] + p['host.interrupt_thread_wake'];
    case 'msix-remapped':
    case 'none':
      return p['host.interrupt_remapped'] + p['host.interrupt_thread_wake'];
  }
}

/** Runs a driver's accesses over an access path and adds up what they did. */
export function runSequence(
  phase: ControlStepResult['phase'],
  step: string,
  accesses: readonly RegisterAccess[],
  control: ControlPath,
  misc: InterruptPath,
  p: ParameterValues,
): ControlStepResult {
  const result: ControlStepResult = { phase, step, reads: 0, writes: 0, trapped: 0, commands: 0, timePs: 0 };
  for (const access of accesses) {
    const kind = access.kind === 'read' ? 'read' : 'write';
    const cost =
      access.kind === 'configuration'
        ? configurationAccess(control, access.bytes, p)
        : registerAccess(control, kind, access.bytes, p);
    if (kind === 'read') result.reads++;
    else result.writes++;
    if (cost.trapped) result.trapped++;
    result.timePs += cost.timePs;
    if (access.kind === 'command') {
      result.commands++;
      result.timePs += p.command_time;
      // The reset at probe is polled; every other command completes by an interrupt on vector 0.
      if (!access.register.endsWith('RESET_DEVICE')) result.timePs += miscInterruptPs(misc, p);
    }
  }
  return result;
}

/** A step without register accesses. */
const plain = (phase: ControlStepResult['phase'], step: string, timePs: number): ControlStepResult => ({
  phase,
  step,
  reads: 0,
  writes: 0,
  trapped: 0,
  commands: 0,
  timePs,
});

/** Memory that an instance holds pinned for the device [B]. */
export function pinnedBytes(design: Design, memory: ControlContext['memory']): number {
  return design.mapping === 'none' ? 0 : memory.sizeBytes;
}

/** Time to pin and map an instance's memory page by page (costs P04 and P05) [ps]. */
export function pinTimePs(design: Design, memory: ControlContext['memory'], p: ParameterValues): number {
  if (design.mapping === 'none') return 0;
  const large = memory.backingBytes >= HUGE_PAGE_BYTES;
  const pages = Math.ceil(memory.sizeBytes / (large ? HUGE_PAGE_BYTES : PAGE_BYTES));
  return pages * (large ? p.pin_large_page : p.pin_page);
}

/** The virtual device that an emulating design shows: one work queue, two vectors, read-only configuration. */
const VIRTUAL_DEVICE: DeviceView = {
  configurable: false,
  groups: 1,
  workQueues: 1,
  wqcfgWords: 8,
  vectors: 2,
};

/** All steps of provisioning and boot of one instance, in order. */
export function controlSteps(context: ControlContext): ControlStepResult[] {
  return [...provision(context), ...boot(context)];
}

function hostQueue({ physical, mode, parameters }: ControlContext): ControlStepResult[] {
  const host = (step: string, accesses: RegisterAccess[]) =>
    runSequence('provision', step, accesses, 'native', 'msix-remapped', parameters);
  return [
    host('enable device', enableDevice(physical)),
    host('enable work queue', enableWorkQueue(physical, { mode, kernel: false })),
  ];
}

function provision(context: ControlContext): ControlStepResult[] {
  const { design, parameters: p, memory } = context;
  const steps: ControlStepResult[] = [];
  switch (design.lifecycle) {
    case 'open':
      steps.push(...hostQueue(context));
      if (design.control === 'vfio-user') steps.push(plain('provision', 'start server', p.server_start));
      if (design.guest === 'vm') {
        steps.push(plain('provision', 'open character device', p.device_open + 2 * p.syscall));
        steps.push(hostSequence('open work queue', openCharacterDevice(context.mode), p));
      }
      break;
    case 'mdev-pull':
    case 'preconfigured-push':
      steps.push(...hostQueue(context));
      if (design.lifecycle === 'mdev-pull') steps.push(plain('provision', 'create mdev', p.mdev_create));
      else steps.push(plain('provision', 'register vfio device', p.driver_bind));
      // The created device keeps its queue disabled until the guest enables it.
      steps.push(hostSequence('disable work queue', command('DISABLE_WQ'), p));
      steps.push(plain('provision', 'reset work queue', p.wq_reset));
      steps.push(plain('provision', 'open vfio device', p.device_open));
      break;
    case 'pci-bind':
      steps.push(plain('provision', 'bind vfio-pci', p.driver_bind));
      steps.push(plain('provision', 'function-level reset', p.function_level_reset));
      steps.push(plain('provision', 'open vfio device', p.device_open));
      break;
  }
  const pin = pinTimePs(design, memory, p);
  if (pin > 0) steps.push(plain('provision', 'pin and map memory', pin));
  return steps;
}

function hostSequence(step: string, accesses: RegisterAccess[], p: ParameterValues): ControlStepResult {
  return runSequence('provision', step, accesses, 'native', 'msix-remapped', p);
}

function boot(context: ControlContext): ControlStepResult[] {
  const { design, parameters: p, mode, interrupts } = context;
  if (design.guest === 'process') {
    // open() causes the register accesses in the host kernel; mmap() maps the portal.
    return [
      plain('boot', 'open and map', p.device_open + 2 * p.syscall),
      runSequence('boot', 'open work queue', openCharacterDevice(mode), 'native', design.interrupts.misc, p),
    ];
  }
  const view = design.allotment === 'function' ? context.physical : VIRTUAL_DEVICE;
  const guest = (step: string, accesses: RegisterAccess[]) =>
    runSequence('boot', step, accesses, design.control, design.interrupts.misc, p);
  const steps = [
    guest('set up interrupts', enableVectors(view)),
    guest('probe', probe(view)),
    guest('enable device', enableDevice(view)),
    guest('enable work queue', enableWorkQueue(view, { mode, kernel: interrupts || !view.configurable })),
  ];
  if (design.control === 'mdev-trap' || design.control === 'in-kvm') {
    // The emulated command runs on the physical queue while the virtual CPU waits in its exit.
    steps.push(
      runSequence('boot', 'enable physical work queue', mediatedEnable(), 'native', 'msix-remapped', p),
    );
  }
  return steps;
}
