import type { ReferenceWorkQueue } from './config.js';

export type Portal = 'limited' | 'unlimited';
export type SubmissionKind = 'enqcmd' | 'movdir64b';
export type Answer = 'accepted' | 'retry' | 'dropped' | 'ignored';

/**
 * Answer of an enabled work queue with `occupancy` entries to one submission (specification 9.3): non-posted writes
 * belong to shared work queues, posted 64-byte writes to dedicated ones; only a full dedicated one loses work.
 */
export function answerTo(
  wq: Pick<ReferenceWorkQueue, 'shared' | 'size' | 'threshold'>,
  occupancy: number,
  portal: Portal,
  kind: SubmissionKind,
): Answer {
  if (wq.shared) {
    if (kind === 'movdir64b') return 'ignored';
    const room = portal === 'limited' ? Math.min(wq.threshold, wq.size) : wq.size;
    return occupancy < room ? 'accepted' : 'retry';
  }
  if (kind === 'enqcmd') return 'retry';
  return occupancy < wq.size ? 'accepted' : 'dropped';
}
