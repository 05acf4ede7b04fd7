/** A work queue's storage and its answer to a submission (DSA specification 9.3 and 9.2.24). */

/** How the submitted 64 bytes reach the portal. */
export type SubmitInstruction = 'enqcmd' | 'movdir64b';

/** The two kinds of portal page of a work queue. */
export type PortalKind = 'limited' | 'unlimited';

/** `ignored`: the write had no effect and nobody is told. */
export type SubmissionAnswer = 'accepted' | 'retry' | 'dropped' | 'ignored';

/** What decides about acceptance. Sizes in descriptors. */
export interface WorkQueueShape {
  readonly mode: 'dedicated' | 'shared';
  readonly size: number;
  /** Room that the limited portal of a shared queue may use; above the size it acts as the size. */
  readonly threshold: number;
}

/**
 * The answer of an enabled queue. ENQCMD is a non-posted write, which a dedicated queue always refuses; MOVDIR64B is a
 * posted one, which a shared queue ignores and a full dedicated queue drops with SWERROR 0x53.
 * @param occupancy descriptors in the queue, from acceptance to dispatch
 */
export function answerSubmission(
  queue: WorkQueueShape,
  occupancy: number,
  portal: PortalKind,
  instruction: SubmitInstruction,
): SubmissionAnswer {
  if (queue.mode === 'dedicated') {
    if (instruction === 'enqcmd') return 'retry';
    return occupancy < queue.size ? 'accepted' : 'dropped';
  }
  if (instruction === 'movdir64b') return 'ignored';
  const room = portal === 'limited' ? Math.min(queue.threshold, queue.size) : queue.size;
  return occupancy < room ? 'accepted' : 'retry';
}
