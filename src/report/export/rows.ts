/** All estimates of a result document as rows of one long table: a row a metric of a point and tenant, in SI. */
import type { Estimate, Results } from '../../experiment/results.js';

/** A row; what could not be measured is null. */
export interface ExportRow {
  design: string;
  /** Value of each axis of the sweep as written, in the order of the sweep. */
  place: readonly string[];
  /** '' for all tenants together. */
  tenant: string;
  metric: string;
  unit: string;
  mean: number | null;
  halfWidth: number | null;
  /** One value a replication. */
  values: readonly (number | null)[];
}

/** Paths of the axes: names of the columns of `place`. */
export function axesOf(results: Results): string[] {
  return results.sweep.map(({ path }) => path);
}

/** The rows, point by point. */
export function* exportRows(results: Results): Generator<ExportRow> {
  const axes = axesOf(results);
  for (const point of results.points) {
    const place = axes.map((path) => point.at[path] ?? '');
    const rows = function* (
      tenant: string,
      metrics: Readonly<Record<string, Estimate>>,
    ): Generator<ExportRow> {
      for (const [metric, { mean, half_width: halfWidth, values }] of Object.entries(metrics)) {
        const unit = results.metrics[metric]?.unit ?? '';
        yield { design: point.design, place, tenant, metric, unit, mean, halfWidth, values };
      }
    };
    yield* rows('', point.metrics);
    for (const [tenant, metrics] of Object.entries(point.tenants)) yield* rows(tenant, metrics);
  }
}

/** Replications in which a metric could be measured. */
export function measuredCount({ values }: ExportRow): number {
  return values.filter((value) => value !== null).length;
}
