import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../src/sim/priorities.js';
import { Simulator } from '../../src/sim/simulator.js';

type Event = [timePs: number, priority: number, handler: number, a: number, b: number];

/** The fingerprint after a run in which the events are scheduled in the given order. */
function run(events: readonly Event[]): string {
  const sim = new Simulator();
  for (let handler = 0; handler < 4; handler++) sim.register(() => {});
  for (const event of events) sim.scheduleAt(...event);
  sim.runUntilIdle();
  return sim.fingerprint.hex();
}

const int32 = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer());
const event: fc.Arbitrary<Event> = fc.tuple(
  fc.oneof(fc.nat(3), fc.maxSafeNat()),
  fc.nat(5),
  fc.nat(3),
  int32,
  int32,
);

describe('the fingerprint of a run', () => {
  it('depends on what was dispatched in which order, not on how it came to be scheduled', () => {
    // Sorted by the order of dispatch, stable: scheduling in that order changes nothing.
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const inOrder = [...events].sort((x, y) => x[0] - y[0] || x[1] - y[1]);
        expect(run(inOrder)).toBe(run(events));
      }),
    );
  });

  it('changes when any one number of any one event changes', () => {
    fc.assert(
      fc.property(
        fc.array(event, { minLength: 1, maxLength: 10 }),
        fc.nat(),
        event,
        (events, which, other) => {
          const before = run(events);
          const at = which % events.length;
          for (let field = 0; field < 5; field++) {
            const changed = [...events[at]!] as Event;
            changed[field] = other[field]!;
            if (changed[field] === events[at]![field]) continue;
            expect(run(events.with(at, changed))).not.toBe(before);
          }
        },
      ),
    );
  });

  it('changes when two different events of one instant swap places', () => {
    const x: Event = [5, PRIORITY.DEVICE, 1, 2, 3];
    const y: Event = [5, PRIORITY.DEVICE, 1, 3, 2];
    expect(run([x, y])).not.toBe(run([y, x]));
    expect(run([x, y, x])).not.toBe(run([x, x, y]));
  });

  it('does not depend on how the run was cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1000), fc.nat(5)), { minLength: 1 }),
        fc.array(fc.nat(1000)),
        (spec, cuts) => {
          const start = () => {
            const sim = new Simulator();
            const h: number = sim.register((a) => {
              if (a > 0) sim.schedule(a * 7, PRIORITY.DEVICE, h, a >> 1);
            });
            for (const [delay, priority] of spec) sim.schedule(delay, priority, h, delay);
            return sim;
          };
          const whole = start();
          whole.run(20_000);
          const pieces = start();
          for (const cut of [...cuts].sort((x, y) => x - y)) pieces.run(cut);
          pieces.run(20_000);
          expect(pieces.fingerprint.hex()).toBe(whole.fingerprint.hex());
          expect(pieces.eventsDispatched).toBe(whole.eventsDispatched);
        },
      ),
    );
  });

  it('stays the same between versions', () => {
    expect(run([])).toMatchInlineSnapshot(`"1388a0fbede1521e"`);
    expect(run([[2 ** 40 + 1, PRIORITY.HOST, 2, -1, 7]])).toMatchInlineSnapshot(`"3e515fd9cb763e9e"`);
  });
});

describe('the arithmetic of the fingerprint', () => {
  /** One lane by its definition in fingerprint.ts, in integers without end. */
  const lane = (start: bigint, rotation: bigint, multiplier: bigint, words: readonly bigint[]): bigint => {
    const low = (x: bigint) => BigInt.asUintN(32, x);
    const steps = (h: bigint, word: bigint) =>
      low((low((h << rotation) | (h >> (32n - rotation))) ^ low(word)) * multiplier);
    let h = words.reduce(steps, start);
    h = low((h ^ (h >> 16n)) * 0x85ebca6bn);
    h = low((h ^ (h >> 13n)) * 0xc2b2ae35n);
    return h ^ (h >> 16n);
  };
  const byDefinition = (events: readonly Event[]): string => {
    const words = events.flatMap(([timePs, priority, handler, a, b]) => {
      const kind = BigInt(priority) * 2n ** 20n + BigInt(handler);
      const high = (BigInt(timePs) >> 32n) ^ (kind * 0x2c1b3c6dn);
      return [BigInt(timePs), high, BigInt(a), BigInt(b)];
    });
    const lanes = [lane(0x243f6a88n, 5n, 0x9e3779b1n, words), lane(0x85a308d3n, 13n, 0x85ebca77n, words)];
    return lanes.map((h) => h.toString(16).padStart(8, '0')).join('');
  };

  it('is what it says it is', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const inOrder = [...events].sort((x, y) => x[0] - y[0] || x[1] - y[1]);
        expect(run(events)).toBe(byDefinition(inOrder));
      }),
    );
  });

  it('gives 16 hexadecimal digits and is not changed by reading', () => {
    const { fingerprint } = new Simulator();
    expect(fingerprint.hex()).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint.hex()).toBe(fingerprint.hex());
  });

  it('spreads small inputs over all bits', () => {
    const seen = new Set<string>();
    const ones = new Float64Array(64);
    for (let i = 0; i < 4096; i++) {
      const hex = run([[0, 0, 0, i, 0]]);
      seen.add(hex.slice(0, 8)).add(hex.slice(8));
      const bits = BigInt(`0x${hex}`);
      for (let k = 0; k < 64; k++) ones[k]! += Number((bits >> BigInt(k)) & 1n);
    }
    expect(seen.size).toBeGreaterThan(8180);
    for (const n of ones) expect(Math.abs(n - 2048) / 32).toBeLessThan(5);
  });
});
