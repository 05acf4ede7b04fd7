/** One group: its queues, its engines, and the arbiter that brings them together. */
import { OPCODE } from '../../core/operations.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { type MachineContext, PURPOSE } from '../context.js';
import { STAGE } from '../descriptor-row.js';
import { Arbiter, type Server } from './arbiter.js';
import type { Engine } from './engine.js';
import type { GroupPlaces } from './group-places.js';
import type { WorkQueue } from './work-queue.js';

/**
 * Dispatches until no engine has a place for anything that waits. Any engine may take any descriptor: a single one goes to the
 * engine that holds the fewest, the lowest number among equals; which of those with a place takes a batch is drawn for
 * each, whatever they hold. Inside an engine, members of its batches and direct descriptors take turns for its places.
 * The specification leaves all of this open.
 */
export class Group implements Server {
  /** A halted device dispatches nothing. */
  halted = false;
  private readonly arbiter: Arbiter;
  private readonly engines: readonly Engine[];
  private nowPs = DOUBLE_ZERO;

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
    return this.arbiter.hasWaiting || (this.places.batches > 0 && this.hasMember());
  }

  /** Whether a member of a batch could start. */
  private hasMember(): boolean {
    return this.engines.some((engine) => engine.batches.hasMember());
  }

  private get hasBatchPlace(): boolean {
    return this.engines.some((engine) => engine.batches.hasPlace);
  }

  /** One look of the arbiter. */
  dispatch(): void {
    if (this.halted) return;
    const { arbiter, places } = this;
    const { nowPs } = this.context.simulator;
    this.nowPs = nowPs;
    places.settle(nowPs);
    let waits: boolean;
    do {
      // Each start may make room for the other kind's turn.
      while (places.batches > 0 && this.startMember());
      waits = arbiter.hasWaiting;
    } while (waits && this.startDirect());
    if (waits || (places.batches > 0 && this.hasMember())) places.wait();
  }

  /** Lets one batch member start on an engine where it is a member's turn, or where nothing else waits. */
  private startMember(): boolean {
    for (const engine of this.engines) {
      if (!engine.hasPlace || !engine.batches.hasMember()) continue;
      if (!engine.memberTurn && this.queues.some((queue) => this.canServe(queue))) continue;
      this.places.free--;
      engine.batches.startMember(this.nowPs);
      engine.memberTurn = false;
      return true;
    }
    return false;
  }

  /** Lets the arbiter choose a queue and starts its oldest descriptor. */
  private startDirect(): boolean {
    const queue = this.arbiter.choose(this);
    if (queue === undefined) return false;
    const row = queue.take(this.nowPs);
    const { trace } = this.context;
    if (trace !== null) trace.occupancy(queue.index, this.nowPs, queue.occupancy);
    this.context.table.rows[row]!.endStage(STAGE.queue, this.nowPs);
    if (this.isBatch(row)) this.drawn(row).batches.start(row, this.nowPs);
    else {
      const engine = this.leastWork();
      engine.memberTurn = true;
      this.places.free--;
      engine.start(row, this.nowPs);
    }
    return true;
  }

  canServe(queue: WorkQueue): boolean {
    const row = queue.peek();
    if (row < 0) return false;
    return this.isBatch(row) ? this.hasBatchPlace : this.places.free > 0;
  }

  private isBatch(row: number): boolean {
    return this.context.table.rows[row]!.opcode === OPCODE.batch;
  }

  /** The engine that holds the fewest: it has a place if any has, since all hold as many at most. */
  private leastWork(): Engine {
    const { engines } = this;
    let best = engines[0]!;
    let least = best.inside;
    for (let i = 1; i < engines.length; i++) {
      const { inside } = engines[i]!;
      if (inside >= least) continue;
      least = inside;
      best = engines[i]!;
    }
    return best;
  }

  /** One of the engines with a place for a batch, of which there are some. */
  private drawn(row: number): Engine {
    const { engines, context } = this;
    let places = 0;
    for (const engine of engines) if (engine.batches.hasPlace) places++;
    const { instance, serial } = context.table.rows[row]!;
    const luck = context.random.uniform(instance, serial, PURPOSE.engine);
    let left = Math.floor(luck * places);
    return engines.find((engine) => engine.batches.hasPlace && left-- === 0)!;
  }
}
