/**
 * A processor of the host that several threads share: virtual CPUs of guests, or threads of processes. Round robin over
 * those that can run, a time slice each; whoever sleeps gives it back. A thread that has a processor of its own needs none of
 * this.
 */
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import type { MachineConfig } from '../config.js';
import type { ParameterValues } from '../parameters.js';

const UNREGISTERED = -1;

/** What is scheduled. */
export interface Schedulable {
  /** It runs from now on, after the processor has switched to it [ps]. */
  dispatch(switchPs: number): void;
  /** It stands still from now on, in the middle of whatever it does. */
  preempt(): void;
}

/** See the head of this file. */
export class HostCpu {
  private running: Schedulable | null = null;
  /** Whoever ran last: going on with it takes no switch. */
  private last: Schedulable | null = null;
  private readonly ready: Schedulable[] = [];
  /** Number of the present slice; an end that was announced for another one means nothing. */
  private slice = 0;
  private ended = false;

  /**
   * @param index its number, the payload of its events
   * @param sliceEnd event that calls `onSliceEnd` with that number and the slice's
   */
  constructor(
    private readonly index: number,
    private readonly simulator: Simulator,
    private readonly sliceEnd: number,
    private readonly p: ParameterValues,
  ) {}

  isRunning(thread: Schedulable): boolean {
    return this.running === thread || this.ended;
  }

  /** A thread wants to run: at once on an idle processor, else behind those that wait. */
  want(thread: Schedulable): void {
    if (this.running === thread || this.ready.includes(thread)) return;
    this.ready.push(thread);
    if (this.running === null) this.next();
  }

  /** The running thread sleeps. */
  release(thread: Schedulable): void {
    if (this.running !== thread) return;
    this.running = null;
    this.next();
  }

  /** A slice is over: whoever waits comes next; alone, the thread has another. */
  onSliceEnd(slice: number): void {
    if (slice !== this.slice || this.running === null || this.ended) return;
    if (this.ready.length === 0) {
      this.announceEnd(0);
      return;
    }
    const { running } = this;
    running.preempt();
    this.ready.push(running);
    this.running = null;
    this.next();
  }

  /** From now on every thread has a processor of its own. */
  end(): void {
    this.ended = true;
    for (const thread of this.ready.splice(0)) thread.dispatch(0);
  }

  private next(): void {
    const thread = this.ready.shift();
    if (thread === undefined) return;
    this.running = thread;
    const switchPs = this.last === null || this.last === thread ? 0 : this.p['host.context_switch'];
    this.last = thread;
    this.announceEnd(switchPs);
    thread.dispatch(switchPs);
  }

  private announceEnd(switchPs: number): void {
    this.slice = (this.slice + 1) | 0;
    const atPs = switchPs + this.p['host.time_slice'];
    this.simulator.schedule(atPs, PRIORITY.HOST, this.sliceEnd, this.index, this.slice);
  }
}

/** The processors that tenants' threads share, dealt out in turn. */
export class SharedProcessors {
  private readonly all: HostCpu[] = [];
  /** Processors of each tenant, and how many of its threads have been given one. */
  private readonly tenants: { readonly cpus: readonly HostCpu[]; given: number }[];

  constructor(config: MachineConfig, simulator: Simulator) {
    const shares = config.tenants.some(({ hostCpus }) => hostCpus !== undefined);
    const sliceEnd = shares
      ? simulator.register((cpu, slice) => this.all[cpu]!.onSliceEnd(slice))
      : UNREGISTERED;
    this.tenants = config.tenants.map(({ hostCpus = 0 }) => {
      const cpus = Array.from({ length: hostCpus }, () => {
        const cpu = new HostCpu(this.all.length, simulator, sliceEnd, config.parameters);
        this.all.push(cpu);
        return cpu;
      });
      return { cpus, given: 0 };
    });
  }

  /** The processor of a tenant's next thread, or null where each has its own. */
  of(tenant: number): HostCpu | null {
    const own = this.tenants[tenant]!;
    return own.cpus.length === 0 ? null : own.cpus[own.given++ % own.cpus.length]!;
  }

  /** From now on every thread has a processor of its own. */
  end(): void {
    for (const cpu of this.all) cpu.end();
  }
}
