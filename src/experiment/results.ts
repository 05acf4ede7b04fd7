/**
 * The result document: what `results.json` holds and what reports, comparisons and gates read. All values are SI
 * numbers with a unit beside them. Its JSON Schema is committed under schema/ and generated from here.
 */
import { z } from 'zod';
import { curvesSchema, type StreamedCurves } from './curves.js';
import { robustnessSchema } from './robustness-schema.js';
import { type StreamedSettings, settingsSchema } from './settings.js';
import type { Stream } from './stream.js';
import { whatIfSchema } from './what-if.js';

/** Raised when the document's shape changes; a reader refuses a newer one. */
export const RESULTS_SCHEMA_VERSION = 2;

const finite = z.number();

/** A metric over the replications of a point. */
export const estimateSchema = z.strictObject({
  /** Mean over replications; null when the metric could not be measured (no completion, too few samples). */
  mean: finite.nullable(),
  /** Half-width of the 95 % Student-t interval of the mean; null with fewer than two replications. */
  half_width: finite.nullable(),
  /** The value of each replication, in order. */
  values: z.array(finite.nullable()),
});

/** What was asked to be measured. */
export const measureSchema = z.strictObject({
  /** Load before the measurement [s]; null when trial runs were to find it, see `warmup` of each point. */
  warmup: finite.nullable(),
  /** [s] */
  duration: finite,
  /** Replications of each point; with `until` the first of them. */
  replications: z.int(),
  /** Replications were added until intervals were this narrow; null for a fixed number. */
  until: z.strictObject({ relative_half_width: finite, max: z.int() }).nullable(),
});

/** Time share of each stage of a descriptor's latency. */
const stageSchema = z.strictObject({
  stage: z.string(),
  /** Mean over descriptors, then over replications [s]; the stages of a point add up to its mean latency. */
  mean: finite,
  /** The same over the descriptors at or above the 99th percentile of latency [s]. */
  p99: finite,
});

/** Where the time of the descriptors goes that rank between two fractions by latency, over all replications. */
const bandSchema = z.strictObject({
  from: finite,
  to: finite,
  /** Stage to mean exposed time [s]; stages that took none are left out. */
  stages: z.record(z.string(), finite),
});

/** The first replication in equal steps from the start of the load, warm-up included; one entry a step. */
const overTimeSchema = z.strictObject({
  /** [s] */
  step: finite,
  /** [B/s] */
  throughput: z.array(finite),
  /** Of what finished in the step [s]; null when nothing did. */
  latency_mean: z.array(finite.nullable()),
  /** Mean over engines, 0..1. */
  engine_utilization: z.array(finite),
  /** Mean over work queues [entries]. */
  queue_occupancy: z.array(finite),
});

/** A descriptor among the first that finished in the measured phase of the first replication. */
const excerptSchema = z.strictObject({
  thread: z.int(),
  queue: z.int(),
  /** -1 when no engine took it in. */
  engine: z.int(),
  /** Since the first start among them [s]. */
  start: finite,
  /** Exposed time of each stage, in the order of the point's `stages`; they follow each other [s]. */
  stages: z.array(finite),
});

/** Where every submitted descriptor went; `submitted` equals the sum of the others. */
const conservationSchema = z.strictObject({
  submitted: z.int(),
  completed: z.int(),
  failed: z.int(),
  rejected: z.int(),
  /** Abandoned by an abort or a reset, or lost with its thread; only a lifecycle does that. */
  aborted: z.int().default(0),
  in_flight: z.int(),
});

/** One step of provisioning or boot: what happened, how often it left the guest, what it took. */
const controlStepSchema = z.strictObject({
  phase: z.enum(['provision', 'boot']),
  step: z.string(),
  reads: z.int(),
  writes: z.int(),
  trapped: z.int(),
  commands: z.int(),
  /** [s] */
  seconds: finite,
});

/** What became of one event of the lifecycle. */
const lifecycleEventSchema = z.strictObject({
  action: z.string(),
  tenant: z.string(),
  instance: z.int(),
  /** From the start of the load, in the first replication [s]. */
  at: finite,
  /** refused: the design cannot do it. failed: it was tried and undone. */
  outcome: z.enum(['done', 'refused', 'failed']),
  /** Why not, or ''. */
  reason: z.string(),
  /** Those that the event has. */
  metrics: z.record(z.string(), estimateSchema),
  steps: z.array(controlStepSchema.omit({ phase: true })),
});

/** What one instance was handed. Two points are ranked together only when these are equal. */
const resourcesSchema = z.strictObject({
  tenant: z.string(),
  instances: z.int(),
  devices_per_instance: finite,
  engines_per_instance: finite,
  work_queues_per_instance: finite,
  entries_per_instance: finite,
  mode: z.enum(['shared', 'dedicated', 'mixed']),
});

/** One design at one place of the sweep. */
const pointSchema = z.strictObject({
  key: z.string(),
  design: z.string(),
  /** Sweep path to the value's text as written, in the order of the sweep's axes. */
  at: z.record(z.string(), z.string()),
  resources: z.array(resourcesSchema),
  /** Physical devices that the point uses. */
  devices: z.int(),
  /** Load before the measurement [s]. */
  warmup: finite,
  /**
   * stable: what arrives is served and at times nothing waits; backlogged: something always waits; overloaded: the
   * line grows as long as the load lasts.
   */
  load: z.enum(['stable', 'backlogged', 'overloaded']),
  /** Whether each metric may be believed, or why not. */
  verdicts: z.record(
    z.string(),
    z.enum(['ok', 'too few samples', 'not stationary', 'overloaded', 'not applicable']),
  ),
  metrics: z.record(z.string(), estimateSchema),
  tenants: z.record(z.string(), z.record(z.string(), estimateSchema)),
  stages: z.array(stageSchema),
  /** Latency at fixed percentiles over all replications: [percentile, seconds]. */
  percentiles: z.array(z.tuple([finite, finite])),
  bands: z.array(bandSchema),
  over_time: overTimeSchema,
  excerpt: z.array(excerptSchema),
  control: z.array(controlStepSchema),
  /** Events after the measured phase, in order. */
  lifecycle: z.array(lifecycleEventSchema).default([]),
  conservation: conservationSchema,
  /** One per replication. */
  fingerprints: z.array(z.string()),
  /** Digest of all tenants' memory at the end, one per replication; empty with `semantics: timing`. */
  memory_digests: z.array(z.string()),
  warnings: z.array(z.string()),
});

/** A design as it was run: its mechanisms, standing and notices. */
const designSchema = z.strictObject({
  id: z.string(),
  family: z.string(),
  status: z.string(),
  summary: z.string(),
  axes: z.record(z.string(), z.string()),
  validity: z.enum(['possible', 'hypothetical']),
  reasons: z.array(z.string()),
  notices: z.array(z.string()),
  sources: z.array(z.string()),
  /** Published code that the design adds, and what a mistake in it reaches. */
  code: z.array(
    z.strictObject({ lines: z.int(), what: z.string(), runs_in: z.string(), source: z.string() }),
  ),
});

/** A constant as it was used. `value`, `low`, `nominal` and `high` are SI. */
const parameterSchema = z.strictObject({
  name: z.string(),
  unit: z.string(),
  value: finite,
  low: finite,
  nominal: finite,
  high: finite,
  changed: z.boolean(),
  sentence: z.string(),
  source: z.string(),
  trust: z.string(),
});

/** A limit of the workload's gate and whether each point kept it. */
const limitSchema = z.strictObject({
  text: z.string(),
  point: z.string(),
  value: finite.nullable(),
  held: z.boolean(),
});

/** What the workload concludes, and whether it holds in this run. */
const conclusionSchema = z.strictObject({
  /** The paragraph with its figures; null when this run leaves out a point that it speaks of. */
  says: z.string().nullable(),
  holds: z.array(
    z.strictObject({
      text: z.string(),
      /** What was compared [unit]; empty when a point is left out. */
      sides: z.array(finite.nullable()),
      unit: z.string(),
      /** Null when this run leaves out a point that it speaks of. */
      held: z.boolean().nullable(),
    }),
  ),
});

/** How one metric is compared with a baseline. */
const gateRuleSchema = z.strictObject({
  /** Name, also as `tenants.<name>.<metric>`. */
  metric: z.string(),
  better: z.enum(['higher', 'lower', 'neither']),
  /** Relative change that is accepted. */
  tolerance: finite,
  /** Change that is accepted [unit of the metric]; the larger of the two counts. */
  absolute: finite,
  /** Confidence level of the interval. */
  level: finite,
});

/** The whole document. */
export const resultsSchema = z.strictObject({
  schema_version: z.literal(RESULTS_SCHEMA_VERSION),
  kind: z.literal('run'),
  generator: z.strictObject({ name: z.literal('dsasim'), version: z.string() }),
  workload: z.strictObject({
    name: z.string(),
    description: z.string(),
    /** File name without its folder. */
    file: z.string(),
    /** SHA-256 of what is simulated: points, seed, replications and settings, but not the gate's rules. */
    hash: z.string(),
    /** SHA-256 of parts of it, so that a gate can say what changed. */
    digests: z.strictObject({ devices: z.string(), parameters: z.string() }),
    seed: z.int(),
    preset: z.string(),
    semantics: z.enum(['bytes', 'timing']),
    /** The command that makes this document again. */
    command: z.string(),
  }),
  measure: measureSchema,
  metrics: z.record(
    z.string(),
    z.strictObject({
      unit: z.string(),
      better: z.enum(['higher', 'lower', 'neither']),
      sentence: z.string(),
    }),
  ),
  /** Axes of the sweep; `values` are the texts as written, `numbers` their SI value or null where not a number. */
  sweep: z.array(
    z.strictObject({
      path: z.string(),
      unit: z.string(),
      values: z.array(z.string()),
      numbers: z.array(finite.nullable()),
    }),
  ),
  designs: z.array(designSchema),
  parameters: z.array(parameterSchema),
  points: z.array(pointSchema),
  /** Findings along the axes of a sweep. */
  curves: curvesSchema,
  /** What became of the rankings when constants were varied; null unless `--worlds` asked for it. */
  robustness: robustnessSchema.nullable(),
  /** What one resource more would give; null unless `--what-if` asked for it. */
  what_if: whatIfSchema.nullable(),
  limits: z.array(limitSchema),
  /** Null when the workload concludes nothing. */
  conclusion: conclusionSchema.nullable(),
  /** How a gate compares the metrics of this run with a baseline. */
  gate: z.array(gateRuleSchema),
  /** What was simulated, value by value. */
  settings: settingsSchema,
  warnings: z.array(z.string()),
});

export type Estimate = z.infer<typeof estimateSchema>;
export type ResultStage = z.infer<typeof stageSchema>;
export type ControlStep = z.infer<typeof controlStepSchema>;
export type ResultLifecycleEvent = z.infer<typeof lifecycleEventSchema>;
export type Resources = z.infer<typeof resourcesSchema>;
export type ResultPoint = z.infer<typeof pointSchema>;
export type ResultDesign = z.infer<typeof designSchema>;
export type ResultParameter = z.infer<typeof parameterSchema>;
export type ResultConclusion = z.infer<typeof conclusionSchema>;
export type ResultLimit = z.infer<typeof limitSchema>;
export type ResultMeasure = z.infer<typeof measureSchema>;
export type Results = z.infer<typeof resultsSchema>;
/** The document with all that grows with the points made when it is read, in the order of its keys. */
export type StreamedResults = Omit<Results, 'points' | 'curves' | 'limits' | 'settings' | 'warnings'> & {
  points: Stream<ResultPoint>;
  curves: StreamedCurves;
  limits: Stream<ResultLimit>;
  settings: StreamedSettings;
  warnings: Stream<string>;
};
