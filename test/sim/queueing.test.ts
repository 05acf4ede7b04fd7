import { describe, expect, it } from 'vitest';
import { exponential } from '../../src/sim/distributions.js';
import { LogHistogram } from '../../src/sim/log-histogram.js';
import { PRIORITY } from '../../src/sim/priorities.js';
import { QueueStatistics } from '../../src/sim/queue-statistics.js';
import { KeyedRandom } from '../../src/sim/random.js';
import { Simulator } from '../../src/sim/simulator.js';
import { TimeWeighted } from '../../src/sim/time-weighted.js';

const ARRIVAL = 1;
const SERVICE = 2;
const MEAN_SERVICE_PS = 100_000;

interface Station {
  /** Mean wait before service, in mean service times. */
  wait: number;
  /** Fraction of servers at work. */
  utilization: number;
  /** Fraction of arrivals, weighted by time, at which all servers are at work. */
  allBusy: number;
  /** Little's defects of queue and station [ps]. */
  defects: number[];
  /** Median of the time in the station, in mean service times. */
  medianStay: number;
}

/** A first-come-first-served station of `servers` with Poisson arrivals, built on the kernel as a model would be. */
function station(
  replication: number,
  servers: number,
  rho: number,
  serviceMean: (u: number) => number,
  customers: number,
): Station {
  const sim = new Simulator();
  const random = new KeyedRandom(2022, replication);
  const waiting = new QueueStatistics();
  const inStation = new QueueStatistics();
  const busy = new TimeWeighted(0, 0, true);
  const stays = new LogHistogram();
  const arrivedPs = new Float64Array(customers);
  const fifo: number[] = [];
  let first = 0;

  const serve = (customer: number) => {
    waiting.depart(arrivedPs[customer]!, sim.nowPs);
    busy.add(1, sim.nowPs);
    const servicePs = Math.round(serviceMean(random.uniform(0, customer, SERVICE)));
    sim.schedule(servicePs, PRIORITY.COMPLETION, finish, customer);
  };
  const arrive: number = sim.register((customer) => {
    arrivedPs[customer] = sim.nowPs;
    waiting.arrive(sim.nowPs);
    inStation.arrive(sim.nowPs);
    fifo.push(customer);
    if (busy.level < servers) serve(fifo[first++]!);
    if (customer + 1 === customers) return;
    const gapPs = exponential(random.uniform(0, customer, ARRIVAL), MEAN_SERVICE_PS / (rho * servers));
    sim.schedule(Math.round(gapPs), PRIORITY.HOST, arrive, customer + 1);
  });
  const finish: number = sim.register((customer) => {
    busy.add(-1, sim.nowPs);
    inStation.depart(arrivedPs[customer]!, sim.nowPs);
    stays.record(sim.nowPs - arrivedPs[customer]!);
    if (first < fifo.length) serve(fifo[first++]!);
  });
  const warm = sim.register(() => {
    for (const queue of [waiting, inStation]) queue.reset(sim.nowPs);
    busy.reset(sim.nowPs);
    stays.clear();
  });

  sim.schedule(0, PRIORITY.HOST, arrive, 0);
  sim.scheduleAt(200 * MEAN_SERVICE_PS, PRIORITY.MEASURE, warm);
  // Until the last arrival is near, with the station still loaded: residents count in the identity, too.
  const endPs = Math.round(((customers * 0.95) / (rho * servers)) * MEAN_SERVICE_PS);
  sim.run(endPs);
  const held = fifo.slice(first).map((customer) => arrivedPs[customer]!);
  return {
    wait: waiting.meanStayPs / MEAN_SERVICE_PS,
    utilization: busy.mean(endPs) / servers,
    allBusy: busy.fractionAtLeast(servers, endPs),
    defects: [
      waiting.littleDefectPs(endPs, held),
      waiting.littleDefectPs(endPs),
      inStation.littleDefectPs(endPs),
    ],
    medianStay: stays.quantile(0.5) / MEAN_SERVICE_PS,
  };
}

/** Mean over replications and its distance from the known answer in standard errors. */
function against(known: number, values: readonly number[]): { mean: number; sigmas: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b) / n;
  const variance = values.reduce((a, x) => a + (x - mean) ** 2, 0) / (n - 1);
  return { mean, sigmas: Math.abs(mean - known) / Math.sqrt(variance / n) };
}

/** Probability that an arrival waits in M/M/c with offered load a (A. K. Erlang, 1917), by the stable recursion. */
function erlangC(servers: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked);
  const rho = offered / servers;
  return blocked / (1 - rho + rho * blocked);
}

const markov = (u: number) => exponential(u, MEAN_SERVICE_PS);
const fixed = () => MEAN_SERVICE_PS;

describe.each<[string, number, number, (u: number) => number, number]>([
  // Mean wait in service times: M/M/1 rho / (1 - rho); M/D/1 half of it (Pollaczek and Khinchine);
  // M/M/c Erlang's C / (c (1 - rho)).
  ['M/M/1 at 0.5', 1, 0.5, markov, 0.5 / 0.5],
  ['M/M/1 at 0.7', 1, 0.7, markov, 0.7 / 0.3],
  ['M/D/1 at 0.5', 1, 0.5, fixed, 0.5 / (2 * 0.5)],
  ['M/D/1 at 0.7', 1, 0.7, fixed, 0.7 / (2 * 0.3)],
  ['M/M/4 at 0.7', 4, 0.7, markov, erlangC(4, 2.8) / (4 * 0.3)],
  ['M/M/16 at 0.6', 16, 0.6, markov, erlangC(16, 9.6) / (16 * 0.4)],
])('%s over 20 replications of 25,000 customers', (_, servers, rho, service, wait) => {
  const runs = Array.from({ length: 20 }, (_, r) => station(r, servers, rho, service, 25_000));

  it('waits as the closed form says, within 4 standard errors', () => {
    const result = against(
      wait,
      runs.map((r) => r.wait),
    );
    expect(result.sigmas).toBeLessThan(4);
    // And the standard error is small enough for that to mean something.
    expect(Math.abs(result.mean / wait - 1)).toBeLessThan(0.1);
  });

  it('keeps its servers busy for the offered load, within 4 standard errors', () => {
    expect(
      against(
        rho,
        runs.map((r) => r.utilization),
      ).sigmas,
    ).toBeLessThan(4);
    const allBusy = erlangC(servers, rho * servers);
    if (service === markov)
      expect(
        against(
          allBusy,
          runs.map((r) => r.allBusy),
        ).sigmas,
      ).toBeLessThan(4);
  });

  it('obeys Little’s law to the picosecond in every queue of every run', () => {
    for (const run of runs) expect(run.defects).toEqual([0, 0, 0]);
  });
});

describe('M/M/1 at 0.7', () => {
  it('has an exponential stay: median ln 2 / (1 - rho) service times', () => {
    const medians = Array.from({ length: 20 }, (_, r) => station(100 + r, 1, 0.7, markov, 10_000).medianStay);
    expect(against(Math.LN2 / 0.3, medians).sigmas).toBeLessThan(4);
  });
});

describe('a station', () => {
  it('gives the same numbers when it is run again, and others in another replication', () => {
    const [a, b, c] = [0, 0, 1].map((r) => station(r, 2, 0.6, markov, 2000));
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
  });
});
