/**
 * What software does over simulated time, as routines that yield whenever time must pass or something must happen
 * first. A driver's routine becomes one by {@link drive}: the same accesses as at boot, each at its moment.
 */
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import { answer, type Driver, NOTHING, type Perform } from '../driver/bus.js';
import type { CostedBus } from '../driver/costed-bus.js';
import type { InterruptCounter } from '../driver/device-bus.js';
import { REGISTER } from '../registers/map.js';

/** What a routine waits for. */
export type Wait = { readonly ps: number } | { readonly until: () => boolean };

/** See the head of this file. */
export type Script<T = void> = Generator<Wait, T, void>;

/** Lets time pass [ps]. */
export function* pass(ps: number): Script {
  if (ps > 0) yield { ps };
}

/** Waits until something holds. */
export function* until(holds: () => boolean): Script {
  while (!holds()) yield { until: holds };
}

/** How a driver reaches a device: what an access costs, and vector 0. */
export interface DrivenPort {
  readonly bus: CostedBus;
  readonly interrupts: InterruptCounter;
  /** Whether an emulated command is still being executed, inside the exit of the virtual CPU that gave it. */
  pending(): boolean;
}

/** Runs a driver's routine access by access. */
export function* drive<T>(driver: Driver<T>, { bus, interrupts, pending }: DrivenPort): Script<T> {
  let step = driver.next(NOTHING);
  while (!step.done) {
    const request = step.value;
    if (request.kind === 'interrupt') yield* until(() => interrupts.pending);
    const before = bus.timePs;
    const value = answer(request, bus);
    // What an emulated command does physically happens inside the exit: it comes on top.
    if (request.kind === 'write' && request.offset === REGISTER.cmd) yield* until(() => !pending());
    yield* pass(bus.timePs - before);
    step = driver.next(value);
  }
  return step.value;
}

interface Running {
  readonly script: Script;
  waitsFor: (() => boolean) | null;
}

/**
 * Steps routines through simulated time, each when its wait is over; several may be under way. When the last has ended
 * the simulator's run returns.
 */
export class Stage {
  private readonly scripts: (Running | null)[] = [];
  private readonly event: number;
  private running = 0;
  /** Steps that are scheduled: with none, every routine waits for something to happen. */
  private scheduled = 0;

  constructor(private readonly simulator: Simulator) {
    this.event = simulator.register((number) => this.step(number));
  }

  /** Nothing is under way. */
  get idle(): boolean {
    return this.running === 0;
  }

  /** Every routine that is under way waits for something that others must do. */
  get waitsForOthers(): boolean {
    return this.running > 0 && this.scheduled === 0;
  }

  /** Begins a routine at this instant. */
  begin(script: Script): void {
    this.running++;
    this.resume(this.scripts.push({ script, waitsFor: null }) - 1);
  }

  /** Runs routines of a driver on others' behalf, one at a time as the driver's command queue has it (cmd_waitq). */
  performer(port: DrivenPort): Perform {
    const waiting: (() => void)[] = [];
    let busy = false;
    const next = () => {
      if (!busy) waiting.shift()?.();
    };
    return (driver, done) => {
      waiting.push(() => {
        busy = true;
        const ended = (value: Parameters<typeof done>[0]) => {
          busy = false;
          done(value);
          next();
        };
        this.begin(perform(driver, port, ended));
      });
      next();
    };
  }

  /** Something happened: whoever waits for it goes on. */
  poke(): void {
    if (this.running === 0) return;
    for (const [number, each] of this.scripts.entries()) {
      if (each === null || each.waitsFor === null || !each.waitsFor()) continue;
      each.waitsFor = null;
      this.resume(number);
    }
  }

  private resume(number: number): void {
    this.scheduleStep(0, number);
  }

  private scheduleStep(ps: number, number: number): void {
    this.scheduled++;
    this.simulator.schedule(ps, PRIORITY.HOST, this.event, number);
  }

  private step(number: number): void {
    this.scheduled--;
    const { script } = this.scripts[number]!;
    const { done, value } = script.next() as IteratorResult<Wait, void>;
    if (done) {
      this.scripts[number] = null;
      this.running--;
      if (this.idle) this.simulator.stop();
    } else if ('ps' in value) {
      this.scheduleStep(value.ps, number);
    } else this.scripts[number]!.waitsFor = value.until;
    this.poke();
  }
}

/** Runs routines side by side; the returned one waits until the last of them has ended. */
export function together(stage: Stage, scripts: readonly Script[]): Script {
  let left = scripts.length;
  for (const script of scripts) {
    stage.begin(
      (function* (): Script {
        yield* script;
        left--;
      })(),
    );
  }
  return until(() => left === 0);
}

function* perform<T>(driver: Driver<T>, port: DrivenPort, done: (value: T) => void): Script {
  done(yield* drive(driver, port));
}
