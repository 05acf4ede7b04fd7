/**
 * One machine: devices, instances and threads around one clock, from a configuration to a result.
 *
 *     thread -- portal write --> work queue -- arbiter --> engine -- data path, IOMMU --> completion record --> thread
 */
import { PRIORITY } from '../sim/priorities.js';
import type { Simulator } from '../sim/simulator.js';
import type { TraceSink } from '../sim/trace.js';
import { type Allocation, allocate } from './allocation.js';
import type { MachineConfig } from './config.js';
import { MachineContext } from './context.js';
import type { DescriptorTable } from './descriptor-table.js';
import { Device } from './device/device.js';
import { DeviceRegistry } from './device/device-registry.js';
import { EXCERPT_ROWS, Excerpt } from './excerpt.js';
import { Arrivals } from './host/arrivals.js';
import { HostContext } from './host/host-context.js';
import { SharedProcessors } from './host/host-cpu.js';
import { OpenLoad } from './host/open-load.js';
import type { HostThread } from './host/thread.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { LoadOverTime } from './load-over-time.js';
import { addInstance } from './machine-instances.js';
import { MemorySystem } from './memory/memory-system.js';
import { type Ledger, Recorder, Sample } from './recorder.js';
import type { RunResult } from './run-result.js';
import { afterLifecycle, summarize } from './summary.js';
import type { Instance } from './tenants/instance.js';
import { BINS, Timeline } from './timeline.js';
import { traceNames } from './trace-names.js';
import { controlConfig } from './virtualization/control-config.js';
import { type ControlOutcome, keptOutcome, outcomeOf } from './virtualization/control-outcome.js';
import { type ControlPlane, runControlPlane } from './virtualization/control-plane.js';

/** Everything of a machine that its summary reads. */
export interface Machine {
  readonly config: MachineConfig;
  readonly simulator: Simulator;
  readonly registry: DeviceRegistry;
  readonly devices: readonly Device[];
  readonly instances: readonly Instance[];
  readonly threads: readonly HostThread[];
  readonly allocation: Allocation;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  readonly table: DescriptorTable;
  readonly processors: SharedProcessors;
  readonly context: MachineContext;
  /** How its devices were configured and its instances started. */
  readonly control: ControlOutcome;
}

/** A machine with the drivers and registers of its control path, for what may happen to them. */
export type MachineParts = Machine & Pick<ControlPlane, 'configured' | 'started'>;

/**
 * Simulates one replication of one point.
 * @param config what to simulate; the same configuration and replication give the same result, bit for bit
 * @param replication number of the replication, from 0: it selects the random draws
 * @param sink where to write what happens; the result is the same with and without
 * @throws RangeError when a tenant names a work queue that it cannot be given, or a device refuses its configuration
 */
export function simulate(
  config: MachineConfig,
  replication: number,
  sink: TraceSink | null = null,
): RunResult {
  // Where nothing happens to an instance, nobody will touch a register again.
  const built = (config.lifecycle ?? []).length > 0 ? buildMachine(config, replication, sink) : null;
  const parts = built ?? assemble(config, replication, sink, keptOutcome(config));
  const { simulator, registry, threads, recorder } = parts;
  const { warmupPs } = config.measure;
  const load = new LoadOverTime({
    busyPs: (nowPs) => registry.engines.reduce((sum, engine) => sum + engine.busy(nowPs), 0),
    queuedPs: (nowPs) => registry.queues.reduce((sum, queue) => sum + queue.statistics.integralPs(nowPs), 0),
  });
  const startMeasure = simulator.register(() => {
    const now = simulator.nowPs;
    load.beforeReset(now);
    for (const queue of registry.queues) queue.reset(now);
    for (const engine of registry.engines) engine.reset(now);
    for (const device of parts.devices) device.iommu.reset();
    for (const thread of threads) thread.reset(now);
    recorder.measure(true);
  });
  simulator.scheduleAt(warmupPs, PRIORITY.MEASURE, startMeasure);
  const { timeline } = recorder;
  for (let bin = 0; bin < BINS; bin++) {
    simulator.run(timeline.endPs(bin));
    closeBin(parts, load);
  }
  for (const thread of threads) thread.settleCpu(simulator.nowPs);
  const measured = summarize(parts);
  if (built === null) {
    for (const { space } of parts.instances) space.release();
    return measured;
  }
  recorder.end();
  parts.processors.end();
  const events = new Lifecycle(built).run();
  return { ...measured, ...afterLifecycle(parts, measured, events) };
}

/** Tells the timeline what waits at the end of a bin. */
function closeBin({ registry, threads, recorder, simulator }: Machine, load: LoadOverTime): void {
  let waiting = 0;
  let backlog = 0;
  for (const queue of registry.queues) waiting += queue.occupancy;
  for (const thread of threads) {
    waiting += thread.backlog.length;
    if (!thread.options.closed) backlog += thread.backlog.length + thread.submissions.outstanding;
  }
  recorder.timeline.close(waiting, backlog, load.take(simulator.nowPs));
}

/** Builds a machine and schedules the start of its load at time zero. As {@link simulate}. */
export function buildMachine(
  config: MachineConfig,
  replication: number,
  sink: TraceSink | null = null,
): MachineParts {
  const control = controlConfig(config);
  const plane = runControlPlane(control);
  const { configured, started } = plane;
  return { ...assemble(config, replication, sink, outcomeOf(control, plane)), configured, started };
}

/** The machine that a control path has left behind. */
function assemble(
  config: MachineConfig,
  replication: number,
  sink: TraceSink | null,
  control: ControlOutcome,
): Machine {
  const context = new MachineContext(config, replication, sink);
  const { simulator, table, instances, threads } = context;
  const registry = new DeviceRegistry(simulator);
  const devices = makeDevices(config, control, context, registry);
  const allocation = allocate(config, devices, control.places);
  const ledger: Ledger = { submitted: 0, completed: 0, failed: 0, rejected: 0, aborted: 0 };
  const recorder = recorderOf(config, ledger, allocation, replication);
  const host = new HostContext(context, registry, ledger, recorder);
  const processors = new SharedProcessors(config, simulator);
  const premises = { config, context, host, registry, devices, control, allocation, processors };
  const load = new OpenLoad(simulator);
  allocation.instances.forEach(({ tenant: number }, index) => {
    const tenant = config.tenants[number]!;
    load.add(new Arrivals(tenant.load, index, tenant.batch, context.random), addInstance(premises));
  });
  for (const { options } of threads) simulator.schedule(0, PRIORITY.HOST, host.events.thread, options.index);
  context.trace?.describe(traceNames(config, devices, threads));
  return {
    config,
    simulator,
    registry,
    devices,
    instances,
    threads,
    allocation,
    ledger,
    recorder,
    table,
    processors,
    context,
    control,
  };
}

/** Devices as their registers say that they are; as many as share a socket share its memory. */
function makeDevices(
  { design, parameters }: MachineConfig,
  control: ControlOutcome,
  context: MachineContext,
  registry: DeviceRegistry,
): Device[] {
  const sockets: MemorySystem[] = [];
  return control.devices.map((decoded, index) => {
    const socket = Math.floor(index / parameters['device.per_socket']);
    sockets[socket] ??= new MemorySystem(parameters);
    return new Device(decoded.config, context, registry, design.translation, sockets[socket]);
  });
}

function recorderOf(
  { tenants, measure }: MachineConfig,
  ledger: Ledger,
  allocation: Allocation,
  replication: number,
): Recorder {
  const tenantOf = allocation.instances.map(({ tenant }) => tenant);
  const open = tenantOf.map((tenant) => {
    const { kind } = tenants[tenant]!.load;
    return kind === 'open' || kind === 'trace';
  });
  const timeline = new Timeline(open, measure.warmupPs + measure.durationPs);
  const samples = tenants.map(() => new Sample());
  const excerpt = new Excerpt(replication === 0 ? EXCERPT_ROWS : 0);
  return new Recorder(ledger, samples, tenantOf, timeline, excerpt);
}
