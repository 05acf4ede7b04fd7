import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { STAGES } from '../../src/models/metrics.js';
import { BINS } from '../../src/models/timeline.js';
import { machine, tenant, US } from '../support/machine.js';

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe('what a replication keeps for a closer look', () => {
  const config = machine({
    tenants: [tenant({ threads: 4, load: { kind: 'closed', depth: 32 } })],
    parameters: { 'memory.jitter': 23_000 },
  });
  const run = simulate(config, 0);
  const measuredBins = BINS - Math.ceil(config.measure.warmupPs / run.bins.widthPs);

  it('books the time at work of engines and the entries of queues into bins, over the reset after the warm-up', () => {
    const measured = (series: readonly number[]) => sum(series.slice(BINS - measuredBins));
    const { durationPs } = config.measure;
    const utilization = measured(run.bins.busyPs) / (durationPs * run.engines);
    expect(utilization).toBeCloseTo(run.metrics.engine_utilization!, 2);
    const occupancy = measured(run.bins.queuedPs) / (durationPs * run.queues);
    expect(occupancy / run.metrics.queue_occupancy!).toBeCloseTo(1, 1);
    for (const busyPs of run.bins.busyPs) {
      expect(busyPs).toBeGreaterThanOrEqual(0);
      expect(busyPs).toBeLessThanOrEqual(run.engines * (run.bins.widthPs + 1));
    }
  });

  it('divides all descriptors and all of their time among the bands of latency', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 24 }), (replication, depth) => {
        const load = { kind: 'closed', depth } as const;
        const tried = simulate(
          machine({ tenants: [tenant({ load })], parameters: { 'memory.jitter': 23_000 } }),
          replication,
        );
        expect(sum(tried.bands.map(({ count }) => count))).toBeCloseTo(tried.measured, 6);
        STAGES.forEach((stage, i) => {
          const inBands = sum(tried.bands.map(({ stagePs }) => stagePs[i]!));
          expect(inBands).toBeCloseTo(tried.stages[stage].sumPs, -2);
        });
      }),
      { numRuns: 12 },
    );
  });

  it('has slower bands behind quicker ones', () => {
    const means = run.bands.map(({ count, stagePs }) => sum(stagePs) / count);
    for (let i = 1; i < means.length; i++) expect(means[i]!).toBeGreaterThanOrEqual(means[i - 1]! * 0.999);
  });

  it('keeps single descriptors of the measured phase of the first replication only, each with its engine', () => {
    expect(run.excerpt).toHaveLength(40);
    expect(simulate(config, 1).excerpt).toEqual([]);
    for (const { engine, queue, startPs, stagePs } of run.excerpt) {
      expect(engine).toBeGreaterThanOrEqual(0);
      expect(engine).toBeLessThan(run.engines);
      expect(queue).toBeLessThan(run.queues);
      expect(startPs + sum(stagePs)).toBeGreaterThanOrEqual(config.measure.warmupPs);
      expect(startPs + sum(stagePs)).toBeLessThan(120 * US);
    }
    const starts = run.excerpt.map(({ startPs }) => startPs);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
  });
});
