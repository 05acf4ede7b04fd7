/** The runs of DSAssassin, DSA-2LM and the derived submission intervals: one descriptor at a time, parts of latency. */
import type { MeasuredRow } from './measured.js';
import { platformById } from './platforms.js';
import type { Observation } from './probe.js';
import { type RowPlan, single } from './row-plan.js';
import type { Scenario } from './scenario.js';

const PS_PER_SECOND = 1e12;
const PS_PER_NS = 1e3;

const ONE_AT_A_TIME = { kind: 'closed', depth: 1 } as const;

/** What passes between the return of the submission and the completion being seen [ps]. */
function waitPs(o: Observation, quantile: keyof Observation['latencyPs']): number {
  return o.latencyPs[quantile] - o.stagePs.prepare - o.stagePs.submit - o.stagePs.trap;
}

/** A nop and the time until its completion is seen, with and without a DevTLB miss [TSC cycles]. */
export function nopProbe(row: MeasuredRow): RowPlan {
  const [, outcome, where, quantile] = /^DAtlb_(hit|miss)_(native|cloud)_(median|p5|p95)$/.exec(row.id)!;
  const platform = where === 'cloud' ? 'dsassassin-cloud' : 'dsassassin';
  const scenario: Scenario = {
    platform,
    mode: 'shared',
    engines: 1,
    tenant: { load: ONE_AT_A_TIME, operations: [{ operation: 'nop', sizeBytes: 0, weight: 1 }] },
    // Alternating pages of completion records evict each other from the engine's one entry.
    buffers: { count: 1, ...(outcome === 'miss' ? { completionPages: 2 } : {}) },
  };
  const cycles = platformById(platform).tscHz! / PS_PER_SECOND;
  const at = ({ median: 'p50', p5: 'p5', p95: 'p95' } as const)[quantile as 'p5'];
  return single(row, { scenario, warmup: 8, count: 1000 }, (o) => waitPs(o, at) * cycles);
}

/**
 * What the measuring program adds to the submission that it times: an SFENCE and two fenced reads of the counter lie
 * inside its window. Their cost is not published; some 60 cycles each is what the instructions take [ps].
 */
const TIMING_WINDOW_PS = 50e3;

/** SFENCE and ENQCMD of a copy between two reads of the counter, by size [TSC cycles]. */
export function submissionLatency(row: MeasuredRow): RowPlan {
  const sizeBytes = Number(/_(\d+)$/.exec(row.id)![1]);
  const scenario: Scenario = {
    platform: 'dsassassin',
    mode: 'shared',
    engines: 1,
    tenant: { load: ONE_AT_A_TIME, operations: [{ operation: 'memmove', sizeBytes, weight: 1 }] },
    buffers: { count: 1 },
  };
  const cycles = platformById('dsassassin').tscHz! / PS_PER_SECOND;
  const count = sizeBytes > 8388608 ? 1 : 16;
  return single(row, { scenario, warmup: 1, count }, (o) => (o.stagePs.submit + TIMING_WINDOW_PS) * cycles);
}

/** The interval at which one thread submits: ENQCMD to a shared queue, MOVDIR64B to one portal address [ns]. */
export function submissionInterval(row: MeasuredRow): RowPlan {
  const shared = row.id === 'DER_enqcmd';
  const scenario: Scenario = {
    platform: shared ? 'lightdsa' : 'hw-eval',
    mode: shared ? 'shared' : 'dedicated',
    engines: shared ? 1 : 2,
    tenant: {
      load: { kind: 'closed', depth: 128 },
      operations: [{ operation: shared ? 'fill' : 'memmove', sizeBytes: shared ? 64 : 8, weight: 1 }],
      cacheControl: !shared,
    },
    buffers: { count: 128, placement: shared ? 'dram' : 'llc' },
  };
  return single(row, { scenario, warmup: 256, count: 1024 }, (o) => o.elapsedPs / o.descriptors / PS_PER_NS);
}

/**
 * Parts of a synchronous 4 KiB copy in the kernel, by the driver's own functions and through dmaengine [ns]. The
 * device does the same in both; what dmaengine's book-keeping adds to the wait is not modelled.
 */
export function kernelCopy(row: MeasuredRow): RowPlan {
  const scenario: Scenario = {
    platform: 'dsa-2lm',
    mode: 'dedicated',
    engines: 4,
    tenant: {
      load: ONE_AT_A_TIME,
      operations: [{ operation: 'memmove', sizeBytes: 4096, weight: 1 }],
      // The driver writes the next of the 64 lines of the page every time.
      portalSlots: 64,
    },
    buffers: { count: 64 },
  };
  const read = row.id.endsWith('submit')
    ? (o: Observation) => o.stagePs.submit / PS_PER_NS
    : (o: Observation) => waitPs(o, 'p50') / PS_PER_NS;
  return single(row, { scenario, warmup: 8, count: 400 }, read);
}
