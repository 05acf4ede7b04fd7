/** Small machines with a lifecycle: waits are short, so that tests are. */
import type { LifecycleAction, LifecycleEvent } from '../../src/models/lifecycle/events.js';
import { simulate } from '../../src/models/machine.js';
import type { RunResult } from '../../src/models/run-result.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { device, group, MIB, machine, queue, type TenantOptions, tenant, US } from './machine.js';

/** What a test may say about a machine with a lifecycle. */
export interface LifecycleOptions {
  tenant?: TenantOptions;
  parameters?: Record<string, number>;
  /** Mode of the queues where the design leaves a choice; shared by default. */
  mode?: 'shared' | 'dedicated';
  instances?: number;
  seed?: number;
}

/** An event of the only tenant's first instance, as soon as possible. */
export const event = (action: LifecycleAction, over: Partial<LifecycleEvent> = {}): LifecycleEvent => ({
  action,
  atPs: null,
  tenant: 0,
  instance: 0,
  forPs: 30 * US,
  fails: false,
  ...over,
});

/** What a destination takes to provision an instance, short. */
export const QUICK_PROVISIONING = {
  mdev_create: 40 * US,
  wq_reset: 20 * US,
  driver_bind: 20 * US,
  device_open: 10 * US,
  server_start: 100 * US,
};

/** A machine of instances with a queue each, whose threads lose patience soon. */
export function liveMachine(design: Design, events: readonly LifecycleEvent[], over: LifecycleOptions = {}) {
  const { instances = 1, seed = 1 } = over;
  const mode = design.modes.length === 1 ? design.modes[0]! : (over.mode ?? 'shared');
  const own = design.allotment === 'function' ? 1 : instances;
  const names = Array.from({ length: own }, (_, i) => `q${i}`);
  const size = 32;
  return machine({
    design,
    devices: [
      device([
        group(
          1,
          names.map((name) => queue({ name, mode, size, threshold: size })),
        ),
      ]),
    ],
    tenants: [
      tenant({
        instances,
        workQueues: names,
        load: { kind: 'closed', depth: 8 },
        memory: { sizeBytes: 16 * MIB, backingBytes: 4096 },
        ...over.tenant,
      }),
    ],
    measure: { warmupPs: 5 * US, durationPs: 20 * US },
    parameters: { 'host.completion_timeout': 60 * US, ...QUICK_PROVISIONING, ...over.parameters },
    lifecycle: events,
    seed,
  });
}

/** Runs such a machine. */
export function live(
  design: Design,
  events: readonly LifecycleEvent[],
  over: LifecycleOptions = {},
): RunResult {
  return simulate(liveMachine(design, events, over), 0);
}

/** Whether every submitted descriptor is in one named state. */
export function balanced({ conservation: c }: RunResult): boolean {
  const counts = Object.values(c);
  if (counts.some((count) => count < 0 || !Number.isInteger(count))) return false;
  return c.submitted === c.completed + c.failed + c.rejected + c.aborted + c.inFlight;
}
