import { describe, expect, it } from 'vitest';
import type { MetricVerdict } from '../../src/analysis/verdict.js';
import { Columns } from '../../src/experiment/columns.js';
import { cpuCurve, cpuThroughput } from '../../src/experiment/cpu-baseline.js';
import { type Curves, type Measured, curvesOf as streamedCurves } from '../../src/experiment/curves.js';
import type { ResultPoint } from '../../src/experiment/results.js';
import { whole } from '../../src/experiment/stream.js';
import type { SweepAxis } from '../../src/workload/sweep.js';
import type { Point } from '../../src/workload/workload.js';
import { machine, tenant } from '../support/machine.js';

const SIZES = [256, 1024, 4096, 16384];
const SIZE: SweepAxis = {
  path: 'tenants.guest.operations.size',
  unit: 'B',
  values: SIZES.map(String),
  numbers: SIZES,
};
const DEPTHS = [1, 2, 4, 8, 16];
const DEPTH: SweepAxis = {
  path: 'tenants.guest.load.closed.depth',
  unit: '',
  values: DEPTHS.map(String),
  numbers: DEPTHS,
};

/** The findings as a document holds them. */
const curvesOf = (points: Point[], measured: Measured[], axes: SweepAxis[]): Curves =>
  whole(streamedCurves(points, (i) => measured[i]!, axes));

/** Three replications with the same value. */
const three = (value: number) => ({ mean: value, half_width: 0, values: [value, value, value] });

/** Points of designs along an axis, with the metrics that a formula gives. */
function sweep(
  axis: SweepAxis,
  designs: Record<string, (x: number) => Record<string, number>>,
  entries: Record<string, number> = {},
): [Point[], Measured[]] {
  const points: Point[] = [];
  const measured: Measured[] = [];
  axis.numbers.forEach((x, i) => {
    for (const [design, of] of Object.entries(designs)) {
      const config = machine({ tenants: [tenant({ instances: 2 })] });
      points.push({ key: `${design} ${x}`, design, at: { [axis.path]: axis.values[i]! }, config });
      const metrics = Object.fromEntries(Object.entries(of(x!)).map(([name, value]) => [name, three(value)]));
      measured.push({ resources: entries[design] ?? 0, metrics });
    }
  });
  return [points, measured];
}

describe('curves of a sweep', () => {
  it('say which design overtakes which, at which size', () => {
    const [points, measured] = sweep(SIZE, {
      early: () => ({ throughput: 1000 }),
      late: (size) => ({ throughput: size / 2 }),
    });
    const [found, ...others] = curvesOf(points, measured, [SIZE]).crossovers;
    expect(others).toEqual([]);
    expect(found).toMatchObject({ metric: 'throughput', below: 'early', above: 'late', at: {} });
    expect(found!.x).toBeCloseTo(2000, 6);
  });

  it('compare no designs that were given something else', () => {
    const designs = { a: () => ({ throughput: 1000 }), b: (size: number) => ({ throughput: size / 2 }) };
    expect(curvesOf(...sweep(SIZE, designs, { a: 1, b: 2 }), [SIZE]).crossovers).toEqual([]);
  });

  it('have a knee along an axis of load, and along no other', () => {
    const closed = { it: (n: number) => ({ throughput: Math.min(n / 4, 1), latency_mean: Math.max(4, n) }) };
    const [knee] = curvesOf(...sweep(DEPTH, closed), [DEPTH]).knees;
    expect(knee!.x).toBeCloseTo(4, 6);
    expect(curvesOf(...sweep(SIZE, closed), [SIZE]).knees).toEqual([]);
  });

  it('break even with one core where a submitting thread moves as much as was measured of a core', () => {
    // Two instances with a thread each: half of the throughput is compared.
    const cpu = cpuCurve('memmove')!;
    const at2k = cpuThroughput(cpu, 2048)!;
    const [points, measured] = sweep(SIZE, {
      dsa: (size) => ({ throughput: 2 * cpuThroughput(cpu, size)! * (size / 2048) ** 2 }),
    });
    const [found] = curvesOf(points, measured, [SIZE]).break_even;
    expect(found!.x).toBeCloseTo(2048, 3);
    expect(found).toMatchObject({ design: 'dsa', operation: 'memmove', ahead: 'dsa' });
    expect(found!.source).toMatch(/LightDSA/);
    expect(at2k).toBeGreaterThan(5e9);
  });

  it('say so where the core or the DSA is ahead at all sizes', () => {
    const [points, measured] = sweep(SIZE, {
      slow: () => ({ throughput: 1e9 }),
      fast: () => ({ throughput: 1e12 }),
    });
    const found = curvesOf(points, measured, [SIZE]).break_even;
    expect(found.map(({ design, x, ahead }) => [design, x, ahead])).toEqual([
      ['slow', null, 'cpu'],
      ['fast', null, 'dsa'],
    ]);
  });
});

describe('values that are not to be believed', () => {
  type Doubts = Readonly<Record<string, MetricVerdict>>;

  /** The findings when the values of some points have these verdicts. */
  function found(
    axis: SweepAxis,
    designs: Parameters<typeof sweep>[1],
    doubts: Readonly<Record<string, Doubts>>,
    replications = 3,
  ): Curves {
    const [points, measured] = sweep(axis, designs);
    const columns = new Columns(points.length);
    points.forEach(({ key }, i) => {
      const { resources, metrics } = measured[i]!;
      const cut = Object.entries(metrics).map(
        ([name, { values }]) => [name, { values: values.slice(0, replications) }] as const,
      );
      columns.add({
        resources,
        fingerprints: Array(replications).fill(''),
        metrics: Object.fromEntries(cut),
        verdicts: doubts[key] ?? {},
      } as unknown as ResultPoint);
    });
    return whole(streamedCurves(points, (i) => columns.at(i), [axis]));
  }

  const pair = {
    early: () => ({ throughput: 1000 }),
    late: (size: number) => ({ throughput: size / 2 }),
  };
  const moving: Doubts = { throughput: 'not stationary' };

  it('set no curves apart: between places that count they cross, at their edge they do not', () => {
    const at = (doubts: Record<string, Doubts>) => found(SIZE, pair, doubts).crossovers.map(({ x }) => x);
    expect(at({})).toEqual([expect.closeTo(2000, 6)]);
    expect(at({ 'late 1024': moving })).toEqual([expect.closeTo(2000, 6)]);
    expect(at({ 'late 256': moving, 'early 1024': moving })).toEqual([]);
  });

  it('of another metric are no matter', () => {
    expect(found(SIZE, pair, { 'late 256': { rate: 'not stationary' } }).crossovers).toHaveLength(1);
  });

  it('count all the same where a single replication has none better', () => {
    const few: Doubts = { throughput: 'too few samples' };
    const all = Object.fromEntries(
      SIZES.flatMap((x) => [`early ${x}`, `late ${x}`].map((key) => [key, few])),
    );
    expect(found(SIZE, pair, all, 1).crossovers).toHaveLength(1);
    expect(found(SIZE, pair, all).crossovers).toEqual([]);
  });

  it('are no part of a load curve that could bend there', () => {
    const closed = { it: (n: number) => ({ throughput: Math.min(n / 4, 1), latency_mean: Math.max(4, n) }) };
    const over: Doubts = { latency_mean: 'overloaded' };
    expect(found(DEPTH, closed, { 'it 16': over }).knees).toHaveLength(1);
    expect(found(DEPTH, closed, { 'it 8': over, 'it 16': over }).knees).toEqual([]);
  });

  it('do not say who is ahead of a core', () => {
    const fast = { dsa: () => ({ throughput: 1e12 }) };
    expect(found(SIZE, fast, { 'dsa 16384': moving }).break_even).toMatchObject([{ ahead: 'dsa', x: null }]);
    const most = Object.fromEntries(SIZES.slice(1).map((x) => [`dsa ${x}`, moving]));
    expect(found(SIZE, fast, most).break_even).toEqual([]);
  });
});

describe('the measured core', () => {
  it('has the rows of the table, and straight lines between their logarithms', () => {
    const cpu = cpuCurve('memmove')!;
    // LD4_seq_cpu_memcpy_4096: 8855 MiB/s.
    expect(cpuThroughput(cpu, 4096)).toBe(8855 * 1048576);
    const between = cpuThroughput(cpu, 3000)!;
    const ends = [2048, 4096].map((size) => cpuThroughput(cpu, size)!).sort((a, b) => a - b);
    expect(between).toBeGreaterThanOrEqual(ends[0]!);
    expect(between).toBeLessThanOrEqual(ends[1]!);
  });

  it('is not made up where nobody measured it', () => {
    expect(cpuCurve('crc')).toBeNull();
    expect(cpuThroughput(cpuCurve('memmove')!, 63)).toBeNull();
    expect(cpuThroughput(cpuCurve('memmove')!, 1 << 21)).toBeNull();
  });
});
