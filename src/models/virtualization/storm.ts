/** All instances started at once: what each waits for the locks under which the host hands out devices. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { ControlStepResult } from '../run-result.js';
import type { Design } from './design.js';

/** Steps of the host that come before any instance is asked for. */
const AHEAD = new Set(['enable device', 'enable work queue']);
/** Steps that a queue goes through when it registers itself, long before its guest starts. */
const REGISTRATION = new Set(['register vfio device', 'disable work queue', 'reset work queue']);
/** Steps that take the lock of the device which all instances share. */
const SERIAL = new Set([
  'create mdev',
  'register vfio device',
  'disable work queue',
  'reset work queue',
  'open work queue',
]);

/** One instance's steps, in order. */
export interface StartingInstance {
  readonly steps: readonly ControlStepResult[];
  /** Device whose lock its steps take. */
  readonly device: number;
}

/**
 * Time from the moment at which all instances are asked for until the last of them is provisioned. Under pull an
 * instance makes its device then, under the lock of the parent; under push the device is there already.
 * @returns [ps]
 */
export function lastProvisionedPs(design: Design, instances: readonly StartingInstance[]): number {
  const own = design.allotment === 'function';
  const left = instances.map(({ steps, device }) => ({
    device,
    atPs: DOUBLE_ZERO,
    next: 0,
    steps: steps.filter(({ phase, step }) => phase === 'provision' && (own || !isAhead(design, step))),
  }));
  const freePs = new Map<number, number>();
  let lastPs = 0;
  for (;;) {
    let first = -1;
    for (const [i, each] of left.entries()) {
      const waits = each.next < each.steps.length;
      if (waits && (first < 0 || each.atPs < left[first]!.atPs)) first = i;
    }
    if (first < 0) return lastPs;
    const each = left[first]!;
    const { step, timePs } = each.steps[each.next++]!;
    const locked = !own && SERIAL.has(step);
    const fromPs = locked ? Math.max(each.atPs, freePs.get(each.device) ?? 0) : each.atPs;
    each.atPs = fromPs + timePs;
    if (locked) freePs.set(each.device, each.atPs);
    lastPs = Math.max(lastPs, each.atPs);
  }
}

/** Whether a step of provisioning was done before anybody asked for the instance. */
export function isAhead(design: Design, step: string): boolean {
  return AHEAD.has(step) || (design.lifecycle === 'preconfigured-push' && REGISTRATION.has(step));
}
