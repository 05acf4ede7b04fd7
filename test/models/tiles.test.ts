import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Load, MachineConfig } from '../../src/models/config.js';
import { DescriptorRow, STAGE_COUNT } from '../../src/models/descriptor-row.js';
import { LIFECYCLE_METRICS } from '../../src/models/lifecycle/metrics.js';
import { buildMachine, simulate } from '../../src/models/machine.js';
import { METRICS, STAGES } from '../../src/models/metrics.js';
import type { RunResult } from '../../src/models/run-result.js';
import { addTiles, latencyOf } from '../../src/models/tiles.js';
import { DESIGNS } from '../../src/models/virtualization/designs.js';
import { LogHistogram, type LogHistogramJson } from '../../src/sim/log-histogram.js';
import { device, group, HOST_DESIGN, machine, NS, queue, tenant, US } from '../support/machine.js';

const load: fc.Arbitrary<Load> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('closed' as const, 'burst' as const),
    depth: fc.integer({ min: 1, max: 24 }),
  }),
  fc.record({
    kind: fc.constant('open' as const),
    ratePerSecond: fc.constantFrom(50e3, 1e6, 9e6),
    arrivals: fc.constantFrom('poisson' as const, 'uniform' as const),
  }),
  fc.record({
    kind: fc.constant('trace' as const),
    arrivalsPs: fc.array(fc.nat(60 * US), { maxLength: 30 }).map((times) => times.sort((a, b) => a - b)),
  }),
);

const operations = fc.array(
  fc.record({
    operation: fc.constantFrom(
      'nop',
      'memmove',
      'fill',
      'compare',
      'compare_pattern',
      'dualcast',
      'crc',
      'copy_crc',
    ),
    // The largest is more than queue `small` allows: such descriptors fail their checks.
    sizeBytes: fc.constantFrom(64, 100, 4096, 9000, 40000),
    weight: fc.integer({ min: 1, max: 5 }),
  }),
  { minLength: 1, maxLength: 3 },
);

const tenants = fc.record({
  load,
  operations,
  instances: fc.integer({ min: 1, max: 2 }),
  threads: fc.integer({ min: 1, max: 2 }),
  batch: fc.constantFrom(1, 1, 2, 7, 70),
  completion: fc.constantFrom('poll' as const, 'umwait' as const, 'interrupt' as const),
  portal: fc.constantFrom('limited' as const, 'unlimited' as const),
  portalSlots: fc.constantFrom(1, 64),
  touch: fc.constantFrom('none' as const, 'none' as const, 'on-demand' as const),
  order: fc.constantFrom('weighted' as const, 'cyclic' as const),
  cacheControl: fc.boolean(),
  destinationReadback: fc.boolean(),
  buffers: fc.record({
    count: fc.constantFrom(1, 8, 40),
    resident: fc.constantFrom(1, 1, 0.98, 0.6),
    alignmentBytes: fc.constantFrom(64, 16, 4096),
    placement: fc.constantFrom('dram' as const, 'llc' as const),
    pageSizeBytes: fc.constantFrom(4096, 2097152),
    fresh: fc.constantFrom('none' as const, 'none' as const, 'destination' as const),
  }),
});

const machines: fc.Arbitrary<MachineConfig> = fc
  .record({
    design: fc.constantFrom(HOST_DESIGN, ...DESIGNS.filter((d) => d.interrupts.completion !== 'none')),
    first: tenants,
    second: tenants,
    engines: fc.integer({ min: 1, max: 3 }),
    blockOnFault: fc.boolean(),
    seed: fc.nat(1000),
    mode: fc.constantFrom('shared' as const, 'dedicated' as const),
    jitter: fc.constantFrom(0, 23 * NS),
  })
  .map(({ design, first, second, engines, blockOnFault, seed, mode, jitter }) => {
    // A dedicated queue has one owner, so that its tenant has one instance.
    const one = mode === 'dedicated' ? { ...first, instances: 1 } : first;
    // A guest without PASIDs cannot have a shared queue.
    const dedicated = design.allotment === 'function';
    return machine({
      design,
      seed,
      devices: [
        device([
          group(engines, [
            queue({
              name: 'a',
              mode: dedicated ? 'dedicated' : mode,
              size: 16,
              threshold: 12,
              blockOnFault,
              priority: 3,
            }),
            queue({
              name: 'small',
              mode: dedicated ? 'dedicated' : 'shared',
              size: 9,
              threshold: 9,
              blockOnFault,
              maxTransferBytes: 32768,
            }),
          ]),
        ]),
      ],
      tenants: [
        tenant({ ...one, name: 'one', workQueues: ['a'] }),
        tenant({ ...second, name: 'two', workQueues: ['small'] }),
      ],
      parameters: { 'memory.jitter': jitter, 'host.completion_timeout': 15 * US },
      measure: { warmupPs: 10 * US, durationPs: 60 * US },
    });
  });

/** Sum of all latencies, exact as the histogram keeps it [ps]. */
function exactSumPs(result: RunResult): number {
  const { sum } = result.latency as LogHistogramJson;
  return sum[0] * 4503599627370496 + sum[1];
}

describe('in any machine', () => {
  it('the exposed times of all stages add up to the latencies, to the picosecond', () => {
    let measured = 0;
    fc.assert(
      fc.property(machines, (config) => {
        const result = simulate(config, 0);
        const stages = STAGES.map((name) => result.stages[name]);
        for (const { sumPs, tailSumPs } of stages) {
          expect(Number.isSafeInteger(sumPs)).toBe(true);
          expect(tailSumPs).toBeGreaterThanOrEqual(0);
          expect(sumPs).toBeGreaterThanOrEqual(tailSumPs);
        }
        expect(stages.reduce((sum, { sumPs }) => sum + sumPs, 0)).toBe(exactSumPs(result));
        expect((result.latency as LogHistogramJson).count).toBe(result.measured);
        expect(result.tail).toBeLessThanOrEqual(result.measured);
        measured += result.measured;
      }),
      { numRuns: 60 },
    );
    expect(measured).toBeGreaterThan(2000);
  });

  it('the tiles of every single submission are zero or more and add up to its latency', () => {
    fc.assert(
      fc.property(machines, (config) => {
        const parts = buildMachine(config, 0);
        const { recorder } = parts;
        let seen = 0;
        const finished = recorder.finished.bind(recorder);
        // Looks over the recorder's shoulder: the row is still as the thread left it.
        recorder.finished = (descriptor) => {
          const latencyPs = latencyOf(descriptor);
          const tiles = new Float64Array(STAGE_COUNT);
          addTiles(descriptor, tiles);
          expect(Math.min(...tiles)).toBeGreaterThanOrEqual(0);
          expect(tiles.reduce((sum, tile) => sum + tile, 0)).toBe(latencyPs);
          // The wall clock agrees: from the intended arrival, or the start, to this moment.
          const { carriedPs, startPs } = descriptor;
          expect(latencyPs - carriedPs).toBe(parts.simulator.nowPs - startPs);
          seen++;
          finished(descriptor);
        };
        parts.simulator.run(70 * US);
        const { completed, failed } = parts.ledger;
        expect(seen > 0).toBe(completed + failed > 0);
      }),
      { numRuns: 30 },
    );
  });

  it('nothing is lost: submitted = completed + failed + rejected + in flight', () => {
    fc.assert(
      fc.property(machines, (config) => {
        const { conservation, tenants: perTenant, metrics } = simulate(config, 0);
        const { submitted, completed, failed, rejected, inFlight } = conservation;
        expect(completed + failed + rejected + inFlight).toBe(submitted);
        expect(Math.min(completed, failed, rejected, inFlight)).toBeGreaterThanOrEqual(0);
        for (const name of ['throughput', 'rate']) {
          const parts = perTenant.one![name]! + perTenant.two![name]!;
          expect(parts).toBeCloseTo(metrics[name]!, 0);
        }
        // No lifecycle is played here, so nothing tells its metrics.
        const told = METRICS.filter((metric) => !LIFECYCLE_METRICS.includes(metric));
        expect(Object.keys(metrics)).toEqual(told.map((metric) => metric.name));
        for (const value of Object.values(metrics)) expect(value === null || value >= 0).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('the same configuration gives the same result, another replication another one', () => {
    fc.assert(
      fc.property(machines, (config) => {
        const first = JSON.stringify(simulate(config, 3));
        expect(JSON.stringify(simulate(config, 3))).toBe(first);
      }),
      { numRuns: 15 },
    );
    const jittery = machine({ parameters: { 'memory.jitter': 23 * NS } });
    expect(simulate(jittery, 1).fingerprint).not.toBe(simulate(jittery, 0).fingerprint);
  });

  it('leaving execution out changes no event: timing and bytes have one fingerprint', () => {
    fc.assert(
      fc.property(machines, (config) => {
        const bytes = simulate({ ...config, semantics: 'bytes' }, 0);
        const timing = simulate({ ...config, semantics: 'timing' }, 0);
        expect(timing.fingerprint).toBe(bytes.fingerprint);
        expect(timing.metrics).toEqual(bytes.metrics);
        expect([timing.memoryDigest, bytes.memoryDigest.length]).toEqual(['', 16 * parts(config)]);
      }),
      { numRuns: 30 },
    );
  });
});

const parts = (config: MachineConfig) => config.tenants.reduce((sum, t) => sum + t.instances, 0);

describe('a tile', () => {
  /** Tiles of a descriptor that starts at 100 and whose stages end at these times. */
  function tilesOf(ends: Partial<Record<(typeof STAGES)[number], number>>, carriedPs = 0) {
    const descriptor = new DescriptorRow(0);
    descriptor.startPs = 100;
    descriptor.carriedPs = carriedPs;
    for (const [stage, name] of STAGES.entries()) descriptor.ends[stage] = ends[name] ?? 0;
    const tiles = new Float64Array(STAGE_COUNT);
    addTiles(descriptor, tiles);
    const latency = latencyOf(descriptor);
    const met = STAGES.flatMap((name, i) => (tiles[i]! > 0 ? [[name, tiles[i]!]] : []));
    return { latency, ...Object.fromEntries(met) };
  }

  it('is the time from the end of the stage before it', () => {
    expect(tilesOf({ prepare: 110, submit: 150, complete: 400, notify: 420 })).toEqual({
      latency: 320,
      prepare: 10,
      submit: 40,
      complete: 250,
      notify: 20,
    });
  });

  it('gives an overlap to the earlier stage, and nothing to one that hides behind it', () => {
    expect(tilesOf({ submit: 200, queue: 180, arbitrate: 230, notify: 300 })).toEqual({
      latency: 200,
      submit: 100,
      arbitrate: 30,
      notify: 70,
    });
  });

  it('counts what earlier attempts took as fault', () => {
    expect(tilesOf({ submit: 110, notify: 120 }, 1000)).toEqual({
      latency: 1020,
      submit: 10,
      fault: 1000,
      notify: 10,
    });
  });
});

describe('the latency histogram', () => {
  it('survives its journey through the result', () => {
    const result = simulate(machine(), 0);
    const histogram = LogHistogram.fromJSON(result.latency as LogHistogramJson);
    expect(histogram.count).toBe(result.measured);
    expect(histogram.mean * 1e-12).toBeCloseTo(result.metrics.latency_mean!, 15);
  });
});
