/** What a sweep says as a curve: where designs cross, where a load curve bends, from which size on a DSA pays. */
import { z } from 'zod';
import { crossings, knee } from '../analysis/crossing.js';
import type { SweepAxis } from '../workload/sweep.js';
import type { Point } from '../workload/workload.js';
import { cpuCurve, cpuThroughput } from './cpu-baseline.js';
import type { Estimate } from './results.js';
import { Stream } from './stream.js';

const location = {
  /** Place on the axis, in the axis' unit. */
  x: z.number(),
  /** 95 % interval by replication; null with fewer than two. */
  low: z.number().nullable(),
  high: z.number().nullable(),
};
/** What all findings carry: the axis, and where the other axes stand. */
const place = { axis: z.string(), at: z.record(z.string(), z.string()) };

/** The findings as the result document holds them. */
export const curvesSchema = z.strictObject({
  /** Two designs with equal resources change places in a metric. */
  crossovers: z.array(
    z.strictObject({
      metric: z.string(),
      ...place,
      ...location,
      /** The design with the larger value below x, and the one with the larger value above. */
      below: z.string(),
      above: z.string(),
    }),
  ),
  /** More load than at x costs a design more latency than it gains throughput. */
  knees: z.array(z.strictObject({ design: z.string(), ...place, ...location })),
  /**
   * From which size on a submitting thread moves more through the DSA than one core would by itself. The core was
   * measured, not simulated. x is null where one of the two is ahead at all sizes.
   */
  break_even: z.array(
    z.strictObject({
      design: z.string(),
      tenant: z.string(),
      operation: z.string(),
      ...place,
      x: z.number().nullable(),
      low: z.number().nullable(),
      high: z.number().nullable(),
      /** Who is ahead at the largest size compared. */
      ahead: z.enum(['dsa', 'cpu']),
      /** Throughput of one core at that size [B/s]. */
      cpu: z.number(),
      source: z.string(),
    }),
  ),
});

/** The findings of a sweep. */
export type Curves = z.infer<typeof curvesSchema>;

/** The same, found when it is read. */
export type StreamedCurves = { [K in keyof Curves]: Stream<Curves[K][number]> };

/** Metrics in which crossings are looked for. */
const CROSSING = ['throughput', 'latency_p50', 'latency_p99'] as const;
/** Metrics that the findings are made of. */
export const CURVE_METRICS = [...CROSSING, 'latency_mean'] as const;
const LOAD_AXIS = /\.load\.(closed\.depth|burst\.depth|open\.rate)$|\.(threads|instances)$/;
const SIZE_AXIS = /^tenants\.[^.]+\.operations(\[0\])?\.size$/;

/** What is read of a point's results. */
export interface Measured {
  readonly resources: unknown;
  /** Null where a value does not count, being absent or doubtful. */
  readonly metrics: Readonly<Record<string, Pick<Estimate, 'values'>>>;
}

/** A point and what it gave. */
interface Sample {
  readonly point: Point;
  readonly measured: Measured;
  readonly x: number;
}

/** One design along one axis, the others standing still. */
interface Curve {
  readonly design: string;
  readonly at: Readonly<Record<string, string>>;
  readonly samples: readonly Sample[];
}

/**
 * Looks for the findings along every numeric axis, as they are read.
 * @param measured what a point gave, by its index
 */
export function curvesOf(
  points: readonly Point[],
  measured: (point: number) => Measured,
  sweep: readonly SweepAxis[],
): StreamedCurves {
  const along = <T>(find: (axis: string, curves: readonly Curve[]) => Iterable<T>, on = /^/): Stream<T> =>
    new Stream(function* () {
      for (const axis of sweep) {
        if (!on.test(axis.path)) continue;
        for (const curves of alongAxis(points, measured, axis)) yield* find(axis.path, curves);
      }
    });
  return {
    crossovers: along(crossovers),
    knees: along((axis, curves) => curves.flatMap((curve) => knees(axis, curve)), LOAD_AXIS),
    break_even: along((axis, curves) => curves.flatMap((curve) => breakEven(axis, curve)), SIZE_AXIS),
  };
}

/** Curves along an axis, gathered by where the other axes stand. */
function* alongAxis(
  points: readonly Point[],
  measured: (point: number) => Measured,
  axis: SweepAxis,
): Generator<Curve[]> {
  const xs = new Map(axis.values.map((value, i) => [value, axis.numbers[i] ?? null]));
  const groups = new Map<string, number[]>();
  points.forEach((point, i) => {
    const { [axis.path]: text, ...at } = point.at;
    const x = xs.get(text ?? '') ?? null;
    if (x === null || x <= 0) return;
    const key = JSON.stringify(at);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  for (const group of groups.values()) {
    const { [axis.path]: _, ...at } = points[group[0]!]!.at;
    const curves = new Map<string, Sample[]>();
    for (const i of group) {
      const point = points[i]!;
      const sample = { point, measured: measured(i), x: xs.get(point.at[axis.path]!)! };
      const samples = curves.get(point.design);
      if (samples === undefined) curves.set(point.design, [sample]);
      else samples.push(sample);
    }
    yield [...curves].flatMap(([design, samples]) => {
      const ascending = samples.sort((a, b) => a.x - b.x);
      const distinct = new Set(ascending.map(({ x }) => x)).size === ascending.length;
      return distinct && ascending.length > 1 ? [{ design, at, samples: ascending }] : [];
    });
  }
}

function crossovers(axis: string, curves: readonly Curve[]): Curves['crossovers'] {
  return CROSSING.flatMap((metric) =>
    curves.flatMap((a, i) =>
      curves.slice(i + 1).flatMap((b) => {
        if (!equallyGiven(a, b)) return [];
        return crossings(places(a), values(a, metric), values(b, metric)).map(({ x, low, high, rises }) => {
          const [below, above] = rises ? [b.design, a.design] : [a.design, b.design];
          return { metric, axis, at: a.at, x, low, high, below, above };
        });
      }),
    ),
  );
}

/** Whether two designs stand at the same places with the same resources: only then do their curves compare. */
function equallyGiven(a: Curve, b: Curve): boolean {
  const given = (curve: Curve): string =>
    JSON.stringify(curve.samples.map(({ x, measured }) => [x, measured.resources]));
  return given(a) === given(b);
}

function knees(axis: string, curve: Curve): Curves['knees'] {
  const found = knee(places(curve), values(curve, 'throughput'), values(curve, 'latency_mean'));
  if (found === null) return [];
  const { x, low, high } = found;
  return [{ design: curve.design, axis, at: curve.at, x, low, high }];
}

/** Only where a single tenant does a single operation is it clear what a core would do instead. */
function breakEven(axis: string, curve: Curve): Curves['break_even'] {
  const [tenant, another] = curve.samples[0]!.point.config.tenants;
  if (tenant === undefined || another !== undefined || tenant.operations.length !== 1) return [];
  const { operation } = tenant.operations[0]!;
  const cpu = cpuCurve(operation);
  if (cpu === null) return [];
  const known = curve.samples.flatMap((sample) => {
    const core = cpuThroughput(cpu, sample.x);
    const counted = sample.measured.metrics.throughput?.values.some((value) => value !== null) ?? false;
    return core === null || !counted ? [] : [{ ...sample, core }];
  });
  if (known.length < 2) return [];
  const own = known.map(({ measured, point }) => {
    const { instances, threads } = point.config.tenants[0]!;
    return (measured.metrics.throughput?.values ?? []).map((value) =>
      value === null ? null : value / (instances * threads),
    );
  });
  const core = known.map((sample, i) => own[i]!.map(() => sample.core));
  const crossing = crossings(
    known.map(({ x }) => x),
    own,
    core,
    // Where it is not found, one of the two is called ahead at all sizes: no doubt must hide it.
    { tested: false },
  ).findLast(({ rises }) => rises);
  const largest = known.length - 1;
  const mine = own[largest]!.filter((value) => value !== null);
  const mean = mine.reduce((sum, value) => sum + value, 0) / Math.max(1, mine.length);
  return [
    {
      design: curve.design,
      tenant: tenant.name,
      operation,
      axis,
      at: curve.at,
      x: crossing?.x ?? null,
      low: crossing?.low ?? null,
      high: crossing?.high ?? null,
      ahead: mean > known[largest]!.core ? 'dsa' : 'cpu',
      cpu: known[largest]!.core,
      source: cpu.source,
    },
  ];
}

function places({ samples }: Curve): number[] {
  return samples.map(({ x }) => x);
}

function values({ samples }: Curve, metric: string): (readonly (number | null)[])[] {
  return samples.map(({ measured }) => measured.metrics[metric]?.values ?? []);
}
