/**
 * Rankings with ties. Only what was given equal resources is ranked together; across unequal resources the one fair
 * common measure is the amount per device.
 */
import { type Better, type Comparison, compareAll, type Replications } from './compare.js';
import { estimate } from './estimate.js';

/**
 * Differences below this share are called ties even when they are statistically certain: the constants behind the
 * numbers are not known to a percent.
 */
export const NEGLIGIBLE = 0.01;

/** One system to be ranked. */
export interface Contender {
  id: string;
  /** Contenders of equal group received equal resources. */
  group: string;
  /** Physical devices used, for the amount per device. */
  devices: number;
  values: Replications;
}

/** A contender's place in its ranking; ties stand in the order in which they were given. */
export interface Ranked {
  id: string;
  /** 1 is best; ties share a rank and the next rank skips them (1, 1, 3). */
  rank: number;
  /** Mean over replications, in the unit ranked. */
  mean: number;
  /** Against the first of the ranking; null for the first itself. */
  toFirst: Comparison | null;
}

/** The ranking of one group of equal resources. */
export interface GroupRanking {
  group: string;
  /** Best first. Contenders without a value are left out. */
  ranked: Ranked[];
}

/**
 * Ranks contenders within their groups, best first. Ties are those that differ from the best of their tier neither
 * significantly (paired, Holm over the tier's comparisons) nor by more than `NEGLIGIBLE`.
 *
 * @param better good direction of the metric; with `neither` the larger comes first
 * @returns groups in order of first appearance
 */
export function rankWithinGroups(contenders: readonly Contender[], better: Better): GroupRanking[] {
  const groups = [...new Set(contenders.map((contender) => contender.group))];
  return groups.map((group) => ({
    group,
    ranked: rankTogether(
      contenders.filter((contender) => contender.group === group),
      better,
    ),
  }));
}

/**
 * Ranks all contenders by their amount per device, best first. Only for amounts that add up over devices
 * (throughput, rate); a latency per device means nothing.
 */
export function rankPerDevice(contenders: readonly Contender[], better: Better): Ranked[] {
  const perDevice = contenders.map((contender) => ({
    ...contender,
    values: contender.values.map((value) => (value === null ? null : value / contender.devices)),
  }));
  return rankTogether(perDevice, better);
}

/** Whether a comparison is a tie: not significant, or too small to matter. Undecided ones count by size alone. */
export function isTie(comparison: Comparison): boolean {
  if (comparison.verdict === 'no significant difference') return true;
  if (comparison.ratio !== null) {
    const share = comparison.ratio.mean - 1;
    return Math.abs(share) < NEGLIGIBLE;
  }
  return comparison.difference.mean === 0;
}

function rankTogether(contenders: readonly Contender[], better: Better): Ranked[] {
  const sign = better === 'lower' ? 1 : -1;
  const measured = contenders
    .map((contender, index) => ({ contender, index, mean: estimate(contender.values).mean }))
    .filter((entry): entry is typeof entry & { mean: number } => entry.mean !== null)
    .sort((a, b) => sign * (a.mean - b.mean) || a.index - b.index);
  const ranked: Ranked[] = [];
  let remaining = measured;
  while (remaining.length > 0) {
    // Within a tier nobody is better, so the order given stays: the first of it is what others are held against.
    const tier = tierOf(remaining, better).sort((a, b) => a.index - b.index);
    const rank = ranked.length + 1;
    for (const entry of tier) ranked.push({ id: entry.contender.id, rank, mean: entry.mean, toFirst: null });
    remaining = remaining.filter((entry) => !tier.includes(entry));
  }
  const [first, ...others] = ranked;
  if (first === undefined) return [];
  const valuesOf = new Map(contenders.map((contender) => [contender.id, contender.values]));
  const toFirst = compareAll(
    others.map((entry) => valuesOf.get(entry.id)!),
    valuesOf.get(first.id)!,
    better,
  );
  others.forEach((entry, i) => {
    entry.toFirst = toFirst[i]!;
  });
  return ranked;
}

/** The best of the remaining and those that tie with it, as far as the next one that does not. */
function tierOf<T extends { contender: Contender }>(remaining: readonly T[], better: Better): T[] {
  const [best, ...rest] = remaining;
  const comparisons = compareAll(
    rest.map((entry) => entry.contender.values),
    best!.contender.values,
    better,
  );
  const firstLoser = comparisons.findIndex((comparison) => !isTie(comparison));
  return [best!, ...rest.slice(0, firstLoser === -1 ? rest.length : firstLoser)];
}
