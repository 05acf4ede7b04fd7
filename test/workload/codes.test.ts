import { describe, expect, test } from 'vitest';
import { CODES, type Code } from '../../src/workload/codes.js';
import type { LoadOptions } from '../../src/workload/load.js';
import { renderDiagnostic } from '../../src/workload/render.js';
import { type Files, pointedAt, problemsOf, queues, type Sections, tenant, yaml } from './support.js';

/** A mistake, what is said about it, and what the caret must stand under. */
interface Mistake {
  code: Code;
  name: string;
  text: string;
  at: string;
  says: string;
  remedy: string;
  files?: Files;
  options?: LoadOptions;
}

const mistake = (
  code: Code,
  name: string,
  sections: Sections | string,
  at: string,
  says: string,
  remedy: string,
  more: Pick<Mistake, 'files' | 'options'> = {},
): Mistake => ({
  code,
  name,
  text: typeof sections === 'string' ? sections : yaml(sections),
  at,
  says,
  remedy,
  ...more,
});

const WQ = 'devices[0].groups[0].work_queues[0]';
const q = (keys: string) => queues(`{ name: q, mode: shared, size: 16, ${keys} }`);
const group = (keys: string) =>
  `devices: [{ groups: [{ engines: 1, work_queues: [{ name: q, mode: shared, size: 16 }], ${keys} }] }]`;
const conf = (text: string): [Sections, { files: Files }] => [
  { devices: 'devices: [{ accel_config: d.conf }]' },
  { files: { 'd.conf': text } },
];
const accel = (code: Code, name: string, text: string, at: string, says: string, remedy: string): Mistake => {
  const [sections, more] = conf(text);
  return mistake(code, name, sections, at, says, remedy, more);
};
const wq = (keys: string) =>
  `[{"dev":"dsa0","groups":[{"dev":"group0.0","grouped_workqueues":[{"dev":"wq0.0",${keys}}],"grouped_engines":[{"dev":"engine0.0"}]}]}]`;

const NESTED = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  'b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]',
  'c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
  'd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]',
].join('\n');

const MISTAKES: Mistake[] = [
  mistake(
    'W001',
    'a device file that is not there',
    { devices: 'devices: [{ accel_config: gone.conf }]' },
    'gone.conf',
    'cannot read gone.conf: no such file',
    'give the path of a file that can be read',
  ),
  mistake(
    'W002',
    'an empty file',
    '# nothing\n',
    '#',
    'probe.yaml holds no workload',
    'write at least name, designs, devices and tenants',
  ),
  mistake(
    'W003',
    'two documents',
    `${yaml()}---\nname: second\n`,
    '---',
    'probe.yaml holds 2 YAML documents',
    'keep one workload in one file',
  ),
  mistake(
    'W004',
    'a bracket that is never closed',
    { designs: 'designs: [mdev' },
    'tenants',
    'not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
    'mend the syntax here',
  ),
  mistake(
    'W004',
    'a path with brackets inside braces',
    { sweep: 'sweep: { tenants[0].batch: [1] }' },
    '[',
    'not valid YAML: missing , or : between flow map items',
    'inside { } put a path with brackets in quotes',
  ),
  mistake(
    'W005',
    'a key written twice',
    { name: 'name: probe\nname: again' },
    'name',
    'the key "name" is written twice',
    'keep one of them',
  ),
  mistake(
    'W006',
    'an alias bomb',
    NESTED,
    '*a',
    'aliases expand to more than 100 copies',
    'write the values out instead of nesting aliases',
  ),
  mistake(
    'W007',
    'a number with a leading zero',
    { devices: queues('{ name: q, mode: shared, size: 010 }') },
    '010',
    `${WQ}.size: 010 is read as the decimal number 10`,
    'drop the leading zero',
  ),
  mistake(
    'W008',
    'a tag of somebody else',
    { name: 'name: !secret probe' },
    'probe',
    'name: !secret is not a plain value',
    'use maps, lists, text, numbers, true and false only',
  ),
  mistake(
    'W009',
    'a file with a NUL',
    { name: 'name: pro\0be' },
    '\0',
    'probe.yaml is not UTF-8: a NUL byte, as in UTF-16',
    'save it as UTF-8',
  ),

  mistake(
    'W010',
    'a misspelt key',
    { devices: q('treshold: 3') },
    'treshold',
    `${WQ}.treshold: unknown key`,
    'did you mean "threshold"?',
  ),
  mistake(
    'W010',
    'a key like no other',
    { zebra: 'zebra: 1' },
    'zebra',
    'zebra: unknown key',
    'known keys: name, description, seed, platform, semantics, devices, designs, tenants, lifecycle, measure, sweep, gate, conclusion',
  ),
  mistake(
    'W010',
    'an unknown constant',
    { platform: 'platform: { set: { engine.bandwith: 30GB/s } }' },
    'engine.bandwith',
    'platform.set.engine.bandwith: unknown key',
    'did you mean "engine.bandwidth"?',
  ),
  mistake(
    'W011',
    'a missing work queue',
    { tenants: tenant({ work_queue: '' }) },
    'name',
    'tenants[0].work_queue: missing',
    'write it: the name of a work queue',
  ),
  mistake(
    'W012',
    'a misspelt mode',
    { devices: queues('{ name: q, mode: dedicatd, size: 16 }') },
    'dedicatd',
    `${WQ}.mode: expected "shared" or "dedicated"`,
    'did you mean "dedicated"?',
  ),
  mistake(
    'W012',
    'an unknown preset',
    { platform: 'platform: sqr' },
    'sqr',
    'platform.preset: expected "spr"',
    'did you mean "spr"?',
  ),
  mistake(
    'W013',
    'text for a number',
    { devices: queues('{ name: q, mode: shared, size: many }') },
    'many',
    `${WQ}.size: expected a whole number, found "many"`,
    'change the value',
  ),
  mistake(
    'W013',
    'a workload that is a list',
    '- name\n',
    '- name',
    'workload: expected a map, found a list',
    'change the value',
  ),
  mistake(
    'W014',
    'a work queue of size 0',
    { devices: queues('{ name: q, mode: shared, size: 0 }') },
    '0',
    `${WQ}.size: 0 is out of range`,
    'allowed: 1 or more',
  ),
  mistake(
    'W014',
    'priority 16',
    { devices: q('priority: 16') },
    '16',
    `${WQ}.priority: 16 is out of range`,
    'allowed: 15 or less',
  ),
  mistake(
    'W014',
    'a probability above one',
    { tenants: tenant({ buffers: '{ resident: 1.5 }' }) },
    '1.5',
    'tenants[0].buffers.resident: 1.5 is out of range',
    'allowed: 0 to 1, or a percentage',
  ),
  mistake(
    'W015',
    'a bare number',
    { measure: 'measure: { duration: 200 }' },
    '200',
    'measure.duration: a number needs its unit',
    'write 200ns',
  ),
  mistake(
    'W016',
    'a size for a time',
    { measure: 'measure: { duration: 2GB }' },
    '2GB',
    'measure.duration: "GB" is no unit of a time',
    'units: ps ns us µs μs ms s',
  ),
  mistake(
    'W016',
    'a unit in the wrong case',
    { tenants: tenant({ operations: '{ op: memmove, size: 4kib }' }) },
    '4kib',
    'tenants[0].operations.size: "kib" is no unit of a size',
    'did you mean "4KiB"?',
  ),
  mistake(
    'W017',
    'no quantity at all',
    { measure: 'measure: { duration: soon }' },
    'soon',
    'measure.duration: expected a time, found "soon"',
    'write a number and a unit, such as 500ns',
  ),
  mistake(
    'W018',
    'a fraction of a byte',
    { tenants: tenant({ operations: '{ op: memmove, size: 0.5B }' }) },
    '0.5B',
    'tenants[0].operations.size: "0.5B": it is not a whole number of B',
    'allowed: 4KiB',
  ),
  mistake(
    'W019',
    'a name with a blank',
    { name: 'name: my probe' },
    'my probe',
    'name: "my probe" is not a usable name',
    'use letters, digits, "-" and "_", beginning with a letter or digit',
  ),
  mistake(
    'W120',
    'an event in the middle of the measurement',
    {
      lifecycle: 'lifecycle: [{ at: 20us, do: suspend }]',
      measure: 'measure: { warmup: 10us, duration: 1ms }',
    },
    '20us',
    'lifecycle[0].at: 20us lies before the end of the measured phase',
    'write 1.01ms or later, or leave `at` out: the event then follows at once',
  ),
  mistake(
    'W121',
    'a key of another event',
    { lifecycle: 'lifecycle: [{ do: suspend, for: 20us }]' },
    '20us',
    'lifecycle[0].for: `for` belongs to disable-wq only',
    'remove it',
  ),
  mistake(
    'W122',
    'an instance that is not there',
    { lifecycle: 'lifecycle: [{ do: drain, instance: 7 }]' },
    '7',
    'lifecycle[0].instance: "guest" has 1 instances',
    'instances are numbered 0 to 0',
  ),
  mistake(
    'W123',
    'a resume of what runs',
    { lifecycle: 'lifecycle: [{ do: resume }]' },
    'resume',
    'lifecycle[0].do: guest 0 is not suspended',
    'suspend it first, or remove the event',
  ),
  mistake(
    'W124',
    'an event of the dead',
    { lifecycle: 'lifecycle: [{ do: kill }, { do: drain }]' },
    'drain',
    'lifecycle[1].do: guest 0 was removed or killed before',
    'no event can follow for it',
  ),
  mistake(
    'W125',
    'a migration of what is suspended',
    { lifecycle: 'lifecycle: [{ do: suspend }, { do: migrate }]' },
    'migrate',
    'lifecycle[1].do: guest 0 is suspended',
    'resume it before migrate',
  ),
  mistake(
    'W126',
    'an event after simulated time',
    {
      lifecycle: 'lifecycle: [{ do: drain }, { at: 9007s, do: drain }]',
      measure: 'measure: { warmup: 10us, duration: 1s }',
    },
    '9007s',
    'lifecycle[1].at: simulated time ends after 9007s, before drain, with 1s of load behind it, is over',
    'let it be earlier or shorter',
  ),
  mistake(
    'W126',
    'an event that lasts too long',
    { lifecycle: 'lifecycle: [{ do: disable-wq, for: 9007199ms }]', measure: 'measure: { duration: 1s }' },
    '9007199ms',
    'lifecycle[0].for: simulated time ends after 9007s',
    'let it be earlier or shorter',
  ),
  mistake(
    'W126',
    'a measurement after simulated time',
    { measure: 'measure: { warmup: 1s, duration: 9007s }' },
    '9007s',
    'measure.duration: simulated time ends after 9007s, before the measured phase is over',
    'let it be earlier or shorter',
  ),
  mistake(
    'W021',
    'no design',
    { designs: 'designs: []' },
    'designs',
    'designs: expected at least one entry',
    'add an entry or remove the key',
  ),
  mistake(
    'W022',
    'two loads',
    { tenants: tenant({ load: '{ closed: { depth: 1 }, open: { rate: 1K/s } }' }) },
    'load',
    'tenants[0].load: write exactly one of closed, burst, open, trace',
    'keep one of them',
  ),
  mistake(
    'W022',
    'a file and groups',
    {
      devices:
        'devices: [{ accel_config: a, groups: [{ engines: 1, work_queues: [{ name: q, mode: shared, size: 1 }] }] }]',
    },
    '{ accel_config: a, groups: [{ engines: 1, work_queues: [{ name: q, mode: shared, size: 1 }] }] }',
    "devices[0]: write exactly one of accel_config and the device's own keys (groups)",
    'keep one of them',
  ),
  mistake(
    'W023',
    'a --set of nobody',
    {},
    'tenants.gest.batch',
    'the path "tenants.gest.batch" of --set does not exist',
    'did you mean "tenants.guest.batch"?',
    { options: { overrides: [['tenants.gest.batch', '2']] } },
  ),
  mistake(
    'W023',
    'a --set of nothing',
    {},
    'measure.length',
    'the path "measure.length" of --set does not exist',
    'known keys: warmup, duration, replications',
    { options: { overrides: [['measure.length', '2us']] } },
  ),
  mistake(
    'W024',
    'a --set that ends too early',
    {},
    'tenants.guest.instances',
    '--set tenants.guest.instances has no value',
    'write it behind the "=", such as --set tenants.guest.batch=32',
    { options: { overrides: [['tenants.guest.instances', '']] } },
  ),
  mistake(
    'W025',
    'a --set of what the sweep sets',
    { sweep: 'sweep: { tenants.guest.batch: [1, 2] }' },
    'tenants.guest.batch',
    '--set tenants.guest.batch has no effect: the sweep sets tenants.guest.batch at every point',
    'replace the axis: --set sweep.tenants.guest.batch=[4]',
    { options: { overrides: [['tenants.guest.batch', '4']] } },
  ),
  mistake(
    'W026',
    'a --set of something in which the sweep sets a part',
    { sweep: 'sweep: { tenants.guest.load.closed.depth: [1, 2] }' },
    'tenants.guest.load',
    '--set tenants.guest.load has no effect on tenants.guest.load.closed.depth, which the sweep sets at every point',
    'to replace the axis as well: --set sweep.tenants.guest.load.closed.depth=[…]',
    { options: { overrides: [['tenants.guest.load', '{ closed: { depth: 4 } }']] } },
  ),

  mistake(
    'W030',
    'work queues of 129 entries',
    { devices: queues('{ name: q, mode: shared, size: 64 }', '{ name: r, mode: shared, size: 65 }') },
    '65',
    'devices[0].groups[0].work_queues[1].size: the work queues of dsa0 take 129 entries, the device has 128',
    'make them smaller',
  ),
  mistake(
    'W031',
    'five groups',
    {
      devices: `devices: [{ groups: [${[0, 1, 2, 3, 4].map((i) => `{ engines: [${Math.min(i, 3)}], work_queues: [{ name: ${i === 0 ? 'q' : `q${i}`}, mode: shared, size: 1 }] }`).join(', ')}] }]`,
    },
    '{ engines: [3], work_queues: [{ name: q4, mode: shared, size: 1 }] }',
    'devices[0].groups[4]: dsa0 has 5 groups, a device of spr has 4',
    'use fewer groups',
  ),
  mistake(
    'W032',
    'nine work queues',
    { devices: queues(...'qrstuvwxy'.split('').map((n) => `{ name: ${n}, mode: shared, size: 1 }`)) },
    '{ name: y, mode: shared, size: 1 }',
    'devices[0].groups[0].work_queues[8]: dsa0 has 9 work queues, a device of spr has 8',
    'use fewer work queues',
  ),
  mistake(
    'W033',
    'engine 4',
    {
      devices:
        'devices: [{ groups: [{ engines: [0, 4], work_queues: [{ name: q, mode: shared, size: 1 }] }] }]',
    },
    '4',
    'devices[0].groups[0].engines[1]: dsa0 has no engine 4',
    'engines of spr: 0 to 3',
  ),
  mistake(
    'W034',
    'an engine in two groups',
    {
      devices:
        'devices: [{ groups: [{ engines: [0], work_queues: [{ name: q, mode: shared, size: 1 }] }, { engines: [1, 0], work_queues: [{ name: r, mode: shared, size: 1 }] }] }]',
    },
    '0',
    'devices[0].groups[1].engines[1]: engine 0 of dsa0 is already in group 0',
    'an engine serves one group',
  ),
  mistake(
    'W035',
    'five engines',
    { devices: 'devices: [{ groups: [{ engines: 5, work_queues: [{ name: q, mode: shared, size: 1 }] }] }]' },
    '5',
    'devices[0].groups[0].engines: dsa0 needs 5 engines, a device of spr has 4',
    'use fewer engines',
  ),
  mistake(
    'W036',
    'threshold 0',
    { devices: q('threshold: 0') },
    '0',
    `${WQ}.threshold: a shared work queue with threshold 0 accepts nothing`,
    'set threshold from 1 to 16',
  ),
  mistake(
    'W037',
    'a threshold above the size',
    { devices: q('threshold: 17') },
    '17',
    `${WQ}.threshold: threshold 17 is above the size`,
    'it acts as 16',
  ),
  mistake(
    'W038',
    'a group without engines',
    {
      devices: 'devices: [{ groups: [{ engines: [], work_queues: [{ name: q, mode: shared, size: 1 }] }] }]',
    },
    'engines',
    'devices[0].groups[0].engines: group 0 of dsa0 has work queues but no engine',
    'give it an engine',
  ),
  mistake(
    'W039',
    'a group without work queues',
    {
      devices:
        'devices: [{ groups: [{ engines: 1, work_queues: [{ name: q, mode: shared, size: 1 }] }, { engines: 1, work_queues: [] }] }]',
    },
    'work_queues',
    'devices[0].groups[1].work_queues: group 1 of dsa0 has engines but no work queue',
    'give it a work queue',
  ),
  mistake(
    'W040',
    'two queues of one name',
    { devices: queues('{ name: q, mode: shared, size: 1 }', '{ name: q, mode: shared, size: 2 }') },
    'q',
    'devices[0].groups[0].work_queues[1].name: the name "q" is already used',
    'give every work queue its own name',
  ),
  mistake(
    'W041',
    'batches above the device',
    { devices: q('max_batch_size: 2048') },
    '2048',
    `${WQ}.max_batch_size: 2048 is above what a device of spr takes`,
    'at most 1024',
  ),
  mistake(
    'W042',
    'a transfer size that is no power of two',
    { devices: q('max_transfer_size: 3MiB') },
    '3MiB',
    `${WQ}.max_transfer_size: 3 MiB is no power of two`,
    'it acts as 4 MiB, as in the driver',
  ),
  mistake(
    'W043',
    'more read buffers than there are',
    { devices: group('read_buffers_allowed: 97') },
    '97',
    'devices[0].groups[0].read_buffers_allowed: 97 read buffers break the rule "reserved <= allowed <= reserved + unreserved"',
    'allowed here: 1 to 96',
  ),
  mistake(
    'W043',
    'more reserved read buffers than there are',
    { devices: group('read_buffers_reserved: 97') },
    '97',
    'devices[0].groups[0].read_buffers_reserved: 97 read buffers break the rule "reserved together"',
    'allowed here: 0 to 96',
  ),
  mistake(
    'W044',
    'an operation mask on a 1.0 device',
    { devices: q('operations: [memmove]') },
    'operations',
    `${WQ}.operations: spr has no per-queue operation mask`,
    'the simulator applies it all the same',
  ),
  mistake(
    'W045',
    'three read buffers for an engine',
    { devices: group('read_buffers_allowed: 3') },
    '3',
    'devices[0].groups[0].read_buffers_allowed: 3 read buffers are below four for each of 1 engines',
    'the device refuses fewer than 4',
  ),
  mistake(
    'W046',
    'a threshold on a dedicated queue',
    { devices: queues('{ name: q, mode: dedicated, size: 16, threshold: 4 }') },
    '4',
    `${WQ}.threshold: a dedicated work queue has no threshold`,
    'remove it',
  ),

  mistake(
    'W051',
    'an unknown design',
    { designs: 'designs: [native-cdev, mdevv]' },
    'mdevv',
    'designs[1]: no design is called "mdevv"',
    'did you mean "mdev"?',
  ),
  mistake(
    'W052',
    'a design listed twice',
    { designs: 'designs: [native-cdev, native-cdev]' },
    'native-cdev',
    'designs[1]: the design "native-cdev" is listed twice',
    'give a variant its own id: { id: …, like: native-cdev }',
  ),
  mistake(
    'W053',
    'a design that starts from nothing',
    { designs: 'designs: [{ id: mine, control: in-kvm }]' },
    'mine',
    'designs[0]: "mine" is a new design without `like`',
    'name the design it starts from: like: mdev',
  ),
  mistake(
    'W054',
    'a design that cannot exist',
    { designs: 'designs: [{ id: mine, like: vfio-pci, translation: first-stage-sva }]' },
    'mine',
    'designs[0]: the design "mine" cannot exist: a process PASID',
    'choose another combination of mechanisms',
  ),
  mistake(
    'W057',
    'an interrupt thread that wakes before its interrupt is over',
    { platform: 'platform: { set: { host.interrupt_thread_wake: 100ns } }' },
    '100ns',
    'platform.set.host.interrupt_thread_wake: host.interrupt_thread_wake is 100ns, below host.interrupt_remapped, which is 194ns and part of it',
    'make host.interrupt_thread_wake 194ns or more',
  ),
  mistake(
    'W055',
    'queues for a tenant that is not there',
    { designs: 'designs: [{ like: native-cdev, tenants: { gest: { work_queue: q } } }]' },
    'gest',
    'designs[0].tenants.gest: no tenant is called "gest"',
    'did you mean "guest"?',
  ),

  mistake(
    'W056',
    'a device that its driver would set up in another way',
    {
      devices: queues('{ name: q, mode: dedicated, size: 16 }'),
      designs: 'designs: [{ like: vfio-pci, driver: dpdk }]',
    },
    '{ groups: [{ engines: 1, work_queues: [{ name: q, mode: dedicated, size: 16 }] }] }',
    'devices[0]: vfio-pci cannot have this device: dpdk makes dedicated q of 128 entries on engine 0 of it',
    'give the design `devices` of its own',
  ),

  mistake(
    'W058',
    'a limit of locked memory below the memory of a guest',
    {
      platform: 'platform: { set: { memlock_limit: 64MiB } }',
      designs: 'designs: [mdev]',
      devices: queues('{ name: q, mode: dedicated, size: 16 }'),
      tenants: tenant({ memory: '{ size: 96MiB }' }),
    },
    '64MiB',
    'platform.set.memlock_limit: under mdev VFIO_IOMMU_MAP_DMA of guest 0 fails with ENOMEM: its process would have 96MiB locked, more than 64MiB',
    'set memlock_limit to 96MiB or more, or lower memory.size',
  ),
  mistake(
    'W060',
    'a queue that is not there',
    { tenants: tenant({ work_queue: 'quick' }) },
    'quick',
    'tenants[0].work_queue: no work queue is called "quick"',
    'work queues: q',
  ),
  mistake(
    'W061',
    'a shared queue from a design that has none',
    { designs: 'designs: [mdev]' },
    'q',
    'tenants[0].work_queue: mdev cannot hand out a shared work queue ("q")',
    'it can hand out: dedicated',
  ),
  mistake(
    'W062',
    'a dedicated queue with two owners',
    { devices: queues('{ name: q, mode: dedicated, size: 16 }'), tenants: tenant({ instances: '2' }) },
    'q',
    'tenants[0].work_queue: dedicated work queue "q" would have 2 owners (2 of guest) under native-cdev',
    'one owner a dedicated queue: list a queue for each instance, or use a shared one',
  ),
  mistake(
    'W063',
    'an overfull dedicated queue',
    {
      devices: queues('{ name: q, mode: dedicated, size: 16 }'),
      tenants: tenant({ threads: '2', load: '{ closed: { depth: 9 } }' }),
    },
    '9',
    'tenants[0].load.closed.depth: 18 descriptors outstanding overfill dedicated work queue "q" of 16 entries',
    'it drops what does not fit; lower depth or threads',
  ),
  mistake(
    'W064',
    'an operation that the queue does not allow',
    { devices: q('operations: [fill]') },
    'memmove',
    'tenants[0].operations.op: work queue "q" does not allow memmove',
    'it allows: fill',
  ),
  mistake(
    'W065',
    'an operation of a later generation',
    { tenants: tenant({ operations: '{ op: dix_generate, size: 4KiB }' }) },
    'dix_generate',
    'tenants[0].operations.op: dix_generate needs DSA 2.0, spr is 1.0',
    'choose an operation of 1.0',
  ),
  mistake(
    'W066',
    'a transfer above the queue',
    { tenants: tenant({ operations: '{ op: memmove, size: 4MiB }' }) },
    '4MiB',
    'tenants[0].operations.size: 4 MiB is above the 2 MiB that work queue "q" transfers',
    'raise its max_transfer_size',
  ),
  mistake(
    'W067',
    'a batch above the queue',
    { tenants: tenant({ batch: '33' }) },
    '33',
    'tenants[0].batch: a batch of 33 is above the 32 of work queue "q"',
    'raise its max_batch_size',
  ),
  mistake(
    'W068',
    'an operation that is no work',
    { tenants: tenant({ operations: '{ op: batch }' }) },
    'batch',
    'tenants[0].operations.op: batch cannot be simulated as work',
    'operations: nop, drain, memmove, fill, compare',
  ),
  mistake(
    'W069',
    'a move without a size',
    { tenants: tenant({ operations: '{ op: memmove }' }) },
    'operations',
    'tenants[0].operations.size: memmove needs a size',
    'write size: 4KiB',
  ),
  mistake(
    'W070',
    'a move of nothing',
    { tenants: tenant({ operations: '{ op: memmove, size: 0B }' }) },
    '0B',
    'tenants[0].operations.size: 0 B does not suit memmove: it must be above zero',
    'choose another size',
  ),
  mistake(
    'W071',
    'buffers that do not fit',
    { tenants: tenant({ buffers: '{ count: 1000 }', memory: '{ size: 1MiB }' }) },
    '1000',
    'tenants[0].buffers.count: the buffers take 7.81 MiB, the memory of an instance is 1 MiB',
    'raise memory.size',
  ),
  mistake(
    'W072',
    'no weight above zero',
    { tenants: tenant({ operations: '[{ op: nop, weight: 0 }]' }) },
    'operations',
    'tenants[0].operations: no weight is above zero',
    'give an operation a weight',
  ),
  mistake(
    'W074',
    'an alignment of 48 bytes',
    { tenants: tenant({ buffers: '{ alignment: 48B }' }) },
    '48B',
    'tenants[0].buffers.alignment: 48 B is not a power of two of at most 4 KiB',
    'write for example 64B',
  ),
  mistake(
    'W075',
    'a trace that goes back in time',
    { tenants: tenant({ load: '{ trace: t.csv }' }) },
    '1us',
    'tenants[0].load.trace: "1us" lies before the arrival above it',
    'a line is a time such as 12.5us, or a number under a header with its unit: arrival_us',
    { files: { 't.csv': '2us\n1us\n' } },
  ),
  mistake(
    'W076',
    'a trace of nothing',
    { tenants: tenant({ load: '{ trace: t.csv }' }) },
    'a',
    'tenants[0].load.trace: the trace holds no arrival',
    'write one time a line',
    { files: { 't.csv': 'arrival_us\n' } },
  ),
  mistake(
    'W077',
    'interrupts from a design without',
    { tenants: tenant({ completion: 'interrupt' }) },
    'interrupt',
    'tenants[0].completion: native-cdev delivers no completion interrupt',
    'wait with poll or umwait',
  ),

  mistake(
    'W079',
    'processors that write more memory than there is',
    { tenants: tenant({ memory: '{ size: 1GiB, writes: { rate: 1k/s, within: 2GiB } }' }) },
    '2GiB',
    'tenants[0].memory.writes.within: the processors would write 2 GiB, the memory of an instance is 1 GiB',
    'raise memory.size, or leave `within` out',
  ),

  mistake(
    'W073',
    'more buffers in memory of other devices than there is of it',
    { tenants: tenant({ buffers: '{ count: 128, placement: peer }', memory: '{ peer: 256KiB }' }) },
    '128',
    'tenants[0].buffers.count: the buffers take 1 MiB, the memory of other devices is 256 KiB',
    'raise memory.peer',
  ),

  mistake(
    'W078',
    'copies to and from other devices where only pinned memory can be mapped',
    {
      devices: queues('{ name: q, mode: dedicated, size: 16 }'),
      designs: 'designs: [wq-vfio]',
      tenants: tenant({ buffers: '{ count: 8, placement: peer }', memory: '{ peer: 1MiB }' }),
    },
    'peer',
    'tenants[0].buffers.placement: wq-vfio cannot reach memory of other devices: iommufd maps only what can be pinned',
    'map with type1, or leave it out',
  ),

  mistake(
    'W078',
    'memory of other devices where only pinned memory can be mapped',
    {
      devices: queues('{ name: q, mode: dedicated, size: 16 }'),
      designs: 'designs: [vfio-pci-iommufd]',
      tenants: tenant({ memory: '{ size: 4GiB, peer: 256MiB }' }),
    },
    '256MiB',
    'tenants[0].memory.peer: vfio-pci-iommufd cannot reach memory of other devices: iommufd maps only what can be pinned',
    'map with type1, or leave it out',
  ),

  mistake(
    'W080',
    'an axis without values',
    { sweep: 'sweep: { tenants.guest.batch: [] }' },
    'tenants.guest.batch',
    'sweep.tenants.guest.batch: an empty list sweeps nothing',
    'list at least one value',
  ),
  mistake(
    'W081',
    'an axis of a tenant that is not there',
    { sweep: 'sweep: { tenants.gest.batch: [1] }' },
    'tenants.gest.batch',
    'the sweep path "tenants.gest.batch" does not exist',
    'did you mean "tenants.guest.batch"?',
  ),
  mistake(
    'W081',
    'an axis that leads past a list',
    { sweep: 'sweep: { "devices[0].groups[1].engines": [1] }' },
    '"devices[0].groups[1].engines"',
    'the sweep path "devices[0].groups[1].engines" does not exist',
    'devices[0].groups has 1 entries, counted from 0',
  ),
  mistake(
    'W081',
    'an axis of a misspelt key',
    { sweep: 'sweep: { tenants.guest.bach: [1] }' },
    'tenants.guest.bach',
    'the sweep path "tenants.guest.bach" does not exist',
    'did you mean "tenants.guest.batch"?',
  ),
  mistake(
    'W082',
    'a value listed twice',
    { sweep: 'sweep: { tenants.guest.batch: [1, 2, 1] }' },
    '1',
    'sweep.tenants.guest.batch[2]: 1 is listed twice',
    'points must differ',
  ),
  mistake(
    'W083',
    'lists of different lengths',
    { sweep: 'sweep: { zip: { tenants.guest.batch: [1, 2], tenants.guest.threads: [1] } }' },
    'tenants.guest.threads',
    'sweep.zip.tenants.guest.threads: lists walked together have 1 and 2 values',
    'give them the same length',
  ),
  mistake(
    'W084',
    'a path used twice',
    { sweep: 'sweep: { tenants.guest.batch: [1], zip: { tenants.0.batch: [2] } }' },
    'tenants.0.batch',
    'the sweep path "tenants.0.batch" is used twice',
    'keep one of them',
  ),
  mistake(
    'W085',
    'a sweep of the seed',
    { sweep: 'sweep: { seed: [1, 2] }' },
    'seed',
    '"seed" cannot be swept',
    'sweep platform, devices, tenants, measure, lifecycle or semantics',
  ),
  mistake(
    'W086',
    'more points than anybody can wait for',
    {
      sweep: `sweep: { tenants.guest.threads: [${Array.from({ length: 400 }, (_, i) => i + 1)}], tenants.guest.portal_slots: [${Array.from({ length: 64 }, (_, i) => i + 1)}], tenants.guest.batch: [1, 2, 3, 4] }`,
    },
    'sweep',
    'sweep: the sweep has 102400 points, the limit is 100000',
    'split the workload',
  ),
  mistake(
    'W087',
    'an axis that a design does not follow',
    {
      designs:
        'designs: [native-cdev, { id: own, like: native-cdev, tenants: { guest: { work_queue: q } } }]',
      sweep: 'sweep: { tenants.guest.work_queue: [q] }',
    },
    'tenants.guest.work_queue',
    'tenants.guest.work_queue: design "own" replaces tenants[0].work_queue',
    'this axis changes nothing for it',
  ),
  mistake(
    'W088',
    'fewer replications at most than at least',
    { measure: 'measure: { duration: 10us, replications: 20, until: { max: 10 } }' },
    '10',
    'measure.until.max: 10 is below the 20 replications that there are in any case',
    'write 20 or more, or lower measure.replications',
  ),
  mistake(
    'W090',
    'a metric that nobody measures',
    { gate: 'gate: { metrics: { througput: { tolerance: 1% } } }' },
    'througput',
    'gate.metrics.througput: no metric is called "througput"',
    'did you mean "throughput"?',
  ),
  mistake(
    'W091',
    'a limit that is none',
    { gate: 'gate: { limits: [fast] }' },
    'fast',
    'gate.limits[0]: "fast" is not a limit',
    'write <metric> <operator> <value>, such as latency_p99 < 8us',
  ),
  mistake(
    'W090',
    'a conclusion about a metric that nobody measures',
    { conclusion: 'conclusion: { says: "", holds: ["latency_p51(native-cdev) < 1us"] }' },
    '"latency_p51(native-cdev) < 1us"',
    'conclusion.holds[0]: no metric is called "latency_p51"',
    'did you mean "latency_p50"?',
  ),
  mistake(
    'W092',
    'a conclusion that compares times with sizes',
    { conclusion: 'conclusion: { says: "", holds: ["latency_p50(native-cdev) < 1KiB"] }' },
    '"latency_p50(native-cdev) < 1KiB"',
    'conclusion.holds[0]: "latency_p50(native-cdev) < 1KiB" cannot be read: s cannot be compared with B',
    'write for example throughput(trap-all) < 0.1 * throughput(mdev)',
  ),
  mistake(
    'W092',
    'a figure of a conclusion that is none',
    { conclusion: 'conclusion: { says: "fast: {very}", holds: ["rate(native-cdev) > 0/s"] }' },
    '"fast: {very}"',
    'conclusion.says: "fast: {very}" cannot be read: "very" is not expected',
    'write for example throughput(trap-all) < 0.1 * throughput(mdev)',
  ),
  mistake(
    'W093',
    'a conclusion about a design that does not run',
    { conclusion: 'conclusion: { says: "", holds: ["rate(native-cdew) > 0/s"] }' },
    '"rate(native-cdew) > 0/s"',
    'conclusion.holds[0]: the run has no design "native-cdew"',
    'did you mean "native-cdev"?',
  ),
  mistake(
    'W093',
    'a conclusion about a place that the sweep does not visit',
    {
      sweep: 'sweep: { tenants.guest.batch: [1, 2] }',
      conclusion: 'conclusion: { says: "", holds: ["rate(native-cdev, batch=3) > 0/s"] }',
    },
    '"rate(native-cdev, batch=3) > 0/s"',
    'conclusion.holds[0]: the run has no batch=3',
    'values: 1, 2',
  ),

  accel(
    'W100',
    'JSON with a hole',
    '[{"dev":"dsa0","groups":}]',
    '}',
    'not valid accel-config JSON: expected a value',
    'mend the syntax here',
  ),
  accel(
    'W101',
    'an object that does not begin with dev',
    '[{"groups":[],"dev":"dsa0"}]',
    '"groups"',
    'an object must begin with "dev"',
    'accel-config reads "dev" first',
  ),
  accel(
    'W102',
    'a device of no known kind',
    '[{"dev":"gpu0"}]',
    '"gpu0"',
    '"gpu0" is not the name of a device',
    'write for example "dsa0"',
  ),
  accel(
    'W103',
    'a size in words',
    wq('"name":"q","mode":"shared","threshold":1,"size":"all"'),
    '"all"',
    '"size": expected a whole number',
    'as accel-config saves it',
  ),
  accel(
    'W104',
    'a file without devices',
    '[]',
    '[',
    'd.conf configures no DSA device',
    'its top level must be a list of devices such as dsa0',
  ),
  accel(
    'W105',
    'an IAA device',
    wq('"name":"q","mode":"shared","threshold":1,"size":4').replace(/^\[/, '[{"dev":"iax1"},'),
    '"iax1"',
    'iax1 is not a DSA device',
    'it is left out',
  ),
  accel(
    'W106',
    'a queue without a name',
    wq('"mode":"shared","threshold":1,"size":4'),
    '"wq0.0"',
    'work queue wq0.0 has no name',
    'the driver refuses to enable it; it is called wq0-0 here',
  ),
];

/** Mistakes that break more than one rule at once, and which others. */
const CONSEQUENCES: Readonly<Record<string, readonly Code[]>> = {
  'a queue without a name': ['W060'],
  'five groups': ['W034', 'W035'],
  'an operation that the queue does not allow': ['W044'],
};

describe('every mistake is told with its code, its place and a remedy', () => {
  test.each(MISTAKES)('$code: $name', ({ code, text, at, says, remedy, files, options }) => {
    const found = problemsOf(text, files, options).filter((d) => d.code === `DSASIM_${code}`);
    expect(found.map((d) => d.message.startsWith(says) || d.message)).toContain(true);
    const d = found.find((f) => f.message.startsWith(says))!;
    expect(d.severity).toBe(CODES[code].severity);
    expect(pointedAt(d)).toBe(at);
    expect(d.remedy.startsWith(remedy) || d.remedy).toBe(true);
    // In the rendering the carets stand under exactly that token, of which no control character reaches a terminal.
    const [, , , line, carets] = renderDiagnostic(d).split('\n');
    expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe(at.replace('\0', '?'));
  });

  test('and the table of codes has no entry that nothing can reach', () => {
    const reached = new Set<string>(MISTAKES.map((m) => m.code));
    expect(Object.keys(CODES).filter((code) => !reached.has(code))).toEqual([]);
  });

  test('a mistake has no echo: nothing else is reported than what each is about', () => {
    for (const { code, name, text, files, options } of MISTAKES) {
      const codes = problemsOf(text, files, options).map((d) => d.code.slice('DSASIM_'.length));
      expect([name, codes.filter((c) => !(CONSEQUENCES[name] ?? []).includes(c as Code))]).toEqual([
        name,
        [code],
      ]);
    }
  });
});

test('all problems are reported at once, ordered by position', () => {
  const text = yaml({
    name: 'nam: probe',
    devices: queues('{ name: q, mode: shared, size: 200, threshold: 0 }'),
    tenants: tenant({ work_queue: 'p', batch: '64', operations: '{ op: memmov, size: 4kib }' }),
    measure: 'measure: { warmup: 5, duration: 10 us, replications: 0 }',
    sweep: 'sweep: { tenants.guest.threads: [] }',
  });
  const found = problemsOf(text);
  expect(found.map((d) => d.code.slice(-4))).toEqual([
    'W010',
    'W011',
    'W030',
    'W036',
    'W060',
    'W012',
    'W016',
    'W015',
    'W014',
    'W080',
  ]);
  const starts = found.map((d) => d.span!.start);
  expect(starts).toEqual([...starts].sort((a, b) => a - b));
});

test('what several queues of a list share is told once', () => {
  const names = ['a', 'b', 'c'];
  const text = yaml({
    devices: queues(...names.map((name) => `{ name: ${name}, mode: dedicated, size: 8 }`)),
    tenants: tenant({
      instances: '3',
      work_queue: `[${names}]`,
      load: '{ burst: { depth: 9 } }',
      batch: '64',
    }),
  });
  expect(problemsOf(text).map((d) => [d.code.slice(-4), pointedAt(d)])).toEqual([
    ['W063', '9'],
    ['W067', '64'],
  ]);
});

describe('nothing is derived from a value that was refused', () => {
  const wide = (engines: string, size: string, keys = '') =>
    `devices: [{ groups: [{ engines: ${engines}, work_queues: [{ name: q, mode: shared, size: ${size}${keys} }] }] }]`;

  test.each<[string, Sections]>([
    ['engines of a group', { devices: wide('1e99', '16') }],
    ['entries of a queue', { devices: wide('1', '1e22', ', threshold: 48') }],
    ['no entries at all', { devices: wide('1', '0', ', threshold: 1') }],
    ['a largest transfer', { devices: wide('1', '16', ', max_transfer_size: 1e22GiB') }],
    [
      'a largest batch',
      { devices: wide('1', '16', ', max_batch_size: 1e22'), tenants: tenant({ batch: '8' }) },
    ],
    ['a batch', { tenants: tenant({ batch: '1e22' }) }],
    ['instances', { tenants: tenant({ instances: '1e22' }) }],
    ['a size', { tenants: tenant({ operations: '{ op: memmove, size: 1e22GiB }' }) }],
    ['memory', { tenants: tenant({ memory: '{ size: 1B }' }) }],
    ['buffers', { tenants: tenant({ buffers: '{ count: 1e22 }' }) }],
    ['a constant', { platform: 'platform: { set: { device.work_queue_entries: 1e22 } }' }],
  ])('%s', (_, sections) => {
    expect(problemsOf(yaml(sections)).map(({ code }) => code)).toEqual([
      expect.stringMatching(/^DSASIM_W01[48]$/),
    ]);
  });

  test('what is wrong beside it is still told at once', () => {
    const sections = { devices: wide('1e99', '16'), tenants: tenant({ work_queue: 'other' }) };
    expect(problemsOf(yaml(sections)).map(({ code }) => code)).toEqual(['DSASIM_W014', 'DSASIM_W060']);
  });
});
