import { describe, expect, test } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { leastOf } from '../../src/models/parameter.js';
import { PARAMETERS, type ParameterDeclaration } from '../../src/models/parameters.js';
import { internalText } from '../../src/workload/internal.js';
import { load, pointedAt, problemsOf, queues, tenant, yaml } from './support.js';

const constants: readonly ParameterDeclaration[] = PARAMETERS;

/** One engine that serves one queue. */
const engine = (mode: string): string =>
  `devices: [{ groups: [{ engines: 1, work_queues: [{ name: q, mode: ${mode}, size: 8, block_on_fault: true }] }] }]`;

const SHORT = {
  measure: 'measure: { warmup: 5us, duration: 20us, replications: 1 }',
  platform:
    'platform: { set: { wq_reset: 1us, mdev_create: 1us, driver_bind: 1us, server_start: 1us, function_level_reset: 1us, lifecycle.vmm_start: 1us, lifecycle.device_state: 1us } }',
};
const MEMORY = '{ size: 1MiB, backing: 4KiB }';

/** Short workloads in one of which at least each constant has a part. */
const WORKLOADS: readonly string[] = [
  yaml({
    ...SHORT,
    devices: engine('shared'),
    designs: 'designs: [native-cdev, native-cdev-write, mdev-sva, trap-all, virtio]',
    tenants: tenant({
      threads: '3',
      load: '{ closed: { depth: 2 } }',
      memory: MEMORY,
      batch: '2',
      operations: '[{ op: memmove, size: 4KiB }, { op: fill, size: 64B }, { op: compare, size: 1KiB }]',
      buffers: '{ count: 16, alignment: 8B, resident: 99% }',
    }),
  }),
  yaml({
    ...SHORT,
    devices: engine('dedicated'),
    designs:
      'designs: [native-kernel, mdev, { like: mdev-full, interrupts: eventfd-injected }, vfio-user, vfio-pci-shadow, { like: native-cdev, id: posted, interrupts: posted-host }]',
    tenants: tenant({
      host_cpus: '1',
      completion: 'interrupt',
      memory: MEMORY,
      unmap: '{ rate: 100k/s }',
      cache_control: 'true',
      buffers: '{ count: 8, placement: llc, alignment: 4B }',
    }),
  }),
  ...['remote', 'cxl', 'peer'].map((placement) =>
    yaml({
      ...SHORT,
      devices: engine('dedicated'),
      designs: 'designs: [vfio-pci]',
      tenants: tenant({
        completion: 'umwait',
        memory: '{ size: 1MiB, backing: 4KiB, peer: 1MiB }',
        touch: 'on-demand',
        destination_readback: 'true',
        operations: '[{ op: memmove, size: 4KiB }, { op: fill, size: 64B }]',
        buffers: `{ count: 8, placement: ${placement}, fresh: destination }`,
      }),
    }),
  ),
  yaml({
    ...SHORT,
    devices: engine('dedicated'),
    designs: 'designs: [native-cdev, wq-vfio, { like: vfio-pci, suspend: save-state }]',
    tenants: tenant({
      load: '{ open: { rate: 50k/s } }',
      memory: '{ size: 1MiB, backing: 4KiB, writes: { rate: 100k/s } }',
    }),
    lifecycle: 'lifecycle: [{ do: suspend }, { do: resume }, { do: migrate }, { do: replace-vmm }]',
  }),
];

/** What some constants need beside them at their least. */
const BESIDE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'device.work_queue_entries': { 'devices[0].groups[0].work_queues[0].size': '1' },
  'device.max_batch': { 'devices[0].groups[0].work_queues[0].max_batch_size': '2' },
  'device.max_transfer': {
    'devices[0].groups[0].work_queues[0].max_transfer_size': '1B',
    'tenants.guest.operations': '{ op: memmove, size: 1B }',
  },
};

/** The places of a constant and of what must change with it, with their values. */
function atLeast(p: ParameterDeclaration): [string, string][] {
  const beside = constants.find(({ name }) => name === p.notBelow)?.nominal ?? 0;
  const value = internalText(p.dimension, Math.max(leastOf(p), beside));
  return [[`platform.set.${p.name}`, value], ...Object.entries(BESIDE[p.name] ?? {})];
}

/** A run of a constant at the least that it can be. */
function completedAt(p: ParameterDeclaration | null): number {
  let completed = 0;
  for (const text of WORKLOADS) {
    const { points } = load(text, {}, { overrides: p === null ? [] : atLeast(p) });
    for (const { config } of points) completed += simulate(config, 0).conservation.completed;
  }
  return completed;
}

describe('a constant at the least that it can be leaves a simulation that ends', () => {
  const usual = completedAt(null);

  test.each(constants.map((p) => [p.name, p] as const))('%s', (name, p) => {
    // Nothing may be locked, and so no guest could start.
    if (name === 'memlock_limit') expect(() => completedAt(p)).toThrow('DSASIM_W058');
    else expect(completedAt(p)).toBeGreaterThan(p.dimension === 'bandwidth' ? 0 : usual / 20);
  });
});

describe('a constant beyond what it can be is refused', () => {
  const said = (name: string, value: number, dimension: ParameterDeclaration['dimension']) =>
    problemsOf(yaml(), {}, { overrides: [[`platform.set.${name}`, internalText(dimension, value)]] }).map(
      ({ code, message, span }) => `${code} ${message} ${span?.source.name}`,
    );

  test.each(constants.filter((p) => leastOf(p) > 0).map((p) => [p.name, p] as const))('%s', (name, p) => {
    for (const value of [0, leastOf(p) - (p.dimension === 'ratio' ? 0.01 : 1)]) {
      const text = internalText(p.dimension, value);
      expect(said(name, value, p.dimension)).toEqual([
        `DSASIM_W014 platform.set.${name}: ${text} is out of range --set`,
      ]);
    }
  });

  test.each(constants.filter((p) => p.most !== undefined).map((p) => [p.name, p] as const))(
    '%s above what registers hold',
    (name, p) => {
      const text = internalText(p.dimension, p.most! + 1);
      expect(said(name, p.most! + 1, p.dimension)).toEqual([
        `DSASIM_W014 platform.set.${name}: ${text} is out of range --set`,
      ]);
    },
  );

  test.each([
    ['a sweep', { sweep: 'sweep: { platform.set.translation.walkers: [1, 0] }' }, '0'],
    ['the platform', { platform: 'platform: { set: { fabric.bandwidth: 0GB/s } }' }, '0GB/s'],
    ['a design', { designs: 'designs: [{ like: native-cdev, set: { host.time_slice: 999ns } }]' }, '999ns'],
  ])('in %s, at its place', (_, sections, at) => {
    const problems = problemsOf(yaml(sections));
    expect(problems.map(({ code }) => code)).toEqual(['DSASIM_W014']);
    expect(pointedAt(problems[0]!)).toBe(at);
  });
});

describe('a constant below one that is part of it', () => {
  const far = tenant({ buffers: '{ placement: cxl }' });

  test.each([
    ['host.interrupt_thread_wake: 100ns', {}, '100ns', 'make host.interrupt_thread_wake 194ns or more'],
    ['host.interrupt_remapped: 4us', {}, '4us', 'make host.interrupt_thread_wake 4us or more'],
    ['host.interrupt_notification: 195ns', {}, '195ns', 'make host.interrupt_remapped 195ns or more'],
    ['memory.dram_latency: 350ns', { tenants: far }, '350ns', 'make memory.cxl_latency 350ns or more'],
  ])('%s is refused', (constant, sections, at, remedy) => {
    const problems = problemsOf(yaml({ ...sections, platform: `platform: { set: { ${constant} } }` }));
    expect(problems.map((d) => [d.code, pointedAt(d), d.remedy])).toEqual([['DSASIM_W057', at, remedy]]);
  });

  test('is shown in the design that sets it, and at the point of a sweep that does', () => {
    const designs = 'designs: [{ like: native-cdev, set: { host.interrupt_thread_wake: 1ns } }]';
    const sweep = 'sweep: { platform.set.host.interrupt_thread_wake: [3us, 2ns] }';
    expect(problemsOf(yaml({ designs })).map(pointedAt)).toEqual(['1ns']);
    expect(problemsOf(yaml({ sweep })).map(pointedAt)).toEqual(['2ns']);
  });

  test('is no matter where no tenant has that memory', () => {
    expect(problemsOf(yaml({ platform: 'platform: { set: { memory.dram_latency: 350ns } }' }))).toEqual([]);
  });
});

describe('a limit of locked memory', () => {
  const guests = (sections: Record<string, string>) =>
    problemsOf(
      yaml({
        devices: queues('{ name: q, mode: dedicated, size: 16 }'),
        tenants: tenant({ instances: '3', memory: '{ size: 1GiB }' }),
        ...sections,
      }),
    );
  const limit = (bytes: string) => ({ platform: `platform: { set: { memlock_limit: ${bytes} } }` });
  const told = (sections: Record<string, string>) =>
    guests(sections).map((d) => [d.code, pointedAt(d), / of guest \d/.exec(d.message)?.[0], d.remedy]);
  const remedy = (bytes: string) => `set memlock_limit to ${bytes} or more, or lower memory.size`;

  test('holds for each process under type1, and under iommufd for the user of all', () => {
    expect(told({ designs: 'designs: [vfio-pci]', ...limit('1GiB') })).toEqual([]);
    expect(told({ designs: 'designs: [vfio-pci-iommufd]', ...limit('1GiB') })).toEqual([
      ['DSASIM_W058', '1GiB', ' of guest 1', remedy('3GiB')],
    ]);
    expect(told({ designs: 'designs: [vfio-pci, vfio-pci-iommufd]', ...limit('3GiB') })).toEqual([]);
    expect(told({ designs: 'designs: [vfio-pci]', ...limit('1048575KiB') })).toEqual([
      ['DSASIM_W058', '1048575KiB', ' of guest 0', remedy('1GiB')],
    ]);
  });

  test('is counted for each device where an IOMMU of the guest has an address space for each', () => {
    const devices = ['q', 'r']
      .map(
        (name) => `{ groups: [{ engines: 1, work_queues: [{ name: ${name}, mode: dedicated, size: 16 }] }] }`,
      )
      .join(', ');
    const sections = { devices: `devices: [${devices}]`, designs: 'designs: [vfio-pci-shadow]' };
    expect(told({ ...sections, ...limit('1GiB') })).toEqual([
      ['DSASIM_W058', '1GiB', ' of guest 0', remedy('2GiB')],
    ]);
    expect(told({ ...sections, ...limit('2GiB') })).toEqual([]);
  });

  test('is no matter where nothing is pinned', () => {
    expect(told({ devices: engine('shared'), designs: 'designs: [native-cdev]', ...limit('8MiB') })).toEqual(
      [],
    );
  });

  test('is shown at the point of a sweep, in the design that sets it, or else at the memory', () => {
    const designs = 'designs: [vfio-pci]';
    expect(told({ designs, sweep: 'sweep: { platform.set.memlock_limit: [1GiB, 512MiB] }' })[0]![1]).toBe(
      '512MiB',
    );
    expect(told({ designs: 'designs: [{ like: vfio-pci, set: { memlock_limit: 256MiB } }]' })[0]![1]).toBe(
      '256MiB',
    );
    expect(
      told({ designs, tenants: tenant({ memory: '{ size: 2048TiB, backing: 2MiB }' }) })[0]!.slice(0, 2),
    ).toEqual(['DSASIM_W058', '2048TiB']);
  });

  test('is not held against memory that was refused', () => {
    const codes = guests({
      designs: 'designs: [vfio-pci]',
      tenants: tenant({ memory: '{ size: 1B }' }),
      ...limit('8MiB'),
    }).map(({ code }) => code);
    expect(codes).toEqual(['DSASIM_W014']);
  });
});
