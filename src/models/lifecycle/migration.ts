/**
 * Live migration: memory is copied while the guest runs, round after round of what was written meanwhile;
 * then guest and device are stopped, the rest and the device's state are sent, and the destination goes on. The
 * destination provisions a device of its own before anything is sent.
 *
 * Who can say what a device has written differs: an IOMMU with dirty bits, at the size of its mappings; a host thread
 * that submits for the guest; or nobody, and then all of the memory counts as written. What processors write KVM knows for all.
 */

import { waitInterrupt } from '../driver/bus.js';
import { serviceMiscInterrupt } from '../driver/idxd-command.js';
import { renewHandle } from '../driver/idxd-queue.js';
import { NO_HANDLE } from '../tenants/instance.js';
import { DONE, type Outcome, refused } from './events.js';
import { giveUp, ownWorkEnds, sendingPs, start, stateBytes, stop, suspendRefusal } from './quiesce.js';
import { dirtyTracking, Remainder } from './remainder.js';
import type { Scene } from './scene.js';
import { type DrivenPort, drive, pass, type Script, until } from './script.js';
import type { Seat } from './seat.js';

/** Moves an instance. */
export function* migrate(scene: Scene): Script<Outcome> {
  const { seat, parameters: p, event } = scene;
  if (seat.kind === 'kernel') return refused('a user inside the kernel cannot leave its host');
  const refusal = suspendRefusal(seat.parts.design);
  if (refusal !== null) return refused(refusal);
  const destination = scene.world.destinationOf(seat);
  if (destination.steps.length > 0) yield* scene.elapse('provision the destination', destination.steps);
  yield* giveUp(scene);
  // A container is copied while it stands still: its checkpoint does not see what a device writes.
  const remainder = new Remainder(seat);
  if (seat.kind === 'process') {
    scene.note('migration_rounds', 0);
    scene.note('moved_bytes', 0);
  } else yield* scene.step('copy memory while it runs', copyAhead(scene, remainder));
  const bandwidth = p['lifecycle.bandwidth'];
  yield* stop(scene);
  // What the device wrote while it came to rest belongs to the rest as well; processors stood still.
  remainder.close();
  const left = remainder.bytes;
  const state = stateBytes(seat);
  scene.note('state_bytes', state);
  scene.note('last_bytes', left);
  scene.note('moved_bytes', scene.metrics.moved_bytes! + left + state);
  const handling = state > 0 ? p['lifecycle.device_state'] : 0;
  yield* scene.wait('save and send', handling + sendingPs(left + state, bandwidth));
  yield* scene.wait('load', handling);
  if (event.fails) {
    yield* start(scene);
    scene.noteTime('migration_time', scene.startedPs);
    return { outcome: 'failed', reason: 'the destination refused the state; the source goes on' };
  }
  destination.take();
  // The handles of the source mean nothing here.
  if (seat.mediated !== null) seat.parts.started.virtual!.revokeHandles();
  yield* start(scene);
  if (seat.mediated !== null) yield* scene.step('renew interrupt handle', renewHandles(scene));
  scene.noteTime('migration_time', scene.startedPs);
  return DONE;
}

/** Copies memory until what is left is little enough, or no longer shrinks. */
function* copyAhead(scene: Scene, remainder: Remainder): Script {
  const { seat, parameters: p } = scene;
  const { sizeBytes } = seat.parts.instance.config.memory;
  const tracking = dirtyTracking(seat);
  remainder.open();
  let left = sizeBytes;
  let moved = 0;
  let written = 0;
  for (let round = 1; ; round++) {
    const fromPs = scene.nowPs;
    yield* pass(sendingPs(left, p['lifecycle.bandwidth']));
    moved += left;
    const before = left;
    const looks = tracking?.by === 'iommu';
    if (looks) {
      const mapped = Math.ceil(sizeBytes / tracking.pageBytes);
      yield* pass(Math.round(mapped * p['lifecycle.dirty_read']));
    }
    const pages = remainder.next(scene.nowPs - fromPs);
    if (looks) forget(seat, pages, tracking.pageBytes);
    left = remainder.bytes;
    written += left;
    scene.note('migration_rounds', round);
    const little = sendingPs(left, p['lifecycle.bandwidth']) <= p['lifecycle.downtime_limit'];
    if (little || left >= before || round >= p['lifecycle.rounds']) break;
  }
  scene.note('dirty_bytes', written);
  scene.note('moved_bytes', moved);
}

/** A dirty bit that was cleared is set again only by a translation that is not cached: those of its page are invalidated. */
function forget({ parts }: Seat, dirty: ReadonlySet<number>, dirtyBytes: number): void {
  const { pageBytes, index } = parts.instance;
  for (const page of dirty) {
    const last = Math.floor(((page + 1) * dirtyBytes - 1) / pageBytes);
    for (let own = Math.floor((page * dirtyBytes) / pageBytes); own <= last; own++) {
      parts.device.invalidate(index, own);
    }
  }
}

/** The guest's interrupt is another one from now on: the handle that its descriptors name means nothing any more. */
export function revoke(scene: Scene): void {
  const { mediated, parts } = scene.seat;
  if (mediated === null) return;
  const entries = parts.device.handles.entries;
  const old = mediated.interruptHandle();
  // A guest for which no vector was left names none.
  if (old !== null) {
    parts.device.handles.revoke(old);
    mediated.moveInterrupt((old + scene.world.seats.length) % entries);
  }
  parts.started.virtual!.revokeHandles();
}

/**
 * What the guest's driver does when it is told so, with errors of the old handle in between: it holds submissions, asks for the new handle, lets what was
 * submitted before come to an end, and submits again what ended with status 0x19.
 */
export function* renewHandles(scene: Scene): Script {
  const { seat, parameters: p } = scene;
  const { instance, threads } = seat.parts;
  const port: DrivenPort = seat.guest!;
  yield* until(() => port.interrupts.pending);
  yield* drive(waitInterrupt(), port);
  seat.hold(true);
  yield* drive(serviceMiscInterrupt(), port);
  const { handle } = yield* drive(renewHandle(seat.guestQueue), port);
  // A Drain descriptor with an interrupt on the new handle says that all before it have ended.
  yield* pass(p['host.prepare'] + p['host.enqcmd']);
  yield* ownWorkEnds(seat);
  // The host tells of each refusal by SWERROR; what it still has to tell is heard before anything is repeated.
  yield* until(() => !seat.forwarding);
  while (port.interrupts.pending) {
    yield* drive(waitInterrupt(), port);
    yield* drive(serviceMiscInterrupt(), port);
  }
  if (instance.handle !== NO_HANDLE) instance.handle = handle!;
  let again = 0;
  if (handle !== null) for (const thread of threads) again += thread.renew(handle);
  scene.note('descriptors_resubmitted', again);
  seat.hold(false);
}
