/**
 * Points × replications, cut into tasks for whoever simulates them. Sending a task costs about 36 µs and its answer
 * as much, so short simulations travel together; long ones go first, so that nobody is left alone with one at the
 * end. How a plan is cut changes only the time it takes: results go back to their point and replication.
 */
import type { MachineConfig } from '../models/config.js';

/** One simulation: a replication of a point. */
export interface Run {
  /** Index of the point in the plan. */
  point: number;
  replication: number;
}

/** Runs that travel together. */
export interface Task {
  runs: readonly Run[];
  /** Expected work [s of one core]; only ratios matter. */
  cost: number;
}

/** What is simulated, under the name that errors call it by. */
export interface PlannedPoint {
  readonly key: string;
  readonly config: MachineConfig;
}

/** All there is to do. Holds a few bytes a point, whatever their number. */
export interface Plan {
  readonly points: readonly PlannedPoint[];
  /** First replication, and how many. */
  readonly first: number;
  readonly replications: number;
  /** Expected work of one replication of each point [s of one core]. */
  readonly costs: Float64Array;
  /** Points in the order in which they are handed out. */
  readonly order: Uint32Array;
}

/** Expected work of a task, where there is so much [s]: long against sending it, short against an interrupt. */
const TASK_SECONDS = 0.1;
/** A task is at most this share of what is left, where its runs allow: nobody waits long for the last one. */
const SHARE_OF_REST = 1 / 32;
/** Most runs of a task: an answer of more makes the heap of whoever waits for it grow, and sending it costs little by now. */
const TASK_RUNS = 8;

/** Expected work of one descriptor: its events, and its bytes when they are executed. Measured in order of magnitude. */
const SECONDS_PER_DESCRIPTOR = 1.5e-6;
const SECONDS_PER_BYTE = 5e-10;
/** Expected work before the load starts: provisioning and boot. */
const SECONDS_PER_RUN = 2e-3;

/** Rough speed of one device, enough to tell a long simulation from a short one. */
const DEVICE_BYTES_PER_SECOND = 30e9;
const DEVICE_DESCRIPTORS_PER_SECOND = 25e6;
const SECONDS_PER_SUBMISSION = 180e-9;
const SECONDS_PER_ROUND_TRIP = 1e-6;

/**
 * Plans points and replications, the most expensive first.
 * @param points points in the order of the result
 * @param replications how many of each
 * @param first number of the first one
 */
export function makePlan(points: readonly PlannedPoint[], replications: number, first = 0): Plan {
  const costs = Float64Array.from(points, ({ config }) => expectedSeconds(config));
  // Equal costs keep the order of the plan.
  const order = Uint32Array.from(points, (_, i) => i).sort((a, b) => costs[b]! - costs[a]! || a - b);
  return { points, first, replications, costs, order };
}

/** Expected work of a whole plan [s of one core]. */
export function planSeconds({ costs, replications }: Plan): number {
  return costs.reduce((sum, cost) => sum + cost, 0) * replications;
}

/**
 * Cuts a plan into tasks, one after the other as they are asked for.
 * @param isDone tells runs that need not be simulated any more
 */
export function* tasksOf(plan: Plan, isDone: (run: Run) => boolean = () => false): Generator<Task> {
  const { first, replications, costs, order } = plan;
  let rest = planSeconds(plan);
  let runs: Run[] = [];
  let cost = 0;
  for (const point of order) {
    for (let replication = first; replication < first + replications; replication++) {
      const run = { point, replication };
      if (isDone(run)) {
        rest -= costs[point]!;
        continue;
      }
      runs.push(run);
      cost += costs[point]!;
      if (cost >= Math.min(TASK_SECONDS, rest * SHARE_OF_REST) || runs.length === TASK_RUNS) {
        rest -= cost;
        yield { runs, cost };
        runs = [];
        cost = 0;
      }
    }
  }
  if (runs.length > 0) yield { runs, cost };
}

/** Expected work of one replication [s of one core]. Linear in simulated time and in the load offered. */
export function expectedSeconds(config: MachineConfig): number {
  const seconds = expectedPs(config) / 1e12;
  let work = 0;
  let deviceShare = 0;
  for (const tenant of config.tenants) {
    const weight = tenant.operations.reduce((sum, mix) => sum + mix.weight, 0);
    const bytes = tenant.operations.reduce((sum, mix) => sum + mix.weight * mix.sizeBytes, 0) / (weight || 1);
    const load = tenant.load;
    let rate: number;
    if (load.kind === 'open') rate = tenant.instances * load.ratePerSecond;
    else if (load.kind === 'trace') rate = (tenant.instances * load.arrivalsPs.length) / (seconds || 1);
    else {
      const roundTrip = SECONDS_PER_ROUND_TRIP + bytes / DEVICE_BYTES_PER_SECOND;
      const perThread = tenant.batch / Math.max(SECONDS_PER_SUBMISSION, roundTrip / load.depth);
      rate = tenant.instances * tenant.threads * perThread;
    }
    const each = SECONDS_PER_DESCRIPTOR + (config.semantics === 'bytes' ? bytes * SECONDS_PER_BYTE : 0);
    work += rate * each;
    deviceShare += rate * Math.max(bytes / DEVICE_BYTES_PER_SECOND, 1 / DEVICE_DESCRIPTORS_PER_SECOND);
  }
  // Offered load beyond what the devices can move waits in queues instead of making events.
  const devices = config.devices.length * (config.design.allotment === 'function' ? instances(config) : 1);
  const served = deviceShare > devices ? devices / deviceShare : 1;
  return SECONDS_PER_RUN + seconds * work * served;
}

/** Simulated time: to the end of the measured phase, or as far as the times of the lifecycle tell [ps]. */
function expectedPs({ measure, lifecycle = [], parameters }: MachineConfig): number {
  const measuredPs = measure.warmupPs + measure.durationPs;
  if (lifecycle.length === 0) return measuredPs;
  const lastPs = Math.max(measuredPs, ...lifecycle.map(({ atPs }) => atPs ?? 0));
  return lastPs + parameters['host.completion_timeout'];
}

function instances(config: MachineConfig): number {
  return config.tenants.reduce((sum, tenant) => sum + tenant.instances, 0);
}
