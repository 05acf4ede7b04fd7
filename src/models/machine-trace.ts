/**
 * What a machine writes to a trace: what each thread does, how full each queue is, and where in its engine each
 * descriptor spends its time, with a flow from submission over the engine to the thread that sees it finish.
 *
 * A descriptor's stages are drawn when its thread looks at it, from the ends that its row then holds: the same numbers
 * that its latency is the sum of. An engine holds many descriptors at once, so each is drawn on a lane of the engine
 * that is free for it. Models hold `MachineTrace | null` and ask for null first, so that an untraced run pays one
 * comparison; nothing here schedules an event, so that a traced run is the same run.
 */
import { operationName } from '../core/operations.js';
import type { TraceSink } from '../sim/trace.js';
import type { CompletionWait } from './config.js';
import { STAGE, STAGE_COUNT } from './descriptor-row.js';
import type { DescriptorTable } from './descriptor-table.js';
import { STAGES } from './metrics.js';

/** Descriptors of one instance before flow numbers of the next begin: 2^40. */
const SERIALS = 1_099_511_627_776;

/** What the tracks of a device are called. */
export interface DeviceNames {
  readonly name: string;
  /** Work queues in order of their numbers. */
  readonly queues: readonly string[];
  /** How many engines. */
  readonly engines: number;
}

/** What the machine's tracks are called, by number. */
export interface TraceNames {
  readonly devices: readonly DeviceNames[];
  /** Instance of each thread. */
  readonly instances: readonly string[];
  readonly threadInstance: readonly number[];
}

/** Lanes of one engine and when each is free again [ps]. */
interface Lanes {
  readonly track: number;
  readonly lanes: number[];
  readonly freePs: number[];
}

/** See the head of this file. */
export class MachineTrace {
  private threads: readonly number[] = [];
  private interrupts: readonly number[] = [];
  private interruptFreePs: number[] = [];
  private readonly queues: number[] = [];
  private readonly engines: Lanes[] = [];
  private readonly stageNames: number[];
  private readonly words: Record<'prepare' | 'pause' | 'submit' | 'reap' | 'interrupt', number>;
  private readonly core: string;
  private readonly waitNames: Record<CompletionWait, number>;
  /** Flows whose submission was kept: only these are carried on. */
  private readonly flows = new Set<number>();

  constructor(
    private readonly sink: TraceSink,
    private readonly table: DescriptorTable,
    inGuest: boolean,
  ) {
    this.stageNames = STAGES.map((stage) => sink.name(stage));
    this.words = {
      prepare: sink.name('prepare'),
      pause: sink.name('pause before a retry'),
      submit: sink.name('submit'),
      reap: sink.name('look at completion'),
      interrupt: sink.name('interrupt'),
    };
    this.waitNames = {
      poll: sink.name('poll'),
      umwait: sink.name('umwait'),
      interrupt: sink.name(inGuest ? 'halted (VM exit)' : 'asleep'),
    };
    this.core = inGuest ? 'vCPU' : 'thread';
  }

  /** Makes the tracks, once the machine is built and before it runs. */
  describe(names: TraceNames): void {
    const { sink } = this;
    const instances = names.instances.map((name) => sink.track(name));
    const number = new Map<number, number>();
    this.threads = names.threadInstance.map((instance) => {
      const own = number.get(instance) ?? 0;
      number.set(instance, own + 1);
      return sink.track(`${this.core} ${own}`, instances[instance]);
    });
    this.interrupts = this.threads.map((track) => sink.track('interrupts', track));
    this.interruptFreePs = this.threads.map(() => 0);
    for (const device of names.devices) this.addDevice(device);
  }

  /** Makes the tracks of a device; its queues and engines have the next numbers. */
  addDevice({ name, queues, engines }: DeviceNames): void {
    const { sink } = this;
    const device = sink.track(name);
    for (const queue of queues) this.queues.push(sink.track(`${queue} occupancy`, device));
    for (let i = 0; i < engines; i++) {
      const track = sink.track(`engine ${this.engines.length}`, device);
      this.engines.push({ track, lanes: [], freePs: [] });
    }
  }

  /** A thread prepares from `busyPs` and issues the submission of a row from `fromPs` to `donePs` [ps]. */
  submits(row: number, busyPs: number, fromPs: number, donePs: number): void {
    const { sink, words } = this;
    const { thread, ends, serial } = this.table.rows[row]!;
    const track = this.threads[thread]!;
    const first = ends[STAGE.prepare] === fromPs;
    if (fromPs > busyPs) this.slice(track, busyPs, fromPs, first ? words.prepare : words.pause);
    const flow = this.flowOf(row);
    if (sink.begin(track, fromPs, words.submit, serial)) {
      this.flows.add(flow);
      sink.flow(track, fromPs, flow);
    }
    sink.end(track, donePs);
  }

  /** A queue holds so many descriptors now. */
  occupancy(queue: number, nowPs: number, entries: number): void {
    this.sink.counter(this.queues[queue]!, nowPs, entries);
  }

  /** A thread looks at a finished row: its time in the engine is drawn, and looking begins. */
  looksAt(row: number, nowPs: number): void {
    const { sink } = this;
    const { thread, ends, serial } = this.table.rows[row]!;
    const flow = this.flowOf(row);
    const carried = this.flows.delete(flow);
    const dispatchedPs = ends[STAGE.queue]!;
    if (dispatchedPs > 0) this.inEngine(row, dispatchedPs, carried ? flow : null);
    const track = this.threads[thread]!;
    sink.begin(track, nowPs, this.words.reap, serial);
    if (carried) sink.flow(track, nowPs, flow);
  }

  /** The thread is done with the row that it looked at. */
  looked(thread: number, untilPs: number): void {
    this.sink.end(this.threads[thread]!, untilPs);
  }

  /** A member of a batch has finished; nobody looks at it by itself. */
  memberFinished(row: number): void {
    this.inEngine(row, this.table.rows[row]!.startPs, null);
  }

  /** A thread has nothing to do and waits for a completion. */
  waits(thread: number, how: CompletionWait, nowPs: number): void {
    this.sink.begin(this.threads[thread]!, nowPs, this.waitNames[how]);
  }

  /** The wait of a thread ends. */
  waited(thread: number, nowPs: number): void {
    this.sink.end(this.threads[thread]!, nowPs);
  }

  /** An interrupt's handler runs on a thread's core. */
  interrupt(thread: number, nowPs: number, handlerPs: number): void {
    // Two handlers never run at once: a second one begins when the first is done.
    const fromPs = Math.max(nowPs, this.interruptFreePs[thread]!);
    this.interruptFreePs[thread] = fromPs + handlerPs;
    this.slice(this.interrupts[thread]!, fromPs, fromPs + handlerPs, this.words.interrupt);
  }

  /** A row's time in its engine, from dispatch to the completion record, with its stages inside. */
  private inEngine(row: number, fromPs: number, flow: number | null): void {
    const { sink } = this;
    const { engine, ends, opcode, serial } = this.table.rows[row]!;
    const untilPs = ends[STAGE.complete]!;
    if (engine < 0 || untilPs <= fromPs) return;
    const track = this.lane(this.engines[engine]!, fromPs, untilPs);
    sink.begin(track, fromPs, sink.name(operationName(opcode)), serial);
    if (flow !== null) sink.flow(track, fromPs, flow);
    let reachedPs = fromPs;
    for (let stage: number = STAGE.arbitrate; stage < STAGE_COUNT && stage <= STAGE.complete; stage++) {
      const endPs = ends[stage]!;
      if (endPs <= reachedPs) continue;
      this.slice(track, reachedPs, endPs, this.stageNames[stage]!);
      reachedPs = endPs;
    }
    sink.end(track, untilPs);
  }

  /** The first lane of an engine that is free from `fromPs` on; a new one where none is. */
  private lane(engine: Lanes, fromPs: number, untilPs: number): number {
    let i = engine.freePs.findIndex((free) => free <= fromPs);
    if (i < 0) {
      i = engine.lanes.length;
      engine.lanes.push(this.sink.track(`place ${i}`, engine.track));
    }
    engine.freePs[i] = untilPs;
    return engine.lanes[i]!;
  }

  private slice(track: number, fromPs: number, untilPs: number, name: number): void {
    this.sink.begin(track, fromPs, name);
    this.sink.end(track, untilPs);
  }

  private flowOf(row: number): number {
    const { instance, serial } = this.table.rows[row]!;
    return instance * SERIALS + serial;
  }
}
