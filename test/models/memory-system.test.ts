/** Far memory, several devices on one memory, and what devices may keep in the cache. Nothing here was measured. */
import { describe, expect, it } from 'vitest';
import type { Placement } from '../../src/models/config.js';
import { simulate } from '../../src/models/machine.js';
import { parameterDeclaration, parameterValues } from '../../src/models/parameters.js';
import { arriving, device, group, KIB, MIB, machine, only, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();
const GB = 1e9;

interface Setup {
  devices: number;
  placement?: Placement;
  cacheControl?: boolean;
  count?: number;
  operation?: string;
  parameters?: Record<string, number>;
}

/** Throughput of so many devices, each with a tenant of its own that copies 64 KiB at a time [B/s]. */
function throughput(over: Setup): number {
  const { devices, placement = 'dram', cacheControl = false, count = 16, operation = 'memmove' } = over;
  const names = Array.from({ length: devices }, (_, i) => `q${i}`);
  return simulate(
    machine({
      devices: names.map((name) => device([group(4, [queue({ name })])], { name: `dsa-${name}` })),
      tenants: names.map((name) =>
        tenant({
          name,
          workQueues: [name],
          operations: only(operation, 64 * KIB),
          cacheControl,
          load: { kind: 'closed', depth: 16 },
          buffers: { count, placement },
        }),
      ),
      measure: { warmupPs: 50 * US, durationPs: 1000 * US },
      semantics: 'timing',
      parameters: over.parameters ?? {},
    }),
    0,
  ).metrics.throughput!;
}

/** Latency of one 64 B descriptor alone [ps]. */
function latency(operation: string, placement: Placement): number {
  const { metrics } = simulate(
    machine({
      tenants: [
        tenant({
          load: arriving(150 * US),
          operations: only(operation, 64),
          buffers: { count: 1, placement },
        }),
      ],
      measure: { warmupPs: 100 * US, durationPs: 300 * US },
    }),
    0,
  );
  return Math.round(metrics.latency_mean! * 1e12);
}

describe('memory of another socket, of another device, and CXL', () => {
  it.each(['remote', 'cxl', 'peer'] as const)(
    '%s: a copy waits longer twice, a fill and a compare once',
    (placement) => {
      const longer = p[`memory.${placement}_latency`] - p['memory.dram_latency'];
      const extra = (operation: string) => latency(operation, placement) - latency(operation, 'dram');
      // A line also holds its share of the read buffers for longer.
      const held = 2 * Math.ceil(longer / p['device.read_buffers']);
      for (const [operation, times] of [
        ['memmove', 2],
        ['fill', 1],
        ['compare', 1],
      ] as const) {
        expect(extra(operation)).toBeGreaterThanOrEqual(times * longer);
        expect(extra(operation)).toBeLessThanOrEqual(times * longer + held);
      }
    },
  );

  it('bounds reading by the read buffers, and both directions by its bandwidth', () => {
    const buffers = (p['device.read_buffers'] * 64 * 1e12) / p['memory.cxl_latency'];
    const wide = { 'memory.cxl_bandwidth': 1000 * GB };
    expect(throughput({ devices: 1, placement: 'cxl', parameters: wide }) / buffers).toBeCloseTo(1, 1);
    const narrow = { 'memory.cxl_bandwidth': 15 * GB };
    expect(throughput({ devices: 1, placement: 'cxl', parameters: narrow }) / (7.5 * GB)).toBeCloseTo(1, 1);
    const fills = { devices: 1, placement: 'cxl', operation: 'fill', parameters: narrow } as const;
    expect(throughput(fills) / (15 * GB)).toBeCloseTo(1, 1);
  });
});

describe('several devices on one memory', () => {
  it('are linear to two, and bend after: the memory is full', () => {
    const [one, two, three, four] = [1, 2, 3, 4].map((devices) => throughput({ devices }));
    expect(Math.abs(two! / one! - 2)).toBeLessThan(0.01);
    expect(three! / one!).toBeLessThan(2.9);
    expect(four! / three!).toBeLessThan(1.05);
    // Copies read and write.
    expect(four! / (p['memory.dram_bandwidth'] / 2)).toBeCloseTo(1, 1);
  });

  it('leave a single one as it was: no measured row depends on the bandwidth of memory', () => {
    const low = parameterDeclaration('memory.dram_bandwidth')!.low;
    for (const operation of ['memmove', 'fill', 'compare', 'dualcast']) {
      const under = (bandwidth: number) =>
        throughput({ devices: 1, operation, parameters: { 'memory.dram_bandwidth': bandwidth } });
      expect(under(low), operation).toBe(under(1e15));
    }
  });
});

describe('the part of the cache that devices may allocate', () => {
  const inCache = (count: number) =>
    throughput({ devices: 4, placement: 'llc', cacheControl: true, count, parameters: {} });

  it('takes destinations as far as they fit, and sends what is beyond on to memory', () => {
    const fits = inCache(8);
    expect(fits).toBeGreaterThan(3.8 * throughput({ devices: 1, placement: 'llc', cacheControl: true }));
    const spills = inCache(1024);
    const beyond = 1 - p['memory.device_cache'] / (4 * 1024 * 64 * KIB);
    expect(Math.abs(spills / Math.min(fits, p['memory.dram_bandwidth'] / beyond) - 1)).toBeLessThan(0.05);
    const narrow = { 'memory.dram_bandwidth': 40 * GB };
    const options = { devices: 4, placement: 'llc', cacheControl: true, parameters: narrow } as const;
    expect(throughput({ ...options, count: 1024 }) / ((40 * GB) / beyond)).toBeCloseTo(1, 1);
    expect(p['memory.device_cache']).toBeGreaterThan(4 * 8 * 64 * KIB);
    expect(p['memory.device_cache']).toBeLessThan(256 * MIB);
  });
});

describe('read buffers that a group has reserved', () => {
  /** Throughput of a group beside one that asks for everything, with this many buffers of 24 reserved [B/s]. */
  const beside = (readBuffersReserved: number) => {
    const { tenants } = simulate(
      machine({
        devices: [
          device([
            group(1, [queue({ name: 'small', size: 64, threshold: 64 })], {
              readBuffersReserved,
              readBuffersAllowed: 24,
            }),
            group(1, [queue({ name: 'greedy', size: 64, threshold: 64 })], {
              readBuffersAllowed: 24 - readBuffersReserved,
            }),
          ]),
        ],
        tenants: ['small', 'greedy'].map((name) =>
          tenant({
            name,
            workQueues: [name],
            operations: only('crc', 16 * KIB),
            load: { kind: 'closed', depth: 32 },
          }),
        ),
        measure: { warmupPs: 50 * US, durationPs: 300 * US },
        semantics: 'timing',
        parameters: { 'device.read_buffers': 24 },
      }),
      0,
    );
    return tenants.small!.throughput!;
  };

  it('are a guarantee: it reads at least at their rate, whatever the others do', () => {
    const rate = (buffers: number) => (buffers * 64 * 1e12) / p['memory.dram_latency'];
    for (const reserved of [8, 16, 20]) expect(beside(reserved)).toBeGreaterThan(0.97 * rate(reserved));
    expect(beside(20)).toBeGreaterThan(beside(0));
  });
});
