/** The work-queue priority arbiter of a group (specification chapter 4). */
import type { WorkQueue } from './work-queue.js';

/** Who takes the descriptors. */
export interface Server {
  /** Whether an engine can take the oldest descriptor of a queue now. A queue that is empty cannot be served. */
  canServe(queue: WorkQueue): boolean;
}

/**
 * Round robin over the queues, one descriptor at a turn from each queue that has work and a counter above zero; the
 * counter starts at the queue's priority and goes down with every descriptor. When every queue with work has used
 * its counter up, all counters of the group are loaded again. Priorities 6 and 2 therefore share 3 : 1.
 */
export class Arbiter {
  /** The queue whose turn it is, which links the others in a ring; none in a group without queues. */
  private turn: WorkQueue | undefined;

  constructor(private readonly queues: readonly WorkQueue[]) {
    this.turn = queues[0];
    for (const [i, queue] of queues.entries()) queue.next = queues[(i + 1) % queues.length]!;
  }

  /** Whether a queue holds a descriptor. */
  get hasWaiting(): boolean {
    const { turn } = this;
    if (turn === undefined) return false;
    let queue = turn;
    do {
      if (queue.occupancy > 0) return true;
      queue = queue.next;
    } while (queue !== turn);
    return false;
  }

  /**
   * The queue whose oldest descriptor goes next, or undefined when none can. Choosing spends the queue's turn. A queue that
   * cannot be served neither takes a turn nor keeps the counters from being loaded.
   */
  choose(server: Server): WorkQueue | undefined {
    const { turn } = this;
    if (turn === undefined) return undefined;
    let first: WorkQueue | undefined;
    let queue = turn;
    do {
      if (server.canServe(queue)) {
        if (queue.counter > 0) return this.grant(queue);
        first ??= queue;
      }
      queue = queue.next;
    } while (queue !== turn);
    return first === undefined ? undefined : this.reload(first);
  }

  /** Loads all counters again, and gives this queue its turn. */
  private reload(first: WorkQueue): WorkQueue {
    for (const queue of this.queues) queue.counter = queue.config.priority;
    return this.grant(first);
  }

  private grant(queue: WorkQueue): WorkQueue {
    queue.counter--;
    this.turn = queue.next;
    return queue;
  }
}
