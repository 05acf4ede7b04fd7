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

/** A contender's place in its ranking; within a rank the best mean comes first, equal ones as they were given. */
export interface Ranked {
  id: string;
  /** 1 is best; ties share a rank and the next rank skips them (1, 1, 3). */
  rank: number;
  /** Mean over replications, in the unit ranked. */
  mean: number;
  /** Against the first of the ranking, which has the best mean: a tie exactly at rank 1. Null for the first itself. */
  toFirst: Comparison | null;
}

/** The ranking of one group of equal resources. */
export interface GroupRanking {
  group: string;
  /** Best first. Contenders without a value are left out. */
  ranked: Ranked[];
}

/**
 * Ranks contenders within their groups, best first. Of rank 1 are the best mean and all that tie with it: whoever does
 * not differ from it significantly (paired, Holm over all comparisons with it), or by less than `NEGLIGIBLE`, is never
 * behind it, even if one with a better mean is. The others are ranked in the same way among themselves.
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
  const toFirst = new Map<string, Comparison>();
  let remaining = measured;
  while (remaining.length > 0) {
    const [best, ...rest] = remaining as [(typeof measured)[number], ...typeof measured];
    const toBest = compareAll(
      rest.map((entry) => entry.contender.values),
      best.contender.values,
      better,
    );
    if (ranked.length === 0) rest.forEach(({ contender }, i) => void toFirst.set(contender.id, toBest[i]!));
    const rank = ranked.length + 1;
    ranked.push({ id: best.contender.id, rank, mean: best.mean, toFirst: null });
    rest.forEach((entry, i) => {
      if (isTie(toBest[i]!)) ranked.push({ id: entry.contender.id, rank, mean: entry.mean, toFirst: null });
    });
    remaining = rest.filter((_, i) => !isTie(toBest[i]!));
  }
  return ranked.map((entry) => ({ ...entry, toFirst: toFirst.get(entry.id) ?? null }));
}
