import { describe, expect, it } from 'vitest';
import { assemble } from '../../src/experiment/assemble.js';
import { resultsSchema } from '../../src/experiment/results.js';
import { parameterValues } from '../../src/models/parameters.js';
import { machine } from './fixtures/config.js';
import { experiment, results, runOf } from './fixtures/experiment.js';

describe('the result document', () => {
  it('has the shape that its schema declares', () => {
    expect(resultsSchema.parse(results())).toEqual(results());
  });

  it('estimates a metric over replications and keeps each value', () => {
    const { latency_mean, latency_p99 } = results().points[0]!.metrics;
    expect(latency_mean).toEqual({
      mean: expect.closeTo(4.5e-9, 20),
      half_width: expect.any(Number),
      values: [5e-9, 4e-9],
    });
    expect(latency_mean!.half_width).toBeCloseTo((12.7062 * Math.SQRT1_2 * 1e-9) / Math.SQRT2, 13);
    expect(latency_p99).toEqual({ mean: null, half_width: null, values: [null, null] });
  });

  it('has stages that add up to the mean latency although replications differ in size', () => {
    const [point] = results().points;
    const total = point!.stages.reduce((sum, stage) => sum + stage.mean, 0);
    expect(total).toBeCloseTo(point!.metrics.latency_mean!.mean!, 20);
    expect(point!.stages.find((stage) => stage.stage === 'queue')!.p99).toBeCloseTo(6e-9, 20);
  });

  it('sums what became of descriptors over replications', () => {
    const { submitted, ...rest } = results().points[0]!.conservation;
    expect(rest).toEqual({ completed: 5, failed: 2, rejected: 2, aborted: 0, in_flight: 2 });
    expect(submitted).toBe(Object.values(rest).reduce((a, b) => a + b));
  });

  it('takes percentiles of all replications together, and only those with ten samples beyond them', () => {
    expect(results().points[0]!.percentiles.map(([p]) => p)).toEqual([50]);
    const ramp = Array.from({ length: 1000 }, (_, i) => (i + 1) * 1000);
    const many = assemble(experiment(), [[runOf(ramp), runOf(ramp)]]).points[0]!.percentiles;
    expect(many[0]![0]).toBe(1);
    expect(many.at(-1)![0]).toBe(99.5);
    // Between the values on either side of the percentile: 10.5 ns for 1 % of 1 to 1,000 ns.
    for (const [p, value] of many) expect(Math.abs(value / ((10 * p + 0.5) * 1e-9) - 1)).toBeLessThan(0.004);
  });

  it('never gives a percentile an interval narrower than its histogram can tell', () => {
    const agreed = () => runOf([1000], { metrics: { latency_p99: 2e-6, latency_mean: 2e-6 } });
    const { metrics } = assemble(experiment(), [[agreed(), agreed()]]).points[0]!;
    expect(metrics.latency_p99!.half_width).toBeCloseTo(2e-6 / 256, 12);
    expect(metrics.latency_mean!.half_width).toBe(0);
  });

  it('shows the first replication over time in fifty steps, whatever the number of replications', () => {
    const { over_time: over } = results().points[0]!;
    expect(over.step).toBeCloseTo(110e-6 / 50, 12);
    const series = [over.throughput, over.latency_mean, over.engine_utilization, over.queue_occupancy];
    for (const values of series) expect(values).toHaveLength(50);
    // Half of the time at work, two entries on average: what the bins of the fixture say.
    expect(over.engine_utilization[7]).toBeCloseTo(0.5, 4);
    expect(over.queue_occupancy[7]).toBeCloseTo(2, 4);
    expect(over.latency_mean[7]).toBeCloseTo(5e-9, 15);
  });

  it('tells where the time of each band of latency goes, of bands with ten descriptors or more', () => {
    expect(results().points[0]!.bands).toEqual([]);
    const ramp = Array.from({ length: 40 }, (_, i) => (i + 1) * 1000);
    const { bands } = assemble(experiment(), [[runOf(ramp), runOf(ramp)]]).points[0]!;
    expect(bands.map(({ from, to }) => [from, to])).toEqual([
      [0, 0.5],
      [0.5, 1],
    ]);
    // 2 × 20 descriptors, on which each replication spent 1 ps in the second stage altogether.
    expect(bands[0]!.stages.submit).toBeCloseTo(2e-12 / 40, 20);
    expect(bands[0]!.stages).not.toHaveProperty('prepare');
  });

  it('gives constants in SI with their range and says which were changed', () => {
    const parameters = parameterValues({ 'engine.bandwidth': 12e9 });
    const list = results({ parameters }).parameters;
    expect(list.filter((p) => p.changed).map((p) => [p.name, p.unit, p.value])).toEqual([
      ['engine.bandwidth', 'B/s', 12e9],
    ]);
    for (const p of list) expect(p.low <= p.nominal && p.nominal <= p.high, p.name).toBe(true);
  });

  it('checks limits at every point; one that could not be measured is not kept', () => {
    const limit = (metric: string, operator: '<' | '>', value: number) => ({
      text: `${metric} ${operator} ${value}`,
      metric,
      operator,
      value,
    });
    const { limits } = results({
      limits: [
        limit('latency_mean', '<', 5e-9),
        limit('latency_mean', '>', 5e-9),
        limit('latency_p99', '<', 1),
        limit('tenants.guest.throughput', '>', 1),
      ],
    });
    expect(limits.map((l) => l.held)).toEqual([true, false, false, true]);
  });

  it('repeats a warning once, however many replications gave it', () => {
    const warned = runOf([2000], { warnings: ['few samples'] });
    const document = assemble(experiment({ warnings: ['old name'] }), [[warned, warned]]);
    expect(document.points[0]!.warnings).toEqual(['few samples']);
    expect(document.warnings).toEqual(['old name', 'few samples']);
  });

  it('hashes what is simulated: not the words of a design, but its mechanisms, devices and constants', () => {
    const hashOf = (config = machine()) =>
      results({ points: [{ key: 'k', design: 'native-cdev', at: {}, config }] }).workload;
    const base = hashOf();
    const { design, devices } = machine();
    expect(hashOf(machine({ design: { ...design, summary: 'Better words.' } })).hash).toBe(base.hash);
    expect(hashOf(machine({ design: { ...design, suspend: 'none' } })).hash).not.toBe(base.hash);
    const other = hashOf(machine({ devices: [{ ...devices[0]!, name: 'dsa1' }] }));
    expect(other.hash).not.toBe(base.hash);
    expect(other.digests.devices).not.toBe(base.digests.devices);
    expect(other.digests.parameters).toBe(base.digests.parameters);
    const slow = hashOf(machine({ parameters: parameterValues({ 'engine.bandwidth': 12e9 }) }));
    expect(slow.digests.parameters).not.toBe(base.digests.parameters);
  });
});
