import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventHeap } from '../../src/sim/event-heap.js';
import { EventPool } from '../../src/sim/event-pool.js';
import { TimingWheel } from '../../src/sim/timing-wheel.js';

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

/** A structure under test behind the interface of the list; the payload carries the sequence number. */
class UnderTest {
  private sequence = 0;

  constructor(
    private readonly pool: EventPool,
    private readonly events: EventHeap | TimingWheel,
  ) {}

  static heap(): UnderTest {
    const pool = new EventPool();
    return new UnderTest(pool, new EventHeap(pool));
  }

  static wheel(): UnderTest {
    const wheel = new TimingWheel();
    return new UnderTest(wheel, wheel);
  }

  push(timePs: number, priority: number): void {
    this.events.push(this.pool.allocate(timePs, priority, 0, this.sequence++, 0), timePs);
  }

  popUntil(untilPs: number): number {
    const slot = this.events.popUntil(untilPs);
    if (slot < 0) return -1;
    this.pool.free(slot);
    return this.pool.a(slot);
  }

  get size(): number {
    return this.events.size;
  }
}

type Step =
  | { do: 'push'; delayPs: number; priority: number; copies: number }
  | { do: 'pop'; times: number }
  | { do: 'run'; forPs: number };

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
  fc.integer({ min: 0, max: 2 ** 50 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      delayPs,
      priority: fc.integer({ min: 0, max: 15 }),
      copies: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 60 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pop' as const), times: fc.integer({ min: 1, max: 20 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('run' as const), forPs: delayPs }) },
);

/** Plays the steps as a simulator would, with time never going back, and ends by emptying the structure. */
function play(events: SortedList | UnderTest, steps: readonly Step[]): number[] {
  const popped: number[] = [];
  const timeOf: number[] = [];
  let nowPs = 0;
  const pop = (untilPs: number): boolean => {
    const sequence = events.popUntil(untilPs);
    popped.push(sequence, events.size);
    if (sequence >= 0) nowPs = timeOf[sequence]!;
    return sequence >= 0;
  };
  for (const s of steps) {
    if (s.do === 'push') {
      for (let i = 0; i < s.copies; i++) {
        // Copies alternate between two priorities, so that bursts are ties in time but not in order.
        timeOf.push(nowPs + s.delayPs);
        events.push(nowPs + s.delayPs, i % 2 === 0 ? s.priority : 15 - s.priority);
      }
    } else if (s.do === 'pop') {
      for (let i = 0; i < s.times && pop(Number.MAX_SAFE_INTEGER); i++);
    } else {
      const untilPs = nowPs + s.forPs;
      while (pop(untilPs));
      nowPs = untilPs;
    }
  }
  while (pop(Number.MAX_SAFE_INTEGER));
  return popped;
}

describe.each([
  ['the event heap', UnderTest.heap],
  ['the timing wheel', UnderTest.wheel],
])('%s pops in the order of a sorted list', (_, make) => {
  it('under ties, bursts, zero delays, far futures, pauses and interleaved pushes', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        // Times stay below 2^53: at most 60 steps of at most 2^50 are cut down to 7 far jumps.
        let room = 7;
        const bounded = steps.map((s) => {
          const jump = s.do === 'push' ? s.delayPs : s.do === 'run' ? s.forPs : 0;
          if (jump <= 100_000_000_000 || room-- > 0) return s;
          return s.do === 'push' ? { ...s, delayPs: 1 } : { ...s, forPs: 1 };
        });
        expect(play(make(), bounded)).toEqual(play(new SortedList(), bounded));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('the timing wheel pops in the order of the heap', () => {
  it.each([
    [16, 1_000_000, 1],
    [4096, 100_000, 1],
    [20_000, 1_000, 1],
    [300, 30_000_000, 1],
    [24, 4_190_000, 1],
    [24, 4_190_000, 256],
    [300, 30_000_000, 256],
  ])(
    'with %i pending in a long hold model, delays up to four times %i ps in steps of %i',
    (pending, meanPs, stepPs) => {
      const heap = UnderTest.heap();
      const wheel = UnderTest.wheel();
      let state = 1;
      const draw = (n: number) => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return Math.floor((state / 2 ** 32) * n);
      };
      const timeOf: number[] = [];
      const push = (nowPs: number) => {
        const timePs = nowPs + draw(2) * stepPs * draw((meanPs * 4) / stepPs);
        const priority = draw(6);
        timeOf.push(timePs);
        heap.push(timePs, priority);
        wheel.push(timePs, priority);
      };
      for (let i = 0; i < pending; i++) push(0);
      for (let i = 0; i < 200_000; i++) {
        const sequence = heap.popUntil(Number.MAX_SAFE_INTEGER);
        if (wheel.popUntil(Number.MAX_SAFE_INTEGER) !== sequence) expect.fail(`orders part at pop ${i}`);
        push(timeOf[sequence]!);
      }
      expect(wheel.size).toBe(pending);
    },
  );
});
