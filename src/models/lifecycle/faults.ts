/** Faults on purpose: what drivers and threads do when something is taken from them under load. */
import { STATUS } from '../../core/status.js';
import { waitInterrupt } from '../driver/bus.js';
import { serviceMiscInterrupt } from '../driver/idxd-command.js';
import { disableQueue, enablePlannedQueue } from '../driver/idxd-queue.js';
import { RESET_TYPE } from '../registers/map.js';
import { decodeWqcfg } from '../registers/wqcfg.js';
import { DONE, type Outcome, refused } from './events.js';
import { renewHandles, revoke } from './migration.js';
import { NO_QUEUE_COMMAND } from './resets.js';
import type { Scene } from './scene.js';
import { drive, pass, type Script, together, until } from './script.js';
import type { Seat } from './seat.js';
import { answered, resetEmulated, resetPhysical, restore, setUpEmulated, tellLost } from './set-up.js';

/** The host gives the guest's interrupt another entry of the message store. */
export function* revokeHandles(scene: Scene): Script<Outcome> {
  const { seat } = scene;
  if (seat.mediated === null) return refused(noHandle(seat.kind));
  revoke(scene);
  yield* scene.step('renew interrupt handle', renewHandles(scene));
  scene.noteTime('renewal_time', scene.startedPs);
  return DONE;
}

function noHandle(kind: string): string {
  switch (kind) {
    case 'process':
      return 'a process is given no interrupt, so it has no handle';
    case 'kernel':
    case 'function':
      return 'a device of this revision grants no handles: they are the numbers of its vectors';
    default:
      return 'completions come by an eventfd, of which descriptors name no handle';
  }
}

/** Instances whose submissions pass the driver of the physical device, which can hold them back. */
function beneath(scene: Scene): Seat[] {
  const { kind } = scene.seat;
  return kind === 'kernel' || kind === 'function' ? scene.neighbours() : [];
}

/** An administrator disables the queue: what it holds ends, what comes is refused or ignored. */
export function* disableQueueForAWhile(scene: Scene): Script<Outcome> {
  const { seat, event } = scene;
  const { configured, queue, started } = seat.parts;
  if (seat.polls) return refused(NO_QUEUE_COMMAND);
  scene.note('descriptors_drained', scene.insideDescriptors());
  if (seat.mediated !== null && started.virtual!.queue.variant !== 'shared') {
    const { backend, virtual } = started;
    yield* scene.step(
      'disable work queue',
      answered((done) => backend!.disable(done)),
    );
    yield* scene.wait('disabled', event.forPs);
    const fields = decodeWqcfg(virtual!.wqcfgWords(0));
    yield* scene.step(
      'enable work queue',
      answered((done) => backend!.enable(fields, done)),
    );
  } else {
    const enabled = seat.enabledQueues.find(({ index }) => index === queue)!;
    const held = beneath(scene);
    for (const each of held) each.hold(true);
    yield* scene.step('disable work queue', drive(disableQueue(configured.driver, enabled), seat.driven));
    yield* scene.wait('disabled', event.forPs);
    const { driver, plan } = configured;
    const again = enablePlannedQueue(driver, plan, plan.queues[queue]!);
    yield* scene.step('enable work queue', drive(again, seat.driven));
    yield* scene.step('hand queues out again', restore(scene));
    for (const each of held) each.hold(false);
  }
  scene.noteTime('disabled_time', scene.startedPs);
  return DONE;
}

/**
 * The device halts; its driver learns of it by vector 0 and finds that only a function-level reset helps. A driver that
 * emulates devices on top of it halts these too, and their guests hear of it the same way; nobody tells a process that has
 * the character device open.
 */
export function* halt(scene: Scene): Script<Outcome> {
  const { seat, world } = scene;
  scene.note('descriptors_inside', scene.insideDescriptors());
  seat.parts.configured.registers.fail(STATUS.hw_err1, RESET_TYPE.function_level);
  yield* scene.step('notice', notice(scene));
  const own = beneath(scene);
  for (const each of own) each.hold(true);
  const told = scene
    .neighbours()
    .filter(({ mediated, stoppedPs }) => mediated !== null && stoppedPs === null);
  let back = false;
  const recovered = together(
    world.stage,
    told.map((each) => haltEmulated(scene, each, () => back)),
  );
  yield* resetPhysical(scene);
  const others = scene.neighbours().filter((each) => !told.includes(each));
  tellLost(scene, others, own.length > 0);
  yield* scene.step('hand queues out again', restore(scene, others));
  for (const each of own) each.hold(false);
  back = true;
  if (told.length > 0) yield* scene.step('guests set their devices up', recovered);
  scene.noteTime('recovery_time', scene.startedPs);
  return DONE;
}

/**
 * A guest whose emulated device halts: its driver holds submissions back and resets the function, in an exit that lasts until the
 * physical device is back; what it had submitted is lost, and it begins anew.
 */
function* haltEmulated(scene: Scene, seat: Seat, isBack: () => boolean): Script {
  const port = seat.guest!;
  seat.parts.started.virtual!.fail(STATUS.hw_err1);
  if (port.interrupts.pending) {
    yield* drive(waitInterrupt(), port);
    yield* drive(serviceMiscInterrupt(), port);
  } else {
    // Its driver has these interrupts switched off: it finds out by losing patience.
    yield* pass(scene.parameters['host.completion_timeout']);
  }
  seat.hold(true);
  yield* until(isBack);
  yield* resetEmulated(seat);
  tellLost(scene, [seat], true);
  yield* setUpEmulated(seat);
  seat.hold(false);
}

function* notice({ seat, parameters: p }: Scene): Script {
  // Nobody tells a driver that polls: its completions stay away until it loses patience.
  if (seat.polls) {
    yield* pass(p['host.completion_timeout']);
    return;
  }
  yield* until(() => seat.driven.interrupts.pending);
  yield* drive(waitInterrupt(), seat.driven);
  yield* drive(serviceMiscInterrupt(), seat.driven);
}
