/**
 * A result document as the design comparison would give it, built from closed forms instead of a simulation, so that
 * reports can be tested on their own: four designs × eight sizes × five replications. The numbers are plausible, not
 * results; luck is shared by the designs as common random numbers would share it.
 */
import { estimate } from '../../src/analysis/estimate.js';
import { RESULTS_SCHEMA_VERSION, type ResultPoint, type Results } from '../../src/experiment/results.js';
import { METRICS, STAGES } from '../../src/models/metrics.js';
import { AXES, NOTICES, PARAMETERS, SUMMARIES } from './sample-metadata.js';

/** What makes one design differ from another here. */
interface SampleDesign {
  id: string;
  family: string;
  status: string;
  devices: number;
  /** Added to every latency [s]. */
  overhead: number;
  provision: number;
  boot: number;
  trapped: number;
}

const DESIGNS: SampleDesign[] = [
  {
    id: 'native-cdev',
    family: 'native',
    status: 'shipped',
    devices: 1,
    overhead: 0,
    provision: 2.1e-3,
    boot: 61e-6,
    trapped: 0,
  },
  {
    id: 'mdev',
    family: 'kernel-emulation',
    status: 'argued',
    devices: 1,
    overhead: 0.04e-6,
    provision: 31e-3,
    boot: 1.42e-3,
    trapped: 214,
  },
  {
    id: 'vfio-user',
    family: 'userspace',
    status: 'partly-shipped',
    devices: 1,
    overhead: 0.31e-6,
    provision: 29e-3,
    boot: 3.15e-3,
    trapped: 214,
  },
  {
    id: 'vfio-pci',
    family: 'passthrough',
    status: 'shipped',
    devices: 4,
    overhead: 0.06e-6,
    provision: 131e-3,
    boot: 0.18e-3,
    trapped: 38,
  },
];

const SIZES: [text: string, bytes: number][] = [
  ['64B', 64],
  ['256B', 256],
  ['1KiB', 1024],
  ['4KiB', 4096],
  ['16KiB', 16384],
  ['64KiB', 65536],
  ['256KiB', 262144],
  ['1MiB', 1048576],
];

const SWEEP_PATH = 'tenants.guest.operations[0].size';
const GUESTS = 4;

/** A number in [-1, 1) that depends on nothing but its arguments. */
function luck(...keys: number[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) hash = Math.imul(hash ^ key, 0x85ebca6b) ^ (hash >>> 13);
  hash = Math.imul(hash ^ (hash >>> 16), 0xc2b2ae35);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2147483648 - 1;
}

const hex = (...keys: number[]) =>
  [0, 1]
    .map((i) =>
      Math.floor((luck(...keys, i) + 1) * 2147483648)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');

/** Builds the document; `replications` and `designs` (a number of them) may be lowered. */
export function sampleResults(
  options: { replications?: number; designs?: number; sizes?: number } = {},
): Results {
  const replications = options.replications ?? 5;
  const designs = DESIGNS.slice(0, options.designs ?? DESIGNS.length);
  const sizes = SIZES.slice(0, options.sizes ?? SIZES.length);
  const points = sizes.flatMap((size, s) =>
    designs.map((design, d) => point(design, d, size, s, replications)),
  );
  return {
    schema_version: RESULTS_SCHEMA_VERSION,
    kind: 'run',
    generator: { name: 'dsasim', version: '0.1.0' },
    workload: {
      name: 'design-comparison',
      description:
        'Four guests copy pages, each through a dedicated work queue; what does the way of giving it cost?',
      file: 'design-comparison.yaml',
      hash: '5f2b6c0e9a7d41e38f0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f708192a3b4c5',
      digests: {
        devices: '0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9',
        parameters: 'f9e8d7c6b5a4938271605f4e3d2c1b0af9e8d7c6b5a4938271605f4e3d2c1b0a',
      },
      seed: 1,
      preset: 'spr',
      semantics: 'bytes',
      command: `dsasim run workloads/design-comparison.yaml --seed 1 --replications ${replications}`,
    },
    measure: { warmup: 200e-6, duration: 2e-3, replications, until: null },
    metrics: Object.fromEntries(
      METRICS.map((m) => [m.name, { unit: m.unit, better: m.better, sentence: m.sentence }]),
    ),
    sweep: [{ path: SWEEP_PATH, unit: 'B', values: sizes.map(([t]) => t), numbers: sizes.map(([, n]) => n) }],
    designs: designs.map((design) => ({
      id: design.id,
      family: design.family,
      status: design.status,
      summary: SUMMARIES[design.id]!,
      axes: AXES[design.id]!,
      validity: 'possible',
      reasons: [],
      notices: NOTICES[design.id] ?? [],
      sources: ['Linux VFIO documentation, idxd mdev RFC v6 (June 2021)'],
      code: [],
    })),
    parameters: PARAMETERS,
    points,
    curves: { crossovers: [], knees: [], break_even: [] },
    conclusion: null,
    robustness: null,
    what_if: null,
    limits: [
      { text: 'latency_p99 < 60us', point: `vfio-user ${SWEEP_PATH}=1MiB`, value: 163e-6, held: false },
      { text: 'latency_p99 < 60us', point: `native-cdev ${SWEEP_PATH}=64B`, value: 2.4e-6, held: true },
    ].filter((limit) => points.some((candidate) => candidate.key === limit.point)),
    gate: [{ metric: 'throughput', better: 'higher', tolerance: 0.01, absolute: 0, level: 0.95 }],
    settings: {
      common: { 'measure.duration': { value: 2e-3, unit: 's' }, semantics: { value: 'bytes', unit: '' } },
      designs: {},
      points: {},
    },
    warnings: [],
  };
}

function point(
  design: SampleDesign,
  d: number,
  [text, bytes]: [string, number],
  s: number,
  replications: number,
): ResultPoint {
  const runs = Array.from({ length: replications }, (_, r) => {
    const shared = luck(s, r, 7);
    const own = luck(s, r, d, 11);
    const perDevice = GUESTS / design.devices;
    const service = 49e-9 / 4 + bytes / 31.4e9;
    const alone = 0.72e-6 + design.overhead + bytes / 31e9;
    const latency =
      Math.max(alone, perDevice * 16 * service) * (1 + 0.012 * shared + 0.002 * own) + design.overhead;
    const rate = (GUESTS * 16) / latency;
    return { latency, rate, shared, own };
  });
  const series = (f: (run: (typeof runs)[number], r: number) => number | null) => {
    const values = runs.map(f);
    const { mean, halfWidth } = estimate(values);
    return { mean, half_width: halfWidth, values };
  };
  const constant = (value: number | null) => series(() => value);
  const tail = (factor: number, jitter: number) =>
    series((run) => run.latency * (factor + jitter * run.own) + 0.2e-6 * (factor - 1));
  const metrics: ResultPoint['metrics'] = {
    throughput: series((run) => run.rate * bytes),
    rate: series((run) => run.rate),
    latency_mean: series((run) => run.latency),
    latency_p50: tail(0.97, 0),
    latency_p90: tail(1.11, 0.001),
    latency_p95: tail(1.18, 0.003),
    latency_p99: tail(1.35, 0.01),
    latency_p99_9: s < 6 ? tail(1.7, 0.05) : constant(null),
    cpu_per_descriptor: series((run) => 61e-9 + design.overhead + 1e-9 * run.shared),
    vm_exits_per_descriptor: constant(0),
    engine_utilization: series((run) => Math.min(1, 0.6 + s * 0.06) - 0.002 * Math.abs(run.own)),
    queue_occupancy: series((run) => 9 + s * 0.8 + 0.2 * run.own),
    retries: constant(0),
    dropped: constant(0),
    page_faults: constant(0),
    devtlb_hit_ratio: series((run) => 0.93 - s * 0.08 + 0.004 * run.own),
    iotlb_hit_ratio: series((run) => 0.98 + 0.002 * run.own),
    interrupts: constant(0),
    interrupts_coalesced: constant(0),
    fairness: series((run) => 1 - 0.0004 * Math.abs(run.own)),
    provision_time: constant(design.provision),
    boot_time: constant(design.boot),
    trapped_accesses: constant(design.trapped),
    pinned_bytes: constant(design.family === 'native' ? 0 : 17179869184),
  };
  const mean = metrics.latency_mean!.mean!;
  const submitted = 40_000 + 1000 * s;
  const inFlight = GUESTS * 16 * replications;
  return {
    key: `${design.id} ${SWEEP_PATH}=${text}`,
    design: design.id,
    at: { [SWEEP_PATH]: text },
    resources: [
      {
        tenant: 'guest',
        instances: GUESTS,
        devices_per_instance: design.devices === 1 ? 0.25 : 1,
        engines_per_instance: design.devices === 1 ? 1 : 4,
        work_queues_per_instance: 1,
        entries_per_instance: 32,
        mode: 'dedicated',
      },
    ],
    devices: design.devices,
    warmup: 200e-6,
    load: 'backlogged',
    verdicts: Object.fromEntries(METRICS.map(({ name }) => [name, 'ok' as const])),
    metrics,
    tenants: { guest: metrics },
    stages: stages(mean, metrics.latency_p99!.mean!, bytes, design),
    percentiles: [0, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99].map((p) => [
      p,
      mean * (0.9 + 0.12 * Math.log10(100 / (100.02 - p)) + (p > 98 ? 0.06 : 0)),
    ]),
    bands: bands(mean, metrics.latency_p99!.mean!, bytes, design),
    over_time: overTime(metrics, s, d),
    excerpt: excerpt(mean, bytes, design),
    control: control(design),
    lifecycle: [],
    conservation: {
      submitted,
      completed: submitted - inFlight,
      failed: 0,
      rejected: 0,
      aborted: 0,
      in_flight: inFlight,
    },
    fingerprints: runs.map((_, r) => hex(s, d, r)),
    memory_digests: runs.map((_, r) => hex(s, d, r, 5)),
    warnings: [],
  };
}

/** The quick half near the mean, the slowest hundredth at the 99th percentile. */
function bands(mean: number, p99: number, bytes: number, design: SampleDesign): ResultPoint['bands'] {
  const edges = [0, 0.5, 0.9, 0.99, 1];
  return edges.slice(1).map((to, i) => ({
    from: edges[i]!,
    to,
    stages: Object.fromEntries(
      stages(mean + ((p99 - mean) * i) / 3, p99, bytes, design).map(({ stage, mean: own }) => [stage, own]),
    ),
  }));
}

/** A rise during the warm-up, then a level with some luck. */
function overTime(metrics: ResultPoint['metrics'], s: number, d: number): ResultPoint['over_time'] {
  const series = (level: number, key: number) =>
    Array.from({ length: 50 }, (_, i) => level * Math.min(1, (i + 1) / 4) * (1 + 0.05 * luck(s, d, i, key)));
  return {
    step: 44e-6,
    throughput: series(metrics.throughput!.mean!, 21),
    latency_mean: series(metrics.latency_mean!.mean!, 22),
    engine_utilization: series(metrics.engine_utilization!.mean! * 0.9, 23),
    queue_occupancy: series(metrics.queue_occupancy!.mean!, 24),
  };
}

/** Descriptors of four threads through four queues and as many engines, one after the other. */
function excerpt(mean: number, bytes: number, design: SampleDesign): ResultPoint['excerpt'] {
  return Array.from({ length: 24 }, (_, i) => ({
    thread: i % GUESTS,
    queue: i % GUESTS,
    engine: i % GUESTS,
    start: (Math.floor(i / GUESTS) * mean) / 8,
    stages: stages(mean, mean, bytes, design).map(({ mean: own }) => own),
  }));
}

/** Splits latency over stages by fixed shares; what is left waits in the queue, so that they add up. */
function stages(mean: number, p99: number, bytes: number, design: SampleDesign): ResultPoint['stages'] {
  const split = (total: number): Map<string, number> => {
    const parts = new Map<string, number>([
      ['prepare', 5e-9],
      ['submit', 60e-9],
      ['trap', design.id === 'vfio-user' ? 20e-9 : 0],
      ['arbitrate', 12e-9],
      ['translate', 90e-9],
      ['read', Math.min(total * 0.3, 150e-9 + bytes / 62e9)],
      ['write', Math.min(total * 0.25, 40e-9 + bytes / 62e9)],
      ['complete', 60e-9],
      ['notify', 25e-9 + design.overhead],
    ]);
    const used = [...parts.values()].reduce((sum, value) => sum + value, 0);
    return parts.set('queue', Math.max(0, total - used));
  };
  const means = split(mean);
  const tails = split(p99);
  return STAGES.map((stage) => ({ stage, mean: means.get(stage) ?? 0, p99: tails.get(stage) ?? 0 }));
}

function control(design: SampleDesign): ResultPoint['control'] {
  const step = (phase: 'provision' | 'boot', name: string, share: number, reads: number, writes: number) => ({
    phase,
    step: name,
    reads,
    writes,
    trapped: phase === 'boot' ? Math.round(design.trapped * share) : 0,
    commands: name === 'enable work queue' ? 1 : 0,
    seconds: (phase === 'boot' ? design.boot : design.provision) * share,
  });
  return [
    step('provision', 'create', 0.3, 0, 0),
    step('provision', 'map and pin memory', 0.7, 0, 0),
    step('boot', 'probe', 0.5, 96, 11),
    step('boot', 'set up vectors', 0.3, 24, 40),
    step('boot', 'enable work queue', 0.2, 30, 13),
  ];
}
