/** The work-queue priority arbiter of a group (specification chapter 4). */
import type { WorkQueue } from './work-queue.js';

/**
 * Round robin over the queues, one descriptor at a turn from each queue that has work and a counter above zero; the
 * counter starts at the queue's priority and goes down with every descriptor. When every queue with work has used
 * its counter up, all counters of the group are loaded again. Priorities 6 and 2 therefore share 3 : 1.
 */
export class Arbiter {
  private readonly counters: Int32Array;
  private turn = 0;

  constructor(private readonly queues: readonly WorkQueue[]) {
    this.counters = Int32Array.from(queues, (queue) => queue.config.priority);
  }

  /**
   * The queue whose oldest descriptor goes next, or undefined when none can. Choosing spends the queue's turn.
   * @param ready whether an engine can take this queue's oldest descriptor now; a queue that cannot be served
   * neither takes a turn nor keeps the counters from being loaded
   */
  choose(ready: (queue: WorkQueue) => boolean): WorkQueue | undefined {
    const { queues, counters } = this;
    // The turns of a queue that is alone do not matter.
    if (queues.length === 1) return ready(queues[0]!) ? queues[0] : undefined;
    let waiting = false;
    for (let step = 0; step < queues.length; step++) {
      const at = this.wrapped(this.turn + step);
      if (!ready(queues[at]!)) continue;
      waiting = true;
      if (counters[at]! > 0) return this.grant(at);
    }
    if (!waiting) return undefined;
    for (let i = 0; i < queues.length; i++) counters[i] = queues[i]!.config.priority;
    for (let step = 0; step < queues.length; step++) {
      const at = this.wrapped(this.turn + step);
      if (ready(queues[at]!)) return this.grant(at);
    }
    return undefined;
  }

  private grant(at: number): WorkQueue {
    this.counters[at] = this.counters[at]! - 1;
    this.turn = this.wrapped(at + 1);
    return this.queues[at]!;
  }

  private wrapped(at: number): number {
    return at < this.queues.length ? at : at - this.queues.length;
  }
}
