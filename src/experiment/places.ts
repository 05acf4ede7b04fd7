/** The places of a sweep: points that differ only in their design. */
import type { Point } from '../workload/workload.js';

/** Indices of the points at each place, places in order of first appearance. */
export function placesOf(points: readonly Pick<Point, 'at'>[]): number[][] {
  const places = new Map<string, number[]>();
  points.forEach(({ at }, i) => {
    const key = JSON.stringify(at);
    const place = places.get(key);
    if (place === undefined) places.set(key, [i]);
    else place.push(i);
  });
  return [...places.values()];
}
