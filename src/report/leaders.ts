/** Which cells of a comparison to emphasise. */
import { better, cohorts } from './outcomes.js';
import type { Overview } from './overview.js';

/**
 * `metric key-of-point` of every point that is in front among equal resources, ties included, wherever somebody is
 * not: emphasising all would emphasise nothing.
 */
export function leaderKeys(view: Overview): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const metric of view.metrics) {
    if (better(view, metric) === 'neither') continue;
    for (const { place, ranked } of cohorts(view, metric).flatMap((cohort) => cohort.rankings)) {
      if (ranked.every((entry) => entry.rank === 1)) continue;
      for (const entry of ranked) {
        const point = view.point(entry.id, place);
        if (entry.rank === 1 && point !== undefined) keys.add(`${metric} ${point.key}`);
      }
    }
  }
  return keys;
}
