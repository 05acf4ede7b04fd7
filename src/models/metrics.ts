/** The catalogue of metrics: name, SI unit, what it is, and which direction is better. */
import { LIFECYCLE_METRICS } from './lifecycle/metrics.js';
import { type MetricDeclaration, metric } from './metric.js';

export type { MetricDeclaration } from './metric.js';

/** Every metric of a run, in the order in which reports list them. */
export const METRICS: readonly MetricDeclaration[] = [
  metric(
    'throughput',
    'B/s',
    'higher',
    'Bytes that completed descriptors were asked to process, per second of the measured phase.',
  ),
  metric(
    'rate',
    '1/s',
    'higher',
    'Descriptors completed per second of the measured phase; a batch counts its members.',
  ),
  metric(
    'latency_mean',
    's',
    'lower',
    'Mean time from the start of prepare (open load: the intended arrival) to the thread knowing.',
  ),
  metric('latency_p50', 's', 'lower', 'Median latency.'),
  metric('latency_p90', 's', 'lower', '90th percentile of latency.'),
  metric('latency_p95', 's', 'lower', '95th percentile of latency.'),
  metric('latency_p99', 's', 'lower', '99th percentile of latency.'),
  metric('latency_p99_9', 's', 'lower', '99.9th percentile of latency.'),
  metric(
    'cpu_per_descriptor',
    's',
    'lower',
    'Processor time that submission, waiting and interrupt handling took per descriptor.',
  ),
  metric('vm_exits_per_descriptor', '', 'lower', 'VM exits in the measured phase per descriptor.'),
  metric(
    'engine_utilization',
    '',
    'neither',
    'Share of the measured phase in which an engine had work, mean over engines.',
  ),
  metric(
    'queue_occupancy',
    '',
    'neither',
    'Time-weighted mean occupancy of the work queues in use [entries].',
  ),
  metric('retries', '', 'lower', 'ENQCMD submissions answered with Retry in the measured phase.'),
  metric(
    'dropped',
    '',
    'lower',
    'Descriptors that a full dedicated work queue discarded in the measured phase.',
  ),
  metric('page_faults', '', 'lower', 'Page faults met by the device in the measured phase.'),
  metric('devtlb_hit_ratio', '', 'higher', 'Share of DevTLB look-ups that hit.'),
  metric('iotlb_hit_ratio', '', 'higher', 'Share of IOTLB look-ups that hit.'),
  metric('interrupts', '', 'neither', 'Completion interrupts delivered in the measured phase.'),
  metric('interrupts_coalesced', '', 'neither', 'Completions that shared an interrupt already outstanding.'),
  metric(
    'vectors_missing',
    '',
    'lower',
    'Instances whose driver was given no completion vector, since the device has no more: they poll.',
  ),
  metric('fairness', '', 'higher', "Jain's index of the instances' throughput, 1 = equal."),
  metric(
    'provision_time',
    's',
    'lower',
    'Host-side time until one instance could be started with its device.',
  ),
  metric(
    'boot_time',
    's',
    'lower',
    "Time the instance's own driver takes from probe to a usable work queue.",
  ),
  metric(
    'trapped_accesses',
    '',
    'lower',
    'Register and configuration accesses of one instance that left the guest during boot.',
  ),
  metric(
    'start_last_time',
    's',
    'lower',
    'Time until the last instance is provisioned when all are asked for at once.',
  ),
  metric(
    'vendor_steps',
    '',
    'lower',
    "Steps of an instance's provisioning that take the vendor's tool, or a program written for the device.",
  ),
  metric(
    'generic_steps',
    '',
    'lower',
    "Steps of an instance's provisioning that every device of its kind takes.",
  ),
  metric('stranded_queues', '', 'lower', 'Work queues enabled to be handed out that no instance was given.'),
  metric('stranded_entries', '', 'lower', 'Entries of those queues.'),
  metric('unmap_time', 's', 'lower', 'Mean time of one unmap with its invalidation in the measured phase.'),
  metric('emulated_registers', '', 'lower', '32-bit words of registers whose accesses left the guest.'),
  metric('emulated_configuration', 'B', 'lower', 'Configuration space whose accesses left the guest.'),
  metric('emulated_commands', '', 'lower', 'Kinds of device command that the guest gave by a trapped write.'),
  metric('pinned_bytes', 'B', 'lower', 'Memory that one instance holds pinned for DMA.'),
  ...LIFECYCLE_METRICS,
];

/** A metric's declaration, or undefined when none has that name. */
export function metricDeclaration(name: string): MetricDeclaration | undefined {
  return METRICS.find((m) => m.name === name);
}

/**
 * The stages whose exposed times add up to a descriptor's latency, in the order in which it meets them, and what is
 * spent in each. Where two overlap, the overlap belongs to the earlier one.
 */
export const STAGE_SENTENCES = {
  prepare:
    'The thread builds the descriptor, and the list of a batch; under open load also the wait for the thread since the intended arrival.',
  submit:
    'From the descriptor being ready to the submission instruction being done, all retries with their pauses included.',
  trap: 'What handles a trapped portal write takes, where a design traps it; with virtio the kick of a sleeping host thread, the wait for that thread and its work until it has submitted the request, retries included.',
  queue: 'Waiting in the work queue until the arbiter dispatches the descriptor.',
  arbitrate: "From dispatch through the engine's front end to the decoded and checked descriptor.",
  fetch: 'Reading the first page of the list of a batch.',
  translate:
    'Waiting for the translation of the first pages, as far as dispatch and decoding do not hide it.',
  fault:
    'Page requests under Block On Fault, and what earlier attempts of the same work took after a partial completion.',
  read: 'Until the last of the source has arrived, waiting for the data path included.',
  write: 'From then until the destination is visible.',
  complete: 'Translating the page of the completion record and writing the record.',
  notify:
    'Until the thread looks at the record: transfer of its line, wake-up or interrupt, and what else the thread does first.',
} as const;

/** The name of a stage. */
export type StageName = keyof typeof STAGE_SENTENCES;

/** The names of the stages in the order in which a descriptor meets them. */
export const STAGES = Object.keys(STAGE_SENTENCES) as readonly StageName[];
