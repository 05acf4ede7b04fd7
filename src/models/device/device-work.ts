/**
 * The descriptors inside one device, as its registers see them: portals that open and close, drains that wait for what
 * was accepted before, aborts that abandon what has not started. Work that an engine has started ends by itself
 * (specification 3.12); an abandoned descriptor gets no completion record and no interrupt.
 */
import type { MachineContext } from '../context.js';
import type { WorkScope, WorkSink } from '../registers/work-sink.js';
import type { DeviceRegistry } from './device-registry.js';
import type { Engine } from './engine.js';
import type { Group } from './group.js';
import type { WorkQueue } from './work-queue.js';

/** Where the parts of the device are in the machine. */
export interface DevicePlaces {
  /** Queues of the machine by their number in the registers. */
  readonly queues: ReadonlyMap<number, WorkQueue>;
  readonly engines: readonly Engine[];
  readonly groups: readonly Group[];
  /** Numbers of the groups in the machine. */
  readonly groupNumbers: readonly number[];
}

interface Waiter {
  readonly rows: Set<number>;
  readonly done: () => void;
}

/** See the head of this file. */
export class DeviceWork implements WorkSink {
  private waiters: Waiter[] = [];

  constructor(
    private readonly places: DevicePlaces,
    private readonly context: MachineContext,
    private readonly registry: DeviceRegistry,
  ) {}

  occupancy(queue: number): number {
    return this.places.queues.get(queue)?.occupancy ?? 0;
  }

  accepts(queue: number, accepts: boolean): void {
    const found = this.places.queues.get(queue);
    if (found !== undefined) found.enabled = accepts;
  }

  halted(halted: boolean): void {
    for (const group of this.places.groups) group.halted = halted;
    if (halted) return;
    for (const number of this.places.groupNumbers) this.registry.wake(number);
  }

  drain(scope: WorkScope, done: () => void): void {
    this.await(this.inside(this.covering(scope)), done);
  }

  abort(scope: WorkScope, done: () => void): void {
    const { nowPs } = this.context.simulator;
    const covers = this.covering(scope);
    for (const engine of this.places.engines) engine.batches.abandon(covers);
    for (const queue of this.places.queues.values()) {
      for (const row of queue.abandon(covers, nowPs)) this.context.abandoned(row, 0);
    }
    this.await(this.inside(covers), done);
  }

  /** Rows of an instance that the device holds. */
  ofInstance(instance: number): Set<number> {
    const { table } = this.context;
    return this.inside((row) => table.rows[row]!.instance === instance);
  }

  /** Calls `done` when none of these rows is in the device any more. */
  await(rows: Set<number>, done: () => void): void {
    if (rows.size === 0) done();
    else this.waiters.push({ rows, done });
  }

  /** A descriptor has ended, with a record or without. */
  left(row: number): void {
    if (this.waiters.length === 0) return;
    const ready: Waiter[] = [];
    for (const waiter of this.waiters) {
      if (waiter.rows.delete(row) && waiter.rows.size === 0) ready.push(waiter);
    }
    if (ready.length === 0) return;
    this.waiters = this.waiters.filter((waiter) => waiter.rows.size > 0);
    for (const { done } of ready) done();
  }

  private inside(covers: (row: number) => boolean): Set<number> {
    const waiting = [...this.places.queues.values()].flatMap((queue) => queue.waiting());
    const started = this.places.engines.flatMap((engine) => engine.rows());
    return new Set([...waiting, ...started].filter(covers));
  }

  private covering({ queues, pasid }: WorkScope): (row: number) => boolean {
    const { table, instances } = this.context;
    const numbers = new Set(queues.flatMap((queue) => this.places.queues.get(queue)?.index ?? []));
    return (row) => {
      const { queue, instance } = table.rows[row]!;
      return numbers.has(queue) && (pasid === null || instances[instance]!.pasid === pasid);
    };
  }
}
