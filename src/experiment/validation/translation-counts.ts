/** The counts of translation requests and DevTLB hits: formulas that are evaluated and compared exactly. */
import type { MeasuredRow } from './measured.js';
import { missing, type Pair, type ProbePlan, type RowPlan } from './row-plan.js';

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

const SUBMISSIONS = [1, 2, 16, 100];

/** The plan of an ATC row. @throws RangeError for a formula that is not known */
export function translationCount(row: MeasuredRow): RowPlan {
  const formula = FORMULAS[row.value];
  if (formula === undefined) throw new RangeError(`${row.id}: no formula "${row.value}" is known`);
  const onePage = /_p1$|_d1$/.test(row.id);
  const severalPages = row.id === 'ATC_memmove_pgt1';
  if (!onePage && !severalPages) {
    if (row.id === 'ATC_batch') return missing(row, 'operations in a fixed order');
    if (row.id.includes('fixed_src')) return missing(row, 'a number of sources of its own');
    return missing(row, 'completion records on several pages');
  }
  const points = SUBMISSIONS.flatMap((k) =>
    (severalPages ? [2, 4, 16] : [1]).map((p): Point => ({ k, p, m: 0, n: 0 })),
  );
  const operation = row.id.startsWith('ATC_noop') ? 'nop' : 'memmove';
  const probes = points.map(
    ({ k, p }): ProbePlan => ({
      scenario: {
        platform: 'lightdsa',
        mode: 'shared',
        engines: 1,
        load: { kind: 'closed', depth: 1 },
        operations: [{ operation, sizeBytes: p * 4096, weight: 1 }],
        buffers: 1,
      },
      warmup: 0,
      count: k,
    }),
  );
  return {
    kind: 'simulated',
    row,
    probes,
    pairs: (observations) =>
      observations.map(
        ({ translations }, i): Pair => ({ measured: formula(points[i]!), simulated: translations.hits }),
      ),
  };
}
