import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../src/sim/event-heap.js';
import { Simulator } from '../../src/sim/simulator.js';

/** The order by definition: a list kept sorted by (time, priority, sequence). */
class SortedList {
  private readonly events: { timePs: number; priority: number; sequence: number }[] = [];
  private sequence = 0;

  push(timePs: number, priority: number): void {
    const event = { timePs, priority, sequence: this.sequence++ };
    const after = this.events.findIndex(
      (e) => e.timePs > timePs || (e.timePs === timePs && e.priority > priority),
    );
    this.events.splice(after < 0 ? this.events.length : after, 0, event);
  }

  popUntil(untilPs: number): number {
    const first = this.events[0];
    return first !== undefined && first.timePs <= untilPs ? this.events.shift()!.sequence : -1;
  }

  get size(): number {
    return this.events.length;
  }
}

/** The heap behind the interface of the list. */
class Heap {
  private readonly heap = new EventHeap();
  private sequence = 0;

  push(timePs: number, priority: number): void {
    this.heap.push(this.sequence, timePs, priority * 2 ** 49 + this.sequence);
    this.sequence++;
  }

  popUntil(untilPs: number): number {
    return this.heap.firstPs <= untilPs ? this.heap.pop() : -1;
  }

  get size(): number {
    return this.heap.size;
  }
}

/** A simulator by definition: dispatch takes events from a list or a heap, one by one. */
class Plain {
  nowPs = 0;
  private readonly payloads: number[] = [];
  private readonly times: number[] = [];
  private stopped = false;

  constructor(
    private readonly events: SortedList | Heap,
    private readonly handler: (a: number) => void,
  ) {}

  schedule(delayPs: number, priority: number, a: number): void {
    this.times.push(this.nowPs + delayPs);
    this.payloads.push(a);
    this.events.push(this.nowPs + delayPs, priority);
  }

  run(untilPs: number): void {
    this.stopped = false;
    while (!this.stopped) {
      const sequence = this.events.popUntil(untilPs);
      if (sequence < 0) break;
      this.nowPs = this.times[sequence]!;
      this.handler(this.payloads[sequence]!);
    }
    if (!this.stopped) this.nowPs = untilPs;
  }

  runOne(): boolean {
    const before = this.events.size;
    const sequence = this.events.popUntil(Number.MAX_SAFE_INTEGER);
    if (sequence < 0) return false;
    this.nowPs = this.times[sequence]!;
    this.handler(this.payloads[sequence]!);
    return before > 0;
  }

  stop(): void {
    this.stopped = true;
  }

  get pending(): number {
    return this.events.size;
  }
}

/** The simulator behind the same interface. */
class UnderTest {
  private readonly simulator = new Simulator();
  private readonly id: number;

  constructor(handler: (a: number) => void) {
    this.id = this.simulator.register(handler);
  }

  schedule(delayPs: number, priority: number, a: number): void {
    this.simulator.schedule(delayPs, priority, this.id, a);
  }

  run(untilPs: number): void {
    this.simulator.run(untilPs);
  }

  runOne(): boolean {
    const before = this.simulator.pending;
    this.simulator.runUntilIdle(1);
    return before > 0;
  }

  stop(): void {
    this.simulator.stop();
  }

  get nowPs(): number {
    return this.simulator.nowPs;
  }

  get pending(): number {
    return this.simulator.pending;
  }
}

type Kernel = Plain | UnderTest;
type Push = { do: 'push'; delayPs: number; priority: number; copies: number };
type Step = Push | { do: 'one'; times: number } | { do: 'run'; forPs: number };
/** What the event with a number does when it is handled; numbers go round. */
type Deed = Push | { do: 'stop' } | { do: 'nothing' };

const HORIZON_PS = 128 * (32_768 - 1024);
const TURN_PS = 128 * 32_768;
const delayPs = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 2000 }),
  fc.integer({ min: 1_000, max: 10_000_000 }),
  fc.integer({ min: -600, max: 600 }).map((d) => HORIZON_PS + d),
  fc.integer({ min: -600, max: 600 }).map((d) => TURN_PS + d),
  fc.integer({ min: 1, max: 40 }).map((n) => n * 128 * 1024),
  fc.integer({ min: 0, max: 5 }).map((n) => n * HORIZON_PS),
  fc.integer({ min: 10_000_000, max: 50_000_000_000 }),
  fc.integer({ min: 0, max: 2 ** 43 }),
);
const push: fc.Arbitrary<Push> = fc.record({
  do: fc.constant('push' as const),
  delayPs,
  priority: fc.integer({ min: 0, max: 15 }),
  copies: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 60 })),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: push },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('one' as const), times: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('run' as const), forPs: delayPs }) },
);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: push.map((p) => ({ ...p, copies: Math.min(p.copies, 3) })) },
  { weight: 5, arbitrary: fc.constant({ do: 'nothing' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'stop' as const }) },
);
/** Handlers schedule no more once so many events are there, so that a run ends. */
const MOST_EVENTS = 300;

/** Plays the steps and returns all that can be seen: what was handled when, and what was pending between the steps. */
function play(
  make: (handler: (a: number) => void) => Kernel,
  steps: readonly Step[],
  deeds: readonly Deed[],
): string[] {
  const seen: string[] = [];
  let scheduled = 0;
  let handled = 0;
  const schedule = ({ delayPs, priority, copies }: Push) => {
    for (let i = 0; i < copies; i++) {
      // Copies alternate between two priorities, so that bursts are ties in time but not in order.
      kernel.schedule(delayPs, i % 2 === 0 ? priority : 15 - priority, scheduled++);
    }
  };
  const kernel = make((a) => {
    seen.push(`${kernel.nowPs}: ${a}`);
    const deed = deeds[handled++ % deeds.length]!;
    if (deed.do === 'stop') kernel.stop();
    if (deed.do === 'push' && scheduled < MOST_EVENTS) schedule(deed);
  });
  for (const s of steps) {
    if (s.do === 'push') schedule(s);
    else if (s.do === 'run') kernel.run(kernel.nowPs + s.forPs);
    else for (let i = 0; i < s.times && kernel.runOne(); i++);
    seen.push(`${kernel.nowPs}, ${kernel.pending} pending`);
  }
  while (kernel.pending > 0) kernel.run(Number.MAX_SAFE_INTEGER);
  return seen;
}

describe.each<[string, (handler: (a: number) => void) => Kernel]>([
  ['a simulator on the event heap', (handler) => new Plain(new Heap(), handler)],
  ['the simulator', (handler) => new UnderTest(handler)],
])('%s dispatches in the order of a sorted list', (_, make) => {
  it('under ties, bursts, zero delays, far futures, pauses, stops and what handlers schedule', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60 }),
        fc.array(deed, { minLength: 1, maxLength: 10 }),
        (steps, deeds) => {
          const byDefinition = (handler: (a: number) => void) => new Plain(new SortedList(), handler);
          expect(play(make, steps, deeds)).toEqual(play(byDefinition, steps, deeds));
        },
      ),
      { numRuns: 1500 },
    );
  });
});

describe('the simulator dispatches in the order of the heap', () => {
  it.each([
    [1, 1_000_000, 8],
    [16, 1_000_000, 1],
    [256, 250_000, 8],
    [4096, 100_000, 1],
    [20_000, 1_000, 1],
    [300, 30_000_000, 1],
    [24, 4_190_000, 1],
    [24, 4_190_000, 256],
    [300, 30_000_000, 256],
  ])(
    'with %i pending in a long hold model, delays up to four times %i ps in steps of %i',
    (pending, meanPs, stepPs) => {
      const heap = new Heap();
      const simulator = new Simulator();
      let state = 1;
      const draw = (n: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
      };
      let scheduled = 0;
      let handled = 0;
      const schedule = () => {
        const delayPs = draw(2) * stepPs * draw((meanPs * 4) / stepPs);
        const priority = draw(6);
        heap.push(simulator.nowPs + delayPs, priority);
        simulator.schedule(delayPs, priority, hold, scheduled++);
      };
      const hold: number = simulator.register((sequence) => {
        if (heap.popUntil(simulator.nowPs) !== sequence) expect.fail(`orders part at event ${handled}`);
        schedule();
        if (++handled === 200_000) simulator.stop();
      });
      for (let i = 0; i < pending; i++) schedule();
      simulator.runUntilIdle();
      expect([simulator.pending, simulator.eventsDispatched]).toEqual([pending, 200_000]);
    },
  );
});
