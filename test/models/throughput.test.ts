import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { RunResult } from '../../src/models/run-result.js';
import {
  device,
  group,
  KIB,
  type MachineOptions,
  MIB,
  machine,
  NS,
  only,
  queue,
  type TenantOptions,
  tenant,
  US,
} from '../support/machine.js';

const p = parameterValues();
/** Half of the device's entries. */
const half = { size: 64, threshold: 64 };
const GB = 1e9;

interface Setup extends TenantOptions {
  engines?: number;
  mode?: 'shared' | 'dedicated';
  size?: number;
  readBuffersAllowed?: number;
  parameters?: Record<string, number>;
  durationPs?: number;
  machine?: MachineOptions;
}

/** Runs one tenant on one group until its rates are steady. */
function steady(over: Setup): RunResult {
  const {
    engines = 1,
    mode = 'shared',
    size = 128,
    readBuffersAllowed = 96,
    parameters,
    durationPs = 1000 * US,
    machine: options,
    ...rest
  } = over;
  return simulate(
    machine({
      devices: [device([group(engines, [queue({ mode, size, threshold: size })], { readBuffersAllowed })])],
      tenants: [tenant({ buffers: { count: 64 }, ...rest })],
      measure: { warmupPs: 50 * US, durationPs },
      semantics: 'timing',
      parameters: { 'memory.jitter': p['memory.jitter'], ...parameters },
      ...options,
    }),
    0,
  );
}

const throughput = (over: Setup) => steady(over).metrics.throughput!;
/** Mean time between two completed descriptors [ns]. */
const interval = (over: Setup) => 1e9 / steady(over).metrics.rate!;

/** Large descriptors one by one, enough of them outstanding to keep an engine busy. */
const singles = (operation: string, sizeBytes: number, over: Setup = {}): Setup => ({
  operations: only(operation, sizeBytes),
  load: { kind: 'closed', depth: 16 },
  ...over,
});

const batches = (operation: string, sizeBytes: number, over: Setup = {}): Setup => ({
  operations: only(operation, sizeBytes),
  batch: 32,
  load: { kind: 'closed', depth: 8 },
  ...over,
});

describe('rates that were measured on hardware', () => {
  it('one engine, batches of 32 copies of 4 KiB: 26 to 31 GB/s', () => {
    const rate = throughput(batches('memmove', 4 * KIB));
    expect(rate).toBeGreaterThan(26 * GB);
    expect(rate).toBeLessThan(31 * GB);
  });

  it('64 B singles through one ENQCMD thread: one per 180 to 200 ns', () => {
    const small: Setup = { operations: only('memmove', 64), load: { kind: 'closed', depth: 64 } };
    expect(interval(small)).toBeGreaterThan(180);
    expect(interval(small)).toBeLessThan(200);
    // A second thread has a core of its own.
    expect(interval({ ...small, threads: 2 })).toBeLessThan(interval(small) / 1.7);
  });

  it('MOVDIR64B to one portal line: one per 106.6 ns; over more lines the core is the limit', () => {
    const posted: Setup = {
      operations: only('nop', 0),
      mode: 'dedicated',
      engines: 4,
      load: { kind: 'closed', depth: 64 },
    };
    expect(interval({ ...posted, portalSlots: 1 })).toBeCloseTo(106.6, 0);
    const core = (p['host.prepare'] + p['host.movdir64b_issue'] + p['host.reap']) / NS;
    expect(interval({ ...posted, portalSlots: 64 })).toBeCloseTo(core, 0);
  });

  it('the device: about 31.4 GB/s of copies, 31.9 of fills, 15.9 of compares, however many engines', () => {
    for (const engines of [1, 4]) {
      const large = (operation: string) =>
        throughput(singles(operation, 64 * KIB, { engines, durationPs: 4000 * US })) / GB;
      expect(large('memmove')).toBeGreaterThan(30.5);
      // A descriptor that ends in the window counts whole, wherever it began: at most 1 % here.
      expect(large('memmove')).toBeLessThan(1.01 * 31.9);
      expect(large('fill')).toBeGreaterThan(31.2);
      expect(large('fill')).toBeLessThan(1.01 * 31.91);
      expect(large('compare')).toBeGreaterThan(15.5);
      expect(large('compare')).toBeLessThan(1.01 * 15.96);
    }
  });
});

describe('peak throughput is that of the narrowest stage', () => {
  const large = singles('memmove', 64 * KIB);
  const with_ = (parameters: Record<string, number>): Setup => ({
    ...large,
    parameters,
  });

  it.each([
    ['the engine', { 'engine.bandwidth': 8 * GB }],
    ['the fabric', { 'fabric.bandwidth': 8 * GB }],
  ])('%s at 8 GB/s', (_, parameters) => {
    const rate = throughput(with_(parameters));
    expect(rate).toBeLessThan(8.1 * GB);
    expect(rate).toBeGreaterThan(7.9 * GB);
  });

  it('read buffers: 64 bytes each per memory latency', () => {
    for (const [buffers, dramPs] of [
      [8, p['memory.dram_latency']],
      [20, p['memory.dram_latency']],
      [8, 2 * p['memory.dram_latency']],
    ] as const) {
      const limit = (buffers * 64 * 1e12) / dramPs;
      const rate = throughput({
        ...with_({ 'memory.dram_latency': dramPs }),
        readBuffersAllowed: buffers,
        durationPs: 5000 * US,
      });
      expect(rate / limit).toBeLessThan(1.02);
      expect(rate / limit).toBeGreaterThan(0.97);
    }
  });

  it('read buffers bound reading only: fills do not notice', () => {
    const fill = (readBuffersAllowed: number) =>
      throughput(singles('fill', 64 * KIB, { readBuffersAllowed }));
    expect(fill(8)).toBe(fill(96));
  });

  it('what other groups have reserved, a group cannot be allowed', () => {
    const beside = (reserved: number, readBuffersAllowed: number) =>
      throughput({
        ...large,
        machine: {
          devices: [
            device([
              group(1, [queue(half)], { readBuffersAllowed }),
              group(1, [queue({ name: 'other', ...half })], { readBuffersReserved: reserved }),
            ]),
          ],
        },
      });
    expect(() => beside(88, 96)).toThrow(/read_buffers/);
    expect(beside(88, 8) / ((8 * 64 * 1e12) / p['memory.dram_latency'])).toBeCloseTo(1, 1);
  });

  it('the global limit binds the groups that use it, together', () => {
    const limited = (useReadBufferLimit: boolean) => {
      const part = (name: string) => group(1, [queue({ name, ...half })], { useReadBufferLimit });
      return simulate(
        machine({
          devices: [device([part('a'), part('b')], { readBufferLimit: 16 })],
          tenants: ['a', 'b'].map((name) =>
            tenant({
              name,
              workQueues: [name],
              operations: only('memmove', 16 * KIB),
            }),
          ),
          measure: { warmupPs: 50 * US, durationPs: 1000 * US },
          semantics: 'timing',
        }),
        0,
      ).metrics.throughput!;
    };
    const bound = (16 * 64 * 1e12) / p['memory.dram_latency'];
    expect(limited(true)).toBeLessThanOrEqual(bound * 1.02);
    expect(limited(true)).toBeGreaterThan(bound * 0.9);
    expect(limited(false)).toBeGreaterThan(30 * GB);
  });
});

describe('more never means less', () => {
  const loads: [string, Setup][] = [
    ['small copies', { operations: only('memmove', 256), threads: 4, load: { kind: 'closed', depth: 32 } }],
    [
      'pages in batches',
      batches('memmove', 4 * KIB, { batch: 8, load: { kind: 'closed', depth: 16 }, threads: 2 }),
    ],
    [
      'large copies',
      { operations: only('memmove', 128 * KIB), threads: 2, load: { kind: 'closed', depth: 8 } },
    ],
    [
      'a mix',
      {
        operations: [
          { operation: 'memmove', sizeBytes: KIB, weight: 8 },
          { operation: 'compare', sizeBytes: 16 * KIB, weight: 1 },
          { operation: 'fill', sizeBytes: 4 * KIB, weight: 2 },
        ],
        threads: 3,
        load: { kind: 'closed', depth: 16 },
      },
    ],
  ];

  it.each(loads)('%s: engines, read buffers, entries, active descriptors, walkers', (_, load) => {
    const knobs: [string, number[], (value: number) => Setup][] = [
      ['engines', [1, 2, 4], (engines) => ({ engines })],
      ['read buffers', [8, 24, 96], (readBuffersAllowed) => ({ readBuffersAllowed })],
      ['entries', [8, 32, 128], (size) => ({ size })],
      ...(['engine.work_descriptors', 'engine.active_descriptors', 'translation.walkers'] as const).map(
        (name): [string, number[], (value: number) => Setup] => [
          name,
          [4, 16, 64],
          (value) => ({ parameters: { [name]: value } }),
        ],
      ),
    ];
    for (const [name, values, setting] of knobs) {
      // Large pages, so that luck in the DevTLB does not depend on who comes first.
      const buffers = { count: 64, pageSizeBytes: 2 * MIB };
      const rates = values.map((value) =>
        throughput({ ...load, buffers, durationPs: 2000 * US, ...setting(value) }),
      );
      for (let i = 1; i < rates.length; i++) {
        expect(rates[i]! / rates[i - 1]!, `${name} ${values[i - 1]} -> ${values[i]}`).toBeGreaterThan(0.99);
      }
    }
  });
});

describe('a large descriptor among small ones', () => {
  const run = (engines: number, largeBytes: number) =>
    simulate(
      machine({
        devices: [
          device([group(engines, [queue({ name: 'small', size: 64 }), queue({ name: 'large', size: 64 })])]),
        ],
        tenants: [
          tenant({
            name: 'small',
            workQueues: ['small'],
            operations: only('memmove', KIB),
            load: { kind: 'open', ratePerSecond: 1e6, arrivals: 'poisson' },
          }),
          tenant({
            name: 'large',
            workQueues: ['large'],
            operations: only('memmove', largeBytes),
            load: { kind: 'closed', depth: 1 },
            buffers: { count: 2 },
          }),
        ],
        measure: { warmupPs: 100 * US, durationPs: 2000 * US },
        semantics: 'timing',
      }),
      0,
    );

  it('holds up those behind it on its engine for as long as it moves', () => {
    const result = run(1, MIB);
    const wire = MIB / p['engine.bandwidth'];
    // A small one that arrives at random waits for half of a large one, and seldom for more than a whole one.
    expect(result.tenants.small!.latency_mean!).toBeGreaterThan(0.4 * wire);
    expect(result.tenants.small!.latency_p99!).toBeLessThan(1.5 * wire);
    expect(result.tenants.small!.rate!).toBeGreaterThan(0.9e6);
  });

  it('leaves the other engines to the small ones', () => {
    const p50 = (engines: number) => run(engines, MIB).tenants.small!.latency_p50!;
    expect(p50(4)).toBeLessThan(0.3 * p50(1));
  });

  it('still gets the bandwidth that the small ones leave', () => {
    const result = run(1, MIB);
    const moved = result.tenants.large!.throughput! + result.tenants.small!.throughput!;
    expect(moved).toBeGreaterThan(0.85 * p['fabric.bandwidth']);
  });
});
