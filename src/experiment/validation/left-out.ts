/**
 * Constants that the calibration chooses when it may not look at one operation: the output of
 * `npm run calibrate -- --leave-out NAME`, which starts from the middle of every range. With them the rows of that
 * operation are predicted rather than fitted.
 */

/** Operations that are left out in turn, and the constants chosen without them, in internal units. */
export const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, number>>>> = {};
