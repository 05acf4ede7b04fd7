import { beforeAll, describe, expect, it } from 'vitest';
import { estimate } from '../../src/analysis/estimate.js';
import { placesOf } from '../../src/experiment/places.js';
import { type Sampled, sample as sampleAll } from '../../src/experiment/sampling.js';
import type { RunResult } from '../../src/models/run-result.js';
import type { Measure, Point } from '../../src/workload/workload.js';
import { machine, only, tenant, US } from '../support/machine.js';

const open = (ratePerSecond: number) =>
  tenant({
    load: { kind: 'open', ratePerSecond, arrivals: 'poisson' },
    operations: only('memmove', 4096),
  });

const point = (key: string, config: Point['config'], at: Point['at'] = {}): Point => ({
  key,
  design: key,
  at,
  config,
});

const noisy = (ratePerSecond: number) =>
  machine({
    tenants: [open(ratePerSecond)],
    parameters: { 'memory.jitter': 23_000 },
    semantics: 'timing',
    measure: { warmupPs: 0, durationPs: 200 * US },
  });

/** With all results at hand. */
async function sample(
  ...args: Parameters<typeof sampleAll>
): Promise<Omit<Sampled, 'runs'> & { runs: RunResult[][] }> {
  const { runs, ...rest } = await sampleAll(...args);
  return { ...rest, runs: rest.points.map((_, i) => runs.of(i)) };
}

const fixed: Measure = { warmupPs: 0, durationPs: 200 * US, replications: 3, until: null };

describe('replications until intervals are narrow', () => {
  const until = { relativeHalfWidth: 0.1, max: 20 };
  const measure: Measure = { ...fixed, until };
  // A busy and an idle design at one place, and a place of its own where nothing varies.
  const steady = machine({ measure: { warmupPs: 20 * US, durationPs: 100 * US }, semantics: 'timing' });
  const points = [
    point('busy', noisy(2e6), { load: 'a' }),
    point('idle', noisy(1e5), { load: 'a' }),
    point('steady', steady, { load: 'b' }),
  ];
  let one: Awaited<ReturnType<typeof sample>>;
  beforeAll(async () => {
    one = await sample(points, measure, { workers: 1 });
  });

  it('stop early where nothing varies, and go on where something does', () => {
    const [busy, idle, still] = one.runs.map((runs) => runs.length);
    expect(still).toBe(5);
    expect(busy).toBeGreaterThan(5);
    expect(idle).toBe(busy);
  });

  it('reach the precision asked for, or the limit', () => {
    for (const runs of one.runs) {
      const { mean, halfWidth } = estimate(runs.map((run) => run.metrics.throughput!));
      expect(halfWidth! / mean! <= 0.1 || runs.length === 20).toBe(true);
    }
  });

  it('never run a replication twice, and give the same for any number of workers', async () => {
    const prints = one.runs[0]!.map((run) => run.fingerprint);
    expect(new Set(prints).size).toBe(prints.length);
    expect(await sample(points, measure, { workers: 2 })).toEqual(one);
  });

  it('begin with the replications that a fixed number would give', async () => {
    const plain = await sample(points.slice(0, 1), { ...fixed, replications: 5 }, { workers: 1 });
    expect(one.runs[0]!.slice(0, 5)).toEqual(plain.runs[0]);
  });
});

describe('a warm-up that trial runs find', () => {
  const auto: Measure = { ...fixed, warmupPs: null };

  it('covers the filling of cold translation caches, the same for designs at one place', async () => {
    // Each of 64 buffers misses in the DevTLB once, so the first round of the ring is slower than all others.
    const cold = (count: number) =>
      machine({
        tenants: [tenant({ load: { kind: 'closed', depth: 1 }, buffers: { count, pageSizeBytes: 4096 } })],
        semantics: 'timing',
        measure: { warmupPs: 0, durationPs: 400 * US },
      });
    const points = [point('small', cold(2)), point('large', cold(64))];
    const { points: found, warnings } = await sample(points, auto, { workers: 1 });
    const [small, large] = found.map(({ config }) => config.measure.warmupPs);
    expect(warnings).toEqual([]);
    expect(small).toBe(large);
    expect(large).toBeGreaterThan(0);
    expect(large).toBeLessThan(200 * US);
    // What was asked for is untouched.
    expect(points[0]!.config.measure.warmupPs).toBe(0);
  });

  it('is said not to be found where the load outruns the device for ever', async () => {
    const { warnings } = await sample([point('flooded', noisy(30e6))], auto, { workers: 1 });
    expect(warnings).toEqual(['flooded did not settle in the longest trial run of its warm-up']);
  });
});

describe('the places of a sweep', () => {
  it('hold the designs that differ in nothing else', () => {
    const at = (size: string) => ({ at: { size } });
    expect(placesOf([at('1'), at('2'), at('1')])).toEqual([[0, 2], [1]]);
  });
});
