/**
 * Whether rankings hold when the constants behind them are not what we think: every point is simulated again in
 * worlds whose constants are drawn over their ranges, with the random numbers of the first replication. Asked about
 * are the rankings of the run that this replication alone makes as well: of others it could not tell whether they hold.
 * For rankings that do not hold in all worlds, the constant they go with is varied by itself until the value is found
 * at which others come to the front.
 */
import { atShare, latinHypercube, rankCorrelation } from '../analysis/worlds.js';
import type { ParameterDeclaration } from '../models/parameter.js';
import { PARAMETERS } from '../models/parameters.js';
import type { RunResult } from '../models/run-result.js';
import { KeyedRandom } from '../sim/random.js';
import { SI_UNIT, toSi } from '../workload/internal.js';
import type { Point } from '../workload/workload.js';
import { type Constants, findFlip, rounded, withConstants } from './flip-search.js';
import { makePlan } from './plan.js';
import { type PoolOptions, runPlan } from './pool.js';
import { counting } from './progress.js';
import type { Robustness } from './robustness-schema.js';
import { claimsOf, leadersOf, type Measured, type Question, same } from './standings.js';

/** Worlds that are simulated before their results are reduced to metrics. */
const CHUNK = 8;
/**
 * Constants that are tried by themselves for a ranking, those it goes with most closely first. With few worlds and many
 * constants, chance puts some before the one that decides.
 */
const CANDIDATES = 12;
/** Rankings whose constant is looked for, those that hold least first. */
const EXAMINED = 8;
/** Metrics of each point in one world. */
type World = readonly RunResult['metrics'][];

/**
 * Tries the rankings of a workload in other worlds.
 * @param points as they were run
 * @param measured what their replications gave
 * @param worlds how many
 * @param seed of the workload; the worlds are a function of it
 * @throws as `runPlan`
 */
export async function examineRankings(
  points: readonly Point[],
  measured: readonly Measured[],
  worlds: number,
  seed: number,
  pool: PoolOptions,
): Promise<Robustness> {
  const varied = uncertain(points);
  const shares = latinHypercube(worlds, varied.length, new KeyedRandom(seed, worlds));
  const constants = shares.map((world) =>
    Object.fromEntries(varied.map((p, i) => [p.name, rounded(p, atShare(p, world[i]!))])),
  );
  const { claims, untold } = claimsOf(points, measured);
  // Nothing to ask, no world to simulate.
  const outcomes = claims.length === 0 ? [] : await simulateWorlds(points, constants, pool);
  const questions = claims.flatMap(({ question, leaders }) => {
    const made = outcomes.map((world) => leadersOf(question, (i) => [world[i]![question.metric] ?? null]));
    const holds = made.filter((own) => own !== null && same(own, leaders)).length;
    const of = made.filter((own) => own !== null).length;
    return of === 0 ? [] : [{ question, leaders, made, holds, of }];
  });
  const examined = [...questions]
    .filter(({ holds, of }) => holds < of)
    .sort((a, b) => a.holds / a.of - b.holds / b.of)
    .slice(0, EXAMINED);
  // The search is many tiny plans; their own progress would only flicker.
  const { onProgress, ...quiet } = pool;
  const searched = (done: number): void =>
    onProgress?.({
      done,
      total: examined.length,
      share: done / examined.length,
      what: 'rankings searched for the constant that turns them',
    });
  const rankings: Robustness['rankings'] = [];
  const names = (indices: readonly number[]): string[] => indices.map((i) => points[i]!.design);
  let searches = 0;
  for (const entry of questions) {
    const { question, leaders, made, holds, of } = entry;
    let flip: Robustness['rankings'][number]['flip'] = null;
    let tried = 0;
    if (examined.includes(entry)) {
      const margins = marginsOf(question, leaders, made, outcomes);
      const known = made.flatMap((own, world) => (own === null ? [] : [world]));
      const candidates = varied
        .map((constant, i) => ({
          constant,
          strength: Math.abs(
            rankCorrelation(
              known.map((world) => shares[world]![i]!),
              known.map((world) => margins[world]!),
            ),
          ),
        }))
        .sort((a, b) => b.strength - a.strength)
        .slice(0, CANDIDATES);
      tried = candidates.length;
      const found = await findFlip(
        points,
        question,
        leaders,
        candidates.map(({ constant }) => constant),
        quiet,
      );
      searched(++searches);
      if (found !== null) {
        const { name, dimension } = found.constant;
        flip = {
          constant: name,
          unit: SI_UNIT[dimension],
          value: toSi(dimension, found.value),
          side: found.side,
          leaders: names(found.leaders),
        };
      }
    }
    const { metric, at } = question;
    rankings.push({
      metric,
      at: { ...at },
      designs: names(question.points),
      leaders: names(leaders),
      holds,
      of,
      candidates: tried,
      flip,
    });
  }
  return { worlds, constants: varied.length, untold, rankings };
}

/**
 * The constants that nobody has settled: nominal at every point, with a range, and no capability of the device, since
 * those are what a configuration is checked against.
 */
function uncertain(points: readonly Point[]): ParameterDeclaration[] {
  return PARAMETERS.filter((p: ParameterDeclaration) => {
    if (p.name.startsWith('device.') && p.dimension !== 'time') return false;
    // A limit that an administrator sets is no uncertainty.
    if (p.name === 'memlock_limit') return false;
    if (!(p.low < p.high)) return false;
    return points.every(({ config }) => (config.parameters as Constants)[p.name] === p.nominal);
  });
}

async function simulateWorlds(
  points: readonly Point[],
  constants: readonly Constants[],
  pool: PoolOptions,
): Promise<World[]> {
  const result: World[] = [];
  const total = constants.length * points.length;
  for (let from = 0; from < constants.length; from += CHUNK) {
    const chunk = constants.slice(from, from + CHUNK);
    const copies = chunk.flatMap((own) => points.map((point) => withConstants(point, own)));
    const before = from * points.length;
    const counted = counting(pool, 'replications in other worlds', ({ done, share }) => ({
      done: before + done,
      total,
      share: (before + share * copies.length) / total,
    }));
    const runs = await runPlan(makePlan(copies, 1), counted);
    chunk.forEach((_, w) => {
      result.push(points.map((_, i) => runs[w * points.length + i]![0]!.metrics));
    });
  }
  return result;
}

/** By world, how far the first leader is ahead of the design that most often changes who leads. */
function marginsOf(
  { metric, points }: Question,
  leaders: readonly number[],
  made: readonly (readonly number[] | null)[],
  worlds: readonly World[],
): number[] {
  const changes = (point: number): number =>
    made.filter((own) => own !== null && own.includes(point) !== leaders.includes(point)).length;
  const first = leaders.find((leader) => changes(leader) === 0) ?? leaders[0]!;
  const rival = points
    .filter((point) => point !== first)
    .reduce(
      (most, point) => (changes(point) > changes(most) ? point : most),
      points.find((p) => p !== first)!,
    );
  return worlds.map((world) => {
    const [a, b] = [world[first]![metric] ?? 0, world[rival]![metric] ?? 0];
    return a > 0 && b > 0 ? Math.log(a / b) : a - b;
  });
}
