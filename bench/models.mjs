/** The peers' two models on dsasim's own kernel; bench/peers/models.h has them in C++, with the reasons for each number. */
import { Simulator } from '../dist/sim/simulator.js';

const CLOCK_PS = 8;
const CORE_PS = 40_000;
const PORTAL_PS = 200_001;
const ARBITER_PHASE_PS = 2;
const SERVICE_PS = 80_001;
const RECORD_PS = 120_001;
const NOTICE_PS = 4;
const ENGINES = 4;
const PRIORITY = 0;

/** The delays of all peers: a linear congruential generator of 32 bits. */
class Delays {
  state = 1;

  /** 8 to 2^20, a multiple of 8 [ps]. */
  next() {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    return ((this.state >>> 15) + 1) * 8;
  }

  /** 8 to 2^17, a multiple of 8 [ps]. */
  nextShort() {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) | 0;
    return ((this.state >>> 18) + 1) * 8;
  }
}

/**
 * Hold model: `pending` events, each of which schedules its successor.
 * @returns a run that has not begun: call `run`, then read what it counted
 */
export function holdModel(pending, limit) {
  const simulator = new Simulator();
  const delays = new Delays();
  const counted = { events: 0, checksum: 0, done: 0 };
  const hold = simulator.register((payload) => {
    counted.checksum = (counted.checksum + simulator.nowPs) | 0;
    if (++counted.done === limit) simulator.stop();
    else simulator.schedule(delays.next(), PRIORITY, hold, payload);
  });
  for (let i = 0; i < pending; i++) simulator.schedule(delays.next(), PRIORITY, hold, i);
  return { counted, run: () => finish(simulator, counted) };
}

/** The stripped closed pipeline: submit, queue, arbitrate, four engines, complete. */
export function pipelineModel(slots, limit) {
  const simulator = new Simulator();
  const delays = new Delays();
  const counted = { events: 0, checksum: 0, done: 0 };
  const queue = new Int32Array(slots);
  let first = 0;
  let waiting = 0;
  let freeEngines = ENGINES;
  let arbiterWoken = false;
  let coreFreePs = 0;
  const wakeArbiter = () => {
    if (arbiterWoken) return;
    arbiterWoken = true;
    const edgePs = (Math.floor(simulator.nowPs / CLOCK_PS) + 1) * CLOCK_PS;
    simulator.scheduleAt(edgePs + ARBITER_PHASE_PS, PRIORITY, arbitrate);
  };
  const submit = simulator.register((slot) => {
    coreFreePs = Math.max(coreFreePs, simulator.nowPs) + CORE_PS;
    simulator.scheduleAt(coreFreePs + PORTAL_PS, PRIORITY, arrive, slot);
  });
  const arrive = simulator.register((slot) => {
    queue[(first + waiting++) % slots] = slot;
    wakeArbiter();
  });
  const arbitrate = simulator.register(() => {
    arbiterWoken = false;
    while (waiting > 0 && freeEngines > 0) {
      freeEngines--;
      waiting--;
      simulator.schedule(SERVICE_PS + delays.nextShort(), PRIORITY, leave, queue[first]);
      first = (first + 1) % slots;
    }
  });
  const leave = simulator.register((slot) => {
    freeEngines++;
    wakeArbiter();
    simulator.schedule(RECORD_PS, PRIORITY, notice, slot);
  });
  const notice = simulator.register((slot) => {
    counted.checksum = (counted.checksum + simulator.nowPs) | 0;
    if (++counted.done === limit) simulator.stop();
    else simulator.schedule(NOTICE_PS, PRIORITY, submit, slot);
  });
  for (let slot = 0; slot < slots; slot++) simulator.schedule(0, PRIORITY, submit, slot);
  return { counted, run: () => finish(simulator, counted) };
}

function finish(simulator, counted) {
  simulator.runUntilIdle();
  counted.events = simulator.eventsDispatched;
  counted.checksum >>>= 0;
}
