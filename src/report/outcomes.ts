/** Who leads where: rankings at every place of the sweep, gathered into stretches with the same outcome. */
import { type Contender, type Ranked, rankPerDevice, rankWithinGroups } from '../analysis/ranking.js';
import type { Overview, Place } from './overview.js';

/** A ranking at one place. */
export interface PlaceRanking {
  place: Place;
  ranked: readonly Ranked[];
}

/** The rankings of one set of designs that were given equal resources, at all places where they were. */
export interface Cohort {
  /** In the order of the document. */
  designs: readonly string[];
  /** Letter of the allotment at each place, in the order of `rankings`. */
  rankings: readonly PlaceRanking[];
}

/** Neighbouring places with the same designs in front. */
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
  const byMembers = new Map<string, { designs: string[]; rankings: PlaceRanking[] }>();
  for (const place of view.places) {
    for (const { ranked } of rankWithinGroups(contenders(view, metric, place), better(view, metric))) {
      if (ranked.length < 2) continue;
      const designs = inOrder(
        view,
        ranked.map((entry) => entry.id),
      );
      const key = designs.join(' ');
      const cohort = byMembers.get(key) ?? { designs, rankings: [] };
      cohort.rankings.push({ place, ranked });
      byMembers.set(key, cohort);
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

/** Whether all points of the document used the same number of devices. */
export function equalDevices(view: Overview): boolean {
  return new Set(view.results.points.map((point) => point.devices)).size < 2;
}

/** Gathers neighbouring places that have the same leaders. */
export function stretches(view: Overview, metric: string, rankings: readonly PlaceRanking[]): Stretch[] {
  const result: (Stretch & { key: string })[] = [];
  for (const { place, ranked } of rankings) {
    const leaders = inOrder(
      view,
      ranked.filter((entry) => entry.rank === 1).map((entry) => entry.id),
    );
    const key = leaders.join(' ');
    const gaps = ranked.map((entry) => ({ ...entry, share: share(entry, ranked[0]!, better(view, metric)) }));
    const behind = gaps.filter((entry) => entry.rank > 1).sort((a, b) => a.share - b.share);
    const next = behind[0];
    const last = behind.at(-1);
    const one: Stretch = {
      places: [place],
      leaders,
      level: behind.length === 0,
      leads: next === undefined ? [] : [{ id: next.id, share: next.share }],
      lasts: last === undefined ? [] : [{ id: last.id, share: last.share, place }],
      spread: Math.max(...gaps.filter((entry) => entry.rank === 1).map((entry) => entry.share)),
    };
    const previous = result.at(-1);
    if (previous?.key === key && previous.places.at(-1)!.index === place.index - 1) {
      result[result.length - 1] = {
        ...previous,
        places: [...previous.places, place],
        leads: [...previous.leads, ...one.leads],
        lasts: [...previous.lasts, ...one.lasts],
        spread: Math.max(previous.spread, one.spread),
      };
    } else result.push({ ...one, key });
  }
  return result;
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
    if (point === undefined || values === undefined) return [];
    return [{ id, group: view.allotment(point).letter, devices: Math.max(1, point.devices), values }];
  });
}

function inOrder(view: Overview, ids: readonly string[]): string[] {
  return [...ids].sort((a, b) => view.position(a) - view.position(b));
}
