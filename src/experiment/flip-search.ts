/** The search for the value of one constant at which others come to the front. */
import { atShare } from '../analysis/worlds.js';
import type { ParameterDeclaration } from '../models/parameter.js';
import type { Point } from '../workload/workload.js';
import { makePlan } from './plan.js';
import { type PoolOptions, runPlan } from './pool.js';
import { isOfStart, leadersOf, type Question, same } from './standings.js';

/** Rounds of the search on one side of a constant's range, each to an eighth: three find a five-hundredth of it. */
const ROUNDS = 3;
const PARTS = 8;

/** Values of constants in internal units, by name. */
export type Constants = Readonly<Record<string, number>>;

/** A constant at a share of its distribution, everything else nominal. */
interface Trial {
  constant: ParameterDeclaration;
  share: number;
}

/** What was found; `value` is in the constant's internal unit. */
export interface Flip {
  constant: ParameterDeclaration;
  value: number;
  side: 'above' | 'below';
  leaders: number[];
}

/**
 * The first of several constants that by itself changes the leaders at an end of its range, and the value nearest to
 * nominal at which it does; null when none does. Trials of a round run together, since starting workers costs more
 * than most of them.
 */
export async function findFlip(
  points: readonly Point[],
  question: Question,
  leaders: readonly number[],
  candidates: readonly ParameterDeclaration[],
  pool: PoolOptions,
): Promise<Flip | null> {
  const ends = candidates.flatMap((constant) => [1, 0].map((share): Trial => ({ constant, share })));
  const atEnds = await leadersIn(points, question, ends, pool);
  const first = atEnds.findIndex((own) => own !== null && !same(own, leaders));
  if (first < 0) return null;
  const { constant, share: end } = ends[first]!;
  let [kept, changed, other] = [0.5, end, atEnds[first]!];
  for (let round = 0; round < ROUNDS; round++) {
    const between = Array.from({ length: PARTS - 1 }, (_, i): Trial => {
      return { constant, share: kept + ((changed - kept) * (i + 1)) / PARTS };
    });
    const found = await leadersIn(points, question, between, pool);
    const at = found.findIndex((own) => own !== null && !same(own, leaders));
    const last = at < 0 ? between.length : at;
    kept = last === 0 ? kept : between[last - 1]!.share;
    if (at >= 0) [changed, other] = [between[at]!.share, found[at]!];
  }
  const value = rounded(constant, atShare(constant, changed));
  return { constant, value, side: end === 1 ? 'above' : 'below', leaders: other };
}

/** Who is in front in each trial. */
async function leadersIn(
  points: readonly Point[],
  question: Question,
  trials: readonly Trial[],
  pool: PoolOptions,
): Promise<(number[] | null)[]> {
  const copies = trials.flatMap(({ constant, share }) =>
    question.points.map((i) => {
      const copy = withConstants(points[i]!, {
        [constant.name]: rounded(constant, atShare(constant, share)),
      });
      return isOfStart(question.metric) ? withoutLoad(copy) : copy;
    }),
  );
  const runs = await runPlan(makePlan(copies, 1), pool);
  return trials.map((_, t) =>
    leadersOf(question, (i) => {
      const position = t * question.points.length + question.points.indexOf(i);
      return [runs[position]![0]!.metrics[question.metric] ?? null];
    }),
  );
}

/** What is needed to know how long a start takes. */
function withoutLoad({ key, config }: Pick<Point, 'key' | 'config'>): Pick<Point, 'key' | 'config'> {
  return { key, config: { ...config, measure: { warmupPs: 0, durationPs: 1000 } } };
}

/** A value as the model takes it: times, sizes and counts are whole. */
export function rounded({ dimension }: ParameterDeclaration, value: number): number {
  return dimension === 'ratio' ? value : Math.round(value);
}

/** A point with some constants replaced. */
export function withConstants({ key, config }: Point, constants: Constants): Pick<Point, 'key' | 'config'> {
  return { key, config: { ...config, parameters: { ...config.parameters, ...constants } } };
}
