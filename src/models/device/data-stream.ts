/**
 * The data path of one engine: it moves one descriptor's data at a time, chunk by chunk, in the order in which
 * descriptors become ready, and turns around after each.
 *
 * When a descriptor will be ready is known as soon as an engine takes it in. So nothing happens at that time by itself: the
 * stream looks at its queue when its path is free and something is ready, which is one event for both.
 */
import { FLAG } from '../../core/flags.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import { PRIORITY } from '../../sim/priorities.js';
import type { Simulator } from '../../sim/simulator.js';
import { refusalPs } from '../translation/page-relay.js';
import { ActivePlaces } from './active-places.js';
import type { EngineSurroundings } from './engine.js';
import { MET, PagePresence } from './page-presence.js';
import type { Passage } from './passage.js';
import { Chunk, type Transfer } from './transfer.js';
import { TransferQueue } from './transfer-queue.js';

/** Whose data path it is. */
export interface StreamOwner {
  /** Number of the engine in the machine: the payload of its events. */
  readonly index: number;
  /** Page faults met since the last reset. */
  pageFaults: number;
  /**
   * All data of a transfer has passed.
   * @param movedPs when [ps]
   * @param bytesMoved bytes before a fault that ended it, or -1
   */
  finish(transfer: Transfer, movedPs: number, bytesMoved: number): void;
  /** Asks the DevTLB for the translations of a chunk. @returns requests that it had to make */
  translate(transfer: Transfer, chunk: number, nowPs: number): number;
}

const NEVER = Number.POSITIVE_INFINITY;
/** The operation went to its end. */
const ALL_BYTES = -1;

/** See the head of this file. */
export class DataStream {
  readonly places: ActivePlaces;
  readonly presence = new PagePresence();
  private readonly passage: Passage;
  private readonly queue = new TransferQueue();
  /** A descriptor has begun, and passes or waits for something. */
  private busy = false;
  /** The first descriptor finds no place among the active ones. */
  private stalled = false;
  /** When the path has turned around after the last descriptor [ps]. */
  private freePs = DOUBLE_ZERO;
  /** When it looks at its queue next [ps]; the event carries the number of the look, and an earlier one replaces it. */
  private looksPs = NEVER;
  private look = 0;
  private readonly simulator: Simulator;
  private readonly event: number = 0;

  constructor(
    private readonly owner: StreamOwner,
    private readonly around: EngineSurroundings,
  ) {
    this.places = new ActivePlaces(around.context.parameters);
    this.simulator = around.context.simulator;
    this.event = around.events.stream;
    this.passage = around.dataPath.addEngine(this.simulator);
  }

  /** A descriptor whose first pages are translated and whose first line is there at `readyPs`. */
  add(transfer: Transfer, readyPs: number): void {
    this.queue.add(transfer, readyPs);
    if (!this.busy && !this.stalled) this.lookSoon();
  }

  /** A place was given back. */
  roomMade(): void {
    if (!this.stalled) return;
    this.stalled = false;
    this.next(this.simulator.nowPs);
  }

  /** The event of a look. */
  onLook(look: number): void {
    if (look !== this.look) return;
    this.looksPs = NEVER;
    this.next(this.simulator.nowPs);
  }

  /** Looks again when the path is free and the first descriptor ready, if there is one. */
  private lookSoon(): void {
    const readyPs = this.queue.firstPs;
    // What becomes ready while the path waits goes before what the device advances at that instant.
    if (readyPs > this.freePs) this.lookAt(readyPs, PRIORITY.TRANSLATION);
    else this.lookAt(this.freePs, PRIORITY.DEVICE);
  }

  private lookAt(atPs: number, priority: number): void {
    if (atPs >= this.looksPs) return;
    this.looksPs = atPs;
    this.look = (this.look + 1) | 0;
    this.simulator.scheduleAt(atPs, priority, this.event, this.owner.index, this.look);
  }

  /** The data path is free: move the next chunk of the first descriptor. */
  private next(now: number): void {
    this.busy = false;
    const { queue } = this;
    if (queue.firstPs > now) {
      this.lookSoon();
      return;
    }
    const transfer = queue.first;
    if (transfer.chunk === 0 && transfer.faultPs === 0 && !this.findsPlace(transfer, now)) return;
    this.busy = true;
    const waitPs = this.waitForChunk(transfer, now);
    if (waitPs !== 0) {
      if (waitPs > 0) this.lookAt(now + waitPs, PRIORITY.DEVICE);
      return;
    }
    if (transfer.chunk === 0) this.places.take(transfer, now);
    if (transfer.chunks > 0) this.moveChunk(transfer, now);
    else this.passOver(now);
  }

  /** The first descriptor has no data to move. */
  private passOver(now: number): void {
    this.owner.finish(this.queue.shift(), now, ALL_BYTES);
    this.next(now);
  }

  private findsPlace(transfer: Transfer, now: number): boolean {
    return this.places.hasPlace(transfer) || this.makesPlace(transfer, now);
  }

  /** Gives back what is acknowledged by now; the first descriptor waits if that is not enough. */
  private makesPlace(transfer: Transfer, now: number): boolean {
    this.around.places.settle(now);
    if (this.places.hasPlace(transfer)) return true;
    this.stalled = true;
    this.around.places.wait();
    return false;
  }

  private moveChunk(transfer: Transfer, now: number): void {
    const { passage } = this;
    const { chunk, chunks } = transfer;
    this.around.dataPath.move(passage, transfer);
    transfer.chunk = chunk + 1;
    if (chunk + 1 < chunks) {
      const heldPs =
        chunk + Chunk.prefetched < chunks ? this.prefetch(transfer, chunk + Chunk.prefetched, now) : 0;
      this.lookAt(passage.endPs + heldPs, PRIORITY.DEVICE);
      return;
    }
    const movedPs = passage.endPs;
    this.queue.shift();
    this.places.moved(transfer, movedPs);
    this.owner.finish(transfer, movedPs, ALL_BYTES);
    this.turnUntil(passage.freePs);
  }

  /** Asks for translations that a later chunk needs. @returns how long that holds the next one up [ps] */
  private prefetch(transfer: Transfer, chunk: number, now: number): number {
    const requests = this.owner.translate(transfer, chunk, now);
    // One request is issued beside the data; a second one of the same chunk holds it up.
    return requests > 1 ? (requests - 1) * this.around.context.parameters['translation.request_interval'] : 0;
  }

  private turnUntil(freePs: number): void {
    this.busy = false;
    this.freePs = freePs;
    this.lookSoon();
  }

  /**
   * What the next chunk must wait for: its translations, earlier partial writes, its pages.
   * @returns 0 to go on, the time to wait [ps], or -1 when the descriptor ended at a fault
   */
  private waitForChunk(transfer: Transfer, now: number): number {
    const { chunk } = transfer;
    if (transfer.chunks === 0) return 0;
    const translatedPs = transfer.translatedPs(chunk);
    if (translatedPs > now) return translatedPs - now;
    if (chunk === 0 && transfer.partialWrites > 0) {
      const partialPs = this.places.partialWaitPs(now);
      if (partialPs > 0) return partialPs;
    }
    return transfer.mayFault ? this.meetAbsentPages(transfer, now) : 0;
  }

  /**
   * Page faults of the next chunk. Under Block On Fault every absent page costs a page request and the data path
   * stands still; otherwise, or if the answer is that the page is invalid, the operation ends there.
   * @returns 0 to go on, the time to stand still [ps], or -1 when the descriptor ended
   */
  private meetAbsentPages(transfer: Transfer, now: number): number {
    const { context, dataPath } = this.around;
    const { iommu } = dataPath;
    const { owner, presence } = this;
    const p = context.parameters;
    const instance = context.instances[context.table.rows[transfer.row]!.instance]!;
    const blocks = transfer.descriptor.has(FLAG.block_on_fault);
    const refused = blocks && iommu.guestAnswers && instance.answersNothing;
    const met = presence.meet(transfer, instance.space, blocks && !refused);
    if (met === MET.all) return 0;
    if (met === MET.ended) {
      owner.pageFaults++;
      if (refused) instance.refusedFaults++;
      this.endAtFault(transfer, presence.bytesMoved, refused ? refusalPs(p) : 0, now);
      return -1;
    }
    const storagePs = instance.config.buffers.faults === 'major' ? p['translation.storage_read'] : 0;
    const pausePs = iommu.requestPages(presence.requests, storagePs, now) - now;
    owner.pageFaults += presence.requests;
    transfer.faultPs += pausePs;
    return pausePs;
  }

  /** @param waitedPs how long the data path stands still for an answer first [ps] */
  private endAtFault(transfer: Transfer, bytesMoved: number, waitedPs: number, now: number): void {
    const { parameters: p } = this.around.context;
    transfer.faultPs += waitedPs;
    if (transfer.chunk === 0) this.places.take(transfer, now);
    transfer.endHere();
    this.queue.shift();
    this.owner.finish(transfer, now + waitedPs + p['translation.fault_report'], bytesMoved);
    this.turnUntil(now + waitedPs + p['engine.descriptor_overhead']);
  }
}
