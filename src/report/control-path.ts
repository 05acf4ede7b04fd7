/** Provisioning and boot of one instance by design. */
import type { ResultPoint } from '../experiment/results.js';
import type { Overview } from './overview.js';

/** What starting an instance takes under one design. */
export interface ControlTotal {
  design: string;
  /** The point that the numbers are of: the first of the sweep. */
  point: ResultPoint;
  /** [s]; null where it was not measured. */
  provision: number | null;
  boot: number | null;
  /** Both together [s]. */
  start: number | null;
  /** Accesses that left the guest during boot. */
  trapped: number;
  /** Whether some other place of the sweep has other times. */
  varies: boolean;
}

/** Totals of every design at its first place, in the order of the document. */
export function controlTotals(view: Overview): ControlTotal[] {
  return view.designs.flatMap(({ id }) => {
    const points = view.places.flatMap((place) => view.point(id, place) ?? []);
    const point = points[0];
    if (point === undefined) return [];
    const provision = point.metrics.provision_time?.mean ?? null;
    const boot = point.metrics.boot_time?.mean ?? null;
    return [
      {
        design: id,
        point,
        provision,
        boot,
        start: provision === null && boot === null ? null : (provision ?? 0) + (boot ?? 0),
        trapped: point.metrics.trapped_accesses?.mean ?? 0,
        varies: points.some(
          (other) =>
            (other.metrics.provision_time?.mean ?? null) !== provision ||
            (other.metrics.boot_time?.mean ?? null) !== boot,
        ),
      },
    ];
  });
}
