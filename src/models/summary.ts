/** From a machine at the end of its run to the metrics of the result. */

import { lifecycleMetrics } from './lifecycle/metrics.js';
import type { Machine } from './machine.js';
import { METRICS, STAGES, type StageName } from './metrics.js';
import type { Sample } from './recorder.js';
import type { ControlStepResult, LifecycleEventResult, RunResult } from './run-result.js';
import type { ControlMetrics } from './virtualization/control-metrics.js';

const PS_PER_SECOND = 1e12;
const QUANTILES = [
  ['latency_p50', 0.5],
  ['latency_p90', 0.9],
  ['latency_p95', 0.95],
  ['latency_p99', 0.99],
  ['latency_p99_9', 0.999],
] as const;

/** Edges of the bands in which the time of descriptors is told apart. */
const BAND_EDGES = [0, 0.5, 0.9, 0.99, 0.999, 1] as const;

/** See the head of this file. */
export function summarize(parts: Machine): RunResult {
  const { config, recorder, ledger, simulator, allocation } = parts;
  const control = config.tenants.length > 0 ? controlOf(parts, 0) : [];
  const { all, tenants: ofTenants } = parts.control.metrics;
  const tenants: RunResult['tenants'] = {};
  config.tenants.forEach((tenant, number) => {
    const own = allocation.instances.flatMap((share, i) => (share.tenant === number ? [i] : []));
    tenants[tenant.name] = metricsOf(parts, recorder.samples[number]!, own, ofTenants[number]!);
  });
  const everyone = allocation.instances.map((_, i) => i);
  return {
    metrics: metricsOf(parts, recorder.all, everyone, all),
    tenants,
    stages: stagesOf(parts),
    measured: recorder.all.submissions,
    tail: recorder.tail(0.99).count,
    latency: recorder.all.latency.toJSON(),
    bands: BAND_EDGES.slice(1).map((to, i) => recorder.band(BAND_EDGES[i]!, to)),
    bins: recorder.timeline.toJSON(),
    engines: parts.registry.engines.length,
    queues: parts.registry.queues.length,
    excerpt: recorder.excerpt.toJSON(),
    conservation: { ...ledger, inFlight: inFlight(parts) },
    control: control.map((step) => ({ ...step })),
    lifecycle: [],
    resources: [...allocation.resources],
    devices: parts.devices.length,
    fingerprint: simulator.fingerprint.hex(),
    memoryDigest: memoryDigest(parts),
    warnings: [],
    events: simulator.eventsDispatched,
  };
}

/** What the lifecycle adds to a result, and what it has moved on: outcomes, memory, and the order of events. */
export function afterLifecycle(
  parts: Machine,
  measured: RunResult,
  lifecycle: LifecycleEventResult[],
): Partial<RunResult> {
  const { ledger, simulator } = parts;
  return {
    metrics: { ...measured.metrics, ...lifecycleMetrics(lifecycle) },
    lifecycle,
    conservation: { ...ledger, inFlight: inFlight(parts) },
    fingerprint: simulator.fingerprint.hex(),
    memoryDigest: memoryDigest(parts),
    events: simulator.eventsDispatched,
  };
}

function memoryDigest({ config, instances }: Machine): string {
  return config.semantics === 'bytes' ? instances.map((i) => i.space.digest()).join('') : '';
}

/** Descriptors that threads have submitted, or are submitting, and not seen to finish. */
function inFlight({ threads }: Machine): number {
  return threads.reduce(
    (sum, thread) => sum + thread.submissions.outstanding * thread.options.instance.config.batch,
    0,
  );
}

function stagesOf({ recorder }: Machine): RunResult['stages'] {
  const all = recorder.tail(0);
  const tail = recorder.tail(0.99);
  const entries = STAGES.map((name, stage) => [
    name,
    { sumPs: all.stagePs[stage]!, tailSumPs: tail.stagePs[stage]! },
  ]);
  return Object.fromEntries(entries) as Record<StageName, { sumPs: number; tailSumPs: number }>;
}

/** The control path of the first instance of a tenant. */
function controlOf({ control, allocation }: Machine, tenant: number): readonly ControlStepResult[] {
  return control.instances[allocation.instances.findIndex((i) => i.tenant === tenant)]!.steps;
}

function metricsOf(
  parts: Machine,
  sample: Sample,
  instances: readonly number[],
  control: ControlMetrics,
): Record<string, number | null> {
  const { config, recorder, simulator, allocation } = parts;
  const seconds = config.measure.durationPs / PS_PER_SECOND;
  const threads = instances.flatMap((i) => allocation.instances[i]!.threads).map((t) => parts.threads[t]!);
  const queues = unique(instances.map((i) => allocation.instances[i]!.queue)).map(
    (q) => parts.registry.queues[q]!,
  );
  const { engines } = parts.registry;
  const sum = <T>(list: readonly T[], of: (item: T) => number) =>
    list.reduce((total, item) => total + of(item), 0);
  const ratio = (part: number, whole: number) => (whole > 0 ? part / whole : null);
  const tlbHits = sum(engines, (e) => e.tlb.hits);
  const tlbMisses = sum(engines, (e) => e.tlb.misses);
  const iotlbHits = sum(parts.devices, (d) => d.iommu.hits);
  const iotlbMisses = sum(parts.devices, (d) => d.iommu.misses);
  const values: Record<string, number | null> = {
    ...control,
    throughput: sample.bytes / seconds,
    rate: sample.descriptors / seconds,
    latency_mean: sample.submissions > 0 ? sample.latency.mean / PS_PER_SECOND : null,
    cpu_per_descriptor: ratio(sum(threads, (t) => t.core.cpuPs) / PS_PER_SECOND, sample.descriptors),
    vm_exits_per_descriptor: ratio(
      sum(threads, (t) => t.core.exits),
      sample.descriptors,
    ),
    engine_utilization: ratio(
      sum(engines, (e) => e.busy(simulator.nowPs)),
      engines.length * config.measure.durationPs,
    ),
    queue_occupancy: sum(queues, (q) => q.statistics.meanLength(simulator.nowPs)) / queues.length,
    retries: sum(queues, (q) => q.retries),
    dropped: sum(queues, (q) => q.dropped),
    page_faults: sum(engines, (e) => e.pageFaults),
    devtlb_hit_ratio: ratio(tlbHits, tlbHits + tlbMisses),
    iotlb_hit_ratio: ratio(iotlbHits, iotlbHits + iotlbMisses),
    interrupts: sum(threads, (t) => t.messages?.vector.delivered ?? 0),
    interrupts_coalesced: sum(threads, (t) => t.messages?.vector.coalesced ?? 0),
    fairness: jain(instances.map((i) => recorder.instanceBytes[i]!)),
    unmap_time: ratio(
      sum(threads, (t) => t.unmapper.unmapPs) / PS_PER_SECOND,
      sum(threads, (t) => t.unmapper.unmaps),
    ),
  };
  for (const [name, q] of QUANTILES) {
    // A quantile needs samples beyond it: with fewer than ten there is nothing to report.
    const beyond = sample.submissions * (1 - q);
    values[name] = beyond >= 10 || q === 0.5 ? quantile(sample, q) : null;
  }
  return Object.fromEntries(
    METRICS.filter(({ name }) => name in values).map(({ name }) => [name, values[name]!]),
  );
}

function quantile(sample: Sample, q: number): number | null {
  return sample.submissions > 0 ? sample.latency.estimateQuantile(q) / PS_PER_SECOND : null;
}

/** Jain's index: 1 when all are equal, 1/n when one has everything; null without any throughput. */
function jain(values: readonly number[]): number | null {
  const total = values.reduce((sum, v) => sum + v, 0);
  const squares = values.reduce((sum, v) => sum + v * v, 0);
  return squares > 0 ? (total * total) / (values.length * squares) : null;
}

function unique(values: readonly number[]): number[] {
  return [...new Set(values)];
}
