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
  bins: RunBins;
  /** Whole run, warm-up included: submitted = completed + failed + rejected + inFlight. */
  conservation: { submitted: number; completed: number; failed: number; rejected: number; inFlight: number };
  control: ControlStepResult[];
  resources: ResourceShare[];
  devices: number;
  fingerprint: string;
  /** Digest of all tenants' memory, or '' without bytes. */
  memoryDigest: string;
  warnings: string[];
  /** Events dispatched. */
  events: number;
}
