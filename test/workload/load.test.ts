import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadWithSource } from '../../src/experiment/shards/source.js';
import { simulate } from '../../src/models/machine.js';
import { loadWorkload } from '../../src/workload/load.js';
import { describeResolved } from '../../src/workload/resolved.js';
import { load, problemsOf, tenant, yaml } from './support.js';

const EXAMPLE = `
name: design-comparison
description: Four guests copy pages.
platform: { preset: spr, set: { engine.bandwidth: 31.9GB/s } }
devices:
  - groups:
      - { engines: 4, work_queues: [{ name: copy, mode: shared, size: 64, threshold: 48, block_on_fault: true }] }
designs: [native-cdev]
tenants:
  - name: guest
    instances: 4
    threads: 2
    work_queue: copy
    load: { open: { rate: 2M/s, arrivals: uniform } }
    operations: [{ op: memmove, size: 4KiB, weight: 9 }, { op: crc, size: 64KiB }]
    completion: umwait
    portal: unlimited
    buffers: { count: 16, page_size: 2MiB, placement: llc, resident: 99.9%, alignment: 4KiB }
    memory: { size: 16GiB, backing: 1GiB }
measure: { duration: 3ms }
gate:
  metrics: { throughput: { tolerance: 1% }, tenants.guest.latency_p99: { abs: 2us, better: lower, level: 99% } }
  limits: [latency_p99 < 8us, tenants.guest.fairness >= 95%]
`;

describe('a workload resolves into machines in internal units', () => {
  const workload = load(EXAMPLE);
  const { config } = workload.points[0]!;

  test('the tenant', () => {
    expect(config.tenants).toEqual([
      {
        name: 'guest',
        instances: 4,
        threads: 2,
        workQueues: ['copy'],
        load: { kind: 'open', ratePerSecond: 2e6, arrivals: 'uniform' },
        operations: [
          { operation: 'memmove', sizeBytes: 4096, weight: 9 },
          { operation: 'crc', sizeBytes: 65_536, weight: 1 },
        ],
        order: 'weighted',
        touch: 'none',
        cacheControl: false,
        destinationReadback: false,
        batch: 1,
        completion: 'umwait',
        portal: 'unlimited',
        portalSlots: 64,
        buffers: {
          count: 16,
          pageSizeBytes: 2_097_152,
          placement: 'llc',
          resident: 0.999,
          alignmentBytes: 4096,
          fresh: 'none',
          faults: 'minor',
        },
        memory: { sizeBytes: 17_179_869_184, backingBytes: 1_073_741_824 },
      },
    ]);
  });

  test('the device, with what the driver would default', () => {
    expect(config.devices[0]!.groups[0]!.workQueues[0]).toEqual({
      name: 'copy',
      mode: 'shared',
      size: 64,
      threshold: 48,
      priority: 10,
      blockOnFault: true,
      maxTransferBytes: 2_097_152,
      maxBatch: 32,
      operations: null,
    });
    expect(config.devices[0]).toMatchObject({
      name: 'dsa0',
      readBufferLimit: 0,
      groups: [{ readBuffersAllowed: 96 }],
    });
  });

  test('measure, seed and semantics, with their defaults', () => {
    expect(config.measure).toEqual({ warmupPs: 200e6, durationPs: 3e9 });
    expect(workload.measure.replications).toBe(5);
    expect([config.seed, config.semantics, workload.preset]).toEqual([1, 'bytes', 'spr']);
    expect(workload.parameters['engine.bandwidth']).toBe(31.9e9);
  });

  test('the gate, in SI', () => {
    expect(workload.gate).toEqual({
      declared: true,
      metrics: [
        { metric: 'throughput', better: 'higher', tolerance: 0.01, absolute: 0, level: 0.95 },
        {
          metric: 'tenants.guest.latency_p99',
          better: 'lower',
          tolerance: 0,
          absolute: 2e-6,
          level: 0.99,
        },
      ],
      limits: [
        { text: 'latency_p99 < 8us', metric: 'latency_p99', operator: '<', value: 8e-6 },
        {
          text: 'tenants.guest.fairness >= 95%',
          metric: 'tenants.guest.fairness',
          operator: '>=',
          value: 0.95,
        },
      ],
    });
  });

  test('it is plain data that a worker can be sent', () => {
    expect(structuredClone(config)).toEqual(config);
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });
});

describe('the command line replaces values', () => {
  test('of any path, with did-you-mean and all other checks', () => {
    const workload = load(
      yaml(),
      {},
      {
        overrides: [
          ['tenants.guest.batch', '8'],
          ['tenants.guest.batch', '16'],
          ['platform.set.engine.bandwidth', '20GB/s'],
          ['sweep', '{ tenants.guest.threads: [1, 2] }'],
        ],
        seed: 7,
        replications: 3,
      },
    );
    expect(
      workload.points.map((p) => [p.config.tenants[0]!.threads, p.config.tenants[0]!.batch, p.config.seed]),
    ).toEqual([
      [1, 16, 7],
      [2, 16, 7],
    ]);
    expect(workload.measure.replications).toBe(3);
    expect(workload.parameters['engine.bandwidth']).toBe(20e9);
  });

  const AXIS = 'tenants.guest.load.closed.depth';
  const told = (sweep: string, path: string, value: string) =>
    problemsOf(yaml({ sweep }), {}, { overrides: [[path, value]] }).map(({ code, remedy }) => [code, remedy]);

  test.each([
    [`sweep: { ${AXIS}: [1, 2] }`, 'tenants[0].load.closed.depth', '4', `sweep.${AXIS}=[4]`],
    [
      `sweep: { zip: { ${AXIS}: [1, 2], tenants.guest.threads: [1, 2] } }`,
      AXIS,
      '4',
      `sweep.zip.${AXIS}=[…]`,
    ],
    [
      `sweep: { zip: [{ ${AXIS}: [1, 2] }, { tenants.guest.threads: [1, 2] }] }`,
      'tenants.guest.threads',
      '4',
      'sweep.zip[1].tenants.guest.threads=[4]',
    ],
    ['sweep: { tenants.guest.load: [{ closed: { depth: 1 } }] }', AXIS, '4', 'sweep.tenants.guest.load=[…]'],
    [
      'sweep: { platform.set.engine.bandwidth: [20GB/s] }',
      'platform.set.engine.bandwidth',
      '10GB/s',
      'sweep.platform.set.engine.bandwidth=[10GB/s]',
    ],
  ])('with %s, one of %s is refused', (sweep, path, value, remedy) => {
    expect(told(sweep, path, value)).toEqual([['DSASIM_W025', `replace the axis: --set ${remedy}`]]);
  });

  test('what the sweep sets only a part of is replaced, with a warning where that part is lost', () => {
    const sweep = `sweep: { ${AXIS}: [1, 2] }`;
    expect(told(sweep, 'tenants.guest.load', '{ closed: { depth: 4 } }').map(([code]) => code)).toEqual([
      'DSASIM_W026',
    ]);
    expect(told(sweep, 'tenants.guest.load', '{}')).toEqual([]);
    expect(told(sweep, 'tenants.guest.threads', '2')).toEqual([]);
  });

  test.each([
    [`sweep: { ${AXIS}: [1, 2], tenants.guest.threads: [1, 2] }`, `sweep.${AXIS}`, '[4]', ['4,1', '4,2']],
    [
      `sweep: { zip: { ${AXIS}: [1, 2], tenants.guest.threads: [1, 2] } }`,
      `sweep.zip.${AXIS}`,
      '[8, 4]',
      ['8,1', '4,2'],
    ],
    [`sweep: { zip: [{ ${AXIS}: [1, 2] }] }`, `sweep.zip[0].${AXIS}`, '[8]', ['8']],
    [
      `sweep: { 'tenants.guest.operations[0].size': [1KiB] }`,
      'sweep.tenants.guest.operations[0].size',
      '[2KiB, 4KiB]',
      ['2KiB', '4KiB'],
    ],
  ])('an axis of %s by its path', (sweep, path, value, points) => {
    const workload = load(yaml({ sweep }), {}, { overrides: [[path, value]] });
    expect(workload.points.map(({ at }) => String(Object.values(at)))).toEqual(points);
  });

  test('a mistake in a value is shown in the option', () => {
    const [d] = problemsOf(yaml(), {}, { overrides: [['measure.duration', '5GB']] });
    expect([d!.code, d!.span!.source.name, d!.span!.source.text.slice(d!.span!.start)]).toEqual([
      'DSASIM_W016',
      '--set',
      '5GB',
    ]);
  });

  test.each([0, 4_294_967_296, Number.MAX_SAFE_INTEGER])('a seed of %d, as in the file', (seed) => {
    expect(load(yaml(), {}, { seed }).points[0]!.config.seed).toBe(seed);
    const written = load(yaml({ seed: `seed: ${seed}` })).points[0]!.config;
    expect(simulate(written, 0).metrics.throughput).toBeGreaterThan(0);
  });

  test('a list of one may be written as its only entry', () => {
    const workload = load(yaml(), {}, { overrides: [['designs', 'native-cdev']] });
    expect(workload.points.map((p) => p.key)).toEqual(['native-cdev']);
  });
});

describe('a trace of arrivals', () => {
  const arrivals = (text: string) => {
    const workload = yaml({ tenants: tenant({ load: '{ trace: t.csv }' }) });
    const { load: kind } = load(workload, { 't.csv': text }).points[0]!.config.tenants[0]!;
    return kind;
  };

  test.each([
    ['one time with its unit a line', '1us\n2.5us\n2.5us\n'],
    ['a header with its unit', 'arrival_us\n1\n2.5\n2.5\n'],
    ['a header with its unit in brackets', 'arrival [us],who\n1,a\n2.5,b\n2.5,c\n'],
    ['comments, empty lines and carriage returns', '# made by hand\r\ntime(us)\r\n1\r\n\r\n2.5\r\n2.5\r\n'],
  ])('%s', (_, text) => {
    expect(arrivals(text)).toEqual({ kind: 'trace', arrivalsPs: [1e6, 2.5e6, 2.5e6] });
  });

  test.each([
    ['a number without a unit', '1us\n2\n', '2', '"2" is no time such as 500ns'],
    ['a header without a unit', 'arrival\n1\n', 'arrival', '"arrival" is no time such as 500ns'],
    ['a time below zero', 'a_us\n-1\n', '-1', '"-1": it must not be below zero'],
    ['a word', 'a_us\n1\nsoon\n', 'soon', '"soon" is no time such as 12.5'],
  ])('%s is refused at its line', (_, text, at, reason) => {
    const [d] = problemsOf(yaml({ tenants: tenant({ load: '{ trace: t.csv }' }) }), { 't.csv': text });
    expect(d!.message).toBe(`tenants[0].load.trace: ${reason}`);
    expect([d!.span!.source.name, d!.span!.source.text.slice(d!.span!.start, d!.span!.end)]).toEqual([
      't.csv',
      at,
    ]);
  });

  test('times that are written are read, whatever their number', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1e12 }), { minLength: 1, maxLength: 50 }), (times) => {
        const sorted = times.sort((a, b) => a - b);
        expect(arrivals(`t_ps\n${sorted.join('\n')}\n`)).toEqual({ kind: 'trace', arrivalsPs: sorted });
      }),
    );
  });
});

describe('what was resolved can be told with its origin', () => {
  const lines = describeResolved(load(EXAMPLE, {}, { overrides: [['tenants.guest.batch', '8']], seed: 3 }));
  const line = (path: string) => lines.find((l) => l.path === path);

  test.each([
    ['name', 'design-comparison', 'probe.yaml:2'],
    ['seed', '3', '--seed'],
    ['tenants[0].batch', '8', '--set'],
    ['tenants[0].load.open.rate', '2M/s', 'probe.yaml:14'],
    ['tenants[0].operations[1].size', '64KiB', 'probe.yaml:15'],
    ['tenants[0].operations[1].weight', '1', 'default'],
    ['devices[0].groups[0].work_queues[0].max_transfer_size', '2MiB', 'default'],
    ['devices[0].groups[0].work_queues[0].size', '64', 'probe.yaml:7'],
    ['measure.warmup', '200us', 'default'],
    ['measure.duration', '3ms', 'probe.yaml:20'],
    ['platform.preset', 'spr', 'probe.yaml:4'],
    ['platform.set.engine.bandwidth', '31.9GB/s', 'probe.yaml:4'],
    ['platform.set.device.engines', '4', 'model'],
  ])('%s = %s from %s', (path, value, origin) => {
    expect(line(path)).toEqual({ path, value, origin });
  });

  test('every path is told once', () => {
    expect(new Set(lines.map((l) => l.path)).size).toBe(lines.length);
  });
});

describe('files', () => {
  test('are read from the file system, relative to the workload', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dsasim-'));
    const file = join(folder, 'w.yaml');
    writeFileSync(file, yaml({ tenants: tenant({ load: '{ trace: ./arrivals.csv }' }) }));
    writeFileSync(join(folder, 'arrivals.csv'), '\ufeff1us\n');
    expect(loadWorkload(file).points[0]!.config.tenants[0]!.load).toEqual({
      kind: 'trace',
      arrivalsPs: [1e6],
    });
  });

  const WRITTEN = yaml({ description: 'description: Größe', tenants: tenant({ load: '{ trace: a.csv }' }) });

  test.each([
    ['Latin-1', Buffer.from(WRITTEN, 'latin1'), 'byte 0xf6', '7:16'],
    ['UTF-16', Buffer.from(`\ufeff${WRITTEN}`, 'utf16le'), 'it begins as UTF-16 does', '1:1'],
    ['UTF-16 without a mark', Buffer.from('name: probe', 'utf16le'), 'a NUL byte, as in UTF-16', '1:2'],
    ['a character cut off', Buffer.from(`${WRITTEN}é`).subarray(0, -1), 'byte 0xc3', '8:1'],
  ])('in %s are refused at the first byte that is not UTF-8', (_, bytes, reason, place) => {
    const file = join(mkdtempSync(join(tmpdir(), 'dsasim-')), 'w.yaml');
    writeFileSync(file, bytes);
    expect(() => loadWorkload(file)).toThrow(
      `error[DSASIM_W009]: ${file} is not UTF-8: ${reason}\n  --> ${file}:${place}\n`,
    );
  });

  test('that a workload names are refused at their own line, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dsasim-'));
    const file = join(folder, 'w.yaml');
    writeFileSync(file, WRITTEN);
    writeFileSync(join(folder, 'a.csv'), Buffer.from('t_us\n1\n2 µ\n', 'latin1'));
    for (const load of [() => loadWorkload(file), () => [...loadWithSource(file, {}, 'run')]]) {
      expect(load).toThrow(`a.csv is not UTF-8: byte 0xb5\n  --> ${join(folder, 'a.csv')}:3:3\n`);
    }
  });

  test('a workload that is not there, or a folder, is one error without a place', () => {
    expect(() => loadWorkload('/nowhere/w.yaml')).toThrow(
      'error[DSASIM_W001]: cannot read /nowhere/w.yaml: no such file',
    );
    expect(() => loadWorkload(tmpdir())).toThrow('it is a directory');
  });
});

describe('no text makes the loader fail otherwise than with diagnostics', () => {
  const token = fc.constantFrom(
    ...[
      'name: probe',
      'devices:',
      'sweep:',
      '  ',
      '\n',
      '- ',
      '{',
      '}',
      '[',
      ']',
      ': ',
      ', ',
      'zip',
      '&a ',
      '*a',
      '!x ',
      '010',
      '4KiB',
      'tenants',
      '.guest',
      '[0]',
      '__proto__',
      '"',
      "'",
      '|',
      '?',
      '---\n',
      'null',
      '.nan',
      '<<',
    ],
  );

  test('tokens in any order', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        for (const d of problemsOf(tokens.join(''))) expect(d.code).toMatch(/^DSASIM_W\d{3}$/);
      }),
      { numRuns: 400 },
    );
  });

  test('any section replaced by any value', () => {
    const sections = fc.constantFrom(
      'name',
      'platform',
      'devices',
      'designs',
      'tenants',
      'measure',
      'sweep',
      'gate',
      'lifecycle',
      'semantics',
    );
    fc.assert(
      fc.property(sections, fc.jsonValue({ maxDepth: 3 }), (section, value) => {
        for (const d of problemsOf(yaml({ [section]: `${section}: ${JSON.stringify(value)}` }))) {
          expect(d.span === null || d.span.end >= d.span.start).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('paths of --set of any form', () => {
    fc.assert(
      fc.property(
        fc.array(token, { minLength: 1, maxLength: 6 }),
        fc.array(token, { maxLength: 6 }),
        (path, value) => {
          problemsOf(yaml(), {}, { overrides: [[path.join(''), value.join('')]] });
          expect(Object.prototype).not.toHaveProperty('guest');
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('what is measured', () => {
  const measured = (measure: string) => load(yaml({ measure: `measure: ${measure}` })).measure;

  test('a warm-up is a time, or left to be found', () => {
    expect(measured('{ warmup: 5us }')).toMatchObject({ warmupPs: 5e6, until: null });
    const auto = load(yaml({ measure: 'measure: { warmup: auto }' }));
    expect(auto.measure.warmupPs).toBeNull();
    expect(auto.points.every((point) => point.config.measure.warmupPs === 0)).toBe(true);
  });

  test('precision may be asked for, with a limit that has a default', () => {
    expect(measured('{ until: { relative_half_width: 1% } }').until).toEqual({
      relativeHalfWidth: 0.01,
      max: 200,
    });
    expect(measured('{ until: { max: 30 } }').until).toEqual({ relativeHalfWidth: 0.02, max: 30 });
  });

  test('any other word is no warm-up, and half-widths of zero cannot be reached', () => {
    expect(problemsOf(yaml({ measure: 'measure: { warmup: automatic }' }))[0]!.code).toBe('DSASIM_W017');
    const none = problemsOf(yaml({ measure: 'measure: { until: { relative_half_width: 0% } }' }));
    expect(none[0]!.code).toBe('DSASIM_W014');
  });
});

describe('a sweep of what is measured', () => {
  const codes = (sweep: string) =>
    problemsOf(yaml({ sweep: `sweep: { ${sweep} }` })).map((problem) => problem.code);

  test('may vary times, and nothing that is decided once for all points', () => {
    expect(load(yaml({ sweep: 'sweep: { measure.warmup: [1us, 2us] }' })).points).toHaveLength(2);
    expect(codes('measure.warmup: [1us, auto]')).toContain('DSASIM_W085');
    expect(codes('measure.replications: [2, 3]')).toContain('DSASIM_W085');
  });
});
