/** The counts of translation requests and DevTLB hits: formulas that are evaluated and compared exactly. */
import type { MeasuredRow } from './measured.js';
import { type Pair, type ProbePlan, type RowPlan, several } from './row-plan.js';
import type { Scenario } from './scenario.js';

/** What a formula speaks of: k submissions, p pages an operand, a batch of m copies and n nops. */
interface Point {
  readonly k: number;
  readonly p: number;
  readonly m: number;
  readonly n: number;
}

/** The formulas of the table, by their text. */
const FORMULAS: Readonly<Record<string, (point: Point) => number>> = {
  'k-1': ({ k }) => k - 1,
  '0': () => 0,
  '3k-3': ({ k }) => 3 * k - 3,
  '2k-2': ({ k }) => 2 * k - 2,
  '2+n+3m+ceil((m+n)/64)-1': ({ m, n }) => 2 + n + 3 * m + Math.ceil((m + n) / 64) - 1,
};

/** Destinations that a moving destination rotates over: more than one is a miss every time. */
const MOVING_BUFFERS = 8;

/** Where formulas in k and p are evaluated: few and many submissions, operands of one and of several pages. */
const SUBMISSIONS = [1, 2, 16, 100];
const SEVERAL_PAGES = [2, 4, 16];
/** Where the formula of a batch is: lists of one page of 64 descriptors and of more. */
const BATCHES: readonly Pick<Point, 'm' | 'n'>[] = [
  { m: 1, n: 1 },
  { m: 3, n: 13 },
  { m: 32, n: 32 },
  { m: 33, n: 32 },
  { m: 100, n: 156 },
];

/** The plan of an ATC row. @throws RangeError for a formula that is not known */
export function translationCount(row: MeasuredRow): RowPlan {
  const formula = FORMULAS[row.value];
  if (formula === undefined) throw new RangeError(`${row.id}: no formula "${row.value}" is known`);
  const isBatch = row.id === 'ATC_batch';
  const points = isBatch
    ? BATCHES.map((batch): Point => ({ k: 1, p: 1, ...batch }))
    : SUBMISSIONS.flatMap((k) =>
        (row.id.includes('_pgt1') ? SEVERAL_PAGES : [1]).map((p): Point => ({ k, p, m: 0, n: 0 })),
      );
  const probes = points.map(
    (point): ProbePlan => ({ scenario: scenarioOf(row, point), warmup: 0, count: point.k }),
  );
  return several(row, probes, (observations) =>
    observations.map(
      ({ translations }, i): Pair => ({
        measured: formula(points[i]!),
        simulated: isBatch ? translations.requests : translations.hits,
      }),
    ),
  );
}

function scenarioOf(row: MeasuredRow, { p, m, n }: Point): Scenario {
  const copy = { operation: 'memmove', sizeBytes: p * 4096, weight: 1 };
  const nop = { operation: 'nop', sizeBytes: 0, weight: 1 };
  const load = { kind: 'closed', depth: 1 } as const;
  const operations = [row.id.startsWith('ATC_noop') ? nop : copy];
  const base = {
    platform: 'lightdsa',
    mode: 'shared',
    engines: 1,
    tenant: { load, operations },
    buffers: { count: 1 },
  } as const;
  if (row.id === 'ATC_batch') {
    const mix = [
      { ...copy, weight: m },
      { ...nop, weight: n },
    ];
    return { ...base, tenant: { load, operations: mix, order: 'cyclic', batch: m + n } };
  }
  if (row.id.endsWith('fixed_src_moving_dst')) {
    return { ...base, buffers: { count: MOVING_BUFFERS, sourceCount: 1 } };
  }
  if (row.id.endsWith('two_completion_pages') || row.id === 'ATC_noop_dgt1') {
    return { ...base, buffers: { count: 1, completionPages: 2 } };
  }
  return base;
}
