import { describe, expect, it } from 'vitest';
import { settingsAt, settingsOf, settingsSchema } from '../../src/experiment/settings.js';
import { settingDifferences } from '../../src/experiment/settings-difference.js';
import type { MachineConfig } from '../../src/models/config.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Point } from '../../src/workload/workload.js';
import { machine } from './fixtures/config.js';

const point = (key: string, design: string, config: MachineConfig): Point => ({
  key,
  design,
  at: {},
  config,
});
const base = machine();
const tenant = base.tenants[0]!;
const deep: MachineConfig = { ...base, tenants: [{ ...tenant, load: { kind: 'closed', depth: 9 } }] };
const slow: MachineConfig = {
  ...base,
  parameters: parameterValues({ 'host.enqcmd': 1_000_000 }),
};

describe('settings', () => {
  it('hold every value under the path that a workload would write, in SI', () => {
    const { common } = settingsOf([point('a', 'a', base)], [base.design]);
    expect(common['platform.set.engine.bandwidth']).toMatchObject({ unit: 'B/s' });
    expect(common['measure.duration']).toEqual({ value: base.measure.durationPs / 1e12, unit: 's' });
    expect(common['devices[0].groups[0].work_queues[0].max_transfer']).toMatchObject({ unit: 'B' });
    expect(common[`tenants.${tenant.name}.work_queues`]).toEqual({
      value: tenant.workQueues.join(', '),
      unit: '',
    });
    expect(common[`designs.${base.design.id}.control`]).toEqual({ value: base.design.control, unit: '' });
    expect(Object.keys(common).filter((path) => path.includes('summary'))).toEqual([]);
  });

  it('are kept once where all points share them, and give each point back what it has', () => {
    const points = [
      point('a @ depth=1', 'a', base),
      point('a @ depth=9', 'a', deep),
      point('b @ depth=1', 'b', slow),
      point('b @ depth=9', 'b', { ...slow, tenants: deep.tenants }),
    ];
    const settings = settingsOf(points, []);
    expect(settingsSchema.parse(settings)).toEqual(settings);
    const depth = `tenants.${tenant.name}.load.depth`;
    expect(Object.keys(settings.points['a @ depth=9']!)).toEqual([depth]);
    expect(Object.keys(settings.designs.b!)).toEqual(['platform.set.host.enqcmd']);
    expect(settings.common).not.toHaveProperty([depth]);
    for (const { key, design, config } of points) {
      const alone = settingsOf([point(key, design, config)], []);
      expect(settingsAt(settings, design, key), key).toEqual(settingsAt(alone, design, key));
    }
  });

  it('are the same whether points share the parts that they have alike or each have their own', () => {
    const configs = [base, deep, slow, { ...slow, tenants: deep.tenants }, base];
    const points = configs.flatMap((config, i) => [point(`a${i}`, 'a', config), point(`b${i}`, 'b', config)]);
    const apart = points.map((its) => ({ ...its, config: structuredClone(its.config) }));
    expect(settingsOf(apart, [])).toEqual(settingsOf(points, []));
    expect(Object.keys(settingsOf(points, []).points)).toEqual(points.map(({ key }) => key));
  });

  it('tell a long list by its length and digest, so that another trace differs', () => {
    const traced = (times: number[]): MachineConfig => ({
      ...base,
      tenants: [{ ...tenant, load: { kind: 'trace', arrivalsPs: times } }],
    });
    const path = `tenants.${tenant.name}.load.arrivals`;
    const times = Array.from({ length: 20 }, (_, i) => i * 1000);
    const one = settingsOf([point('a', 'a', traced(times))], []).common[path]!;
    const other = settingsOf([point('a', 'a', traced([...times.slice(0, 19), 1]))], []).common[path]!;
    expect(one.value).toMatch(/^20 values, [0-9a-f]{16}$/);
    expect(other.value).not.toBe(one.value);
  });
});

describe('differences of settings', () => {
  it('are told once for each pair of values, with the number of points', () => {
    const of = (config: MachineConfig) => settingsOf([point('x', 'x', config), point('y', 'y', config)], []);
    const pairs = ['x', 'y'].map((key) => ({ from: { design: key, key }, to: { design: key, key } }));
    expect(settingDifferences(of(base), of(base), pairs)).toEqual([]);
    expect(settingDifferences(of(base), of(slow), pairs)).toEqual([
      {
        kind: 'parameters',
        path: 'platform.set.host.enqcmd',
        from: { value: base.parameters['host.enqcmd'] / 1e12, unit: 's' },
        to: { value: 1e-6, unit: 's' },
        points: 2,
      },
    ]);
    expect(settingDifferences(of(base), of(deep), pairs)).toMatchObject([{ kind: 'workload' }]);
  });
});
