/** Where buffers lie, and what it costs when a source and its destination lie differently in their lines. */
import { describe, expect, it } from 'vitest';
import { AddressSpace } from '../../src/core/address-space.js';
import type { TenantConfig } from '../../src/models/config.js';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { Layout } from '../../src/models/tenants/layout.js';
import type { RegionName } from '../../src/models/tenants/operations.js';
import { KIB, machine, only, type TenantOptions, tenant, US } from '../support/machine.js';
import { operandsAt } from '../support/operands.js';

const p = parameterValues();

function operandsOf(config: TenantConfig, submissions: number): Record<RegionName, number>[] {
  const layout = new Layout(config, 1, new AddressSpace({ presence: 'mapped', seed: 1 }), true);
  return Array.from({ length: submissions }, (_, serial) => operandsAt(layout, serial));
}

describe('buffers from malloc', () => {
  const copies = (sizeBytes: number) =>
    operandsOf(tenant({ operations: only('memmove', sizeBytes), buffers: { allocation: 'malloc' } }), 8);

  it('begin 16 bytes behind the last one that ended, as glibc places them', () => {
    for (const [sizeBytes, chunk] of [
      [8, 32],
      [64, 80],
      [4 * KIB, 4112],
    ] as const) {
      for (const { source, destination } of copies(sizeBytes)) expect(destination - source).toBe(chunk);
    }
  });

  it('of whole lines lie differently in their lines, and these places rotate', () => {
    for (const sizeBytes of [64, 4 * KIB]) {
      const places = copies(sizeBytes).map(({ source, destination }) => [source % 64, destination % 64]);
      for (const [source, destination] of places) expect(destination).not.toBe(source);
      expect(new Set(places.map(([, destination]) => destination))).toEqual(new Set([0, 16, 32, 48]));
    }
  });

  it('do not overlap, whatever the operation needs', () => {
    for (const operation of ['compare', 'dualcast', 'compare_pattern']) {
      const config = tenant({ operations: only(operation, 72), buffers: { allocation: 'malloc', count: 8 } });
      const starts = operandsOf(config, 8)
        .flatMap((at) => Object.values(at) as number[])
        .filter((address) => address > 0)
        .sort((a, b) => a - b);
      for (let i = 1; i < starts.length; i++) expect(starts[i]! - starts[i - 1]!).toBeGreaterThanOrEqual(72);
    }
  });

  it('hold what comparisons look for', () => {
    for (const operation of ['compare', 'compare_pattern']) {
      const { metrics, conservation } = simulate(
        machine({
          tenants: [
            tenant({ operations: only(operation, 4 * KIB), buffers: { allocation: 'malloc', count: 16 } }),
          ],
        }),
        0,
      );
      expect(metrics.throughput).toBeGreaterThan(0);
      expect(conservation.failed).toBe(0);
    }
  });
});

describe('a copy between buffers that lie differently in their lines', () => {
  const rate = (over: TenantOptions, parameters: Record<string, number> = {}) =>
    simulate(
      machine({
        tenants: [tenant({ batch: 32, load: { kind: 'closed', depth: 8 }, ...over })],
        measure: { warmupPs: 50 * US, durationPs: 400 * US },
        semantics: 'timing',
        parameters,
      }),
      0,
    ).metrics.throughput!;
  const large = only('memmove', 64 * KIB);
  const malloc = { allocation: 'malloc', placement: 'llc', count: 64 } as const;
  const aligned = { placement: 'llc', count: 64 } as const;

  it('to the cache has half of its engine, in the limit of large copies', () => {
    const whole = rate({ operations: large, cacheControl: true, buffers: aligned });
    const split = rate({ operations: large, cacheControl: true, buffers: malloc });
    expect(Math.abs(split / whole - 1 / p['engine.split_write'])).toBeLessThan(0.01);
  });

  it('to memory does not: LightDSA copies 128 KiB to any byte at full width', () => {
    const whole = rate({ operations: large, buffers: aligned });
    const split = rate({ operations: large, buffers: malloc });
    expect(split / whole).toBeGreaterThan(0.85);
  });

  it('does not when the place is the same, and fills have no source to differ from', () => {
    const whole = rate({ operations: large, cacheControl: true, buffers: aligned });
    const same = rate({ operations: large, cacheControl: true, buffers: { ...aligned, alignmentBytes: 16 } });
    expect(same / whole).toBeGreaterThan(0.97);
    const fills = only('fill', 64 * KIB);
    const [there, here] = [aligned, malloc].map((buffers) =>
      rate({ operations: fills, cacheControl: true, buffers }),
    );
    expect(here! / there!).toBeGreaterThan(0.97);
  });

  it('costs nothing when a line can be written in parts at once', () => {
    const options = { operations: large, cacheControl: true, buffers: malloc };
    expect(rate(options, { 'engine.split_write': 1 })).toBeGreaterThan(1.8 * rate(options));
  });
});
