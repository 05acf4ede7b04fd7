/**
 * What the kernel refuses. Every refusal is a fault of the model that called it, never of a workload file, so
 * the command line reports it as a failed simulation.
 */

/** Stable codes of {@link SimulationError}, and what each means. */
export const SIMULATION_CODES = {
  DSASIM_S001_NEGATIVE_DELAY: 'An event was scheduled before the present.',
  DSASIM_S002_TIME_NOT_INTEGER: 'A time was no whole number of picoseconds.',
  DSASIM_S003_TIME_BEYOND_RANGE: 'A time lies beyond 2^53 - 1 ps, about two and a half hours.',
  DSASIM_S004_UNKNOWN_HANDLER: 'An event names a handler that was never registered.',
  DSASIM_S005_BAD_PRIORITY: 'A priority is none of those that there are.',
  DSASIM_S006_PAYLOAD_NOT_INT32: 'The payload of an event is not two 32-bit integers.',
  DSASIM_S007_NESTED_RUN: 'The clock was run from inside an event.',
  DSASIM_S008_BAD_ARGUMENT: 'A statistic, a draw or a trace was given what it cannot take.',
  DSASIM_S009_TOO_MANY_HANDLERS: 'More handlers were registered than an event can name.',
} as const;

/** A code of {@link SIMULATION_CODES}. */
export type SimulationErrorCode = keyof typeof SIMULATION_CODES;

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
