/** Metrics of lifecycle events, and what all events of a run come to. */
import { type MetricDeclaration, metric } from '../metric.js';
import type { LifecycleEventResult } from '../run-result.js';

/**
 * Metrics that events have. A run reports the mean of times and sizes over its events, the sum of counts, and the longest
 * blackout.
 */
export const LIFECYCLE_METRICS: readonly MetricDeclaration[] = [
  metric(
    'suspend_time',
    's',
    'lower',
    'From asking for a suspend until the instance stands still and its state is saved.',
  ),
  metric('resume_time', 's', 'lower', 'From asking for a resume until the instance runs again.'),
  metric('migration_time', 's', 'lower', 'From asking for a migration until it is over, on whichever host.'),
  metric('downtime', 's', 'lower', 'From the moment an instance is stopped until it runs again.'),
  metric(
    'blackout',
    's',
    'lower',
    'Longest time without a completion of the instance that the event lies in or touches.',
  ),
  metric('drain_time', 's', 'lower', 'Waiting until what the device held of the instance has ended.'),
  metric('reset_time', 's', 'lower', 'From asking for a reset until the queue can be used again.'),
  metric(
    'renewal_time',
    's',
    'lower',
    'From the revocation of an interrupt handle until its driver has another.',
  ),
  metric(
    'disabled_time',
    's',
    'lower',
    'From disabling a queue until it can be used again, the pause included.',
  ),
  metric('recovery_time', 's', 'lower', 'From the halt of a device until its queues can be used again.'),
  metric(
    'removal_time',
    's',
    'lower',
    'From asking for it, or from its death, until the host has the device back.',
  ),
  metric('state_bytes', 'B', 'lower', "State of an instance's device that is saved or sent."),
  metric('moved_bytes', 'B', 'lower', 'All that a migration sent.'),
  metric('last_bytes', 'B', 'lower', 'Memory that a migration sent while the instance stood still.'),
  metric(
    'dirty_bytes',
    'B',
    'lower',
    'Memory that had to be sent again because device or processors may have written it.',
  ),
  metric('migration_rounds', '', 'lower', 'Times that memory was gone through while the guest ran.'),
  metric(
    'descriptors_inside',
    '',
    'neither',
    'Descriptors of the instance that the device held when the fault struck.',
  ),
  metric(
    'descriptors_drained',
    '',
    'neither',
    'Descriptors of the instance that the device held when the drain began.',
  ),
  metric('drain_faults', '', 'lower', 'Page faults that the device met while it was drained.'),
  metric(
    'drain_faults_refused',
    '',
    'lower',
    'Those of them that only the guest could have answered, which stood still: answered as invalid by its VMM.',
  ),
  metric('descriptors_resubmitted', '', 'lower', 'Submissions made again with a new interrupt handle.'),
  metric(
    'descriptors_aborted',
    '',
    'lower',
    'Descriptors abandoned without a completion record, of all instances.',
  ),
  metric(
    'descriptors_rejected',
    '',
    'lower',
    'Descriptors that a dedicated work queue ignored or discarded, of all instances.',
  ),
  metric('descriptors_failed', '', 'lower', 'Descriptors that ended with an error, of all instances.'),
  metric('events_refused', '', 'lower', 'Events of the lifecycle that the design cannot do.'),
  metric('events_failed', '', 'lower', 'Events of the lifecycle that were tried and undone.'),
];

/** The metrics of a run with a lifecycle: those that none of its events has are null. */
export function lifecycleMetrics(events: readonly LifecycleEventResult[]): Record<string, number | null> {
  const ending = (outcome: string) => events.filter((event) => event.outcome === outcome).length;
  const metrics: Record<string, number | null> = {};
  for (const { name, unit } of LIFECYCLE_METRICS) {
    const values = events.flatMap((event) => event.metrics[name] ?? []);
    const sum = values.reduce((total, value) => total + value, 0);
    if (values.length === 0) metrics[name] = null;
    else if (name === 'blackout') metrics[name] = Math.max(...values);
    else metrics[name] = unit === '' ? sum : sum / values.length;
  }
  return { ...metrics, events_refused: ending('refused'), events_failed: ending('failed') };
}
