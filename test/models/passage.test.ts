/** What an engine's chunks cost, when they start, and what they find at all ports at once. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Passage } from '../../src/models/device/passage.js';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { device, group, KIB, machine, only, queue, tenant, US } from '../support/machine.js';
import { LonePorts } from './lone-ports.js';
import { costing, engines } from './passages.js';

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

  it('costs what its own bytes cost, whatever chunk was before', () => {
    const { start } = Passage.prototype;
    const p = parameterValues();
    const operation = fc.constantFrom('memmove', 'compare', 'fill');
    const mix = fc.record({ operation, sizeBytes: fc.integer({ min: 64, max: 20 * KIB }) });
    fc.assert(
      fc.property(fc.array(mix, { minLength: 1, maxLength: 3 }), (mixes) => {
        const ways = new Set(
          mixes.map(({ operation: of, sizeBytes: b }) =>
            of === 'compare' ? `${2 * b} 0` : of === 'fill' ? `0 ${b}` : `${b} ${b}`,
          ),
        );
        let [reads, writes, extra] = [0, 0, 0];
        vi.spyOn(Passage.prototype, 'start').mockImplementation(function (this: Passage, cost) {
          if (cost.chunk === 0) {
            if (reads + writes > 0) expect(ways).toContain(`${reads} ${writes}`);
            // The last chunk takes the line along that an unaligned operand reaches into.
            if (reads + writes > 0) expect(extra).toBe(64);
            [reads, writes] = [0, 0];
          }
          if (cost.chunk > 0) expect(extra).toBe(0);
          extra = cost.extra;
          reads += cost.reads;
          writes += cost.writes;
          const fabricPs = (bytes: number) =>
            bytes > 0 ? Math.round((bytes + cost.extra) * (1e12 / p['fabric.bandwidth'])) : 0;
          expect([cost.readPs, cost.writePs]).toEqual([fabricPs(cost.reads), fabricPs(cost.writes)]);
          start.call(this, cost);
        });
        simulate(
          machine({
            devices: [device([group(1, [queue({ name: 'a' })])])],
            tenants: [
              tenant({
                workQueues: ['a'],
                operations: mixes.map((one) => ({ ...one, weight: 1 })),
                buffers: { count: 4, alignmentBytes: 16 },
              }),
            ],
            measure: { warmupPs: 10 * US, durationPs: 50 * US },
          }),
          0,
        );
        expect(reads + writes).toBeGreaterThan(0);
        vi.restoreAllMocks();
      }),
      { numRuns: 20 },
    );
  });
});
