/**
 * Stopping an instance together with its device, and starting it again. A container drains and closes; a guest has the
 * state of its device saved too: configuration space, the shadow of BAR0, WQCFG, its interrupt entry, and what it has
 * submitted through a trap while the device stood still.
 */
import { DESCRIPTOR_BYTES } from '../../core/descriptor.js';
import { command } from '../driver/idxd-command.js';
import { enableDevice } from '../driver/idxd-device.js';
import { drainQueue } from '../driver/idxd-queue.js';
import { wqcfgBytes } from '../registers/capabilities.js';
import { COMMAND } from '../registers/commands.js';
import { STRIDE } from '../registers/map.js';
import { decodeWqcfg } from '../registers/wqcfg.js';
import type { Design } from '../virtualization/design.js';
import { DONE, type Outcome, refused } from './events.js';
import type { Scene } from './scene.js';
import { drive, pass, type Script, until } from './script.js';
import type { Seat } from './seat.js';
import { answered, setUpFunction, togglePlanned } from './set-up.js';

const CONFIGURATION_BYTES = 4096;

/** Why a design cannot suspend an instance with its device, or null. */
export function suspendRefusal(design: Design): string | null {
  if (design.suspend !== 'none') return null;
  return design.allotment === 'function'
    ? 'vfio-pci saves no state of a device: a variant driver would have to, and none exists for DSA'
    : 'nobody can read the state of the function back, so it cannot be saved';
}

/** Stops an instance with its device. */
export function* suspend(scene: Scene): Script<Outcome> {
  const refusal = suspendRefusal(scene.seat.parts.design);
  if (refusal !== null) return refused(refusal);
  yield* giveUp(scene);
  yield* stop(scene);
  yield* move(scene, 'save state');
  scene.noteTime('suspend_time', scene.startedPs);
  return DONE;
}

/** Starts a stopped instance again. */
export function* resume(scene: Scene): Script<Outcome> {
  if (scene.seat.stoppedPs === null) return refused('it is not suspended');
  yield* move(scene, 'load state');
  yield* start(scene);
  scene.noteTime('resume_time', scene.startedPs);
  return DONE;
}

/**
 * Where nobody else can stop and restart a device, its guest gives it up before anything else happens, and works without
 * it until it has set it up again.
 */
export function* giveUp(scene: Scene): Script {
  const { seat } = scene;
  if (!helps(seat)) return;
  seat.hold(true);
  yield* scene.step('guest gives the device up', giveBack(seat));
}

/** The owner of a function disables it; one that polls has seen its last completion before. */
export function* giveBack(seat: Seat): Script {
  if (seat.polls) yield* ownWorkEnds(seat);
  yield* drive(seat.parts.configured.giveUp(), seat.driven);
}

/** Freezes an instance, then lets its device come to rest. */
export function* stop(scene: Scene): Script {
  const { seat } = scene;
  seat.stoppedPs = scene.nowPs;
  yield* scene.step(...freezing(scene, 'freeze', () => seat.freeze()));
  const fromPs = scene.nowPs;
  const faults = scene.world.pageFaults();
  const before = seat.parts.instance.refusedFaults;
  scene.note('descriptors_drained', scene.insideDescriptors());
  yield* scene.step('drain', rest(scene));
  scene.noteTime('drain_time', fromPs);
  scene.note('drain_faults', scene.world.pageFaults() - faults);
  scene.note('drain_faults_refused', seat.parts.instance.refusedFaults - before);
}

/** The counterpart of {@link stop}: the device first, then the instance. */
export function* start(scene: Scene): Script {
  const { seat } = scene;
  yield* scene.step('start device', wakeDevice(scene));
  yield* scene.step(...freezing(scene, 'thaw', () => seat.thaw()));
  if (seat.stoppedPs !== null) scene.noteTime('downtime', seat.stoppedPs);
  seat.stoppedPs = null;
  if (helps(seat)) {
    yield* scene.step('guest sets the device up', setUpFunction(scene));
    seat.hold(false);
  }
}

/** Bytes of the state of an instance's device [B]. */
export function stateBytes({ kind, parts, mediated }: Seat): number {
  const { shape } = parts.configured.registers;
  const { virtual } = parts.started;
  switch (kind) {
    case 'emulated': {
      const shadow = virtual!.shape.layout.bytes + wqcfgBytes(virtual!.shape);
      const trapped = parts.threads.reduce(
        (sum, thread) => sum + (thread.isRefused ? DESCRIPTOR_BYTES : 0),
        0,
      );
      return CONFIGURATION_BYTES + shadow + (mediated === null ? 0 : STRIDE.messageStore) + trapped;
    }
    case 'function':
      return parts.design.suspend === 'save-state' ? CONFIGURATION_BYTES + shape.layout.bytes : 0;
    case 'ring':
      return CONFIGURATION_BYTES;
    default:
      return 0;
  }
}

/** Whether the guest itself must give its device up, since nobody else can stop and restart it. */
export function helps(seat: Seat): boolean {
  return seat.kind === 'function' && seat.parts.design.suspend === 'drain';
}

/** What is saved or loaded takes the VMM its time, and its bytes theirs; a container has no state to move. */
function* move(scene: Scene, name: string): Script {
  const bytes = stateBytes(scene.seat);
  if (bytes === 0) return;
  const p = scene.parameters;
  scene.note('state_bytes', bytes);
  yield* scene.wait(name, p['lifecycle.device_state'] + sendingPs(bytes, p['lifecycle.bandwidth']));
}

/** Time that bytes take on the link [ps]. */
export function sendingPs(bytes: number, bytesPerSecond: number): number {
  return Math.round((bytes / bytesPerSecond) * 1e12);
}

/** A VMM waits for its virtual CPUs to leave the guest; a container is frozen. */
export function freezing(
  { seat, parameters: p }: Scene,
  what: 'freeze' | 'thaw',
  now: () => void,
): [string, Script] {
  const container = seat.parts.design.guest === 'process';
  const body = function* (): Script {
    if (what === 'freeze') now();
    yield* pass(container ? p['lifecycle.freeze'] : p['lifecycle.vcpu_pause']);
    if (what === 'thaw') now();
  };
  const names = container
    ? { freeze: 'freeze processes', thaw: 'thaw processes' }
    : { freeze: 'pause virtual CPUs', thaw: 'run virtual CPUs' };
  return [names[what], body()];
}

/** What a VMM's or a server's request to the physical side costs before it acts [ps]. */
function requestPs({ seat, parameters: p }: Scene): number {
  const { control } = seat.parts.design;
  if (control === 'vfio-user' || control === 'ioeventfd') return p.socket_round_trip;
  return p.syscall;
}

/** Brings the device to rest for one instance. */
function* rest(scene: Scene): Script {
  const { seat } = scene;
  const { started, queue } = seat.parts;
  switch (seat.kind) {
    case 'kernel':
      yield* drive(drainQueue(queue), seat.driven);
      return;
    case 'function':
      // The guest has done it, or a variant driver on the host does: Disable Device drains all queues.
      if (!helps(seat)) yield* drive(command(COMMAND.disable_device), seat.host);
      return;
    case 'ring':
      yield* ownWorkEnds(seat);
  }
  yield* pass(requestPs(scene));
  yield* answered((done) => started.backend!.disable(done));
}

/** Waits, without any command, until what the instance has in the device has ended. */
export function* ownWorkEnds({ parts }: Seat): Script {
  let ended = false;
  parts.work.await(parts.work.ofInstance(parts.instance.index), () => {
    ended = true;
  });
  yield* until(() => ended);
}

function* wakeDevice(scene: Scene): Script {
  const { seat, parameters: p } = scene;
  const { started, configured } = seat.parts;
  switch (seat.kind) {
    case 'kernel':
      return;
    case 'function':
      if (helps(seat)) return;
      yield* drive(enableDevice(configured.driver, configured.plan), seat.host);
      yield* togglePlanned(seat, seat.host);
      return;
    case 'process':
      yield* pass(p.device_open + 2 * p.syscall);
      break;
    default:
      yield* pass(requestPs(scene));
  }
  const { virtual } = started;
  const fields = virtual === null ? null : decodeWqcfg(virtual.wqcfgWords(0));
  yield* answered((done) => started.backend!.enable(fields!, done));
}
