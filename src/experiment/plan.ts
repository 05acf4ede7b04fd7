/**
 * Points × replications, cut into tasks for worker threads. Sending a task costs about 36 µs and a worker's answer
 * as much, so short simulations travel together; long ones go first, so that no worker is left alone with one at
 * the end. How a plan is cut changes only the time it takes: results go back to their index.
 */
import type { MachineConfig } from '../models/config.js';

/** One simulation: a replication of a point. */
interface Run {
  /** Index of the point in the plan. */
  point: number;
  replication: number;
}

/** Runs that travel to a worker together. */
export interface Task {
  runs: readonly Run[];
  /** Expected work [s of one core]; only ratios matter. */
  cost: number;
}

/** All there is to do. */
export interface Plan {
  points: readonly { key: string; config: MachineConfig }[];
  /** First replication, and how many. */
  first: number;
  replications: number;
  tasks: readonly Task[];
  /** Sum over tasks [s of one core]. */
  cost: number;
}

/** Least expected work of a task, where there is so much [s]. */
const TASK_SECONDS = 0.05;
/** Most runs of a task, so that progress moves and an interrupt is answered. */
const TASK_RUNS = 256;

/** Expected work of one descriptor: its events, and its bytes when they are executed. Measured in order of magnitude. */
const SECONDS_PER_DESCRIPTOR = 2.5e-6;
const SECONDS_PER_BYTE = 1e-9;
/** Expected work before the load starts: provisioning and boot. */
const SECONDS_PER_RUN = 5e-3;

/** Rough speed of one device, enough to tell a long simulation from a short one. */
const DEVICE_BYTES_PER_SECOND = 30e9;
const DEVICE_DESCRIPTORS_PER_SECOND = 25e6;
const SECONDS_PER_SUBMISSION = 180e-9;
const SECONDS_PER_ROUND_TRIP = 1e-6;

/**
 * Cuts points and replications into tasks, the most expensive first.
 * @param points points in the order of the result
 * @param replications how many of each
 * @param first number of the first one
 */
export function makePlan(points: Plan['points'], replications: number, first = 0): Plan {
  const runs: { run: Run; cost: number }[] = [];
  points.forEach(({ config }, point) => {
    const cost = expectedSeconds(config);
    for (let replication = first; replication < first + replications; replication++) {
      runs.push({ run: { point, replication }, cost });
    }
  });
  // The sort is stable: equal costs keep the order of the plan.
  runs.sort((a, b) => b.cost - a.cost);
  const tasks: Task[] = [];
  let pending: Run[] = [];
  let cost = 0;
  for (const next of runs) {
    pending.push(next.run);
    cost += next.cost;
    if (cost >= TASK_SECONDS || pending.length === TASK_RUNS) {
      tasks.push({ runs: pending, cost });
      pending = [];
      cost = 0;
    }
  }
  if (pending.length > 0) tasks.push({ runs: pending, cost });
  return { points, first, replications, tasks, cost: tasks.reduce((sum, task) => sum + task.cost, 0) };
}

/** Expected work of one replication [s of one core]. Linear in simulated time and in the load offered. */
export function expectedSeconds(config: MachineConfig): number {
  const seconds = (config.measure.warmupPs + config.measure.durationPs) / 1e12;
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

function instances(config: MachineConfig): number {
  return config.tenants.reduce((sum, tenant) => sum + tenant.instances, 0);
}
