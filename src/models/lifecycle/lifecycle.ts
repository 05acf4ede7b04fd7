/** The lifecycle of a machine after its measured phase: events in their order, and what became of each. */
import { STATUS } from '../../core/status.js';
import { SimulationError } from '../../sim/errors.js';
import type { Perform } from '../driver/bus.js';
import type { MachineParts } from '../machine.js';
import type { Ledger } from '../recorder.js';
import type { LifecycleEventResult } from '../run-result.js';
import type { ConfiguredDevice } from '../virtualization/configured-device.js';
import { connect, Destination } from './destination.js';
import { DONE, type LifecycleAction, type LifecycleEvent, type Outcome, refused } from './events.js';
import { disableQueueForAWhile, halt, revokeHandles } from './faults.js';
import { migrate } from './migration.js';
import { resume, suspend } from './quiesce.js';
import { reportRefusedHandle } from './refused-handles.js';
import { replaceVmm } from './replace-vmm.js';
import { drain, kill, remove, resetDevice, resetFunction, resetQueue } from './resets.js';
import { type LifecycleWorld, Scene } from './scene.js';
import { type Script, Stage } from './script.js';
import { Seat } from './seat.js';

const ROUTINES: Readonly<Record<LifecycleAction, (scene: Scene) => Script<Outcome>>> = {
  drain,
  suspend,
  resume,
  migrate,
  'reset-wq': resetQueue,
  'reset-device': resetDevice,
  'function-level-reset': resetFunction,
  remove,
  'revoke-handles': revokeHandles,
  'disable-wq': disableQueueForAWhile,
  halt,
  kill,
  'replace-vmm': replaceVmm,
};

/** Times of patience that an event may wait for the device without anything being done: more than its queues can hold. */
const MOST_WAITS = 1000;

/** Simulated time ends before an event, or the load behind it, is over. */
export class ClockEndError extends Error {
  override readonly name = 'ClockEndError';
  constructor(
    /** Number of the event in the lifecycle. */
    readonly event: number,
    action: LifecycleAction,
    options: ErrorOptions,
  ) {
    super(`simulated time ends before ${action} is over`, options);
  }
}

/** A scene, and the counts with which it began. */
interface Played {
  readonly scene: Scene;
  readonly before: Ledger;
  after: Ledger;
}

/** See the head of this file. */
export class Lifecycle {
  private readonly world: LifecycleWorld;
  private readonly stage: Stage;
  private readonly played: Played[] = [];
  private readonly lastCompletionPs: number[];

  constructor(private readonly parts: MachineParts) {
    const { simulator, config, registry, table, ledger } = parts;
    this.stage = new Stage(simulator);
    const seats = seatsOf(parts);
    this.world = {
      simulator,
      parameters: config.parameters,
      stage: this.stage,
      seats,
      ledger,
      destinationOf: (seat) => {
        const others = seats.filter(({ parts: { configured } }) => configured === seat.parts.configured);
        return new Destination({ ...parts, stage: this.stage }, seat, others.length);
      },
      pageFaults: () => registry.engines.reduce((sum, engine) => sum + engine.pageFaults, 0),
      weight: (row) => table.rows[row]!.weight,
    };
    const performers = new Map<ConfiguredDevice, Perform>();
    for (const { parts: own, host } of seats) {
      const { backend } = own.started;
      const { configured } = own;
      const perform = performers.get(configured) ?? this.stage.performer({ ...host, bus: configured.bus });
      performers.set(configured, perform);
      if (backend !== null) backend.perform = perform;
    }
    this.lastCompletionPs = seats.map(() => simulator.nowPs);
    parts.context.left = (row) => this.left(row);
  }

  /**
   * Plays all events, then lets the load go on for as long as it was measured, and threads notice what they have lost.
   * @throws ClockEndError when there is no time for that
   */
  run(): LifecycleEventResult[] {
    try {
      return this.playAll();
    } catch (error) {
      const last = this.played.at(-1);
      const ended = error instanceof SimulationError && error.code === 'DSASIM_S003_TIME_BEYOND_RANGE';
      if (last === undefined || !ended) throw error;
      throw new ClockEndError(this.played.length - 1, last.scene.event.action, { cause: error });
    }
  }

  private playAll(): LifecycleEventResult[] {
    const { simulator, config, ledger, threads } = this.parts;
    const { stage } = this;
    stage.begin(this.play(config.lifecycle ?? []));
    const patiencePs = config.parameters['host.completion_timeout'];
    let inVain = 0;
    while (!stage.idle) {
      const waited = stage.waitsForOthers;
      simulator.run(simulator.nowPs + patiencePs);
      inVain = waited && stage.waitsForOthers ? inVain + 1 : 0;
      if ((simulator.pending === 0 && !stage.idle) || inVain > MOST_WAITS) {
        throw new Error('a lifecycle event waits for something that never happens');
      }
    }
    simulator.run(simulator.nowPs + config.measure.durationPs);
    // Whoever waits for what will never complete loses patience within this time.
    if (threads.some((thread) => thread.submissions.waitsInVain)) simulator.run(simulator.nowPs + patiencePs);
    const last = this.played.at(-1);
    if (last !== undefined) last.after = { ...ledger };
    return this.played.map((each) => this.result(each));
  }

  private *play(events: readonly LifecycleEvent[]): Script {
    const { simulator, ledger } = this.parts;
    for (const event of events) {
      if (event.atPs !== null && event.atPs > simulator.nowPs) yield { ps: event.atPs - simulator.nowPs };
      const before = { ...ledger };
      const previous = this.played.at(-1);
      if (previous !== undefined) previous.after = before;
      const scene = new Scene(event, this.seatOf(event), this.world);
      this.played.push({ scene, before, after: before });
      scene.outcome = this.obstacle(scene) ?? (yield* ROUTINES[event.action](scene));
      scene.endedPs = simulator.nowPs;
    }
  }

  /** What keeps an event from being tried at all, or null. */
  private obstacle({ event, seat }: Scene): Outcome | null {
    if (seat.gone) return refused('the instance is gone, or its device was taken away');
    if (seat.stoppedPs !== null && event.action !== 'resume' && event.action !== 'kill') {
      return refused('the instance is suspended');
    }
    return null;
  }

  private seatOf(event: LifecycleEvent): Seat {
    const { allocation } = this.parts;
    const own = allocation.instances.flatMap((share, i) => (share.tenant === event.tenant ? [i] : []));
    return this.world.seats[own[event.instance]!]!;
  }

  private left(row: number): void {
    const { table, simulator } = this.parts;
    const descriptor = table.rows[row]!;
    const { instance, status } = descriptor;
    const { scene } = this.played.at(-1) ?? {};
    const before = this.lastCompletionPs[instance]!;
    this.lastCompletionPs[instance] = simulator.nowPs;
    if (scene !== undefined && scene.seat.parts.instance.index === instance) scene.onCompletion(before);
    if (status === STATUS.int_handle_inval) {
      reportRefusedHandle(this.world.seats[instance]!, descriptor, this.stage);
    }
    for (const { parts } of this.world.seats) parts.work.left(row);
    this.stage.poke();
  }

  private result({ scene, before, after }: Played): LifecycleEventResult {
    const { event, seat, startedPs, endedPs, steps } = scene;
    const { outcome, reason } = scene.outcome ?? DONE;
    const metrics = outcome === 'refused' ? {} : { ...scene.metrics };
    if (outcome !== 'refused') {
      metrics.descriptors_aborted = after.aborted - before.aborted;
      metrics.descriptors_rejected = after.rejected - before.rejected;
      metrics.descriptors_failed = after.failed - before.failed;
    }
    if (seat.gone) delete metrics.blackout;
    return {
      action: event.action,
      tenant: this.parts.config.tenants[event.tenant]!.name,
      instance: event.instance,
      startedPs,
      tookPs: endedPs - startedPs,
      outcome,
      reason,
      steps,
      metrics,
    };
  }
}

/** Connects every device to its registers, and seats every instance. */
function seatsOf(parts: MachineParts): Seat[] {
  const { config, configured, control, devices, allocation, instances, threads, started } = parts;
  const works = devices.map((device, d) => connect(configured[d]!, device, parts));
  return allocation.instances.map((share, i) => {
    const place = control.places[i]!;
    return new Seat({
      design: config.design,
      parameters: config.parameters,
      instance: instances[i]!,
      threads: share.threads.map((thread) => threads[thread]!),
      configured: configured[place.device]!,
      device: devices[place.device]!,
      work: works[place.device]!,
      queue: configured[place.device]!.decoded.queues[place.position]!,
      started: started[i]!,
    });
  });
}
