/**
 * The places for descriptors in the engines of one group, as they are given back. A work descriptor keeps its place until its
 * writes are acknowledged. When that will be is known as soon as its record is written, so that it is an event only if
 * somebody waits for a place; otherwise places are given back when somebody asks.
 */
import { PRIORITY } from '../../sim/priorities.js';
import type { MachineContext } from '../context.js';
import type { Engine } from './engine.js';
import type { Transfer } from './transfer.js';
import { TransferQueue } from './transfer-queue.js';

const NEVER = Number.POSITIVE_INFINITY;

/** See the head of this file. */
export class GroupPlaces {
  /** Places for work descriptors that are free, as of the last time that places were given back. */
  free = 0;
  /** Batches that the engines hold. */
  batches = 0;
  /** Of the group. */
  readonly engines: Engine[] = [];
  private readonly retiring = new TransferQueue();
  private awaited = false;
  /** When the next event gives places back [ps]. */
  private eventPs = NEVER;

  /**
   * @param group its number in the machine, the payload of its event
   * @param retired event that calls {@link onRetired}
   */
  constructor(
    private readonly group: number,
    private readonly retired: number,
    private readonly context: MachineContext,
  ) {}

  /** Another engine of the group. @param transfers how many work descriptors it has places for */
  join(engine: Engine, transfers: number): void {
    const { engines } = this;
    const last = engines.at(-1) ?? engine;
    last.next = engine;
    engines.push(engine);
    engine.next = engines[0]!;
    this.free += transfers;
  }

  /** The writes of a transfer will be acknowledged at `atPs`. */
  retire(transfer: Transfer, atPs: number): void {
    this.retiring.add(transfer, atPs);
    if (this.awaited) this.wait();
  }

  /** When the next places can be given back [ps]. */
  get nextPs(): number {
    return this.retiring.firstPs;
  }

  /** Gives back the places of what is acknowledged by now. */
  settle(nowPs: number): void {
    const { retiring } = this;
    while (retiring.firstPs <= nowPs) {
      const transfer = retiring.shift();
      transfer.engine.release(transfer);
      this.free++;
    }
  }

  /** Somebody waits for a place: an event gives the next one back. */
  wait(): void {
    this.awaited = true;
    const atPs = this.retiring.firstPs;
    if (atPs >= this.eventPs) return;
    this.eventPs = atPs;
    this.context.simulator.scheduleAt(atPs, PRIORITY.COMPLETION, this.retired, this.group);
  }

  /** Writes that somebody waits for are acknowledged: whoever waits looks again, and waits anew if it must. */
  onRetired(): void {
    this.eventPs = NEVER;
    this.awaited = false;
    this.settle(this.context.simulator.nowPs);
    for (const engine of this.engines) engine.roomMade();
  }
}
