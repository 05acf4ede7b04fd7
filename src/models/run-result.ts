/** What one replication of one point yields: plain numbers, small enough to cross threads. */
import type { StageName } from './metrics.js';

/** A step of provisioning or boot of one instance. */
export interface ControlStepResult {
  phase: 'provision' | 'boot';
  step: string;
  /** Register reads and writes issued by the driver. */
  reads: number;
  writes: number;
  /** Of these, the ones that left the guest. */
  trapped: number;
  commands: number;
  timePs: number;
}

/** A step of a lifecycle event. */
export type LifecycleStepResult = Omit<ControlStepResult, 'phase'>;

/** What became of one lifecycle event. */
export interface LifecycleEventResult {
  action: string;
  tenant: string;
  instance: number;
  /** From the start of the load [ps]. */
  startedPs: number;
  tookPs: number;
  outcome: 'done' | 'refused' | 'failed';
  /** Why not, or ''. */
  reason: string;
  steps: LifecycleStepResult[];
  /** SI values by metric name: those that the event has. */
  metrics: Record<string, number>;
}

/** What an instance of a tenant was handed. */
export interface ResourceShare {
  tenant: string;
  instances: number;
  devicesPerInstance: number;
  enginesPerInstance: number;
  workQueuesPerInstance: number;
  entriesPerInstance: number;
  mode: 'shared' | 'dedicated' | 'mixed';
}

/** Where the time of descriptors goes whose latency ranks between two percentiles. */
export interface LatencyBand {
  /** Fractions of all descriptors, 0..1. */
  from: number;
  to: number;
  /** Descriptors in the band; a fraction where a bucket of the histogram lies in two. */
  count: number;
  /** Sum of each stage over them, in the order of `STAGES` [ps]. */
  stagePs: number[];
}

/** A descriptor of the excerpt: where it went, and its exposed time in each stage, in the order of `STAGES`. */
export interface ExcerptRow {
  thread: number;
  queue: number;
  /** -1 when no engine took it in. */
  engine: number;
  startPs: number;
  stagePs: number[];
}

/** A run over time in equal bins, warm-up included; one entry a bin, all counted in submissions. */
export interface RunBins {
  /** [ps] */
  widthPs: number;
  /** Submissions seen to finish, the bytes they were asked to process, and the sum of their latencies [ps]. */
  completions: number[];
  bytes: number[];
  latencySumPs: number[];
  /** Of the completions, those of open and traced load. */
  served: number[];
  /** At the end of the bin: submissions waiting on the host or in work queues. */
  waiting: number[];
  /** Time at work in the bin, summed over engines [ps]. */
  busyPs: number[];
  /** Entries of work queues over the bin, integrated and summed over queues [entries × ps]. */
  queuedPs: number[];
  /** At the end of the bin: arrivals of open and traced load that have not finished. */
  backlog: number[];
}

/** The result of `simulate`. */
export interface RunResult {
  /** SI values by metric name; null where it could not be measured. */
  metrics: Record<string, number | null>;
  /** The same by tenant. */
  tenants: Record<string, Record<string, number | null>>;
  /** Sums over measured descriptors [ps], and over those at or above the 99th percentile. */
  stages: Record<StageName, { sumPs: number; tailSumPs: number }>;
  /** Descriptors in `sumPs` and in `tailSumPs`. */
  measured: number;
  tail: number;
  /** Latency histogram as LogHistogram.toJSON gives it [ps]. */
  latency: unknown;
  /** From the quickest descriptors to the slowest. */
  bands: LatencyBand[];
  bins: RunBins;
  /** Engines and work queues of the machine. */
  engines: number;
  queues: number;
  /** The first descriptors that finished in the measured phase; empty but for the first replication. */
  excerpt: ExcerptRow[];
  /** Whole run, warm-up and lifecycle included: submitted = completed + failed + rejected + aborted + inFlight. */
  conservation: {
    submitted: number;
    completed: number;
    failed: number;
    rejected: number;
    aborted: number;
    inFlight: number;
  };
  control: ControlStepResult[];
  /** In order; empty where the workload has none. */
  lifecycle: LifecycleEventResult[];
  resources: ResourceShare[];
  devices: number;
  fingerprint: string;
  /** Digest of all tenants' memory, or '' without bytes. */
  memoryDigest: string;
  warnings: string[];
  /** Events dispatched. */
  events: number;
}
