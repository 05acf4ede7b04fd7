/**
 * How often the 95 % intervals hold the truth, on models whose truth is known: independent exponential samples, and
 * the time in an M/M/1 station built on the kernel, whose successive customers are anything but independent.
 */
import { estimate } from '../analysis/estimate.js';
import { exponential } from '../sim/distributions.js';
import { LogHistogram } from '../sim/log-histogram.js';
import { PRIORITY } from '../sim/priorities.js';
import { KeyedRandom } from '../sim/random.js';
import { Simulator } from '../sim/simulator.js';

const ARRIVAL = 1;
const SERVICE = 2;
const MEAN_PS = 100_000;
/** Customers that pass before any is measured: many times the relaxation time of the loads tried. */
const WARM_CUSTOMERS = 500;

/** A model with a known answer. */
export interface KnownModel {
  readonly name: string;
  /** Observations of a replication. */
  readonly observations: number;
  /** True mean and 99th percentile [ps]. */
  readonly mean: number;
  readonly p99: number;
  /** The observations of a replication. */
  readonly replicate: (seed: number, replication: number) => LogHistogram;
}

/** How intervals did. */
export interface Coverage {
  readonly model: string;
  readonly observations: number;
  readonly replications: number;
  readonly macroReplications: number;
  /** Share of intervals that held the true mean, and the true 99th percentile. */
  readonly mean: number;
  readonly p99: number;
}

/** Independent samples of an exponential distribution: mean 1, 99th percentile ln 100. */
export function exponentialSamples(observations: number): KnownModel {
  return {
    name: 'exponential samples',
    observations,
    mean: MEAN_PS,
    p99: MEAN_PS * Math.log(100),
    replicate: (seed, replication) => {
      const random = new KeyedRandom(seed, replication);
      const values = new LogHistogram();
      for (let i = 0; i < observations; i++) {
        values.record(Math.round(exponential(random.uniform(0, i, SERVICE), MEAN_PS)));
      }
      return values;
    },
  };
}

/** Time in an M/M/1 station: exponential with mean 1 / (1 - rho) service times. */
export function mm1(rho: number, observations: number): KnownModel {
  return {
    name: `M/M/1 at ${rho}`,
    observations,
    mean: MEAN_PS / (1 - rho),
    p99: (MEAN_PS / (1 - rho)) * Math.log(100),
    replicate: (seed, replication) => mm1Stays(seed, replication, rho, observations),
  };
}

function mm1Stays(seed: number, replication: number, rho: number, observations: number): LogHistogram {
  const simulator = new Simulator();
  const random = new KeyedRandom(seed, replication);
  const stays = new LogHistogram();
  const arrivedPs: number[] = [];
  let inService = 0;
  const last = WARM_CUSTOMERS + observations;
  const serve = (): void => {
    const servicePs = exponential(random.uniform(0, inService, SERVICE), MEAN_PS);
    simulator.schedule(Math.round(servicePs), PRIORITY.COMPLETION, finish);
  };
  const arrive: number = simulator.register(() => {
    arrivedPs.push(simulator.nowPs);
    if (arrivedPs.length === inService + 1) serve();
    const gapPs = exponential(random.uniform(0, arrivedPs.length, ARRIVAL), MEAN_PS / rho);
    simulator.schedule(Math.round(gapPs), PRIORITY.HOST, arrive);
  });
  const finish: number = simulator.register(() => {
    if (inService >= WARM_CUSTOMERS) stays.record(simulator.nowPs - arrivedPs[inService]!);
    inService++;
    if (inService === last) simulator.stop();
    else if (inService < arrivedPs.length) serve();
  });
  simulator.schedule(0, PRIORITY.HOST, arrive);
  simulator.runUntilIdle();
  return stays;
}

/**
 * Makes many experiments of `replications` each and counts how many intervals hold the truth.
 * @param macroReplications number of experiments; their seeds are 1, 2, …
 */
export function measureCoverage(
  model: KnownModel,
  replications: number,
  macroReplications: number,
): Coverage {
  let mean = 0;
  let p99 = 0;
  for (let seed = 1; seed <= macroReplications; seed++) {
    const runs = Array.from({ length: replications }, (_, r) => model.replicate(seed, r));
    if (
      holds(
        runs.map((run) => run.mean),
        model.mean,
      )
    )
      mean++;
    if (
      holds(
        runs.map((run) => run.estimateQuantile(0.99)),
        model.p99,
      )
    )
      p99++;
  }
  return {
    model: model.name,
    observations: model.observations,
    replications,
    macroReplications,
    mean: mean / macroReplications,
    p99: p99 / macroReplications,
  };
}

function holds(values: readonly number[], truth: number): boolean {
  const { mean, halfWidth } = estimate(values);
  return Math.abs(mean! - truth) <= halfWidth!;
}
