/** One event while it happens: the stage on which its routines run, what they did, and what came of it. */
import type { Simulator } from '../../sim/simulator.js';
import type { ParameterValues } from '../parameters.js';
import type { Ledger } from '../recorder.js';
import type { ControlStepResult, LifecycleStepResult } from '../run-result.js';
import type { Destination } from './destination.js';
import type { LifecycleEvent, Outcome } from './events.js';
import { pass, type Script, type Stage } from './script.js';
import type { Seat } from './seat.js';

/** What all events of a run share. */
export interface LifecycleWorld {
  readonly simulator: Simulator;
  readonly parameters: ParameterValues;
  readonly stage: Stage;
  readonly seats: readonly Seat[];
  readonly ledger: Ledger;
  /** Provisions an equal of what a seat has, on another host. */
  destinationOf(seat: Seat): Destination;
  /** Page faults that all engines have met since the measured phase began. */
  pageFaults(): number;
  /** Descriptors of a row: 1, or the members of a batch. */
  weight(row: number): number;
}

/** See the head of this file. */
export class Scene {
  readonly steps: LifecycleStepResult[] = [];
  /** Metrics by name: times in [s], sizes in [B]. */
  readonly metrics: Record<string, number> = {};
  readonly startedPs: number;
  endedPs = 0;
  outcome: Outcome | null = null;
  private longestGapPs = 0;

  constructor(
    readonly event: LifecycleEvent,
    readonly seat: Seat,
    readonly world: LifecycleWorld,
  ) {
    this.startedPs = world.simulator.nowPs;
  }

  get nowPs(): number {
    return this.world.simulator.nowPs;
  }

  get parameters(): ParameterValues {
    return this.world.parameters;
  }

  /** Instances on the same device, its own first. */
  neighbours(): Seat[] {
    const { seat } = this;
    const others = this.world.seats.filter(
      (other) => other !== seat && !other.gone && other.parts.configured === seat.parts.configured,
    );
    return [seat, ...others];
  }

  /** Runs a part of the event and reports it as a step, with the accesses of whoever drove registers meanwhile. */
  *step<T>(name: string, body: Script<T>): Script<T> {
    const fromPs = this.nowPs;
    const { driven, host, guest } = this.seat;
    const buses = [...new Set([driven.bus, host.bus, ...(guest === null ? [] : [guest.bus])])];
    for (const bus of buses) bus.take('boot', name);
    const value = yield* body;
    const rows = buses.map((bus) => bus.take('boot', name));
    const sum = (of: 'reads' | 'writes' | 'trapped' | 'commands') =>
      rows.reduce((total, row) => total + row[of], 0);
    this.steps.push({
      step: name,
      reads: sum('reads'),
      writes: sum('writes'),
      trapped: sum('trapped'),
      commands: sum('commands'),
      timePs: this.nowPs - fromPs,
    });
    return value;
  }

  /** What drivers of another host have done already takes its time, as one step. */
  *elapse(name: string, rows: readonly ControlStepResult[]): Script {
    const sum = (of: 'reads' | 'writes' | 'trapped' | 'commands' | 'timePs') =>
      rows.reduce((total, row) => total + row[of], 0);
    const timePs = sum('timePs');
    yield* pass(timePs);
    const [reads, writes] = [sum('reads'), sum('writes')];
    this.steps.push({
      step: name,
      reads,
      writes,
      trapped: sum('trapped'),
      commands: sum('commands'),
      timePs,
    });
  }

  /** A step in which nothing happens but time [ps]. */
  wait(name: string, ps: number): Script {
    return this.step(name, pass(ps));
  }

  /** Notes a metric of the event [SI]. */
  note(metric: string, value: number): void {
    this.metrics[metric] = value;
  }

  /** Notes a time that began at `fromPs` [ps]. */
  noteTime(metric: string, fromPs: number): void {
    this.note(metric, (this.nowPs - fromPs) / 1e12);
  }

  /** Descriptors of the instance that the device holds. */
  insideDescriptors(): number {
    return [...this.seat.inside()].reduce((sum, row) => sum + this.world.weight(row), 0);
  }

  /**
   * A descriptor of the instance has completed, the one before it at `beforePs`. Gaps count that began before the event
   * was over.
   */
  onCompletion(beforePs: number): void {
    if (this.outcome !== null && beforePs > this.endedPs) return;
    this.longestGapPs = Math.max(this.longestGapPs, this.nowPs - beforePs);
    this.note('blackout', this.longestGapPs / 1e12);
  }
}
