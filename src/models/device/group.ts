/** One group: its queues, its engines, and the arbiter that brings them together. */
import { OPCODE } from '../../core/operations.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { type MachineContext, PURPOSE } from '../context.js';
import { STAGE } from '../descriptor-row.js';
import { Arbiter } from './arbiter.js';
import type { Engine } from './engine.js';
import type { GroupPlaces } from './group-places.js';
import type { WorkQueue } from './work-queue.js';

/**
 * Dispatches until no engine has a place for anything that waits. Any engine may take any descriptor: a single one goes to the
 * engine that holds the fewest, the lowest number among equals; which of those with a place takes a batch is drawn for
 * each, whatever they hold. Inside an engine, members of its batches and direct descriptors take turns for its places.
 * The specification leaves all of this open.
 */
export class Group {
  /** A halted device dispatches nothing. */
  halted = false;
  private readonly arbiter: Arbiter;
  private readonly engines: readonly Engine[];
  private nowPs = DOUBLE_ZERO;
  private chosen: Engine | undefined;

  constructor(
    private readonly context: MachineContext,
    private readonly queues: readonly WorkQueue[],
    readonly places: GroupPlaces,
  ) {
    this.engines = places.engines;
    this.arbiter = new Arbiter(queues);
  }

  /** Whether anything waits for an engine; if not, the arbiter need not look. */
  get hasWork(): boolean {
    if (this.hasWaiting) return true;
    if (this.places.batches > 0)
      for (const engine of this.engines) if (engine.batches.hasMember()) return true;
    return false;
  }

  /** Whether a queue holds a descriptor. */
  private get hasWaiting(): boolean {
    const { queues } = this;
    for (let i = 0; i < queues.length; i++) if (queues[i]!.occupancy > 0) return true;
    return false;
  }

  /** One look of the arbiter. */
  dispatch(): void {
    if (this.halted) return;
    const { nowPs } = this.context.simulator;
    this.nowPs = nowPs;
    this.places.settle(nowPs);
    // Each start may make room for the other kind's turn.
    while ((this.places.batches > 0 && this.startMembers()) || (this.hasWaiting && this.startDirect()));
    if (this.hasWork) this.places.wait();
  }

  /** Lets one batch member start on an engine where it is a member's turn, or where nothing else waits. */
  private startMembers(): boolean {
    for (const engine of this.engines) {
      if (!engine.hasPlace || !engine.batches.hasMember()) continue;
      if (!engine.memberTurn && this.queues.some(this.canStart)) continue;
      engine.batches.startMember(this.nowPs);
      engine.memberTurn = false;
      return true;
    }
    return false;
  }

  /** Lets the arbiter choose a queue and starts its oldest descriptor. */
  private startDirect(): boolean {
    const queue = this.arbiter.choose(this.canStart);
    if (queue === undefined) return false;
    const row = queue.take(this.nowPs);
    const { trace } = this.context;
    if (trace !== null) trace.occupancy(queue.index, this.nowPs, queue.occupancy);
    this.context.table.rows[row]!.endStage(STAGE.queue, this.nowPs);
    const engine = this.chosen!;
    if (this.isBatch(row)) engine.batches.start(row, this.nowPs);
    else {
      engine.memberTurn = true;
      engine.start(row, this.nowPs);
    }
    return true;
  }

  /** Whether an engine has a place for the oldest descriptor of a queue; `chosen` is that engine. */
  private readonly canStart = (queue: WorkQueue): boolean => {
    const row = queue.peek();
    if (row < 0) return false;
    this.chosen = this.isBatch(row) ? this.drawn(row) : this.leastWork();
    return this.chosen !== undefined;
  };

  private isBatch(row: number): boolean {
    return this.context.table.rows[row]!.opcode === OPCODE.batch;
  }

  private leastWork(): Engine | undefined {
    const { engines } = this;
    let best = engines[0]!;
    for (let i = 1; i < engines.length; i++) if (engines[i]!.inside < best.inside) best = engines[i]!;
    // All hold as many at most: if it has no place, none has.
    return best.hasPlace ? best : undefined;
  }

  /** One of the engines with a place for a batch: the same at every look while these engines have one. */
  private drawn(row: number): Engine | undefined {
    const { engines, context } = this;
    let places = 0;
    for (const engine of engines) if (engine.batches.hasPlace) places++;
    if (places === 0) return undefined;
    const { instance, serial } = context.table.rows[row]!;
    const luck = context.random.uniform(instance, serial, PURPOSE.engine);
    let left = Math.floor(luck * places);
    return engines.find((engine) => engine.batches.hasPlace && left-- === 0);
  }
}
