/**
 * Live migration: memory is copied while the guest runs, round after round of what the device has written meanwhile;
 * then guest and device are stopped, the rest and the device's state are sent, and the destination goes on. The
 * destination provisions a device of its own before anything is sent.
 *
 * Who can say what a device has written differs: an IOMMU with dirty bits, at the size of its mappings; a host thread
 * that submits for the guest; or nobody, and then all of the memory counts as written.
 */

import { waitInterrupt } from '../driver/bus.js';
import { serviceMiscInterrupt } from '../driver/idxd-command.js';
import { renewHandle } from '../driver/idxd-queue.js';
import { NO_HANDLE } from '../tenants/instance.js';
import { DirtyPages } from './dirty-pages.js';
import { DONE, type Outcome, refused } from './events.js';
import { giveUp, helps, ownWorkEnds, sendingPs, start, stateBytes, stop, suspendRefusal } from './quiesce.js';
import type { Scene } from './scene.js';
import { type DrivenPort, drive, pass, type Script, until } from './script.js';
import type { Seat } from './seat.js';

const PAGE_BYTES = 4096;

/** Who knows which pages a device has written, and by which size; null where nobody does. */
export type DirtyTracking = {
  readonly by: 'iommu' | 'host thread' | 'nothing to track';
  readonly pageBytes: number;
} | null;

/**
 * The dirty tracking of a seat. The type1 interface has none, and neither has iommufd behind it; a process's
 * checkpoint looks at bits that a device does not set.
 */
export function dirtyTracking(seat: Seat): DirtyTracking {
  const { kind, parts } = seat;
  // The guest has given its device up, which writes nothing any more.
  if (helps(seat)) return { by: 'nothing to track', pageBytes: PAGE_BYTES };
  if (kind === 'ring') return { by: 'host thread', pageBytes: PAGE_BYTES };
  if (kind === 'kernel' || kind === 'process' || parts.design.mapping !== 'iommufd') return null;
  return { by: 'iommu', pageBytes: parts.instance.config.memory.backingBytes };
}

/** Moves an instance. */
export function* migrate(scene: Scene): Script<Outcome> {
  const { seat, parameters: p, event } = scene;
  if (seat.kind === 'kernel') return refused('a user inside the kernel cannot leave its host');
  const refusal = suspendRefusal(seat.parts.design);
  if (refusal !== null) return refused(refusal);
  const { sizeBytes } = seat.parts.instance.config.memory;
  const destination = scene.world.destinationOf(seat);
  if (destination.steps.length > 0) yield* scene.elapse('provision the destination', destination.steps);
  yield* giveUp(scene);
  // A container is copied while it stands still: its checkpoint does not see what a device writes.
  let pages: Set<number> | null = null;
  if (seat.kind === 'process') {
    scene.note('migration_rounds', 0);
    scene.note('moved_bytes', 0);
  } else pages = yield* scene.step('copy memory while it runs', copyAhead(scene));
  const bandwidth = p['lifecycle.bandwidth'];
  yield* stop(scene);
  const log = seat.parts.instance.dirty;
  seat.parts.instance.dirty = null;
  // What was written while the device came to rest belongs to the rest as well.
  if (log !== null) for (const page of log.take()) pages?.add(page);
  const left = log === null || pages === null ? sizeBytes : Math.min(sizeBytes, pages.size * log.pageBytes);
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

/**
 * Copies memory until what is left is little enough, or no longer shrinks.
 * @returns pages that are left, or null where all of the memory is
 */
function* copyAhead(scene: Scene): Script<Set<number> | null> {
  const { seat, parameters: p } = scene;
  const { instance } = seat.parts;
  const { sizeBytes } = instance.config.memory;
  const tracking = dirtyTracking(seat);
  if (tracking !== null) instance.dirty = new DirtyPages(tracking.pageBytes);
  let left = sizeBytes;
  let moved = 0;
  let written = 0;
  let pages: Set<number> | null = null;
  for (let round = 1; ; round++) {
    yield* pass(sendingPs(left, p['lifecycle.bandwidth']));
    moved += left;
    const before = left;
    if (tracking === null || instance.dirty === null) left = sizeBytes;
    else {
      const mapped = Math.ceil(sizeBytes / tracking.pageBytes);
      if (tracking.by === 'iommu') yield* pass(Math.round(mapped * p['lifecycle.dirty_read']));
      pages = instance.dirty.take();
      if (tracking.by === 'iommu') forget(seat, pages, tracking.pageBytes);
      left = Math.min(sizeBytes, pages.size * tracking.pageBytes);
    }
    written += left;
    scene.note('migration_rounds', round);
    const little = sendingPs(left, p['lifecycle.bandwidth']) <= p['lifecycle.downtime_limit'];
    if (little || left >= before || round >= p['lifecycle.rounds']) break;
  }
  scene.note('dirty_bytes', written);
  scene.note('moved_bytes', moved);
  return pages;
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
