/**
 * What limited throughput: each point is simulated again with one resource more, under the same random numbers, and
 * the resource whose increase helps most is the one that limited.
 */
import { z } from 'zod';
import { compareAll } from '../analysis/compare.js';
import { isTie } from '../analysis/ranking.js';
import { buildMachine } from '../models/machine.js';
import type { RunResult } from '../models/run-result.js';
import type { Point } from '../workload/workload.js';
import { makePlan } from './plan.js';
import { type PoolOptions, type Runs, runPlan } from './pool.js';
import { counting } from './progress.js';
import { CHANGES } from './what-if-changes.js';

const gainSchema = z
  .strictObject({
    /** With the change over without it: mean and 95 % interval over pairs of replications. */
    ratio: z.number(),
    low: z.number().nullable(),
    high: z.number().nullable(),
    /** Whether it is a difference: significant after Holm, and not below a hundredth. */
    matters: z.boolean(),
  })
  .nullable();

/** The outcome of the changes, by point. */
export const whatIfSchema = z.array(
  z.strictObject({
    point: z.string(),
    /** The change that raises throughput most; null where none of those tried does. */
    limited_by: z.string().nullable(),
    changes: z.array(
      z.strictObject({
        id: z.string(),
        text: z.string(),
        throughput: gainSchema,
        latency_p50: gainSchema,
        /** Why it could not be tried, or empty. */
        refused: z.string(),
      }),
    ),
  }),
);

export type WhatIf = z.infer<typeof whatIfSchema>;
type Outcome = WhatIf[number]['changes'][number];

/**
 * Tries every change at every point.
 * @param runs of the points as they are; replication i of a change pairs with theirs
 * @throws as `runPlan`
 */
export async function tryChanges(points: readonly Point[], runs: Runs, pool: PoolOptions): Promise<WhatIf> {
  const replications = points.reduce((most, _, i) => Math.max(most, runs.of(i).length), 0);
  const jobs: { point: number; change: string; key: string; config: Point['config'] }[] = [];
  const refusals = new Map<string, string>();
  for (const [i, point] of points.entries()) {
    for (const { id, text, apply } of CHANGES) {
      const config = apply(point.config);
      if (config === null) continue;
      const reason = refusal(config);
      if (reason !== '') refusals.set(`${i} ${id}`, reason);
      else jobs.push({ point: i, change: id, key: `${point.key} with ${text}`, config });
    }
  }
  const tried = await runPlan(
    makePlan(jobs, replications),
    counting(pool, 'replications with one resource more'),
  );
  return points.map((point, i) => {
    const own = jobs.flatMap((job, j) => (job.point === i ? [{ id: job.change, runs: tried[j]! }] : []));
    const plain = runs.of(i);
    const throughput = gains(own, plain, 'throughput', 'higher');
    const latency = gains(own, plain, 'latency_p50', 'lower');
    const changes = CHANGES.flatMap(({ id, text }): Outcome[] => {
      const at = own.findIndex((each) => each.id === id);
      const refused = refusals.get(`${i} ${id}`) ?? '';
      if (at < 0 && refused === '') return [];
      return [{ id, text, throughput: throughput[at] ?? null, latency_p50: latency[at] ?? null, refused }];
    });
    return { point: point.key, limited_by: strongest(changes), changes };
  });
}

/** Why a machine cannot be built, or ''. */
function refusal(config: Point['config']): string {
  try {
    buildMachine(config, 0);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function gains(
  tried: readonly { readonly runs: readonly RunResult[] }[],
  own: readonly RunResult[],
  metric: string,
  better: 'higher' | 'lower',
): Outcome['throughput'][] {
  const values = (list: readonly RunResult[]): (number | null)[] =>
    list.map((run) => run.metrics[metric] ?? null);
  return compareAll(
    tried.map((each) => values(each.runs)),
    values(own),
    better,
  ).map((comparison) => {
    if (comparison.ratio === null) return null;
    const { mean, low, high } = comparison.ratio;
    return { ratio: mean, low, high, matters: !isTie(comparison) };
  });
}

function strongest(changes: readonly Outcome[]): string | null {
  let best: Outcome | null = null;
  for (const change of changes) {
    const gain = change.throughput;
    if (gain === null || !gain.matters || gain.ratio <= 1) continue;
    if (best === null || gain.ratio > best.throughput!.ratio) best = change;
  }
  return best === null ? null : best.id;
}
