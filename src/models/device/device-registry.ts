/** What a machine's devices are put into: numbers in these arrays are what rows and events carry. */
import type { WorkQueueRules } from '../../core/checks.js';
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Engine } from './engine.js';
import { type EngineEvents, registerEngineEvents } from './events.js';
import type { Group } from './group.js';
import type { LoadMeter } from './load-meter.js';
import type { WorkQueue } from './work-queue.js';

/** See the head of this file. */
export class DeviceRegistry {
  readonly queues: WorkQueue[] = [];
  readonly rules: WorkQueueRules[] = [];
  readonly engines: Engine[] = [];
  readonly groups: Group[] = [];
  /** Group of each queue. */
  readonly groupOfQueue: number[] = [];
  /** Read load of the device of each queue. */
  readonly readLoads: LoadMeter[] = [];
  readonly engineEvents: EngineEvents;
  /** Handler that gives places in a group's engines back; payload: group. */
  readonly retiredEvent: number;
  private readonly dispatchEvent: number;
  /** Whether a dispatch of the group is pending. */
  private readonly dispatchPending: boolean[] = [];

  constructor(private readonly simulator: Simulator) {
    this.engineEvents = registerEngineEvents(simulator, this.engines);
    this.dispatchEvent = simulator.register((group) => this.dispatch(group));
    this.retiredEvent = simulator.register((group) => this.onRetired(group));
  }

  /** Takes in the group whose number is the next. */
  addGroup(group: Group): void {
    this.groups.push(group);
    this.dispatchPending.push(false);
  }

  /** Schedules one look of a group's arbiter at this instant, if none is pending. */
  wake(group: number): void {
    if (this.dispatchPending[group]) return;
    this.dispatchPending[group] = true;
    this.simulator.schedule(0, PRIORITY.ARBITRATE, this.dispatchEvent, group);
  }

  /** As {@link wake}, where the group has something to dispatch. */
  wakeToWork(group: number): void {
    if (this.groups[group]!.hasWork) this.wake(group);
  }

  private dispatch(group: number): void {
    this.dispatchPending[group] = false;
    this.groups[group]!.dispatch();
  }

  private onRetired(group: number): void {
    this.groups[group]!.places.onRetired();
    this.wakeToWork(group);
  }
}
