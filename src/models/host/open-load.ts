/** Work that reaches instances from outside: each arrival goes to the next thread of its instance. */
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import type { Arrivals } from './arrivals.js';
import type { HostThread } from './thread.js';

/** The arrivals of one instance, and the thread whose turn it is. */
interface Stream {
  readonly arrivals: Arrivals;
  readonly threads: readonly HostThread[];
  turn: number;
}

/** See the head of this file. */
export class OpenLoad {
  /** By the number of the instance, the payload of the event. */
  private readonly streams: Stream[] = [];
  private readonly event: number;

  constructor(private readonly simulator: Simulator) {
    this.event = simulator.register((instance) => this.arrive(instance));
  }

  /** Schedules the first arrival at the instance whose number is the next, if it has any. */
  add(arrivals: Arrivals, threads: readonly HostThread[]): void {
    this.streams.push({ arrivals, threads, turn: 0 });
    this.scheduleNext(this.streams.length - 1);
  }

  private arrive(instance: number): void {
    const stream = this.streams[instance]!;
    const { nowPs } = this.simulator;
    const thread = stream.threads[stream.turn]!;
    stream.turn = (stream.turn + 1) % stream.threads.length;
    thread.backlog.push(nowPs);
    thread.core.wake(nowPs);
    this.scheduleNext(instance);
  }

  private scheduleNext(instance: number): void {
    const atPs = this.streams[instance]!.arrivals.next();
    if (atPs >= 0) this.simulator.scheduleAt(atPs, PRIORITY.HOST, this.event, instance);
  }
}
