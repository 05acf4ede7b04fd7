/** Who leads where: rankings at every place of the sweep, gathered into stretches with the same outcome. */
import { type Contender, type Ranked, rankPerDevice, rankWithinGroups } from '../analysis/ranking.js';
import { isCounted } from '../analysis/verdict.js';
import type { ResultPoint } from '../experiment/results.js';
import type { Overview, Place } from './overview.js';

/** Stretches along one axis that are still told one by one. */
const PIECES = 5;

/** A ranking at one place: of the designs whose values may be believed. */
export interface PlaceRanking {
  place: Place;
  ranked: readonly Ranked[];
}

/** A value that is not ranked, and why: what it would say is an accident of how it was measured. */
export interface Doubt {
  id: string;
  place: Place;
  why: ResultPoint['verdicts'][string];
}

/** The rankings of one set of designs that were given equal resources, at all places where they were. */
export interface Cohort {
  /** In the order of the document, those without a value too. */
  designs: readonly string[];
  /** Places at which there are two to rank. */
  rankings: readonly PlaceRanking[];
  doubts: readonly Doubt[];
}

/** Places with the same designs in front. */
export interface Stretch {
  places: readonly Place[];
  /** Designs of rank 1, in the order of the document. */
  leaders: readonly string[];
  /** Whether all designs are of rank 1. */
  level: boolean;
  /** How far the best of each place is ahead of the nearest behind the leaders: 0.08 is 8 %. Empty when level. */
  leads: readonly { id: string; share: number }[];
  /** The farthest of each place and how far it is behind the best. Empty when level. */
  lasts: readonly { id: string; share: number; place: Place }[];
  /** Widest gap among the leaders, as a share. */
  spread: number;
}

/** Rankings of a metric among equals. Cohorts of a single design are left out: there is nothing to rank. */
export function cohorts(view: Overview, metric: string): Cohort[] {
  const byMembers = new Map<string, { designs: string[]; rankings: PlaceRanking[]; doubts: Doubt[] }>();
  for (const place of view.places) {
    const members = new Map<string, string[]>();
    for (const { id } of view.designs) {
      const point = view.point(id, place);
      if (point === undefined) continue;
      const { letter } = view.allotment(point);
      members.set(letter, [...(members.get(letter) ?? []), id]);
    }
    const groups = rankWithinGroups(contenders(view, metric, place), better(view, metric));
    for (const [letter, designs] of members) {
      if (designs.length < 2) continue;
      const key = designs.join(' ');
      const cohort = byMembers.get(key) ?? { designs, rankings: [], doubts: [] };
      byMembers.set(key, cohort);
      const ranked = groups.find(({ group }) => group === letter)?.ranked ?? [];
      if (ranked.length > 1) cohort.rankings.push({ place, ranked });
      cohort.doubts.push(...doubtsAt(view, metric, place).filter(({ id }) => designs.includes(id)));
    }
  }
  return [...byMembers.values()];
}

/**
 * Rankings of all designs together, whatever they were given: by the amount per device, or as it is where all used
 * the same number of devices. Empty when no place has two designs.
 */
export function rankingsAcross(view: Overview, metric: string): PlaceRanking[] {
  return view.places
    .map((place) => {
      const all = contenders(view, metric, place).map((contender) => ({ ...contender, group: '' }));
      const ranked = equalDevices(view)
        ? (rankWithinGroups(all, better(view, metric))[0]?.ranked ?? [])
        : rankPerDevice(all, better(view, metric));
      return { place, ranked };
    })
    .filter(({ ranked }) => ranked.length > 1);
}

/** The values of a metric that no ranking counts, at one place. */
export function doubtsAt(view: Overview, metric: string, place: Place): Doubt[] {
  return view.designs.flatMap(({ id }) => {
    const point = view.point(id, place);
    const why = point === undefined ? null : doubtOf(view, point, metric);
    return why === null ? [] : [{ id, place, why }];
  });
}

/** Why the value of a metric is not ranked; null when it is, or when there is none. */
function doubtOf(view: Overview, point: ResultPoint, metric: string): Doubt['why'] | null {
  const why = point.verdicts[metric];
  if (why === undefined || (point.metrics[metric]?.mean ?? null) === null) return null;
  return isCounted(why, view.results.measure.replications) ? null : why;
}

/** Whether all points of the document used the same number of devices. */
export function equalDevices(view: Overview): boolean {
  return new Set(view.results.points.map((point) => point.devices)).size < 2;
}

/**
 * Gathers places that have the same leaders: neighbours along one axis, and all of them, those of most places first,
 * where neighbours mean little (several axes) or would be told in too many pieces.
 */
export function stretches(view: Overview, metric: string, rankings: readonly PlaceRanking[]): Stretch[] {
  const single = rankings.map((ranking) => stretchOf(view, metric, ranking));
  const along = merged(
    single,
    (previous, next) => previous.places.at(-1)!.index === next.places[0]!.index - 1,
  );
  if (view.results.sweep.length < 2 && along.length <= PIECES) return along;
  return merged(single, () => true).sort((a, b) => b.places.length - a.places.length);
}

/** Puts each stretch to the last one before it that has the same leaders, if it `follows` it. */
function merged(all: readonly Stretch[], follows: (previous: Stretch, next: Stretch) => boolean): Stretch[] {
  const lastOf = new Map<string, number>();
  const result: Stretch[] = [];
  for (const next of all) {
    const key = `${next.level} ${next.leaders.join(' ')}`;
    const at = lastOf.get(key);
    const previous = at === undefined ? undefined : result[at]!;
    if (at !== undefined && previous !== undefined && follows(previous, next)) {
      result[at] = {
        ...previous,
        places: [...previous.places, ...next.places],
        leads: [...previous.leads, ...next.leads],
        lasts: [...previous.lasts, ...next.lasts],
        spread: Math.max(previous.spread, next.spread),
      };
    } else lastOf.set(key, result.push(next) - 1);
  }
  return result;
}

function stretchOf(view: Overview, metric: string, { place, ranked }: PlaceRanking): Stretch {
  const gaps = ranked.map((entry) => ({ ...entry, share: share(entry, ranked[0]!, better(view, metric)) }));
  const leaders = gaps.filter((entry) => entry.rank === 1);
  const behind = gaps.filter((entry) => entry.rank > 1).sort((a, b) => a.share - b.share);
  const next = behind[0];
  const last = behind.at(-1);
  return {
    places: [place],
    leaders: inOrder(
      view,
      leaders.map((entry) => entry.id),
    ),
    level: behind.length === 0,
    leads: next === undefined ? [] : [{ id: next.id, share: next.share }],
    lasts: last === undefined ? [] : [{ id: last.id, share: last.share, place }],
    spread: Math.max(...leaders.map((entry) => entry.share)),
  };
}

/**
 * How far a design is from the best, as a share of the worse one's amount (of the better one's where lower is better),
 * at or above zero. It is that of the paired comparison that decided the rank, so that what counts as level is level.
 */
function share({ toFirst, mean }: Ranked, best: Ranked, direction: 'higher' | 'lower' | 'neither'): number {
  if (toFirst === null || mean === best.mean) return 0;
  const ratio = toFirst.ratio?.mean ?? mean / best.mean;
  return Math.abs((direction === 'lower' ? ratio : 1 / ratio) - 1);
}

/** Good direction of a metric, as the document says. */
export function better(view: Overview, metric: string): 'higher' | 'lower' | 'neither' {
  return view.results.metrics[metric]?.better ?? 'neither';
}

function contenders(view: Overview, metric: string, place: Place): Contender[] {
  return view.designs.flatMap(({ id }) => {
    const point = view.point(id, place);
    const values = point?.metrics[metric]?.values;
    if (point === undefined || values === undefined || doubtOf(view, point, metric) !== null) return [];
    return [{ id, group: view.allotment(point).letter, devices: Math.max(1, point.devices), values }];
  });
}

function inOrder(view: Overview, ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => view.position(a) - view.position(b));
}
