/**
 * What the kernel refuses. Every refusal is a fault of the model that called it, never of a workload file, so
 * the command line reports it as a failed simulation.
 */

/** Stable codes of {@link SimulationError}. */
export type SimulationErrorCode =
  | 'DSASIM_S001_NEGATIVE_DELAY'
  | 'DSASIM_S002_TIME_NOT_INTEGER'
  | 'DSASIM_S003_TIME_BEYOND_RANGE'
  | 'DSASIM_S004_UNKNOWN_HANDLER'
  | 'DSASIM_S005_BAD_PRIORITY'
  | 'DSASIM_S006_PAYLOAD_NOT_INT32'
  | 'DSASIM_S007_NESTED_RUN'
  | 'DSASIM_S008_BAD_ARGUMENT'
  | 'DSASIM_S009_TOO_MANY_HANDLERS';

/** A misuse of the kernel, with a code that stays the same between versions. */
export class SimulationError extends Error {
  override readonly name = 'SimulationError';

  constructor(
    readonly code: SimulationErrorCode,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}
