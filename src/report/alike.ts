/** Designs of which the same is to be shown at a place: they share a drawing instead of repeating it. */
import type { ResultPoint } from '../experiment/results.js';
import type { Overview, Place } from './overview.js';

/** Designs with equal data, in the order of the document, and the point of the first of them. */
interface Alike {
  designs: string[];
  point: ResultPoint;
}

/**
 * Groups the designs of a place.
 * @param shown what is to be shown of a point; equal when its numbers are, whatever the order of keys
 */
export function alike(view: Overview, place: Place, shown: (point: ResultPoint) => unknown): Alike[] {
  const groups = new Map<string, Alike>();
  for (const { id } of view.designs) {
    const point = view.point(id, place);
    if (point === undefined) continue;
    const key = JSON.stringify(shown(point), sortedKeys);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { designs: [id], point });
    else group.designs.push(id);
  }
  return [...groups.values()];
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
