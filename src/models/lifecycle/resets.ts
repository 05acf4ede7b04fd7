/** Resets and removal with work in flight, by whoever drives what is reset. */
import { command, pollChecked } from '../driver/idxd-command.js';
import { disableDevice, enableDevice, recover, reportErrors } from '../driver/idxd-device.js';
import { disableQueue, drainQueue, enablePlannedQueue } from '../driver/idxd-queue.js';
import { functionLevelReset } from '../driver/pci.js';
import { COMMAND, queueOperand } from '../registers/commands.js';
import { DONE, type Outcome, refused } from './events.js';
import { giveBack, ownWorkEnds } from './quiesce.js';
import type { Scene } from './scene.js';
import { drive, pass, type Script } from './script.js';
import type { Seat } from './seat.js';
import {
  answered,
  enableOwnQueue,
  resetEmulated,
  resetPhysical,
  restore,
  setUpEmulated,
  tellLost,
} from './set-up.js';

/**
 * A driver that resets what it drives lets no submission through meanwhile; only a process writes its portal without
 * asking anybody.
 */
function* heldBack(scene: Scene, body: Script): Script {
  const own = scene.seat.kind === 'kernel' ? scene.neighbours() : [scene.seat];
  const holds = scene.seat.kind === 'process' ? [] : own;
  for (const seat of holds) seat.hold(true);
  yield* body;
  for (const seat of holds) seat.hold(false);
}

const NO_QUEUE = 'a virtio device has no work queue and no function of a DSA that its guest could reset';

/** Why drivers in user space neither reset a queue nor take one away for a while. */
export const NO_QUEUE_COMMAND = "DPDK's and SPDK's drivers reset the device, never one queue under load";

/** Waits for what was submitted before: Drain WQ, or without a command where nobody offers one. */
export function* drain(scene: Scene): Script<Outcome> {
  const { seat } = scene;
  scene.note('descriptors_drained', scene.insideDescriptors());
  const faults = scene.world.pageFaults();
  const before = seat.parts.instance.refusedFaults;
  yield* scene.step('drain', drainOwn(seat));
  scene.noteTime('drain_time', scene.startedPs);
  scene.note('drain_faults', scene.world.pageFaults() - faults);
  scene.note('drain_faults_refused', seat.parts.instance.refusedFaults - before);
  return DONE;
}

function drainOwn(seat: Seat): Script {
  if (seat.guest !== null) return drive(drainQueue(0), seat.guest);
  // Drivers in user space know no command for it: they poll until everything has completed.
  if (seat.kind === 'process' || seat.kind === 'ring' || seat.polls) return ownWorkEnds(seat);
  return drive(drainQueue(seat.parts.queue), seat.driven);
}

/** Reset WQ. */
export function* resetQueue(scene: Scene): Script<Outcome> {
  if (scene.seat.kind === 'ring') return refused(NO_QUEUE);
  if (scene.seat.polls) return refused(NO_QUEUE_COMMAND);
  yield* heldBack(scene, queueAnew(scene));
  scene.noteTime('reset_time', scene.startedPs);
  return DONE;
}

function* queueAnew(scene: Scene): Script {
  const { seat } = scene;
  if (seat.guest !== null) {
    yield* scene.step('reset work queue', resetOwnQueue(seat));
    tellLost(scene, [seat], true);
  } else {
    const { configured, queue } = seat.parts;
    yield* scene.step('reset work queue', drive(command(COMMAND.reset_wq, queueOperand(queue)), seat.driven));
    const sharing = scene.neighbours().filter((other) => other.parts.queue === queue);
    tellLost(scene, sharing, seat.kind !== 'process');
    const { driver, plan } = configured;
    const again = enablePlannedQueue(driver, plan, plan.queues[queue]!);
    yield* scene.step('enable work queue', drive(again, seat.driven));
    yield* scene.step('hand queues out again', restore(scene));
  }
}

function* resetOwnQueue({ guest, parts }: Seat): Script {
  yield* drive(command(COMMAND.reset_wq, queueOperand(0)), guest!);
  yield* enableOwnQueue(parts.started.guest!, guest!);
}

/** Reset Device. */
export function* resetDevice(scene: Scene): Script<Outcome> {
  if (scene.seat.kind === 'ring') return refused(NO_QUEUE);
  yield* heldBack(scene, deviceAnew(scene));
  scene.noteTime('reset_time', scene.startedPs);
  return DONE;
}

function* deviceAnew(scene: Scene): Script {
  const { seat } = scene;
  if (seat.guest !== null) {
    yield* scene.step('reset device', resetOwnDevice(seat));
    tellLost(scene, [seat], true);
  } else if (seat.polls) {
    // Initializing begins with Reset Device.
    const again = seat.parts.configured.setUpAgain(seat.parts.configured.owner.driver!);
    yield* scene.step('initialize device', drive(again, seat.driven));
    tellLost(scene, scene.neighbours(), true);
  } else {
    const { driver, plan } = seat.parts.configured;
    yield* scene.step('reset device', drive(recover(driver, plan, seat.enabledQueues), seat.driven));
    tellLost(scene, scene.neighbours(), seat.kind !== 'process');
    yield* scene.step('hand queues out again', restore(scene));
  }
}

function* resetOwnDevice({ guest, parts }: Seat): Script {
  const { driver, plan } = parts.started.guest!;
  yield* drive(pollChecked(COMMAND.reset_device), guest!);
  yield* drive(reportErrors(), guest!);
  yield* drive(enableDevice(driver, plan), guest!);
  yield* enableOwnQueue(parts.started.guest!, guest!);
}

/** A function-level reset: of an emulated function it is a reset of its queue, of a physical one it takes its time. */
export function* resetFunction(scene: Scene): Script<Outcome> {
  if (scene.seat.kind === 'ring') return refused(NO_QUEUE);
  yield* heldBack(scene, functionAnew(scene));
  scene.noteTime('reset_time', scene.startedPs);
  return DONE;
}

function* functionAnew(scene: Scene): Script {
  const { seat } = scene;
  if (seat.guest !== null) {
    yield* scene.step('reset function', resetEmulated(seat));
    tellLost(scene, [seat], true);
    yield* scene.step('guest sets the device up', setUpEmulated(seat));
  } else {
    yield* resetPhysical(scene);
    tellLost(scene, scene.neighbours(), seat.kind !== 'process');
    yield* scene.step('hand queues out again', restore(scene));
  }
}

/** The device is taken away in an orderly way: its driver drains and disables it, and the instance goes on without. */
export function* remove(scene: Scene): Script<Outcome> {
  const { seat } = scene;
  const { configured, started, queue } = seat.parts;
  scene.note('descriptors_drained', scene.insideDescriptors());
  // A process writes its portal without asking; every other submission passes a driver that can hold it.
  if (seat.kind !== 'process') seat.hold(true);
  if (seat.guest !== null) {
    const own = disableDevice(started.guest!.driver, [seat.guestQueue]);
    yield* scene.step('guest disables the device', drive(own, seat.guest));
    yield* scene.step(
      'take the queue back',
      answered((done) => started.backend!.reset(done)),
    );
  } else if (seat.kind === 'function') {
    yield* scene.step('guest disables the device', giveBack(seat));
    yield* scene.step('function-level reset', releaseFunction(scene));
  } else if (seat.kind === 'ring') {
    yield* scene.step('drain', ownWorkEnds(seat));
    yield* scene.step(
      'close character device',
      answered((done) => started.backend!.disable(done)),
    );
  } else {
    const enabled = seat.enabledQueues.find(({ index }) => index === queue)!;
    yield* scene.step('disable work queue', drive(disableQueue(configured.driver, enabled), seat.driven));
  }
  scene.noteTime('removal_time', scene.startedPs);
  end(seat);
  return DONE;
}

/** The instance dies. What it has in the device is taken back by its host: aborted where the host can, else drained. */
export function* kill(scene: Scene): Script<Outcome> {
  const { seat, parameters: p } = scene;
  const { started, queue } = seat.parts;
  scene.note('descriptors_inside', scene.insideDescriptors());
  seat.parts.instance.answersNothing = true;
  end(seat);
  if (seat.kind === 'function') yield* scene.step('function-level reset', releaseFunction(scene));
  else if (seat.kind === 'kernel') yield* scene.step('drain', drive(drainQueue(queue), seat.driven));
  else {
    const release = function* (): Script {
      yield* pass(p.syscall);
      yield* answered((done) => started.backend!.reset(done));
    };
    const what = seat.mediated === null ? 'close character device' : 'take the queue back';
    yield* scene.step(what, release());
  }
  scene.noteTime('removal_time', scene.startedPs);
  return DONE;
}

/** The host resets a function before anybody else gets it. */
function* releaseFunction({ seat, parameters: p }: Scene): Script {
  yield* drive(functionLevelReset(), seat.host);
  yield* pass(p.function_level_reset);
}

function end(seat: Seat): void {
  seat.gone = true;
  for (const thread of seat.parts.threads) thread.kill();
}
