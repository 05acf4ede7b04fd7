import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../src/experiment/baseline.js';
import { NotComparableError } from '../../src/experiment/errors.js';
import { compareWithBaseline, type Identity, incomparable } from '../../src/experiment/gate.js';
import type { Setting } from '../../src/experiment/settings.js';
import type { GateMetric } from '../../src/workload/gate.js';

const P99: GateMetric = {
  metric: 'latency_p99',
  better: 'lower',
  tolerance: 0.02,
  absolute: 0,
  level: 0.95,
};
const THROUGHPUT: GateMetric = { ...P99, metric: 'throughput', better: 'higher', tolerance: 0.01 };

/** A run of one point with these replications of the p99 latency and of throughput. */
function run(p99: (number | null)[], throughput: (number | null)[] = p99.map(() => 30e9)): Baseline {
  const metric = (values: (number | null)[]) => ({ mean: values[0] ?? null, half_width: null, values });
  return {
    schema_version: 1,
    kind: 'baseline',
    workload: 'quickstart',
    seed: 1,
    measure: { warmup: 1e-5, duration: 1e-4, replications: p99.length, until: null },
    model: '0.1.0',
    digests: { devices: 'd', parameters: 'p', events: 'e' },
    points: {
      'design=mdev': {
        metrics: { latency_p99: metric(p99), throughput: metric(throughput) },
        stages: { queue: 1e-6, read: 2e-6 },
        control: { 'boot: probe': 1e-3, 'boot: enable': 2e-3, 'provision: bind': 5e-3 },
        design: 'mdev',
      },
    },
    settings: {
      common: {
        'platform.set.host.enqcmd': { value: 6e-7, unit: 's' },
        'devices[0].name': { value: 'dsa0', unit: '' },
        'tenants.guest.batch': { value: 1, unit: '' },
        'tenants.guest.work_queues': { value: 'copy', unit: '' },
      },
      designs: { mdev: { 'devices[0].groups[0].work_queues[0].size': { value: 16, unit: '' } } },
      points: {},
    },
  };
}

/** The same run with one setting replaced, or taken away. */
function having(base: Baseline, path: string, value: Setting['value'] | undefined): Baseline {
  const common = { ...base.settings.common };
  if (value === undefined) delete common[path];
  else common[path] = { value, unit: common[path]?.unit ?? '' };
  return { ...base, settings: { ...base.settings, common } };
}

const identity = ({ points, ...rest }: Baseline): Identity => ({
  ...rest,
  designs: Object.fromEntries(Object.entries(points).map(([key, point]) => [key, point.design])),
});

const verdictOf = (current: Baseline, baseline: Baseline, rule: GateMetric) => {
  const only = (b: Baseline): Baseline => ({
    ...b,
    points: Object.fromEntries(
      Object.entries(b.points).map(([key, point]) => [
        key,
        { ...point, metrics: { [rule.metric]: point.metrics[rule.metric]! } },
      ]),
    ),
  });
  return compareWithBaseline(only(current), only(baseline), [rule]).comparisons[0]!.verdict;
};

describe('the gate', () => {
  it('calls an identical run the same, with nothing changed', () => {
    const report = compareWithBaseline(run([1e-6, 2e-6]), run([1e-6, 2e-6]), [P99, THROUGHPUT]);
    expect(report.comparisons.map((c) => [c.verdict, c.difference, c.half_width])).toEqual([
      ['same', 0, 0],
      ['same', 0, 0],
    ]);
    expect(report.changed).toEqual([]);
  });

  it('sees a shift of 3 % behind noise of 30 % between replications, because replications are paired', () => {
    const before = [1e-6, 1.3e-6, 0.8e-6, 1.1e-6, 0.9e-6, 1.2e-6];
    const after = before.map((v) => v * 1.03);
    expect(verdictOf(run(after), run(before), P99)).toBe('regressed');
    expect(verdictOf(run(before), run(after), P99)).toBe('improved');
  });

  it('accepts a shift inside the tolerance in either direction', () => {
    const before = [1e-6, 1.3e-6, 0.8e-6];
    for (const factor of [0.99, 1.01]) {
      expect(verdictOf(run(before.map((v) => v * factor)), run(before), P99)).toBe('within');
    }
  });

  it('does not decide when the interval straddles the tolerance', () => {
    expect(verdictOf(run([1.1e-6, 0.95e-6, 1.05e-6]), run([1e-6, 1e-6, 1e-6]), P99)).toBe('unclear');
  });

  it('turns the direction round for metrics that should be high', () => {
    const slow = run([1e-6, 1e-6], [29e9, 29.1e9]);
    const fast = run([1e-6, 1e-6], [30e9, 30.1e9]);
    expect(verdictOf(slow, fast, THROUGHPUT)).toBe('regressed');
    expect(verdictOf(fast, slow, THROUGHPUT)).toBe('improved');
  });

  it('takes a move either way as a regression where neither direction is good', () => {
    const rule: GateMetric = { ...THROUGHPUT, better: 'neither' };
    const [low, high] = [run([1e-6, 1e-6], [29e9, 29.1e9]), run([1e-6, 1e-6], [30e9, 30.1e9])];
    expect([verdictOf(low, high, rule), verdictOf(high, low, rule)]).toEqual(['regressed', 'regressed']);
  });

  it('accepts the larger of the relative and the absolute tolerance', () => {
    expect(verdictOf(run([10e-6]), run([1e-6]), { ...P99, absolute: 9e-6 })).toBe('within');
    expect(verdictOf(run([10.1e-6]), run([1e-6]), { ...P99, absolute: 9e-6 })).toBe('regressed');
  });

  it('compares plain values when there is one replication, and says that there is no interval', () => {
    const report = compareWithBaseline(run([1.03e-6]), run([1e-6]), [P99, THROUGHPUT]);
    expect(report.comparisons[0]).toMatchObject({ verdict: 'regressed', half_width: null });
  });

  it('takes the interval at the level of the rule', () => {
    // Differences of 0.05, 0.03, 0.04 and 0.04: 4 % ± 1.3 % at 95 %, ± 2.4 % at 99 %; the tolerance is 2 %.
    const before = [1e-6, 1e-6, 1e-6, 1e-6];
    const after = [1.05e-6, 1.03e-6, 1.04e-6, 1.04e-6];
    expect(verdictOf(run(after), run(before), P99)).toBe('regressed');
    expect(verdictOf(run(after), run(before), { ...P99, level: 0.99 })).toBe('unclear');
    const [comparison] = compareWithBaseline(run(after), run(before), [
      { ...P99, level: 0.99 },
      THROUGHPUT,
    ]).comparisons;
    expect(comparison!.half_width! / 1e-6).toBeCloseTo(0.0238, 3);
  });

  it('names the stage that moved most', () => {
    const slow = run([2e-6, 2e-6]);
    slow.points['design=mdev']!.stages = { queue: 1.9e-6, read: 2.1e-6 };
    const [regressed] = compareWithBaseline(slow, run([1e-6, 1e-6]), [P99, THROUGHPUT]).comparisons;
    expect(regressed!.moved).toEqual({
      kind: 'stage',
      name: 'queue',
      difference: expect.closeTo(0.9e-6, 12),
    });
    expect(regressed!.design).toBe('mdev');
  });

  it('names the step of the control path where a start takes longer', () => {
    const rule: GateMetric = { ...P99, metric: 'boot_time' };
    const timed = (seconds: number): Baseline => {
      const one = run([1e-6]);
      const point = one.points['design=mdev']!;
      point.metrics = { boot_time: { mean: seconds, half_width: null, values: [seconds] } };
      point.control['boot: enable'] = seconds - 1e-3;
      point.control['provision: bind'] = 1;
      return one;
    };
    const [regressed] = compareWithBaseline(timed(4e-3), timed(3e-3), [rule]).comparisons;
    expect(regressed!.moved).toEqual({
      kind: 'step',
      name: 'enable',
      difference: expect.closeTo(1e-3, 12),
    });
  });

  it('compares other devices, parameters and models, and lists them with old and new values', () => {
    const before = run([1e-6]);
    let after: Baseline = { ...having(before, 'platform.set.host.enqcmd', 7e-7), model: '0.2.0' };
    after = having(after, 'tenants.guest.work_queues', 'other');
    after.settings.designs = { mdev: {} };
    const { changed } = compareWithBaseline(after, before, [P99, THROUGHPUT]);
    expect(changed).toEqual([
      { what: 'model', from: '0.1.0', to: '0.2.0' },
      {
        what: 'setting',
        kind: 'parameters',
        path: 'platform.set.host.enqcmd',
        from: { value: 6e-7, unit: 's' },
        to: { value: 7e-7, unit: 's' },
        points: 1,
      },
      expect.objectContaining({ kind: 'devices', path: 'tenants.guest.work_queues' }),
      {
        what: 'setting',
        kind: 'devices',
        path: 'devices[0].groups[0].work_queues[0].size',
        from: { value: 16, unit: '' },
        to: null,
        points: 1,
      },
    ]);
  });

  it('says that the code of the model changed when nothing else did and events came in another order', () => {
    const code = { ...run([1e-6]), digests: { devices: 'd', parameters: 'p', events: 'y' } };
    expect(compareWithBaseline(code, run([1e-6]), [P99, THROUGHPUT]).changed).toEqual([
      { what: 'events', from: 'e', to: 'y' },
    ]);
  });

  it('refuses every such change when it is strict', () => {
    const base = run([1e-6]);
    const after: Baseline = { ...having(base, 'platform.set.host.enqcmd', 7e-7), model: '0.2.0' };
    expect(incomparable(identity(after), base, [P99, THROUGHPUT])).toEqual([]);
    expect(incomparable(identity(after), base, [P99, THROUGHPUT], { strictModel: true })).toEqual([
      'the model is 0.2.0, the baseline has 0.1.0',
      'platform.set.host.enqcmd is 7e-7, the baseline has 6e-7',
    ]);
  });

  it('refuses to compare other work, but not for what another version of dsasim added', () => {
    const base = run([1e-6]);
    const other = having(base, 'tenants.guest.batch', 8);
    expect(incomparable(identity(other), base, [P99, THROUGHPUT])).toEqual([
      'tenants.guest.batch is 8, the baseline has 1',
    ]);
    const without = having(base, 'tenants.guest.batch', undefined);
    expect(incomparable(identity(base), without, [P99, THROUGHPUT])).toEqual([
      'tenants.guest.batch is 1, the baseline has none',
    ]);
    expect(incomparable(identity({ ...base, model: '0.2.0' }), without, [P99, THROUGHPUT])).toEqual([]);
  });

  it('refuses to compare runs of another workload, seed, measurement, points or metrics, with every reason', () => {
    const base = run([1e-6]);
    const other: Baseline = {
      ...base,
      workload: 'batching',
      seed: 2,
      measure: { warmup: 2e-5, duration: 1e-4, replications: 3, until: null },
      points: { 'design=vfio-pci': base.points['design=mdev']! },
    };
    const rules = [P99, { ...P99, metric: 'latency_p50' }];
    const reasons = incomparable(identity(other), base, rules);
    expect(reasons).toEqual([
      'the workload is batching, the baseline has quickstart',
      'the seed is 2, the baseline has 1',
      'measure.warmup [s] is 0.00002, the baseline has 0.00001',
      'measure.replications is 3, the baseline has 1',
      'the baseline lacks points: design=vfio-pci',
      'this run lacks points: design=mdev',
      'the baseline lacks metrics: latency_p50',
      'this run lacks metrics: throughput',
    ]);
    expect(() => compareWithBaseline(other, base, rules)).toThrow(NotComparableError);
  });

  it('does not pass when a metric was lost', () => {
    expect(() => compareWithBaseline(run([null]), run([1e-6]), [P99, THROUGHPUT])).toThrow(
      'latency_p99 of design=mdev could not be measured; the baseline has it',
    );
  });

  it('skips what the baseline could not measure, and does not pass when nothing is left', () => {
    const report = compareWithBaseline(run([1e-6]), run([null]), [P99, THROUGHPUT]);
    expect(report.skipped).toEqual([
      { point: 'design=mdev', metric: 'latency_p99', reason: 'the baseline could not measure it' },
    ]);
    expect(() => compareWithBaseline(run([null], [null]), run([null], [null]), [P99, THROUGHPUT])).toThrow(
      /nothing was compared/,
    );
  });
});
