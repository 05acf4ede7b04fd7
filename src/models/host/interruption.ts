/** What keeps a thread from its work: frozen, held back, dead; and what became of its submissions meanwhile. */

/** A submission that an abort ended: its row, and the members of a batch that had ended before. */
export interface LostSubmission {
  readonly row: number;
  readonly finished: number;
}

/** One for each thread; plain state that the thread reads and writes. */
export class Interruption {
  /** Time that its present action has left while it is frozen, or null when it is not [ps]. */
  frozenPs: number | null = null;
  /** Its driver lets no submission through. */
  submissions = false;
  dead = false;
  /** Submissions that a dedicated queue ignored or discarded, and that the thread still waits for. */
  ignored = 0;
  /** Submissions that ended without a record. */
  readonly lost: LostSubmission[] = [];
  /** Rows whose interrupt handle was revoked. */
  readonly refused: number[] = [];
  /** Rows to submit again. */
  readonly again: number[] = [];
}
