/** Exit codes, the same for every command. */
export const EXIT = {
  fine: 0,
  /** A gate found a regression or a broken limit. */
  regression: 1,
  /** The command line or the workload is wrong. */
  usage: 2,
  /** A baseline is missing or not comparable, or nothing was compared. */
  notComparable: 3,
  /** The simulation failed, or its result could not be written. */
  failed: 4,
  interrupted: 130,
  terminated: 143,
} as const;
