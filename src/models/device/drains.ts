/**
 * Drain descriptors of one group (specification 3.9): each waits until everything that its work queue accepted before it
 * has completed; on a shared queue only what has its PASID. A queue is first in, first out, so that what a drain waits for
 * is in the engines of the group when it is dispatched.
 */
import type { MachineContext } from '../context.js';
import type { Engine } from './engine.js';
import type { GroupPlaces } from './group-places.js';

/** A drain on its engine. */
interface Waiting {
  readonly engine: Engine;
  /** Its place in the engine. */
  readonly place: number;
  /** What must complete first. */
  readonly earlier: Set<number>;
  /** When the engine has decoded it [ps]. */
  readonly decodedPs: number;
}

/** See the head of this file. */
export class Drains {
  private waiting: Waiting[] = [];

  constructor(
    private readonly context: MachineContext,
    private readonly places: GroupPlaces,
    private readonly isShared: (queue: number) => boolean,
  ) {}

  /** An engine takes a drain in, which it will have decoded at `decodedPs`. */
  begin(engine: Engine, place: number, row: number, decodedPs: number): void {
    const { rows } = this.context.table;
    const drain = rows[row]!;
    const earlier = this.places.engines
      .flatMap((one) => one.rows())
      .filter(
        (other) =>
          other !== row &&
          rows[other]!.queue === drain.queue &&
          (!this.isShared(drain.queue) || rows[other]!.instance === drain.instance),
      );
    if (earlier.length === 0) engine.drained(place, decodedPs);
    else this.waiting.push({ engine, place, earlier: new Set(earlier), decodedPs });
  }

  /** A descriptor has completed, or was abandoned. */
  left(row: number): void {
    if (this.waiting.length === 0) return;
    for (const { earlier } of this.waiting) earlier.delete(row);
    const over = this.waiting.filter(({ earlier }) => earlier.size === 0);
    if (over.length === 0) return;
    this.waiting = this.waiting.filter(({ earlier }) => earlier.size > 0);
    const { nowPs } = this.context.simulator;
    for (const { engine, place, decodedPs } of over) engine.drained(place, Math.max(nowPs, decodedPs));
  }
}
