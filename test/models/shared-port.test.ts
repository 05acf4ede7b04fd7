/** Engines on one port: alone, side by side, and with chunks of different sizes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { device, group, KIB, MIB, machine, only, queue, tenant, US } from '../support/machine.js';
import { costing, engines } from './passages.js';

/** One that asks for its next chunk `gapPs` after the last has passed. */
interface Asker {
  readonly tookPs: number;
  readonly gapPs: number;
}

/** Time of the port that each asker has had until `untilPs` [ps]. */
function served(askers: readonly Asker[], untilPs: number): number[] {
  const start = engines(askers.map(() => 0));
  const costs = askers.map(({ tookPs }) => costing({ readPs: tookPs }));
  const next = askers.map((_, i) => i);
  const had = askers.map(() => 0);
  for (;;) {
    const nowPs = Math.min(...next);
    if (nowPs > untilPs) return had;
    const engine = next.indexOf(nowPs);
    const { tookPs, gapPs } = askers[engine]!;
    const endPs = start(engine, costs[engine]!, nowPs);
    if (endPs <= untilPs) had[engine]! += tookPs;
    next[engine] = endPs + gapPs;
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const LONG_PS = 50_000_000;

describe('a port that engines share', () => {
  it('serves one alone at its own rate', () => {
    const start = engines([0, 0, 0, 0]);
    for (const [nowPs, endPs] of [
      [0, 100],
      [100, 200],
      [500, 600],
    ] as const)
      expect(start(2, costing({ readPs: 100 }), nowPs)).toBe(endPs);
  });

  it('gives those with chunks of different sizes equal parts', () => {
    for (const others of [1, 3, 7]) {
      const small = Array.from({ length: others }, () => ({ tookPs: 32_000, gapPs: 0 }));
      const had = served([{ tookPs: 128_000, gapPs: 0 }, ...small], LONG_PS);
      // A chunk keeps the share that it finds: one of many may end just before another looks.
      for (const own of had) expect(Math.abs(own / (LONG_PS / (others + 1)) - 1)).toBeLessThan(0.15);
    }
  });

  it('gives one what the others leave', () => {
    const rare = { tookPs: 10_000, gapPs: 190_000 };
    const [big, ...small] = served([{ tookPs: 128_000, gapPs: 0 }, rare, rare, rare], LONG_PS);
    expect(sum(small)).toBeGreaterThan(0.1 * LONG_PS);
    expect(big! + sum(small)).toBeGreaterThan(0.9 * LONG_PS);
  });

  it('lets one that something else slows down keep nothing from the others', () => {
    const start = engines([0, 0]);
    const slowEndPs = start(0, costing({ readPs: 1000, enginePs: 10_000 }), 0);
    // A tenth is taken: what is owed to the slow one is owed at its pace.
    expect(start(1, costing({ readPs: 9000 }), 1000)).toBeLessThanOrEqual(slowEndPs + 1000);
  });

  it('never passes more than it can, nor idles where all have work, whoever asks', () => {
    const asker = fc.record({
      tookPs: fc.integer({ min: 2_000, max: 128_000 }),
      gapPs: fc.integer({ min: 0, max: 60_000 }),
    });
    fc.assert(
      fc.property(fc.array(asker, { minLength: 1, maxLength: 8 }), (askers) => {
        const had = sum(served(askers, LONG_PS));
        expect(had).toBeLessThan(1.01 * LONG_PS);
        const busy = askers.map((a) => ({ ...a, gapPs: 0 }));
        expect(sum(served(busy, LONG_PS))).toBeGreaterThan(0.95 * LONG_PS);
      }),
    );
  });
});

describe('a big descriptor among small ones', () => {
  /** Bytes per second of 1 MiB copies on one engine, beside so many engines with 1 KiB copies. */
  const beside = (others: number) => {
    const names = Array.from({ length: others }, (_, i) => `small${i}`);
    const groups = ['big', ...names].map((name) => group(1, [queue({ name, size: 24, threshold: 24 })]));
    const { tenants } = simulate(
      machine({
        devices: [device(groups)],
        tenants: ['big', ...names].map((name) =>
          tenant({
            name,
            workQueues: [name],
            operations: only('memmove', name === 'big' ? MIB : KIB),
            batch: name === 'big' ? 1 : 16,
            load: { kind: 'closed', depth: 8 },
            buffers: { count: 8, pageSizeBytes: 2 * MIB },
          }),
        ),
        measure: { warmupPs: 100 * US, durationPs: 4000 * US },
        semantics: 'timing',
      }),
      0,
    );
    const small = names.map((name) => tenants[name]!.throughput!);
    return { big: tenants.big!.throughput!, small };
  };

  it('gets one share of the device, and what the engines of the small ones cannot take', () => {
    const fabric = parameterValues()['fabric.bandwidth'];
    for (const others of [1, 3]) {
      const { big, small } = beside(others);
      const share = fabric / (others + 1);
      // Small ones cost their engine more than their bytes.
      for (const own of small) expect(own).toBeLessThan(1.02 * share);
      expect(big / (fabric - sum(small))).toBeCloseTo(1, 1);
      expect(big).toBeLessThan(1.5 * share);
    }
  });
});
