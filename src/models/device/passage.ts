/**
 * The way of one engine's data: its own width, memory, and the ports that it shares with other engines.
 *
 * An engine has one chunk under way at most, which has passed all its ports at one time, and the next one starts no earlier.
 * So what the shared ports know of an engine is one record, and one look at the records serves a chunk at all its ports.
 */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { ChunkCost } from './chunk-cost.js';
import type { Fabric } from './fabric.js';
import type { LoadMeter } from './load-meter.js';
import type { SharedPort } from './shared-port.js';

/** Tells the time. */
export interface Clock {
  readonly nowPs: number;
}

/** The read buffers of a group. */
export interface GroupBuffers {
  /** Number of the group in its device. */
  readonly number: number;
  /** Those that it may hold. */
  readonly held: SharedPort;
  /** Those that it has reserved. */
  readonly reserved: SharedPort;
}

/** See the head of this file. */
export class Passage {
  /** When the engine's last chunk has passed [ps]. */
  endPs = DOUBLE_ZERO;
  /** When the engine is free for another descriptor, if that chunk was the last of its own [ps]. */
  freePs = DOUBLE_ZERO;
  /** The part of each port that the chunk takes until it has passed, 0..1; 0 of those that it does not pass. */
  private readPart = DOUBLE_ZERO;
  private writePart = DOUBLE_ZERO;
  private heldPart = DOUBLE_ZERO;
  private limitedPart = DOUBLE_ZERO;
  private reservedPart = DOUBLE_ZERO;
  private sharedPart = DOUBLE_ZERO;
  private readonly group: number;
  private readonly readLoad: LoadMeter;
  private readonly readPort: SharedPort;
  private readonly writePort: SharedPort;
  private readonly heldPort: SharedPort;
  private readonly limitedPort: SharedPort;
  private readonly reservedPort: SharedPort;
  private readonly sharedPort: SharedPort;
  /** Those of the device's first engine, and of the next one. */
  private readonly first: Passage;
  private next: Passage | null = null;

  constructor(
    readonly clock: Clock,
    fabric: Fabric,
    buffers: GroupBuffers,
  ) {
    this.group = buffers.number;
    this.readLoad = fabric.readLoad;
    this.readPort = fabric.read;
    this.writePort = fabric.write;
    this.heldPort = buffers.held;
    this.limitedPort = fabric.limitedBuffers;
    this.reservedPort = buffers.reserved;
    this.sharedPort = fabric.buffers;
    const before = fabric.passages.at(-1);
    if (before !== undefined) before.next = this;
    fabric.passages.push(this);
    this.first = fabric.passages[0]!;
  }

  /**
   * Starts a chunk: `endPs` and `freePs` are then its own. It takes as long as the slowest of all that it passes. Of the
   * group's reserved read buffers and the shared ones it takes those that pass it first, within what the group may hold and
   * the global limit.
   *
   * The sums of every port have variables of their own: this is the innermost loop of a simulation, and here they stay in
   * registers. The counts are cut to 32 bits, which spares looking whether they overflow.
   */
  start(cost: ChunkCost): void {
    const { group } = this;
    const { nowPs } = this.clock;
    this.readLoad.add(cost.readPs, nowPs);
    let readers = 1;
    let readTaken = 0;
    let readPromisedPs = 0;
    let writers = 1;
    let writeTaken = 0;
    let writePromisedPs = 0;
    let holders = 1;
    let heldTaken = 0;
    let heldPromisedPs = 0;
    let limited = 1;
    let limitedTaken = 0;
    let limitedPromisedPs = 0;
    let reservers = 1;
    let reservedTaken = 0;
    let reservedPromisedPs = 0;
    let sharers = 1;
    let sharedTaken = 0;
    let sharedPromisedPs = 0;
    for (let other: Passage | null = this.first; other !== null; other = other.next) {
      // Its own never counts: the chunk before has passed.
      const leftPs = other.endPs - nowPs;
      if (leftPs <= 0) continue;
      if (other.readPart > 0) {
        readers = (readers + 1) | 0;
        readTaken += other.readPart;
        readPromisedPs += leftPs * other.readPart;
      }
      if (other.writePart > 0) {
        writers = (writers + 1) | 0;
        writeTaken += other.writePart;
        writePromisedPs += leftPs * other.writePart;
      }
      if (other.sharedPart > 0) {
        sharers = (sharers + 1) | 0;
        sharedTaken += other.sharedPart;
        sharedPromisedPs += leftPs * other.sharedPart;
      }
      if (other.limitedPart > 0) {
        limited = (limited + 1) | 0;
        limitedTaken += other.limitedPart;
        limitedPromisedPs += leftPs * other.limitedPart;
      }
      if (other.group !== group) continue;
      if (other.heldPart > 0) {
        holders = (holders + 1) | 0;
        heldTaken += other.heldPart;
        heldPromisedPs += leftPs * other.heldPart;
      }
      if (other.reservedPart > 0) {
        reservers = (reservers + 1) | 0;
        reservedTaken += other.reservedPart;
        reservedPromisedPs += leftPs * other.reservedPart;
      }
    }
    const { enginePs, readPs, writePs, heldPs, limitedPs, reservedPs, sharedPs } = cost;
    const memoryPs = cost.memoryPort.reserve(cost.memoryPs, nowPs) - nowPs;
    let longestPs = enginePs > memoryPs ? enginePs : memoryPs;
    if (readPs > 0) {
      const ps = this.readPort.pass(readPs, nowPs, readers, readTaken, readPromisedPs);
      if (ps > longestPs) longestPs = ps;
    }
    if (writePs > 0) {
      const ps = this.writePort.pass(writePs, nowPs, writers, writeTaken, writePromisedPs);
      if (ps > longestPs) longestPs = ps;
    }
    if (heldPs > 0) {
      const ps = this.heldPort.pass(heldPs, nowPs, holders, heldTaken, heldPromisedPs);
      if (ps > longestPs) longestPs = ps;
    }
    if (limitedPs > 0) {
      const ps = this.limitedPort.pass(limitedPs, nowPs, limited, limitedTaken, limitedPromisedPs);
      if (ps > longestPs) longestPs = ps;
    }
    let reserves = reservedPs > 0;
    if (reserves && sharedPs > 0) {
      const ownPs = this.reservedPort.ask(reservedPs, nowPs, reservers, reservedTaken, reservedPromisedPs);
      const ps = this.sharedPort.ask(sharedPs, nowPs, sharers, sharedTaken, sharedPromisedPs);
      reserves = Math.round(ownPs) <= Math.round(ps);
    }
    if (reserves) {
      const ps = this.reservedPort.pass(reservedPs, nowPs, reservers, reservedTaken, reservedPromisedPs);
      if (ps > longestPs) longestPs = ps;
    } else if (sharedPs > 0) {
      const ps = this.sharedPort.pass(sharedPs, nowPs, sharers, sharedTaken, sharedPromisedPs);
      if (ps > longestPs) longestPs = ps;
    }
    const durationPs = Math.round(longestPs);
    const { turnedPs } = cost;
    this.endPs = nowPs + durationPs;
    // The engine turns around while the fabric may still be busy with its last chunk.
    this.freePs = nowPs + (durationPs > turnedPs ? durationPs : turnedPs);
    this.readPart = readPs / durationPs;
    this.writePart = writePs / durationPs;
    this.heldPart = heldPs / durationPs;
    this.limitedPart = limitedPs / durationPs;
    this.reservedPart = reserves ? reservedPs / durationPs : 0;
    this.sharedPart = reserves ? 0 : sharedPs / durationPs;
  }
}
