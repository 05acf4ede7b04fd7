/** `count:` on a device: what is written once stands for several, and tenants spread over their queues. */
import { describe, expect, test } from 'vitest';
import { load, pointedAt, problemsOf, tenant, yaml } from './support.js';

const devices = (keys: string, list = '{ name: q, mode: dedicated, size: 16 }') =>
  `devices: [{ ${keys}, groups: [{ engines: 1, work_queues: [${list}] }] }]`;

const configOf = (text: string) => load(text).points[0]!.config;

describe('a device with a count', () => {
  test('stands for as many, whose queues are numbered by copy', () => {
    const config = configOf(yaml({ devices: devices('count: 3'), tenants: tenant({ instances: '3' }) }));
    expect(config.devices.map(({ name }) => name)).toEqual(['dsa0', 'dsa1', 'dsa2']);
    expect(config.devices.map(({ groups }) => groups[0]!.workQueues[0]!.name)).toEqual(['q-0', 'q-1', 'q-2']);
    expect(config.tenants[0]!.workQueues).toEqual(['q-0', 'q-1', 'q-2']);
  });

  test('is the same machine as one that is written out', () => {
    const list = '{ name: a, mode: dedicated, size: 16 }, { name: b, mode: dedicated, size: 16 }';
    const once = configOf(
      yaml({
        devices: devices('count: 2, name: dev', list),
        tenants: tenant({ work_queue: '[a, b]', instances: '4' }),
      }),
    );
    const device = (copy: number) =>
      `{ name: dev-${copy}, groups: [{ engines: 1, work_queues: [{ name: a-${copy}, mode: dedicated, size: 16 }, { name: b-${copy}, mode: dedicated, size: 16 }] }] }`;
    const written = configOf(
      yaml({
        devices: `devices: [${device(0)}, ${device(1)}]`,
        tenants: tenant({ work_queue: '[a-0, b-0, a-1, b-1]', instances: '4' }),
      }),
    );
    expect(once).toEqual(written);
  });

  test('lets a tenant choose one of its copies by name, and others keep their own queues', () => {
    const second = '{ groups: [{ engines: 1, work_queues: [{ name: r, mode: shared, size: 16 }] }] }';
    const both = devices('count: 2').replace(/\]$/, `, ${second}]`);
    const queuesOf = (work_queue: string, instances = '2') =>
      configOf(yaml({ devices: both, tenants: tenant({ work_queue, instances }) })).tenants[0]!.workQueues;
    expect(queuesOf('q-1', '1')).toEqual(['q-1']);
    expect(queuesOf('[q, r]', '3')).toEqual(['q-0', 'r', 'q-1']);
    expect(queuesOf('r')).toEqual(['r']);
  });

  test('can be swept, and be a design of its own', () => {
    const swept = load(
      yaml({ devices: devices('count: 1'), sweep: 'sweep: { "devices[0].count": [1, 2, 4] }' }),
    ).points.map(({ config }) => config.devices.length);
    expect(swept).toEqual([1, 2, 4]);
    const own = `designs: [{ like: mdev, ${devices('count: 2')}, tenants: { guest: { work_queue: q } } }]`;
    expect(load(yaml({ designs: own })).points[0]!.config.devices).toHaveLength(2);
  });

  test('shows a mistake where it is written, once', () => {
    const problems = problemsOf(
      yaml({ devices: devices('count: 4', '{ name: q, mode: dedicated, size: 999 }') }),
    );
    expect(problems.map((d) => pointedAt(d))).toContain('999');
    const [unknown] = problemsOf(
      yaml({ devices: devices('count: 2'), tenants: tenant({ work_queue: '[q, nowhere]' }) }),
    );
    expect([unknown!.code, pointedAt(unknown!)]).toEqual(['DSASIM_W060', 'nowhere']);
  });

  test.each(['0', '65', '1.5', 'two'])('refuses a count of %s', (count) => {
    const [d] = problemsOf(yaml({ devices: devices(`count: ${count}`) }));
    expect(pointedAt(d!)).toBe(count);
  });

  test('does not repeat the devices of a file', () => {
    const [d] = problemsOf(yaml({ devices: 'devices: [{ accel_config: d.conf, count: 2 }]' }), {
      'd.conf': '[]',
    });
    expect(d!.message).toContain('accel_config');
  });
});
