import { describe, expect, it } from 'vitest';
import { claimsOf, type Measured, measuredOf } from '../../src/experiment/standings.js';
import { simulate } from '../../src/models/machine.js';
import type { Point } from '../../src/workload/workload.js';
import { device, group, machine, queue, tenant, US } from '../support/machine.js';

/** Points of one place, in order. */
const points = (...designs: string[]): Point[] =>
  designs.map((design) => ({ key: design, design, at: {}, config: machine() }));
const measured = (values: Measured['values'], devices = 1): Measured => ({ values, resources: [], devices });
/** What was claimed about throughput, by the names of the leaders. */
const throughput = (...values: number[][]) => {
  const names = ['a', 'b', 'c'].slice(0, values.length);
  const { claims, untold } = claimsOf(
    points(...names),
    values.map((own) => measured({ throughput: own })),
  );
  return { leaders: claims.map((claim) => claim.leaders.map((i) => names[i]).join(' ')), untold };
};

describe('the rankings that other worlds are asked about', () => {
  it('are those of all replications', () => {
    expect(throughput([100, 101, 99], [90, 91, 89])).toEqual({ leaders: ['a'], untold: 0 });
    expect(throughput([100, 101, 99], [100.1, 101.1, 99.1])).toEqual({ leaders: ['a b'], untold: 0 });
  });

  it('leave out and count what the first replication alone would rank otherwise', () => {
    // By all replications a and b are level; the first alone puts a in front by a tenth.
    expect(throughput([110, 95, 101], [100, 105, 99])).toEqual({ leaders: [], untold: 1 });
    // By all replications a is in front; in the first alone b is.
    const later = Array.from({ length: 9 }, () => 200);
    const others = later.map(() => 100);
    expect(throughput([100, ...later], [110, ...others])).toEqual({ leaders: [], untold: 1 });
    expect(throughput([130, ...later], [110, ...others])).toEqual({ leaders: ['a'], untold: 0 });
    expect(throughput([110, 95, 101], [100, 105, 99], [50, 51, 49])).toEqual({ leaders: [], untold: 1 });
  });

  it('are of designs with equal resources and a value each, two at least', () => {
    const made = (...each: Measured[]) =>
      claimsOf(points('a', 'b', 'c'), each).claims.map(({ question }) => question.points);
    const value = { throughput: [1, 1] };
    expect(made(measured(value), measured(value), measured(value))).toEqual([[0, 1, 2]]);
    expect(made(measured(value), measured({}), measured(value))).toEqual([[0, 2]]);
    expect(made(measured(value), measured(value, 2), measured(value))).toEqual([[0, 2]]);
    expect(made(measured(value), measured({}), measured({}))).toEqual([]);
  });
});

describe('what is kept of a point for its rankings', () => {
  const config = machine({
    devices: [device([group(1, [queue({ mode: 'dedicated', size: 32 })])])],
    tenants: [tenant({ load: { kind: 'closed', depth: 4 } })],
    measure: { warmupPs: 20 * US, durationPs: 100 * US },
    semantics: 'timing',
  });
  const runs = [0, 1].map((replication) => simulate(config, replication));

  it('is one value a replication, of the metrics that may be believed', () => {
    const { values } = measuredOf(runs, config.measure.warmupPs);
    expect(values.throughput).toEqual(runs.map((run) => run.metrics.throughput));
    // A hundred microseconds are too short for a p99 with ten samples beyond it.
    expect(runs[0]!.metrics.latency_p99).toBeNull();
    expect(values).not.toHaveProperty('latency_p99');
  });

  it('is without what a single replication cannot judge', () => {
    const { values } = measuredOf(runs.slice(0, 1), config.measure.warmupPs);
    expect(Object.keys(values)).toEqual(['boot_time', 'provision_time']);
  });
});
