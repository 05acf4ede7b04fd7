/**
 * A baseline: the committed numbers that a gate compares with. Keys are sorted, every metric is one line, numbers
 * have nine significant digits, and neither time nor host is in it, so that its diff in a review is what changed.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalPieces, type Json, sortedRounded } from './canonical.js';
import { checkShape, parseDocument, readText } from './document.js';
import { writeWhole } from './files.js';
import { estimateSchema, measureSchema, type ResultPoint, type Results } from './results.js';
import { settingsSchema } from './settings.js';

/** Raised when the shape changes; another version is not comparable. */
const BASELINE_SCHEMA_VERSION = 1;

/** Significant digits of a baseline's numbers: far below any tolerance, above the noise of a sum. */
const BASELINE_DIGITS = 9;

/** The document. */
const baselineSchema = z.strictObject({
  schema_version: z.literal(BASELINE_SCHEMA_VERSION),
  kind: z.literal('baseline'),
  workload: z.string(),
  seed: z.int(),
  measure: measureSchema,
  /** Version of dsasim that wrote it. */
  model: z.string(),
  /** SHA-256; `events` covers the order of every event of every replication. */
  digests: z.strictObject({ devices: z.string(), parameters: z.string(), events: z.string() }),
  points: z.record(
    z.string(),
    z.strictObject({
      metrics: z.record(z.string(), estimateSchema),
      /** Mean of each stage of latency [s]: tells which stage moved. */
      stages: z.record(z.string(), z.number()),
      /** Time of each step of provisioning and boot [s]: tells which step moved. */
      control: z.record(z.string(), z.number()),
      design: z.string(),
    }),
  ),
  /** What was simulated, value by value: tells what changed. */
  settings: settingsSchema,
});

export type Baseline = z.infer<typeof baselineSchema>;

/**
 * The baseline that a result makes.
 * @param results a whole run
 * @param metrics names of the metrics to keep, also as `tenants.<name>.<metric>`
 */
export function makeBaseline(results: Results, metrics: readonly string[]): Baseline {
  const points: Baseline['points'] = {};
  for (const point of results.points) {
    const kept: Baseline['points'][string]['metrics'] = {};
    for (const name of metrics) {
      const estimate = pointMetric(point, name);
      if (estimate !== undefined) kept[name] = estimate;
    }
    points[point.key] = {
      metrics: kept,
      stages: Object.fromEntries(point.stages.map((stage) => [stage.stage, stage.mean])),
      control: stepTimes(point),
      design: point.design,
    };
  }
  const baseline: Baseline = {
    schema_version: BASELINE_SCHEMA_VERSION,
    kind: 'baseline',
    workload: results.workload.name,
    seed: results.workload.seed,
    measure: results.measure,
    model: results.generator.version,
    digests: { ...results.workload.digests, events: eventsDigest(results) },
    points,
    settings: results.settings,
  };
  return baselineRounded(baseline);
}

/** A value as a baseline holds it: keys sorted, numbers rounded. */
export function baselineRounded<T>(value: T): T {
  return sortedRounded(value as Json, BASELINE_DIGITS) as T;
}

/** Seconds of each step; steps of the same name are numbered. */
function stepTimes(point: ResultPoint): Record<string, number> {
  const times: Record<string, number> = {};
  for (const { phase, step, seconds } of point.control) {
    const name = `${phase}: ${step}`;
    let unique = name;
    for (let i = 2; unique in times; i++) unique = `${name} (${i})`;
    times[unique] = seconds;
  }
  return times;
}

/** A metric of a point by its name, or of a tenant by `tenants.<name>.<metric>`; undefined when there is none. */
export function pointMetric(
  point: Results['points'][number],
  name: string,
): Results['points'][number]['metrics'][string] | undefined {
  const tenant = /^tenants\.(.+)\.([^.]+)$/.exec(name);
  return tenant === null ? point.metrics[name] : point.tenants[tenant[1]!]?.[tenant[2]!];
}

/**
 * Reads a baseline.
 * @throws DocumentError when it is missing, truncated, of another kind or of another schema version
 */
export async function readBaseline(path: string): Promise<Baseline> {
  const value = parseDocument(path, await readText(path), {
    kind: 'baseline',
    version: BASELINE_SCHEMA_VERSION,
    what: 'a baseline of dsasim gate',
  });
  return checkShape(path, baselineSchema, value);
}

/**
 * Writes a baseline whole or not at all.
 * @throws OutputError when the system refuses
 */
export function writeBaseline(path: string, baseline: Baseline): Promise<void> {
  return writeWhole(path, [...canonicalPieces(baseline as unknown as Json), '\n']);
}

/** SHA-256 over the fingerprints of all points and replications. */
function eventsDigest(results: Results): string {
  const hash = createHash('sha256');
  for (const point of results.points) hash.update(`${point.key}\n${point.fingerprints.join(' ')}\n`);
  return hash.digest('hex');
}
