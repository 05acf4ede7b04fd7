/** What the charts of throughput and latency show. */
import type { Estimate, ResultPoint } from '../experiment/results.js';
import { capitalize, metricTitle } from './names.js';
import { divided } from './numbers.js';
import type { Overview } from './overview.js';

/** A title, the metric for unit and direction, and the estimate of a point. */
export interface Quantity {
  title: string;
  metric: string;
  of: (point: ResultPoint) => Estimate | undefined;
  /** Amounts start at zero; latencies spread over decades and need not. */
  from: 'zero' | 'data';
  /** Quantities of equal family share a scale. */
  family: string;
}

/**
 * Throughput, throughput per device where devices differ, and two latencies, as far as the document has them.
 * @param tenant whose; null for all together
 */
export function chartedQuantities(view: Overview, tenant: string | null = null): Quantity[] {
  const metric = (name: string, from: Quantity['from'], family: string): Quantity => ({
    title: capitalize(metricTitle(name)),
    metric: name,
    of: (point) => (tenant === null ? point.metrics : point.tenants[tenant])?.[name],
    from,
    family,
  });
  const throughput = metric('throughput', 'zero', 'throughput');
  const unequal = new Set(view.results.points.map((point) => point.devices)).size > 1;
  const perDevice: Quantity = {
    ...throughput,
    title: 'Throughput per device',
    family: 'throughput per device',
    of: (point) => {
      const whole = throughput.of(point);
      return whole && divided(whole, Math.max(1, point.devices));
    },
  };
  return [
    throughput,
    ...(unequal && tenant === null ? [perDevice] : []),
    metric('latency_p50', 'data', 'latency'),
    metric('latency_p99', 'data', 'latency'),
  ].filter(({ metric: name }) => view.metrics.includes(name));
}
