/**
 * What management software must know to give an instance its device: steps that only the vendor's tool or a program
 * for this device knows, and steps that every device of its kind takes. The argument for the interface of mediated devices
 * was that the second kind is enough.
 */
import type { DecodedDevice } from '../registers/decode.js';
import type { ControlStepResult } from '../run-result.js';
import type { Design } from './design.js';
import type { QueuePlace } from './places.js';

/** Steps of provisioning that take accel-config, or a program written for the device. */
const VENDOR = new Set([
  'enable device',
  'enable work queue',
  'start server',
  'open character device',
  'open work queue',
  'set up interrupts',
  'probe',
]);
/** Steps that follow from another one: nobody asks for them. */
const IMPLIED = new Set(['disable work queue', 'reset work queue', 'pin and map memory']);

/** Steps that a management stack takes for one instance. */
export interface ManagementSteps {
  readonly vendor: number;
  readonly generic: number;
}

/** Counts the steps of an instance's provisioning as they were executed. */
export function managementSteps(steps: readonly ControlStepResult[]): ManagementSteps {
  const asked = steps.filter(({ phase, step }) => phase === 'provision' && !IMPLIED.has(step));
  const vendor = asked.filter(({ step }) => VENDOR.has(step)).length;
  return { vendor, generic: asked.length - vendor };
}

/** Work queues and their entries that were enabled to be handed out, and that no instance was given. */
export function stranded(
  design: Design,
  devices: readonly DecodedDevice[],
  places: readonly QueuePlace[],
): { queues: number; entries: number } {
  // A function belongs to its guest with everything in it.
  if (design.allotment === 'function') return { queues: 0, entries: 0 };
  const used = new Set(places.map(({ device, position }) => `${device}/${position}`));
  const idle = devices.flatMap(({ config }, device) =>
    config.groups
      .flatMap((group) => group.workQueues)
      .filter((_, position) => !used.has(`${device}/${position}`)),
  );
  return { queues: idle.length, entries: idle.reduce((sum, queue) => sum + queue.size, 0) };
}
