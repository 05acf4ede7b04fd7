/**
 * The runs of hw-eval: one thread that polls, a dedicated queue with two engines, MOVDIR64B to one portal address,
 * buffers reused. Cache control is on for memmove.
 */
import type { Allocator, Load } from '../../models/config.js';
import { type MeasuredRow, wholeCell } from './measured.js';
import { descriptorsPerSecond, type ProbePlan, type RowPlan, single } from './row-plan.js';
import type { Scenario } from './scenario.js';

const PS_PER_NS = 1e3;
/** Of a window or a burst. */
const LEAST_SUBMISSIONS = 128;

function scenarioOf(row: MeasuredRow, load: Load, buffers: number, allocation: Allocator): Scenario {
  const { operation } = row;
  return {
    platform: 'hw-eval',
    mode: 'dedicated',
    engines: 2,
    tenant: {
      operations: [{ operation, sizeBytes: wholeCell(row, 'size_bytes'), weight: 1 }],
      load,
      batch: wholeCell(row, 'batch'),
      cacheControl: operation === 'memmove',
    },
    buffers: {
      count: buffers,
      placement: 'llc',
      alignmentBytes: wholeCell(row, 'dst_alignment_bytes'),
      ...(allocation === 'malloc' ? { allocation } : {}),
    },
  };
}

/** One batch at a time, by length: minimum, median and 99th percentile; the list was written before [ns]. */
export function batchLatency(row: MeasuredRow): RowPlan {
  const batch = wholeCell(row, 'batch');
  const scenario = scenarioOf(row, { kind: 'closed', depth: 1 }, 1, 'aligned');
  const probe: ProbePlan = { scenario, warmup: 2, count: Math.max(100, Math.min(1000, 32768 / batch)) };
  const quantile = ({ min: 'min', median: 'p50', p99: 'p99' } as const)[
    row.quantity.replace('latency ', '') as 'min'
  ];
  return single(row, probe, (o) => (o.latencyPs[quantile] - o.stagePs.prepare) / PS_PER_NS);
}

/** A number of submissions kept outstanding, one by one or burst by burst [M descriptors/s]. */
export function concurrency(row: MeasuredRow): RowPlan {
  const depth = wholeCell(row, 'concurrency');
  const batch = wholeCell(row, 'batch');
  const kind = row.submission.startsWith('burst') ? 'burst' : 'closed';
  // Singles have a buffer each; the members of a batch share one.
  const scenario = scenarioOf(row, { kind, depth }, batch === 1 ? depth : 1, 'malloc');
  // Enough submissions for the luck of the engines' choice to even out.
  const rounds = Math.max(4, Math.ceil(LEAST_SUBMISSIONS / depth), Math.ceil(2048 / (depth * batch)));
  const probe: ProbePlan = { scenario, warmup: 2 * depth, count: rounds * depth };
  return single(row, probe, (o) => descriptorsPerSecond(o) / 1e6);
}
