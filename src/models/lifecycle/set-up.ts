/** Bringing queues and devices back after a reset, by whoever drives them, and telling threads what they have lost. */
import { run } from '../driver/bus.js';
import { enableDevice } from '../driver/idxd-device.js';
import { probe } from '../driver/idxd-probe.js';
import { enablePlannedQueue, enableQueue } from '../driver/idxd-queue.js';
import { enableSharedVirtualMemory, enableVectors, enumerate, functionLevelReset } from '../driver/pci.js';
import type { BackendAnswer } from '../registers/queue-backend.js';
import { decodeWqcfg } from '../registers/wqcfg.js';
import type { Scene } from './scene.js';
import { type DrivenPort, drive, pass, type Script, until } from './script.js';
import type { Seat } from './seat.js';

/** Waits for the physical side of an emulated queue. @returns the error with which it answered */
export function* answered(ask: (done: BackendAnswer) => void): Script<number> {
  let error: number | null = null;
  ask((code) => {
    error = code;
  });
  yield* until(() => error !== null);
  return error!;
}

/** Enables every planned queue of a device, one after the other. */
export function* togglePlanned({ parts }: Seat, port: DrivenPort): Script {
  const { driver, plan } = parts.configured;
  for (const queue of plan.queues) yield* drive(enablePlannedQueue(driver, plan, queue), port);
}

/** The driver of a whole device finds it after a reset, configures it and enables its queues, as at boot. */
export function* setUpFunction({ seat }: Scene): Script {
  const { configured } = seat.parts;
  const { owner, quiet } = configured;
  // The PCI core puts configuration space back as it was.
  const pci = run(enumerate(), quiet);
  if (owner.driver !== null) {
    yield* drive(configured.setUpAgain(owner.driver), seat.driven);
    return;
  }
  const { driver, plan } = configured;
  if (owner.sharedVirtualMemory) run(enableSharedVirtualMemory(), quiet);
  yield* drive(enableVectors(pci), seat.driven);
  yield* drive(probe(driver.environment), seat.driven);
  yield* drive(enableDevice(driver, plan), seat.driven);
  yield* togglePlanned(seat, seat.driven);
}

/** A function-level reset of the physical device with its wait, and its driver's set-up afterwards. */
export function* resetPhysical(scene: Scene): Script {
  const { seat, parameters: p } = scene;
  yield* scene.step(
    'function-level reset',
    (function* (): Script {
      yield* drive(functionLevelReset(), seat.host);
      yield* pass(p.function_level_reset);
    })(),
  );
  yield* scene.step('set the device up', setUpFunction(scene));
}

/** The guest resets the function of its emulated device, and with it the queue behind it. */
export function resetEmulated({ parts }: Seat): Script<number> {
  return answered((done) => parts.started.virtual!.resetFunction(() => done(0)));
}

/** The guest's driver finds its emulated device anew, as at boot. */
export function* setUpEmulated({ parts, guest }: Seat): Script {
  const { driver, plan } = parts.started.guest!;
  const { bus, interrupts } = guest!;
  const quiet = parts.started.virtual!;
  const pci = run(enumerate(), {
    read: (offset, bytes) => quiet.read(offset, bytes),
    write: (offset, bytes, value) => quiet.write(offset, bytes, value[0], value[1]),
    readConfiguration: (offset, bytes) => quiet.configuration.read(offset, bytes),
    writeConfiguration: (offset, bytes, value) => quiet.configuration.write(offset, bytes, value),
    waitInterrupt: () => {},
  });
  if (pci.sharedVirtualMemory) yield* drive(enableSharedVirtualMemory(), guest!);
  yield* drive(enableVectors(pci), { bus, interrupts, pending: guest!.pending });
  yield* drive(probe(driver.environment), guest!);
  yield* drive(enableDevice(driver, plan), guest!);
  yield* enableOwnQueue(parts.started.guest!, guest!);
}

/** The guest enables the only queue of its emulated device. */
export function* enableOwnQueue(
  { driver, plan }: NonNullable<Seat['parts']['started']['guest']>,
  port: DrivenPort,
): Script {
  if (plan === null) yield* drive(enableQueue(driver, 0, true), port);
  else yield* drive(enablePlannedQueue(driver, plan, plan.queues[0]!), port);
}

/**
 * After the host has set a device up anew, instances on it must get their queues back: a process opens its file
 * again, a mediated queue gets its PASID.
 * @param seats the instances; by default all on the device
 */
export function* restore(scene: Scene, seats: readonly Seat[] = scene.neighbours()): Script {
  const p = scene.parameters;
  for (const seat of seats) {
    const { started, configured } = seat.parts;
    const { backend, virtual } = started;
    if (backend === null) continue;
    if (!('open' in backend)) {
      const { variant } = virtual!.queue;
      if (variant === 'shared') continue;
      yield* answered((done) => backend.disable(done));
      yield* answered((done) => backend.enable(decodeWqcfg(virtual!.wqcfgWords(0)), done));
      continue;
    }
    yield* pass(p.device_open + 2 * p.syscall);
    yield* drive(backend.open(), { ...seat.host, bus: configured.bus });
  }
}

/**
 * Threads learn what an abort has lost: at once where their own driver gave the command, otherwise when they lose
 * patience.
 */
export function tellLost(scene: Scene, seats: readonly Seat[], known: boolean): void {
  const tell = () => {
    for (const seat of seats) for (const thread of seat.parts.threads) thread.takeLost();
  };
  if (known) tell();
  else scene.world.stage.begin(later(scene.parameters['host.completion_timeout'], tell));
}

function* later(ps: number, then: () => void): Script {
  yield* pass(ps);
  then();
}
