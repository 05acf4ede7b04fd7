/** Engines on one port: alone, side by side, and with chunks of different sizes. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ChunkCost } from '../../src/models/device/chunk-cost.js';
import { Fabric } from '../../src/models/device/fabric.js';
import { Passage } from '../../src/models/device/passage.js';
import { SharedPort } from '../../src/models/device/shared-port.js';
import { simulate } from '../../src/models/machine.js';
import { Port } from '../../src/models/memory/port.js';
import { parameterValues } from '../../src/models/parameters.js';
import { device, group, KIB, MIB, machine, only, queue, tenant, US } from '../support/machine.js';
import { LonePorts } from './lone-ports.js';

/** What a chunk asks for; nothing of what is not named. */
function costing(over: Partial<ChunkCost>): ChunkCost {
  return Object.assign(new ChunkCost(), { memoryPort: new Port() }, over);
}

/** The engines of a device, each in the group of that number, 0 to 2. */
function engines(groups: readonly number[]) {
  const clock = { nowPs: 0 };
  const fabric = new Fabric();
  const buffers = [0, 1, 2].map((number) => ({ number, held: new SharedPort(), reserved: new SharedPort() }));
  const passages = groups.map((number) => new Passage(clock, fabric, buffers[number]!));
  /** Starts a chunk; returns when it has passed [ps]. */
  return (engine: number, cost: ChunkCost, nowPs: number): number => {
    clock.nowPs = nowPs;
    passages[engine]!.start(cost);
    return passages[engine]!.endPs;
  };
}

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

describe('one look at the other engines', () => {
  it('serves all ports of a chunk as if each knew its own', () => {
    const timePs = fc.oneof(
      fc.constant(0),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100_000 }),
    );
    const chunk = fc
      .record({
        enginePs: fc.integer({ min: 1, max: 10_000 }),
        readPs: timePs,
        writePs: timePs,
        heldPs: timePs,
        limitedPs: timePs,
        reservedPs: timePs,
        sharedPs: timePs,
        gapPs: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 50_000 })),
      })
      .map(({ gapPs, ...over }) => ({ gapPs, cost: costing(over) }));
    const engine = fc.record({
      group: fc.integer({ min: 0, max: 2 }),
      chunks: fc.array(chunk, { maxLength: 8 }),
    });
    fc.assert(
      fc.property(fc.array(engine, { minLength: 1, maxLength: 6 }), (all) => {
        const groups = all.map(({ group }) => group);
        const start = engines(groups);
        const lone = new LonePorts(groups);
        const next = all.map(({ chunks }, i) => ({ i, nowPs: i, left: chunks.slice() }));
        for (;;) {
          const [first] = next.filter(({ left }) => left.length > 0).sort((a, b) => a.nowPs - b.nowPs);
          if (first === undefined) return;
          const { cost, gapPs } = first.left.shift()!;
          const endPs = start(first.i, cost, first.nowPs);
          expect(endPs).toBe(lone.start(first.i, cost, first.nowPs));
          first.nowPs = endPs + gapPs;
        }
      }),
    );
  });
});

describe('reserved read buffers', () => {
  it('leave the shared ones to others where they are as fast', () => {
    const start = engines([0, 1]);
    expect(start(0, costing({ reservedPs: 100, sharedPs: 100 }), 0)).toBe(100);
    expect(start(1, costing({ sharedPs: 100 }), 0)).toBe(100);
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

describe('a chunk', () => {
  afterEach(() => vi.restoreAllMocks());

  it('starts when the one before has passed, whatever keeps its engine', () => {
    const { start } = Passage.prototype;
    let chunks = 0;
    vi.spyOn(Passage.prototype, 'start').mockImplementation(function (this: Passage, cost) {
      expect(this.clock.nowPs).toBeGreaterThanOrEqual(this.endPs);
      chunks++;
      start.call(this, cost);
    });
    for (const resident of [1, 0.5])
      for (const operation of ['memmove', 'compare', 'fill'] as const)
        for (const batch of [1, 8]) {
          const size = batch === 1 ? 20 * KIB : KIB;
          simulate(
            machine({
              devices: [device([group(2, [queue({ name: 'a' })])])],
              tenants: [
                tenant({
                  workQueues: ['a'],
                  operations: only(operation, size),
                  batch,
                  load: { kind: 'closed', depth: 8 },
                  buffers: { count: 64, resident },
                }),
              ],
              measure: { warmupPs: 10 * US, durationPs: 200 * US },
            }),
            0,
          );
        }
    expect(chunks).toBeGreaterThan(1000);
  });
});
