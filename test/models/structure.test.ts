/** What must hold whatever the constants: each is drawn from its declared range, without jitter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { PARAMETERS, type ParameterName, parameterValues } from '../../src/models/parameters.js';
import {
  arriving,
  device,
  group,
  KIB,
  MIB,
  machine,
  only,
  queue,
  type TenantOptions,
  tenant,
  US,
} from '../support/machine.js';

/** The device's shape stays: what a configuration may ask for depends on it. */
const SAMPLED = PARAMETERS.filter(
  ({ name }) => /^(host|engine|fabric|memory|translation)\./.test(name) && name !== 'memory.jitter',
);

/** Constants somewhere in their ranges, most of them away from the nominal value. */
const constants = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: SAMPLED.length, maxLength: SAMPLED.length })
  .map((places) =>
    Object.fromEntries(
      SAMPLED.map(({ name, low, high, dimension }, i) => {
        const value = low + places[i]! * (high - low);
        return [name, dimension === 'ratio' ? value : Math.round(value)];
      }),
    ),
  );

const RUNS = { numRuns: 12, seed: 20 } as const;
/** Of the measured phase [ps]. */
const DURATION = 2000 * US;

interface Setup {
  engines?: number;
  readBuffersAllowed?: number;
  size?: number;
  tenant?: TenantOptions;
}

/** Throughput of copies of 64 KiB in large pages [B/s]. */
function throughput(parameters: Record<string, number>, over: Setup = {}): number {
  const { engines = 1, readBuffersAllowed = 96, size = 64 } = over;
  return simulate(
    machine({
      devices: [device([group(engines, [queue({ size, threshold: size })], { readBuffersAllowed })])],
      tenants: [
        tenant({
          operations: only('memmove', 64 * KIB),
          threads: 2,
          load: { kind: 'closed', depth: 16 },
          ...over.tenant,
          buffers: { count: 32, pageSizeBytes: 2 * MIB, ...over.tenant?.buffers },
        }),
      ],
      measure: { warmupPs: 100 * US, durationPs: DURATION },
      semantics: 'timing',
      parameters,
    }),
    0,
  ).metrics.throughput!;
}

describe('whatever the constants', () => {
  it('an unloaded no-op takes the sum of its stages', () => {
    fc.assert(
      fc.property(constants, (drawn) => {
        const p = parameterValues(drawn);
        const { metrics } = simulate(
          machine({
            tenants: [
              tenant({
                load: arriving(US, 400 * US),
                operations: [{ operation: 'nop', sizeBytes: 0, weight: 1 }],
                buffers: { count: 1 },
              }),
            ],
            measure: { warmupPs: 300 * US, durationPs: 200 * US },
            parameters: drawn,
          }),
          0,
        );
        const device = [
          'device.dispatch_latency',
          'engine.decode_latency',
          'engine.completion_latency',
        ] as const;
        const portal = Math.min(p['host.portal_latency'], p['host.enqcmd']);
        const visible = device.reduce(
          (sum, name: ParameterName) => sum + p[name],
          portal + p['host.poll_transfer'],
        );
        // The core is back from ENQCMD before it can look.
        const sum = p['host.prepare'] + Math.max(visible, p['host.enqcmd']);
        expect(Math.abs(metrics.latency_mean! * 1e12 - sum)).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  it('the peak is that of the narrowest stage', () => {
    fc.assert(
      fc.property(constants, fc.constantFrom(1, 2, 4), fc.constantFrom(24, 96), (drawn, engines, buffers) => {
        const p = parameterValues(drawn);
        const read = throughput(drawn, { engines, readBuffersAllowed: buffers });
        const narrowest = Math.min(
          engines * p['engine.bandwidth'],
          p['fabric.bandwidth'],
          (buffers * 64 * 1e12) / p['memory.dram_latency'],
          p['memory.dram_bandwidth'] / 2,
        );
        // A rate counts whole copies.
        expect(read / narrowest).toBeLessThan(1.02);
        expect(read / narrowest).toBeGreaterThan(0.95);
      }),
      RUNS,
    );
  });

  it('more engines, read buffers or entries take nothing away', () => {
    fc.assert(
      fc.property(constants, (drawn) => {
        const more: [Setup, Setup][] = [
          [{ engines: 1 }, { engines: 4 }],
          [{ readBuffersAllowed: 16 }, { readBuffersAllowed: 64 }],
          [{ size: 8 }, { size: 64 }],
        ];
        for (const [few, many] of more) {
          // A rate counts whole copies: one may end on the other side of the measure's end.
          const copy = (64 * KIB) / (DURATION / 1e12);
          expect(throughput(drawn, many) + copy).toBeGreaterThan(0.99 * throughput(drawn, few));
        }
      }),
      RUNS,
    );
  });

  it('priorities 6 and 2 share 3 : 1, and more priority takes nothing away', () => {
    fc.assert(
      fc.property(constants, (drawn) => {
        const share = (priority: number) => {
          const { tenants } = simulate(
            machine({
              devices: [
                device([
                  group(1, [
                    queue({ name: 'a', size: 64, threshold: 64, priority }),
                    queue({ name: 'b', size: 64, threshold: 64, priority: 2 }),
                  ]),
                ]),
              ],
              tenants: ['a', 'b'].map((name) =>
                tenant({
                  name,
                  workQueues: [name],
                  operations: only('memmove', 16 * KIB),
                  threads: 2,
                  load: { kind: 'closed', depth: 32 },
                  buffers: { count: 32, pageSizeBytes: 2 * MIB },
                }),
              ),
              measure: { warmupPs: 200 * US, durationPs: 1000 * US },
              semantics: 'timing',
              parameters: drawn,
            }),
            0,
          );
          return { favoured: tenants.a!.throughput!, other: tenants.b!.throughput! };
        };
        const [six, four] = [share(6), share(4)];
        expect(Math.abs(six.favoured / six.other / 3 - 1)).toBeLessThan(0.03);
        expect(six.favoured / four.favoured).toBeGreaterThan(0.99);
      }),
      { ...RUNS, numRuns: 6 },
    );
  });
});
