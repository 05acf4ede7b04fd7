import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expandPoints } from '../../src/workload/expand.js';
import { load, problemsOf, queues, tenant, yaml } from './support.js';

const TWO_QUEUES = queues('{ name: q, mode: shared, size: 16 }', '{ name: d, mode: dedicated, size: 16 }');

describe('a sweep expands into points', () => {
  test('without a sweep a workload is one point a design', () => {
    const points = load(
      yaml({ designs: 'designs: [native-cdev, { id: slow, like: native-cdev, set: { syscall: 1us } }]' }),
    ).points;
    expect(points.map((p) => [p.key, p.at])).toEqual([
      ['native-cdev', {}],
      ['slow', {}],
    ]);
    expect(points.map((p) => p.config.parameters.syscall)).toEqual([166_000, 1_000_000]);
  });

  test('axes turn in order of writing, the last one fastest, and designs faster still', () => {
    const { points } = load(
      yaml({
        designs: 'designs: [native-cdev, { id: twin, like: native-cdev }]',
        sweep: 'sweep: { tenants.guest.batch: [1, 8], tenants.guest.threads: [1, 2, 4] }',
      }),
    );
    expect(points.map((p) => p.key)).toEqual(
      [1, 8].flatMap((batch) =>
        [1, 2, 4].flatMap((threads) =>
          ['native-cdev', 'twin'].map(
            (design) => `${design} @ tenants.guest.batch=${batch}, tenants.guest.threads=${threads}`,
          ),
        ),
      ),
    );
    const machine = points.map((p) => [p.config.tenants[0]!.batch, p.config.tenants[0]!.threads]);
    expect(machine).toEqual(points.map((p) => Object.values(p.at).map(Number)));
  });

  test('lists under zip are walked together', () => {
    const { points, sweep } = load(
      yaml({
        sweep:
          'sweep: { zip: { tenants.guest.batch: [1, 8], tenants.guest.threads: [4, 2] }, tenants.guest.portal_slots: [1, 64] }',
      }),
    );
    expect(points.map((p) => Object.values(p.at).join(' '))).toEqual(['1 4 1', '1 4 64', '8 2 1', '8 2 64']);
    expect(sweep.map((axis) => axis.path)).toEqual([
      'tenants.guest.batch',
      'tenants.guest.threads',
      'tenants.guest.portal_slots',
    ]);
  });

  test('several zips stand side by side', () => {
    const { points } = load(
      yaml({
        sweep:
          'sweep: { zip: [{ tenants.guest.batch: [1, 8], tenants.guest.threads: [4, 2] }, { tenants.guest.portal_slots: [1, 64] }] }',
      }),
    );
    expect(points).toHaveLength(4);
  });

  test('the number of points is the product of the axes and designs, keys are unique, the order is stable', () => {
    const axis = (max: number) => fc.uniqueArray(fc.integer({ min: 1, max }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        axis(32),
        axis(64),
        axis(64),
        fc.integer({ min: 1, max: 3 }),
        (batch, slots, count, designs) => {
          const ids = Array.from({ length: designs }, (_, i) => `{ id: d${i}, like: native-cdev }`);
          const text = yaml({
            designs: `designs: [${ids.join(', ')}]`,
            sweep: `sweep: { tenants.guest.batch: [${batch}], tenants.guest.portal_slots: [${slots}], tenants.guest.buffers.count: [${count}] }`,
          });
          const { points } = load(text);
          expect(points).toHaveLength(batch.length * slots.length * count.length * designs);
          expect(new Set(points.map((p) => p.key)).size).toBe(points.length);
          expect(load(text).points.map((p) => p.key)).toEqual(points.map((p) => p.key));
          for (const { at, config } of points) {
            const guest = config.tenants[0]!;
            expect([guest.batch, guest.portalSlots, guest.buffers.count]).toEqual(
              Object.values(at).map(Number),
            );
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  test('an axis carries its values as written and in SI', () => {
    const { sweep } = load(
      yaml({
        devices: TWO_QUEUES,
        sweep: [
          'sweep:',
          '  tenants.guest.operations.size: [64B, 4 KiB, 1MiB]',
          '  measure.duration: [10us, 1ms]',
          '  platform.set.engine.bandwidth: [30GB/s]',
          '  tenants.guest.work_queue: [q, [q], d]',
          '  tenants.guest.buffers.resident: [50%, 1]',
        ].join('\n'),
      }),
    );
    expect(sweep).toEqual([
      {
        path: 'tenants.guest.operations.size',
        unit: 'B',
        values: ['64B', '4 KiB', '1MiB'],
        numbers: [64, 4096, 1_048_576],
      },
      { path: 'measure.duration', unit: 's', values: ['10us', '1ms'], numbers: [10e-6, 1e-3] },
      { path: 'platform.set.engine.bandwidth', unit: 'B/s', values: ['30GB/s'], numbers: [30e9] },
      { path: 'tenants.guest.work_queue', unit: '', values: ['q', '[q]', 'd'], numbers: [null, null, null] },
      { path: 'tenants.guest.buffers.resident', unit: '', values: ['50%', '1'], numbers: [0.5, 1] },
    ]);
  });

  test('a value that only one point makes impossible is shown in the sweep', () => {
    const found = problemsOf(yaml({ sweep: 'sweep: { tenants.guest.batch: [1, 64] }' }));
    expect(found.map((d) => [d.code, d.span!.source.text.slice(d.span!.start, d.span!.end)])).toEqual([
      ['DSASIM_W067', '64'],
    ]);
  });

  test('what the sweep gives need not be given before', () => {
    const { points } = load(
      yaml({
        tenants: tenant({ operations: '{ op: memmove }' }),
        sweep: 'sweep: { tenants.guest.operations.size: [64B, 1KiB] }',
      }),
    );
    expect(points.map((p) => p.config.tenants[0]!.operations[0]!.sizeBytes)).toEqual([64, 1024]);
  });

  test('a single operation may be addressed as the first of a list', () => {
    const { points } = load(yaml({ sweep: 'sweep: { "tenants.guest.operations[0].size": [64B, 1KiB] }' }));
    expect(points.map((p) => p.config.tenants[0]!.operations[0]!.sizeBytes)).toEqual([64, 1024]);
  });

  test('the points of a workload are what expandPoints gives', () => {
    const workload = load(yaml());
    expect(expandPoints(workload)).toBe(workload.points);
  });

  test('a hundred points take well under a second', () => {
    const start = performance.now();
    const hundred = Array.from({ length: 64 }, (_, i) => i + 1);
    const { points } = load(
      yaml({ sweep: `sweep: { tenants.guest.portal_slots: [${hundred}], tenants.guest.batch: [1, 2] }` }),
    );
    expect(points).toHaveLength(128);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('a design may bring its own devices and queues', () => {
  const designs = [
    'designs:',
    '  - native-cdev',
    '  - id: own',
    '    like: native-cdev',
    '    devices: [{ groups: [{ engines: 2, work_queues: [{ name: mine, mode: shared, size: 8 }] }] }]',
    '    tenants: { guest: { work_queue: mine } }',
  ].join('\n');

  test('they go into its machine only', () => {
    const [native, own] = load(yaml({ designs })).points;
    expect(native!.config.tenants[0]!.workQueues).toEqual(['q']);
    expect(native!.config.devices[0]!.groups[0]!.engines).toEqual([0]);
    expect(own!.config.tenants[0]!.workQueues).toEqual(['mine']);
    expect(own!.config.devices[0]!.groups[0]!.engines).toEqual([0, 1]);
  });

  test('their mistakes are shown where the design writes them', () => {
    const [d] = problemsOf(yaml({ designs: designs.replace('size: 8', 'size: 300') }));
    expect(d!.code).toBe('DSASIM_W030');
    expect(d!.span!.source.text.slice(d!.span!.start, d!.span!.end)).toBe('300');
  });

  test('a queue for each instance lets a design of dedicated queues serve several guests', () => {
    const dedicated = ['a', 'b', 'c'].map((n) => `{ name: ${n}, mode: dedicated, size: 8 }`);
    const text = yaml({
      devices: queues(...dedicated),
      designs: 'designs: [mdev, vfio-pci]',
      tenants: tenant({ instances: '3', work_queue: '[a, b, c]' }),
    });
    expect(load(text).points.map((p) => p.config.tenants[0]!.workQueues)).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    // With one instance more the first queue would have two owners under mdev; under vfio-pci each has a device.
    const found = problemsOf(text.replace('instances: 3', 'instances: 4'));
    expect(found.map((d) => [d.code, d.message])).toEqual([
      [
        'DSASIM_W062',
        'tenants[0].work_queue[0]: dedicated work queue "a" would have 2 owners (2 of guest) under mdev',
      ],
    ]);
  });

  test('a variant keeps what it does not replace and says what it does', () => {
    const [base, variant] = load(
      yaml({
        devices: TWO_QUEUES,
        tenants: tenant({ work_queue: 'd' }),
        designs:
          'designs: [mdev, { id: mine, like: mdev, interrupts: eventfd-irqfd, set: { exit_round_trip: 900ns } }]',
      }),
    ).points.map((p) => p.config);
    expect(variant!.design).toEqual({
      ...base!.design,
      id: 'mine',
      status: 'hypothetical',
      interrupts: { misc: 'eventfd-irqfd', completion: 'eventfd-irqfd' },
      summary: 'As mdev, but interrupts.completion eventfd-irqfd, exit_round_trip 900ns.',
    });
    expect(variant!.parameters).toEqual({ ...base!.parameters, exit_round_trip: 900_000 });
  });
});

test('engines given by number leave the others to groups that only count', () => {
  const { points } = load(
    yaml({
      devices:
        'devices: [{ groups: [{ engines: 1, work_queues: [{ name: q, mode: shared, size: 4 }] }, { engines: [0, 2], work_queues: [{ name: r, mode: shared, size: 4 }] }, { engines: 1, work_queues: [{ name: s, mode: shared, size: 4 }] }] }]',
    }),
  );
  const engines = points[0]!.config.devices[0]!.groups.map((g) => g.engines);
  expect(engines).toEqual([[1], [0, 2], [3]]);
  expect(new Set(engines.flat()).size).toBe(4);
});
