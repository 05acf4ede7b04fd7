/** One group: its queues, its engines, and the arbiter that brings them together. */
import { OPCODE } from '../../core/operations.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { type MachineContext, PURPOSE } from '../context.js';
import { type DescriptorRow, STAGE } from '../descriptor-row.js';
import { Arbiter, type Server } from './arbiter.js';
import type { Engine } from './engine.js';
import type { GroupPlaces } from './group-places.js';
import type { WorkQueue } from './work-queue.js';

const BATCH = OPCODE.batch;

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
    if (places.nextPs <= nowPs) places.settle(nowPs);
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
    row.endStage(STAGE.queue, this.nowPs);
    if (row.opcode === BATCH) this.drawn(row).batches.start(row.index, this.nowPs);
    else {
      const engine = this.leastWork();
      engine.memberTurn = true;
      this.places.free--;
      engine.start(row.index, this.nowPs);
    }
    return true;
  }

  canServe(queue: WorkQueue): boolean {
    const row = queue.peek();
    if (row === null) return false;
    return row.opcode === BATCH ? this.hasBatchPlace : this.places.free > 0;
  }

  /** The engine that holds the fewest: it has a place if any has, since all hold as many at most. */
  private leastWork(): Engine {
    const first = this.engines[0]!;
    let best = first;
    let least = first.inside;
    for (let engine = first.next; engine !== first; engine = engine.next) {
      if (engine.inside >= least) continue;
      least = engine.inside;
      best = engine;
    }
    return best;
  }

  /** One of the engines with a place for a batch, of which there are some. */
  private drawn({ instance, serial }: DescriptorRow): Engine {
    const { engines, context } = this;
    let places = 0;
    for (const engine of engines) if (engine.batches.hasPlace) places++;
    const luck = context.random.uniform(instance, serial, PURPOSE.engine);
    let left = Math.floor(luck * places);
    return engines.find((engine) => engine.batches.hasPlace && left-- === 0)!;
  }
}
