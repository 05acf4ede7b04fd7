import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceConfig } from '../../src/models/config.js';
import type { Diagnostic } from '../../src/workload/diagnostics.js';
import { readJson } from '../../src/workload/json.js';
import { positionOf } from '../../src/workload/render.js';
import { load, pointedAt, problemsOf, tenant, yaml } from './support.js';

const profile = (name: string): string =>
  readFileSync(new URL(`./profiles/${name}.conf`, import.meta.url), 'utf8');

/** The devices that a file configures, for a tenant that uses one of its queues. */
function devicesOf(
  text: string,
  queue: string,
  operations = '{ op: memmove, size: 4KiB }',
): readonly DeviceConfig[] {
  const workload = yaml({
    devices: 'devices: [{ accel_config: d.conf }]',
    tenants: tenant({ work_queue: queue, operations }),
  });
  return load(workload, { 'd.conf': text }).points[0]!.config.devices;
}

/** A file with one device and one work queue with these keys beside a name. */
const oneQueue = (keys: string) =>
  `[{"dev":"dsa0","groups":[{"dev":"group0.0","grouped_workqueues":[{"dev":"wq0.0","name":"q",${keys}}],"grouped_engines":[{"dev":"engine0.0"}]}]}]`;

describe("profiles as accel-config's own", () => {
  test('app: two groups of a shared queue and an engine each', () => {
    const [device] = devicesOf(profile('app'), 'app1');
    expect(device!.groups.map((g) => [g.engines, g.readBuffersAllowed, g.useReadBufferLimit])).toEqual([
      [[0], 8, false],
      [[1], 8, false],
    ]);
    expect(device!.groups[0]!.workQueues).toEqual([
      {
        name: 'app1',
        mode: 'shared',
        size: 8,
        threshold: 6,
        priority: 10,
        blockOnFault: false,
        maxTransferBytes: 16_384,
        maxBatch: 32,
        operations: null,
      },
    ]);
    expect(device!.groups[1]!.workQueues[0]).toMatchObject({
      size: 32,
      threshold: 28,
      maxTransferBytes: 2_097_152,
    });
  });

  test('net: trailing commas everywhere, four dedicated queues', () => {
    const [device] = devicesOf(profile('net'), 'net3');
    expect(device!.groups.map((g) => g.engines)).toEqual([[0], [1], [2], [3]]);
    for (const { workQueues } of device!.groups) {
      expect(workQueues).toMatchObject([
        { mode: 'dedicated', size: 32, maxBatch: 1024, maxTransferBytes: 16_384 },
      ]);
    }
  });

  test('os: empty groups and what belongs to no group are left out', () => {
    const [device] = devicesOf(profile('os'), 'os1');
    expect(device!.groups).toHaveLength(1);
    expect(device!.groups[0]).toMatchObject({
      engines: [0],
      workQueues: [{ name: 'os1', size: 16, threshold: 15 }],
    });
  });

  test('storage: the device keeps its name, engines their numbers within it', () => {
    const [device] = devicesOf(profile('storage'), 'storage2');
    expect(device!.name).toBe('dsa2');
    expect(device!.groups.map((g) => [g.engines, g.workQueues[0]!.maxTransferBytes])).toEqual([
      [[0], 16_384],
      [[1], 2_097_152],
    ]);
  });

  test('two groups: flags, keys that matter only to the driver, and an operation mask', () => {
    const [device] = devicesOf(profile('two-groups'), 'user1');
    expect(device!.groups[0]).toMatchObject({ engines: [0, 1], useReadBufferLimit: true });
    expect(device!.groups[0]!.workQueues[0]).toMatchObject({
      blockOnFault: true,
      maxTransferBytes: 2_147_483_648,
    });
    // 0x18 is bits 3 and 4.
    expect(device!.groups[1]!.workQueues[0]).toMatchObject({ priority: 5, operations: ['memmove', 'fill'] });
  });

  test('four engines: a comment, and the names of read buffers when they were called tokens', () => {
    const [device] = devicesOf(profile('four-engines'), 'all');
    expect(device).toMatchObject({ readBufferLimit: 48 });
    expect(device!.groups[0]).toMatchObject({
      engines: [0, 1, 2, 3],
      readBuffersReserved: 4,
      readBuffersAllowed: 16,
      useReadBufferLimit: true,
    });
  });

  test('no profile exceeds the device that it is for', () => {
    const queue = {
      app: 'app1',
      net: 'net1',
      os: 'os1',
      storage: 'storage1',
      'two-groups': 'user1',
      'four-engines': 'all',
    };
    for (const [name, of] of Object.entries(queue)) {
      const workQueues = devicesOf(profile(name), of).flatMap((d) => d.groups.flatMap((g) => g.workQueues));
      expect(workQueues.reduce((sum, q) => sum + q.size, 0)).toBeLessThanOrEqual(128);
    }
  });
});

describe('a file is taken as accel-config takes it', () => {
  test('a shared queue without a threshold is refused, as the driver does', () => {
    const files = { 'd.conf': oneQueue('"mode":"shared","size":8') };
    const [d, ...rest] = problemsOf(yaml({ devices: 'devices: [{ accel_config: d.conf }]' }), files);
    expect([d!.code, rest]).toEqual(['DSASIM_W036', []]);
    // The file has no threshold to point at, so the queue is.
    expect(pointedAt(d!)).toBe('"wq0.0"');
    expect(d!.span!.source.name).toBe('d.conf');
  });

  test('an impossible size is shown in the file, not in the workload', () => {
    const files = { 'd.conf': oneQueue('"mode":"shared",\n"threshold":8,\n"size":129') };
    const [d] = problemsOf(yaml({ devices: 'devices: [{ accel_config: d.conf }]' }), files);
    expect([d!.code, d!.span!.source.name, positionOf(d!.span!).line, pointedAt(d!)]).toEqual([
      'DSASIM_W030',
      'd.conf',
      3,
      '129',
    ]);
  });

  test.each([
    [
      '7b,00030018',
      ['memmove', 'fill', 'crc', 'copy_crc', 'cache_flush'],
      ['nop', 'dif_check'],
      '{ op: fill, size: 64B }',
    ],
    ['00000001', ['nop'], ['memmove', 'cache_flush'], '{ op: nop }'],
    ['0x1,8', ['memmove', 'cache_flush'], ['nop'], '{ op: memmove, size: 64B }'],
  ])('op_config %s allows %j and not %j', (mask, allowed, refused, operation) => {
    const text = oneQueue(`"mode":"shared","size":8,"threshold":8,"op_config":"${mask}"`);
    const names = devicesOf(text, 'q', operation)[0]!.groups[0]!.workQueues[0]!.operations!;
    expect(names).toEqual(expect.arrayContaining(allowed));
    expect(names.filter((name) => refused.includes(name))).toEqual([]);
  });

  test('an op_config that allows nothing is refused, one that allows all is none', () => {
    const text = (mask: string) => oneQueue(`"mode":"shared","size":8,"threshold":8,"op_config":"${mask}"`);
    const workload = yaml({ devices: 'devices: [{ accel_config: d.conf }]' });
    const [d] = problemsOf(workload, { 'd.conf': text('80000000,00000000') });
    expect([d!.code, pointedAt(d!)]).toEqual(['DSASIM_W021', '"80000000,00000000"']);
    // The second is the full mask of a device of the second generation.
    for (const all of ['ffffffff,ffffffff', '0000007b,00bf07ff']) {
      expect(devicesOf(text(all), 'q')[0]!.groups[0]!.workQueues[0]!.operations).toBeNull();
    }
  });

  test('several devices in one file, and one inline after them', () => {
    const two = oneQueue('"mode":"shared","size":8,"threshold":8');
    const second = two.replace('dsa0', 'dsa1').replace('"name":"q"', '"name":"r"');
    const text = `[${two.slice(1, -1)},${second.slice(1, -1)}]`;
    const workload = yaml({
      devices:
        'devices: [{ accel_config: d.conf }, { name: third, groups: [{ engines: 1, work_queues: [{ name: s, mode: shared, size: 999 }] }] }]',
    });
    const [d] = problemsOf(workload, { 'd.conf': text });
    expect([d!.message.split(':')[0], pointedAt(d!), d!.span!.source.name]).toEqual([
      'devices[2].groups[0].work_queues[0].size',
      '999',
      'probe.yaml',
    ]);
    const fine = load(workload.replace('999', '4'), { 'd.conf': text }).points[0]!.config.devices;
    expect(fine.map((device) => device.name)).toEqual(['dsa0', 'dsa1', 'third']);
  });

  test('a path into a file can be swept and set', () => {
    const text = oneQueue('"mode":"shared","size":8,"threshold":8');
    const swept = load(
      yaml({
        devices: 'devices: [{ accel_config: d.conf }]',
        sweep: 'sweep: { devices.0.groups.0.work_queues.0.size: [8, 16] }',
      }),
      { 'd.conf': text },
      { overrides: [['devices[0].groups[0].work_queues[0].priority', '3']] },
    );
    const sizes = swept.points.map((p) => p.config.devices[0]!.groups[0]!.workQueues[0]!);
    expect(sizes.map((queue) => [queue.size, queue.priority])).toEqual([
      [8, 3],
      [16, 3],
    ]);
  });

  test('files can be swept', () => {
    const files = {
      'a.conf': oneQueue('"mode":"shared","size":8,"threshold":8'),
      'b.conf': oneQueue('"mode":"shared","size":16,"threshold":8'),
    };
    const swept = load(
      yaml({
        devices: 'devices: [{ accel_config: a.conf }]',
        sweep: 'sweep: { "devices[0].accel_config": [a.conf, b.conf] }',
      }),
      files,
    );
    expect(swept.points.map((p) => p.config.devices[0]!.groups[0]!.workQueues[0]!.size)).toEqual([8, 16]);
  });
});

describe('JSON is read as json-c does', () => {
  const values = (text: string): unknown => {
    const problems: Diagnostic[] = [];
    const node = readJson({ name: 'x', text }, problems);
    const plain = (n: NonNullable<typeof node>): unknown => {
      if (n.kind === 'scalar') return n.value;
      if (n.kind === 'array') return n.items.map(plain);
      return Object.fromEntries(n.members.map((m) => [m.key, plain(m.value)]));
    };
    return node === null ? problems[0]!.message : plain(node);
  };

  test('whatever JSON.stringify writes is read back, and every value knows its place', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4, noUnicodeString: false }),
        fc.constantFrom(0, 2),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          const expected = JSON.parse(text) as unknown;
          // A key named __proto__ is data, which Object.fromEntries keeps as JSON.parse does.
          expect(values(text)).toEqual(expected);
        },
      ),
    );
  });

  test('trailing commas and both kinds of comments', () => {
    expect(values('// a\n[1, /* b */ {"x": [true, null,],},]')).toEqual([1, { x: [true, null] }]);
  });

  test.each([
    ['[1 2]', 'expected "," or "]"'],
    ['{"a" 1}', 'expected ":"'],
    ['{a: 1}', 'expected a key in double quotes'],
    ['[', '"[" is never closed'],
    ['["a', 'the text is never closed'],
    ['["\\x"]', 'a text with an escape that JSON does not have'],
    ['[tru]', '"tru" is no value'],
    ['[01x]', '"01x" is no value'],
    ['', 'the file ends too early'],
    ['[] []', 'expected the end of the file'],
    ['['.repeat(40), 'nested deeper than 32'],
  ])('%j: %s', (text, reason) => {
    expect(values(text)).toBe(`not valid accel-config JSON: ${reason}`);
  });

  test('no text makes the reader throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[]{}",:/*1atrue \n\\-.'.split('')) }), (text) => {
        expect(() => values(text)).not.toThrow();
      }),
    );
  });
});
