/**
 * One machine: devices, instances and threads around one clock, from a configuration to a result.
 *
 *     thread -- portal write --> work queue -- arbiter --> engine -- data path, IOMMU --> completion record --> thread
 */
import { PRIORITY } from '../sim/priorities.js';
import { KeyedRandom } from '../sim/random.js';
import { Simulator } from '../sim/simulator.js';
import type { TraceSink } from '../sim/trace.js';
import { type Allocation, allocate } from './allocation.js';
import type { MachineConfig, TenantConfig } from './config.js';
import type { MachineContext } from './context.js';
import { DescriptorTable } from './descriptor-table.js';
import { Device, type DeviceRegistry, wakeGroup } from './device/device.js';
import type { Engine } from './device/engine.js';
import { registerEngineEvents } from './device/events.js';
import type { Group } from './device/group.js';
import { ANSWER } from './device/work-queue.js';
import { MediatedQueue } from './driver/mediated-queue.js';
import { Excerpt } from './excerpt.js';
import { Arrivals } from './host/arrivals.js';
import type { HostContext } from './host/host-context.js';
import { SharedProcessors } from './host/host-cpu.js';
import type { Place } from './host/place.js';
import { HostThread } from './host/thread.js';
import { interruptTimes } from './interrupts/completion-interrupt.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { LoadOverTime } from './load-over-time.js';
import { MachineTrace } from './machine-trace.js';
import { MemorySystem } from './memory/memory-system.js';
import { type Ledger, Recorder, Sample } from './recorder.js';
import type { RunResult } from './run-result.js';
import { afterLifecycle, summarize } from './summary.js';
import { Instance, NO_HANDLE } from './tenants/instance.js';
import { BINS, Timeline } from './timeline.js';
import { traceNames } from './trace-names.js';
import type { ConfiguredDevice } from './virtualization/configured-device.js';
import { configureDevices, type QueuePlace, startInstances } from './virtualization/control-plane.js';
import { Detour, detourCosts } from './virtualization/detour.js';
import { InstancePath } from './virtualization/instance-path.js';
import type { StartedInstance } from './virtualization/lifecycle.js';
import { mayBeAbsent } from './virtualization/pinning.js';
import { unmapCosts } from './virtualization/unmapping.js';

/** Slots of a thread whose load does not bound them: what its completion ring holds. */
const OPEN_SLOTS = 256;

/** Everything of a machine that its summary reads. */
export interface MachineParts {
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
  /** Provisioning and boot of each instance. */
  readonly started: readonly StartedInstance[];
  readonly processors: SharedProcessors;
  readonly configured: readonly ConfiguredDevice[];
  readonly context: MachineContext;
  /** Who is told that a descriptor has left a device: nobody before the lifecycle begins. */
  readonly watch: { left: ((row: number) => void) | null };
}

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
  const parts = buildMachine(config, replication, sink);
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
  if ((config.lifecycle ?? []).length === 0) return measured;
  recorder.end();
  parts.processors.end();
  const events = new Lifecycle(parts).run();
  return { ...measured, ...afterLifecycle(parts, measured, events) };
}

/** Tells the timeline what waits at the end of a bin. */
function closeBin({ registry, threads, recorder, simulator }: MachineParts, load: LoadOverTime): void {
  let waiting = 0;
  let backlog = 0;
  for (const queue of registry.queues) waiting += queue.occupancy;
  for (const thread of threads) {
    waiting += thread.backlog.length;
    if (!thread.options.closed) backlog += thread.backlog.length + thread.submissions.outstanding;
  }
  recorder.timeline.close(waiting, backlog, load.take(simulator.nowPs));
}

/** Builds a machine and schedules the start of its load at time zero. */
export function buildMachine(
  config: MachineConfig,
  replication: number,
  sink: TraceSink | null = null,
): MachineParts {
  const simulator = new Simulator();
  const random = new KeyedRandom(config.seed, replication);
  const table = new DescriptorTable();
  const trace = sink === null ? null : new MachineTrace(sink, table, config.design.guest === 'vm');
  const engines: Engine[] = [];
  const groups: Group[] = [];
  const instances: Instance[] = [];
  const threads: HostThread[] = [];
  const engineEvents = registerEngineEvents(simulator, engines);
  const registry: DeviceRegistry = {
    queues: [],
    rules: [],
    engines,
    groups,
    groupOfQueue: [],
    readLoads: [],
    engineEvents,
    dispatchPending: [],
    dispatchEvent: simulator.register((group) => {
      registry.dispatchPending[group] = false;
      groups[group]!.dispatch();
    }),
    retiredEvent: simulator.register((group) => {
      groups[group]!.places.onRetired();
      if (groups[group]!.hasWork) wakeGroup(context, registry, group);
    }),
  };
  const watch: MachineParts['watch'] = { left: null };
  const context: MachineContext = {
    simulator,
    random,
    parameters: config.parameters,
    table,
    instances,
    executes: config.semantics === 'bytes',
    trace,
    completed: (row, now) => {
      threads[table.rows[row]!.thread]!.onCompletion(row, now);
      if (watch.left !== null) watch.left(row);
    },
    abandoned: (row, finished) => {
      threads[table.rows[row]!.thread]!.onAbandoned(row, finished);
      if (watch.left !== null) watch.left(row);
    },
  };
  const configured = configureDevices(config);
  const sockets: MemorySystem[] = [];
  const devices = configured.map(({ decoded }, index) => {
    const socket = Math.floor(index / config.parameters['device.per_socket']);
    sockets[socket] ??= new MemorySystem(config.parameters);
    return new Device(decoded.config, context, registry, config.design.translation, sockets[socket]);
  });
  const allocation = allocate(config, devices);
  const started = startInstances(config, configured, allocation.places);
  const ledger: Ledger = { submitted: 0, completed: 0, failed: 0, rejected: 0, aborted: 0 };
  const tenantOf = allocation.instances.map((i) => i.tenant);
  const samples = config.tenants.map(() => new Sample());
  const open = tenantOf.map((tenant) => {
    const { kind } = config.tenants[tenant]!.load;
    return kind === 'open' || kind === 'trace';
  });
  const timeline = new Timeline(open, config.measure.warmupPs + config.measure.durationPs);
  const excerpt = replication === 0 ? new Excerpt() : null;
  const recorder = new Recorder(table, ledger, samples, tenantOf, timeline, excerpt);
  const host: HostContext = {
    simulator,
    parameters: config.parameters,
    table,
    ledger,
    recorder,
    trace,
    events: {
      thread: simulator.register((thread, turn) => threads[thread]!.onFree(turn)),
      portal: simulator.register((thread, row) => {
        const { place, unlimited } = threads[thread]!.options;
        const { queue } = place;
        // What is submitted again may have been made for a queue that its instance has left since.
        table.rows[row]!.queue = queue.index;
        const answer = queue.submit(row, unlimited, simulator.nowPs);
        threads[thread]!.onAnswer(row, answer);
        if (answer !== ANSWER.accepted) return;
        if (trace !== null) trace.occupancy(queue.index, simulator.nowPs, queue.occupancy);
        const group = registry.groupOfQueue[queue.index]!;
        // Mostly nothing else happens at this instant, which the arbiter would have to see first.
        if (simulator.isInstantOver) groups[group]!.dispatch();
        else wakeGroup(context, registry, group);
      }),
      interrupt: simulator.register((thread) => threads[thread]!.onInterrupt()),
      timeout: simulator.register((thread, row) => threads[thread]!.onTimeout(row)),
    },
  };
  const processors = new SharedProcessors(config, simulator);
  const arrivals: Arrivals[] = [];
  const nextThread: number[] = [];
  const arrivalEvent = simulator.register((instance) => {
    const own = allocation.instances[instance]!.threads;
    const thread = threads[own[nextThread[instance]! % own.length]!]!;
    nextThread[instance]! += 1;
    thread.backlog.push(simulator.nowPs);
    thread.core.wake(simulator.nowPs);
    const next = arrivals[instance]!.next();
    if (next >= 0) simulator.scheduleAt(next, PRIORITY.HOST, arrivalEvent, instance);
  });
  allocation.instances.forEach((share, index) => {
    const tenant = config.tenants[share.tenant]!;
    const queue = registry.queues[share.queue]!;
    const slots = slotsPerThread(tenant, share.credits);
    const { blockOnFault } = queue.config;
    const shared = queue.config.mode === 'shared';
    const path = new InstancePath(config.design, shared, config.parameters);
    const detour = detourCosts(config.design, shared && tenant.portal === 'unlimited', config.parameters);
    instances.push(
      new Instance(
        index,
        share.tenant,
        tenant,
        slots * tenant.threads,
        blockOnFault,
        mayBeAbsent(config.design),
        config.seed,
        context.executes,
        random,
      ),
    );
    const device = devices[allocation.places[index]!.device]!;
    const place: Place = { queue, device, readLoad: registry.readLoads[queue.index]! };
    device.memory.addCachedDestinations(instances[index]!.cachedDestinationBytes);
    const wait = started[index]!.hasVector || tenant.completion !== 'interrupt' ? tenant.completion : 'poll';
    if (wait === 'interrupt' && config.design.data !== 'virtio-ring') {
      instances[index]!.handle = interruptHandle(started[index]!, configured, allocation.places[index]!);
    }
    for (let t = 0; t < tenant.threads; t++) {
      share.threads.push(threads.length);
      threads.push(
        new HostThread(
          {
            index: threads.length,
            instance: instances[index]!,
            place,
            unlimited: tenant.portal === 'unlimited',
            inGuest: config.design.guest === 'vm',
            path,
            unmap: unmapCosts(config.design, config.parameters),
            cpu: processors.of(share.tenant),
            detour: detour === null ? null : new Detour(detour, detour.exits > 0 ? path.lock : null),
            firstSlot: t * slots,
            slots,
            closed: tenant.load.kind === 'closed' || tenant.load.kind === 'burst',
            burst: tenant.load.kind === 'burst',
            wait,
            interrupt:
              wait === 'interrupt'
                ? interruptTimes(config.design.interrupts.completion, config.parameters)
                : null,
          },
          host,
        ),
      );
    }
    arrivals.push(new Arrivals(tenant.load, index, tenant.batch, random));
    nextThread.push(0);
    const first = arrivals[index]!.next();
    if (first >= 0) simulator.scheduleAt(first, PRIORITY.HOST, arrivalEvent, index);
  });
  for (const thread of threads)
    simulator.schedule(0, PRIORITY.HOST, host.events.thread, thread.options.index);
  trace?.describe(traceNames(config, devices, threads));
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
    started,
    processors,
    configured,
    context,
    watch,
  };
}

/** The handle that an instance's descriptors name: its message store entry, or the vector of its queue. */
function interruptHandle(
  { backend }: StartedInstance,
  configured: readonly ConfiguredDevice[],
  { device, position }: QueuePlace,
): number {
  if (backend instanceof MediatedQueue) return backend.interruptHandle() ?? NO_HANDLE;
  return configured[device]!.decoded.queues[position]! + 1;
}

/**
 * Submissions that a thread may have outstanding. A dedicated queue gives no answer, so software counts credits:
 * under open load the queue's entries are split among the threads that use it.
 */
function slotsPerThread(tenant: TenantConfig, credits: number | null): number {
  if (tenant.load.kind === 'closed' || tenant.load.kind === 'burst') return tenant.load.depth;
  return credits === null ? OPEN_SLOTS : Math.max(1, Math.floor(credits / tenant.threads));
}
