/**
 * The runs of hw-eval: one thread that polls, a dedicated queue with two engines, MOVDIR64B to one portal address,
 * buffers reused. Cache control is on for memmove.
 */
import { type MeasuredRow, wholeCell } from './measured.js';
import { descriptorsPerSecond, type ProbePlan, type RowPlan, single } from './row-plan.js';
import type { Scenario } from './scenario.js';

const PS_PER_NS = 1e3;

function base(row: MeasuredRow): Omit<Scenario, 'load'> {
  const operation = row.operation;
  return {
    platform: 'hw-eval',
    mode: 'dedicated',
    engines: 2,
    operations: [{ operation, sizeBytes: wholeCell(row, 'size_bytes'), weight: 1 }],
    batch: wholeCell(row, 'batch'),
    buffers: 1,
    placement: 'llc',
    portalSlots: 1,
    alignmentBytes: wholeCell(row, 'dst_alignment_bytes'),
    cacheControl: operation === 'memmove',
  };
}

/** One batch at a time, by length: minimum, median and 99th percentile [ns]. */
export function batchLatency(row: MeasuredRow): RowPlan {
  const batch = wholeCell(row, 'batch');
  const scenario: Scenario = { ...base(row), load: { kind: 'closed', depth: 1 } };
  const probe: ProbePlan = { scenario, warmup: 2, count: Math.max(100, Math.min(1000, 32768 / batch)) };
  const quantile = ({ min: 'min', median: 'p50', p99: 'p99' } as const)[
    row.quantity.replace('latency ', '') as 'min'
  ];
  return single(row, probe, (o) => o.latencyPs[quantile] / PS_PER_NS);
}

/** A number of submissions kept outstanding, one by one or burst by burst [M descriptors/s]. */
export function concurrency(row: MeasuredRow): RowPlan {
  const depth = wholeCell(row, 'concurrency');
  const batch = wholeCell(row, 'batch');
  const burst = row.submission.startsWith('burst');
  const shape = base(row);
  // Singles have a buffer each; the members of a batch share one.
  const buffers = batch === 1 ? depth : 1;
  const scenario: Scenario = { ...shape, buffers, load: { kind: burst ? 'burst' : 'closed', depth } };
  const rounds = Math.max(4, Math.ceil(2048 / (depth * batch)));
  const probe: ProbePlan = { scenario, warmup: 2 * depth, count: rounds * depth };
  return single(row, probe, (o) => descriptorsPerSecond(o) / 1e6);
}
