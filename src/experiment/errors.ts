/** What can go wrong in an experiment, each as its own type with a stable code. */
import type { DocumentErrorCode } from './codes.js';

/** The sentence for a system error code, without the path. */
function systemSentence(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'no space left on the disk';
    case 'EFBIG':
      return 'the file would be larger than the system allows';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EROFS':
      return 'the file system is read-only';
    case 'ENOENT':
      return 'no such file or directory';
    case 'EISDIR':
      return 'it is a directory';
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file is in the way of the directory';
    default:
      return error.message;
  }
}

/** A file that could not be written. What was at its place before is untouched. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  readonly code = 'DSASIM_E001';
  constructor(
    readonly path: string,
    cause: NodeJS.ErrnoException,
  ) {
    super(`cannot write ${path}: ${systemSentence(cause)}`, { cause });
  }
}

/** A file that could not be read or does not hold what was expected. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  constructor(
    readonly path: string,
    readonly code: DocumentErrorCode,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${reason}`, options);
  }
}

/** A `DocumentError` for a file that the system would not read. */
export function unreadable(path: string, cause: NodeJS.ErrnoException): DocumentError {
  return new DocumentError(path, 'DSASIM_D001', `cannot be read: ${systemSentence(cause)}`, { cause });
}

/** A replication that threw. Everything that is needed to run it alone is in the message. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';
  readonly code = 'DSASIM_E002';
  constructor(
    readonly pointKey: string,
    readonly replication: number,
    readonly reason: string,
    /** Stack of the error inside the worker. */
    readonly workerStack: string,
    /** Number of the event of the lifecycle for which there was not enough simulated time, if it was that. */
    readonly unended: number | null = null,
  ) {
    super(`the simulation of ${pointKey}, replication ${replication}, failed: ${reason}`);
  }
}

/** A worker thread that could not start, ran out of memory or was ended from outside. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError';
  readonly code = 'DSASIM_E003';
  constructor(
    reason: string,
    readonly done: number,
    readonly total: number,
    options?: ErrorOptions,
  ) {
    super(`${reason} (${done} of ${total} replications were finished)`, options);
  }
}

/** A queue that cannot be used. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code = 'DSASIM_E005';
  constructor(
    message: string,
    /** What to do about it. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The user asked to stop. Nothing was written. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  constructor(
    readonly done: number,
    readonly total: number,
    /** What is counted. */
    what = 'replications',
  ) {
    super(`interrupted: ${done} of ${total} ${what} were finished`);
  }
}

/** A baseline and a run that must not be compared, or a comparison that compared nothing. */
export class NotComparableError extends Error {
  override readonly name = 'NotComparableError';
  readonly code = 'DSASIM_G001';
  constructor(
    /** Every reason, one sentence each. */
    readonly reasons: readonly string[],
    /** What to do about it, or ''. */
    readonly remedy = '',
  ) {
    super(reasons.join('; '));
  }
}
