import { beforeAll, describe, expect, it } from 'vitest';
import { examineRankings } from '../../src/experiment/robustness.js';
import { type Robustness, robustnessSchema } from '../../src/experiment/robustness-schema.js';
import { measuredOf } from '../../src/experiment/standings.js';
import { simulate } from '../../src/models/machine.js';
import { PARAMETERS } from '../../src/models/parameters.js';
import { designById } from '../../src/models/virtualization/designs.js';
import type { Point } from '../../src/workload/workload.js';
import { device, group, machine, queue, tenant, US } from '../support/machine.js';

/** A guest that sleeps until interrupted, under a design. */
const point = (id: string, constants: Record<string, number> = {}): Point => {
  const nominal = Object.fromEntries(PARAMETERS.map((p) => [p.name, p.nominal]));
  const config = machine({
    design: designById(id)!,
    devices: [device([group(1, [queue({ mode: 'dedicated', size: 32 })])])],
    tenants: [tenant({ completion: 'interrupt', load: { kind: 'closed', depth: 8 } })],
    parameters: { ...nominal, ...constants },
    measure: { warmupPs: 20 * US, durationPs: 1000 * US },
    semantics: 'timing',
  });
  return { key: id, design: id, at: {}, config };
};
const measured = ({ config }: Point) =>
  measuredOf(
    Array.from({ length: 5 }, (_, replication) => simulate(config, replication)),
    config.measure.warmupPs,
  );
const throughput = (id: string, constants: Record<string, number>): number =>
  simulate(point(id, constants).config, 0).metrics.throughput!;

describe('rankings in other worlds', () => {
  const points = [point('mdev'), point('vfio-user')];
  const nominal = points.map(measured);
  let found: Robustness;
  beforeAll(async () => {
    found = await examineRankings(points, nominal, 20, 1, { workers: 1 });
  }, 240_000);
  const of = (metric: string) => found.rankings.find((ranking) => ranking.metric === metric)!;

  it('are those of nominal constants, tried in every world', () => {
    expect(found.worlds).toBe(20);
    expect(of('throughput').leaders).toEqual(['mdev']);
    expect(of('throughput').of).toBe(20);
    for (const ranking of found.rankings) {
      // A percentile is without enough samples in some worlds: its ranking is made in fewer.
      expect(ranking.of).toBeLessThanOrEqual(20);
      expect(ranking.holds).toBeLessThanOrEqual(ranking.of);
      expect(ranking.designs).toEqual(['mdev', 'vfio-user']);
    }
  });

  it('name a constant whose value, the others nominal, really decides', () => {
    const { holds, of: worlds, candidates, flip } = of('throughput');
    expect(candidates).toBe(12);
    expect(holds).toBeLessThan(worlds);
    expect(flip).not.toBeNull();
    const parameter = PARAMETERS.find((p) => p.name === flip!.constant)!;
    const internal = parameter.dimension === 'time' ? flip!.value * 1e12 : flip!.value;
    expect(internal).toBeGreaterThan(parameter.low);
    expect(internal).toBeLessThan(parameter.high);
    // A fiftieth short of the value mdev leads by a hundredth; a fiftieth beyond it does not.
    const beyond = flip!.side === 'above' ? 1.02 : 1 / 1.02;
    const lead = (factor: number) => {
      const constants = { [parameter.name]: Math.round(internal * factor) };
      return throughput('mdev', constants) / throughput('vfio-user', constants) - 1;
    };
    expect(lead(1 / beyond)).toBeGreaterThan(0.01);
    expect(lead(beyond)).toBeLessThan(0.01);
  });

  it('stand still where the workload has set the constant', async () => {
    const set = { interrupt_eventfd_blocked: 10 * US, interrupt_eventfd_running: 10 * US };
    const settled = [point('mdev', set), point('vfio-user', set)];
    const other = await examineRankings(settled, settled.map(measured), 4, 1, { workers: 1 });
    expect(other.constants).toBe(found.constants - 2);
    const ranking = other.rankings.find(({ metric }) => metric === 'throughput')!;
    expect([ranking.holds, ranking.candidates, ranking.flip]).toEqual([4, 0, null]);
  }, 240_000);

  it('are the same again, for any number of workers', async () => {
    const few = (workers: number) => examineRankings(points, nominal, 3, 1, { workers });
    expect(await few(2)).toEqual(await few(1));
  }, 240_000);
});

describe('a document from before rankings were left out', () => {
  it('is read as one that left out none', () => {
    expect(robustnessSchema.parse({ worlds: 20, constants: 86, rankings: [] }).untold).toBe(0);
  });
});
