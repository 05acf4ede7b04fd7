import { describe, expect, it } from 'vitest';
import { SimulationError } from '../../src/sim/errors.js';
import { PRIORITY } from '../../src/sim/priorities.js';
import { Simulator, TIME_MAX_PS } from '../../src/sim/simulator.js';

/** A simulator with one handler that writes "time:a" into a log. */
function logging() {
  const sim = new Simulator();
  const log: string[] = [];
  const note = sim.register((a) => log.push(`${sim.nowPs}:${a}`));
  return { sim, log, note };
}

describe('the end of an instant', () => {
  it('is seen by the last event of it, and by no other', () => {
    const { sim, note } = logging();
    const seen: boolean[] = [];
    const look = sim.register((schedules) => {
      if (schedules === 1) sim.schedule(0, PRIORITY.MEASURE, note, 0);
      seen.push(sim.isInstantOver);
    });
    for (const far of [0, 1_000_000_000]) {
      sim.schedule(far + 10, PRIORITY.DEVICE, look);
      sim.schedule(far + 10, PRIORITY.HOST, look);
      sim.schedule(far + 20_000_000, PRIORITY.HOST, look);
      sim.schedule(far + 40_000_000, PRIORITY.HOST, look, 1);
    }
    sim.runUntilIdle();
    expect(seen).toEqual([false, true, true, false, false, true, true, false]);
  });
});

describe('order of dispatch', () => {
  it('is by time, then by priority, then by the order of scheduling', () => {
    const { sim, log, note } = logging();
    sim.schedule(20, PRIORITY.DEVICE, note, 1);
    sim.schedule(10, PRIORITY.HOST, note, 2);
    sim.schedule(10, PRIORITY.COMPLETION, note, 3);
    sim.schedule(10, PRIORITY.HOST, note, 4);
    sim.schedule(10, PRIORITY.TRANSLATION, note, 5);
    sim.schedule(10, PRIORITY.MEASURE, note, 6);
    sim.schedule(10, PRIORITY.ARBITRATE, note, 7);
    sim.run(100);
    expect(log).toEqual(['10:3', '10:5', '10:7', '10:2', '10:4', '10:6', '20:1']);
  });

  it('lets a zero delay of higher rank overtake what is pending at the same instant', () => {
    const { sim, log, note } = logging();
    const first = sim.register(() => {
      sim.schedule(0, PRIORITY.MEASURE, note, 3);
      sim.schedule(0, PRIORITY.COMPLETION, note, 1);
    });
    sim.schedule(5, PRIORITY.DEVICE, first);
    sim.schedule(5, PRIORITY.HOST, note, 2);
    sim.run(5);
    expect(log).toEqual(['5:1', '5:2', '5:3']);
  });

  it('sees the time that the last run ended at, also for events before the next pending one', () => {
    const { sim, log, note } = logging();
    sim.scheduleAt(5_000_000_000, PRIORITY.DEVICE, note, 9);
    sim.run(1_000_000);
    sim.schedule(7, PRIORITY.DEVICE, note, 1);
    sim.scheduleAt(4_999_999_999, PRIORITY.DEVICE, note, 8);
    sim.run(6_000_000_000);
    expect(log).toEqual(['1000007:1', '4999999999:8', '5000000000:9']);
  });
});

describe('run', () => {
  it('dispatches what is due exactly at its end, leaves the rest, and sets the clock to its end', () => {
    const { sim, log, note } = logging();
    sim.schedule(10, PRIORITY.DEVICE, note, 1);
    sim.schedule(11, PRIORITY.DEVICE, note, 2);
    sim.run(10);
    expect(log).toEqual(['10:1']);
    expect(sim.pending).toBe(1);
    sim.run(20);
    expect(sim.nowPs).toBe(20);
    expect(sim.eventsDispatched).toBe(2);
  });

  it('stops after the handler that says stop, with the clock at its time, and can go on', () => {
    const sim = new Simulator();
    const stop = sim.register(() => sim.stop());
    sim.schedule(10, PRIORITY.DEVICE, stop);
    sim.schedule(10, PRIORITY.DEVICE, stop);
    sim.run(50);
    expect([sim.nowPs, sim.pending]).toEqual([10, 1]);
    sim.run(50);
    expect([sim.nowPs, sim.pending]).toEqual([10, 0]);
    sim.run(50);
    expect(sim.nowPs).toBe(50);
  });

  it('until idle ends at the last event, and a limit guards against a model that never rests', () => {
    const sim = new Simulator();
    const tick: number = sim.register((left) => {
      if (left !== 0) sim.schedule(3, PRIORITY.DEVICE, tick, left - 1);
    });
    sim.schedule(1, PRIORITY.DEVICE, tick, 4);
    expect(sim.runUntilIdle()).toBe(true);
    expect(sim.nowPs).toBe(13);
    sim.schedule(1, PRIORITY.DEVICE, tick, -1);
    expect(sim.runUntilIdle(1000)).toBe(false);
    expect(sim.eventsDispatched).toBe(1005);
  });

  it('stays usable after a handler has thrown', () => {
    const { sim, log, note } = logging();
    const fail = sim.register(() => {
      throw new RangeError('model fault');
    });
    sim.schedule(1, PRIORITY.DEVICE, fail);
    sim.schedule(2, PRIORITY.DEVICE, note, 7);
    expect(() => sim.run(5)).toThrow(RangeError);
    sim.run(5);
    expect(log).toEqual(['2:7']);
  });
});

describe('misuse', () => {
  const code = (act: () => void): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof SimulationError) return error.code;
      throw error;
    }
    return 'accepted';
  };

  it('is refused with a stable code', () => {
    const { sim, note } = logging();
    sim.run(100);
    const at = (delay: number, priority = 0, handler = note, a = 0, b = 0) =>
      code(() => sim.schedule(delay, priority, handler, a, b));
    expect(at(-1)).toBe('DSASIM_S001_NEGATIVE_DELAY');
    expect(at(-0.5)).toBe('DSASIM_S001_NEGATIVE_DELAY');
    expect(code(() => sim.scheduleAt(99, 0, note))).toBe('DSASIM_S001_NEGATIVE_DELAY');
    expect(code(() => sim.run(99))).toBe('DSASIM_S001_NEGATIVE_DELAY');
    expect(at(0.5)).toBe('DSASIM_S002_TIME_NOT_INTEGER');
    expect(at(Number.NaN)).toBe('DSASIM_S002_TIME_NOT_INTEGER');
    expect(at(TIME_MAX_PS)).toBe('DSASIM_S003_TIME_BEYOND_RANGE');
    expect(at(Number.POSITIVE_INFINITY)).toBe('DSASIM_S003_TIME_BEYOND_RANGE');
    expect(at(0, 0, note + 1)).toBe('DSASIM_S004_UNKNOWN_HANDLER');
    expect(at(0, 0, -1)).toBe('DSASIM_S004_UNKNOWN_HANDLER');
    expect(at(0, 16)).toBe('DSASIM_S005_BAD_PRIORITY');
    expect(at(0, 0.5)).toBe('DSASIM_S005_BAD_PRIORITY');
    expect(at(0, 0, note, 2 ** 31)).toBe('DSASIM_S006_PAYLOAD_NOT_INT32');
    expect(at(0, 0, note, 0, 1.5)).toBe('DSASIM_S006_PAYLOAD_NOT_INT32');
    expect(sim.pending).toBe(0);
    expect(at(TIME_MAX_PS - 100, 15, note, -(2 ** 31), 2 ** 31 - 1)).toBe('accepted');
  });

  it('of run inside a handler is refused, and the outer run is not harmed', () => {
    const sim = new Simulator();
    const seen: string[] = [];
    const nested = sim.register(() => seen.push(code(() => sim.run(1000))));
    sim.schedule(1, PRIORITY.DEVICE, nested);
    sim.run(10);
    expect(seen).toEqual(['DSASIM_S007_NESTED_RUN']);
    expect(sim.nowPs).toBe(10);
  });
});
