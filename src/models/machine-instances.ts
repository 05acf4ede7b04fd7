/** The instances of a machine and their threads, each instance at the queue that it was handed. */
import type { Allocation } from './allocation.js';
import type { MachineConfig, TenantConfig } from './config.js';
import type { MachineContext } from './context.js';
import type { Device } from './device/device.js';
import type { DeviceRegistry } from './device/device-registry.js';
import type { HostContext } from './host/host-context.js';
import type { SharedProcessors } from './host/host-cpu.js';
import type { Place } from './host/place.js';
import { HostThread } from './host/thread.js';
import { interruptTimes } from './interrupts/completion-interrupt.js';
import { Instance, NO_HANDLE } from './tenants/instance.js';
import type { ControlOutcome } from './virtualization/control-outcome.js';
import { Detour, detourCosts } from './virtualization/detour.js';
import { InstancePath } from './virtualization/instance-path.js';
import { mayBeAbsent } from './virtualization/pinning.js';
import { unmapCosts } from './virtualization/unmapping.js';

/** Slots of a thread whose load does not bound them: what its completion ring holds. */
const OPEN_SLOTS = 256;

/** What of a machine is there before its instances. */
export interface Premises {
  readonly config: MachineConfig;
  readonly context: MachineContext;
  readonly host: HostContext;
  readonly registry: DeviceRegistry;
  readonly devices: readonly Device[];
  readonly allocation: Allocation;
  readonly control: ControlOutcome;
  readonly processors: SharedProcessors;
}

/** Makes the instance whose number is the next, and its threads. @returns the threads */
export function addInstance(premises: Premises): readonly HostThread[] {
  const { config, context, registry, devices, allocation, control } = premises;
  const index = context.instances.length;
  const share = allocation.instances[index]!;
  const started = control.instances[index]!;
  const tenant = config.tenants[share.tenant]!;
  const queue = registry.queues[share.queue]!;
  const slots = slotsPerThread(tenant, share.credits);
  const instance = new Instance(
    index,
    share.tenant,
    tenant,
    slots * tenant.threads,
    queue.config.blockOnFault,
    mayBeAbsent(config.design),
    config.seed,
    context.executes,
    context.random,
  );
  context.instances.push(instance);
  const device = devices[control.places[index]!.device]!;
  device.memory.addCachedDestinations(instance.cachedDestinationBytes);
  const wait = started.hasVector || tenant.completion !== 'interrupt' ? tenant.completion : 'poll';
  if (wait === 'interrupt' && config.design.data !== 'virtio-ring') {
    instance.handle = started.handle ?? NO_HANDLE;
  }
  const place: Place = { queue, device, readLoad: registry.readLoads[queue.index]! };
  return addThreads(premises, instance, place, slots, wait);
}

function addThreads(
  { config, context, host, processors, allocation }: Premises,
  instance: Instance,
  place: Place,
  slots: number,
  wait: TenantConfig['completion'],
): readonly HostThread[] {
  const { design, parameters } = config;
  const { threads } = context;
  const tenant = instance.config;
  const { kind } = tenant.load;
  const unlimited = tenant.portal === 'unlimited';
  const shared = place.queue.config.mode === 'shared';
  const path = new InstancePath(design, shared, parameters);
  const detour = detourCosts(design, shared && unlimited, parameters);
  const unmap = unmapCosts(design, parameters);
  const interrupt = wait === 'interrupt' ? interruptTimes(design.interrupts.completion, parameters) : null;
  return Array.from({ length: tenant.threads }, (_, t) => {
    const thread = new HostThread(
      {
        index: threads.length,
        instance,
        place,
        unlimited,
        inGuest: design.guest === 'vm',
        path,
        unmap,
        cpu: processors.of(instance.tenant),
        detour: detour === null ? null : new Detour(detour, detour.exits > 0 ? path.lock : null),
        firstSlot: t * slots,
        slots,
        closed: kind === 'closed' || kind === 'burst',
        burst: kind === 'burst',
        wait,
        interrupt,
      },
      host,
    );
    allocation.instances[instance.index]!.threads.push(threads.length);
    threads.push(thread);
    return thread;
  });
}

/**
 * Submissions that a thread may have outstanding. A dedicated queue gives no answer, so software counts credits:
 * under open load the queue's entries are split among the threads that use it.
 */
function slotsPerThread(tenant: TenantConfig, credits: number | null): number {
  if (tenant.load.kind === 'closed' || tenant.load.kind === 'burst') return tenant.load.depth;
  return credits === null ? OPEN_SLOTS : Math.max(1, Math.floor(credits / tenant.threads));
}
