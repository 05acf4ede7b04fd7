import { SimulationError } from './errors.js';
import type { EventLoop } from './event-loop.js';
import { PRIORITY_MAX } from './priorities.js';

/** The latest time that the clock can show, 2^53 - 1 ps: about two and a half simulated hours [ps]. */
export const TIME_MAX_PS = Number.MAX_SAFE_INTEGER;

/** Says what is wrong with the event that is being scheduled. */
export function refuseEvent(loop: EventLoop, priority: number, handler: number, a: number, b: number): never {
  checkTime(loop.duePs, loop.clockPs);
  if (priority >>> 0 !== priority || priority > PRIORITY_MAX) {
    throw new SimulationError(
      'DSASIM_S005_BAD_PRIORITY',
      `priority ${priority} is not in 0..${PRIORITY_MAX}`,
    );
  }
  if (handler >>> 0 !== handler || handler >= loop.handlers.length) {
    throw new SimulationError('DSASIM_S004_UNKNOWN_HANDLER', `handler ${handler} was never registered`);
  }
  throw new SimulationError('DSASIM_S006_PAYLOAD_NOT_INT32', `payload (${a}, ${b}) is not two int32`);
}

/** Refuses a time that the clock, which shows `nowPs`, cannot reach. */
export function checkTime(timePs: number, nowPs: number): void {
  if (timePs < nowPs) {
    throw new SimulationError('DSASIM_S001_NEGATIVE_DELAY', `${timePs} ps is before now, ${nowPs} ps`);
  }
  if (timePs > TIME_MAX_PS) {
    throw new SimulationError('DSASIM_S003_TIME_BEYOND_RANGE', `${timePs} ps is beyond 2^53 - 1 ps`);
  }
  if (Math.floor(timePs) !== timePs) {
    throw new SimulationError('DSASIM_S002_TIME_NOT_INTEGER', `${timePs} ps is not a whole picosecond`);
  }
}
