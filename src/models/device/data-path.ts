/** What an engine's data passes: its own width, the device's fabric in each direction, the group's read buffers. */
import type { WorkQueueRules } from '../../core/checks.js';
import type { Placement } from '../config.js';
import type { MemoryKind, MemorySystem } from '../memory/memory-system.js';
import type { ParameterValues } from '../parameters.js';
import type { Iommu } from '../translation/iommu.js';
import type { ChunkCost } from './chunk-cost.js';
import { LoadMeter } from './load-meter.js';
import { SharedPort } from './shared-port.js';
import type { Transfer } from './transfer.js';

const LINE_BYTES = 64;
const PS_PER_SECOND = 1e12;

/** Ports that all engines of a device share. */
export class Fabric {
  readonly read: SharedPort;
  /** How busy reading keeps the fabric. */
  readonly readLoad = new LoadMeter();
  readonly write: SharedPort;
  /** The read buffers that no group has reserved. */
  readonly buffers: SharedPort;
  /** The read buffers of groups that share the device's global limit (GENCFG). */
  readonly limitedBuffers: SharedPort;

  /** @param engines of the device */
  constructor(readonly engines: number) {
    this.read = new SharedPort(engines);
    this.write = new SharedPort(engines);
    this.buffers = new SharedPort(engines);
    this.limitedBuffers = new SharedPort(engines);
  }
}

/** How many read buffers bound a group, from GRPFLAGS and GENCFG [64 B buffers]. */
export interface ReadBufferShare {
  /** Those that no group has reserved, in the order of asking. */
  readonly shared: number;
  /** Those that the group has reserved: nobody else's reads are in front of its own there. */
  readonly reserved: number;
  /** The most that the group may hold. */
  readonly group: number;
  /** The global limit, or 0 when the group is exempt. */
  readonly limited: number;
}

/** The data path as one group reaches it. */
export class DataPath {
  private readonly groupBuffers: SharedPort;
  private readonly reservedBuffers: SharedPort;
  private readonly enginePsPerByte: number;
  private readonly fabricPsPerByte: number;
  private readonly splitWrite: number;

  /**
   * @param rulesOf rules of a work queue by its number in the machine
   */
  constructor(
    readonly iommu: Iommu,
    private readonly fabric: Fabric,
    private readonly share: ReadBufferShare,
    p: ParameterValues,
    private readonly rulesOf: readonly WorkQueueRules[],
    private readonly memory: MemorySystem,
  ) {
    this.enginePsPerByte = PS_PER_SECOND / p['engine.bandwidth'];
    this.groupBuffers = new SharedPort(fabric.engines);
    this.reservedBuffers = new SharedPort(fabric.engines);
    this.fabricPsPerByte = PS_PER_SECOND / p['fabric.bandwidth'];
    this.splitWrite = p['engine.split_write'];
  }

  /** What a work queue says about its descriptors. */
  rules(queue: number): WorkQueueRules {
    return this.rulesOf[queue]!;
  }

  /** Read buffers that the group may hold [64 B buffers]. */
  get readBuffers(): number {
    return this.share.group;
  }

  /** Time that some bytes occupy an engine [ps]. */
  engineTimePs(bytes: number): number {
    return bytes * this.enginePsPerByte;
  }

  /** The kind of memory of a placement, as the device's socket has it. */
  memoryKind(placement: Placement): MemoryKind {
    return this.memory.kind(placement);
  }

  /** Works out what a chunk costs. */
  private plan(transfer: Transfer, chunk: number): void {
    const { cost, chunks, operands } = transfer;
    const { share } = this;
    const reads = part(operands.bytesRead, chunk, chunks);
    const writes = part(operands.bytesWritten, chunk, chunks);
    const split = transfer.splitsLines ? this.splitWrite : 1;
    // Whole lines travel on the fabric; an unaligned transfer's extra one goes with its last chunk.
    const extra = chunk + 1 === chunks ? transfer.lineBytes : 0;
    cost.chunk = chunk;
    cost.reads = reads;
    cost.writes = writes;
    cost.enginePs = Math.round(Math.max(reads, writes * split) * this.enginePsPerByte);
    cost.readPs = reads > 0 ? Math.round((reads + extra) * this.fabricPsPerByte) : 0;
    cost.writePs = writes > 0 ? Math.round((writes + extra) * this.fabricPsPerByte) : 0;
    const heldPs = (reads / LINE_BYTES) * transfer.memory.latencyPs;
    cost.groupPs = Math.round(heldPs / share.group);
    cost.limitedPs = share.limited > 0 ? Math.round(heldPs / share.limited) : 0;
    cost.reservedPs = share.reserved > 0 ? Math.round(heldPs / share.reserved) : 0;
    cost.sharedPs = share.shared > 0 ? Math.round(heldPs / share.shared) : 0;
  }

  /**
   * Moves one chunk. It takes as long as the slowest of the engine's own width, the fabric in either direction, memory,
   * and the read buffers: a buffer holds 64 bytes for the memory's latency, so a pool of n moves n lines a latency.
   * @param engine number of the engine in the device
   * @returns when the chunk has passed [ps]
   */
  move(engine: number, transfer: Transfer, chunk: number, nowPs: number): number {
    const { fabric } = this;
    const { cost, memory } = transfer;
    if (cost.chunk !== chunk) this.plan(transfer, chunk);
    const { reads, writes, readPs, writePs } = cost;
    const ownEndPs = nowPs + cost.enginePs;
    transfer.ownEndPs = ownEndPs;
    const memoryEndPs = this.memory.move(memory, reads, writes, transfer.writesCache, nowPs);
    let endPs = Math.max(ownEndPs, memoryEndPs);
    fabric.readLoad.add(readPs, nowPs);
    if (readPs > 0) endPs = Math.max(endPs, fabric.read.ask(engine, readPs, nowPs));
    if (writePs > 0) endPs = Math.max(endPs, fabric.write.ask(engine, writePs, nowPs));
    if (reads > 0) endPs = this.takeBuffers(engine, cost, nowPs, endPs);
    if (readPs > 0) fabric.read.pass(engine, readPs, nowPs, endPs);
    if (writePs > 0) fabric.write.pass(engine, writePs, nowPs, endPs);
    return endPs;
  }

  /**
   * Read buffers for a chunk: of the group's own reserved ones and the shared ones those that have passed it first, within
   * what the group may hold and the global limit.
   * @param fromPs when everything else has passed it [ps]
   * @returns when they have as well [ps]
   */
  private takeBuffers(engine: number, cost: ChunkCost, nowPs: number, fromPs: number): number {
    const { fabric, reservedBuffers, groupBuffers } = this;
    const { limitedBuffers } = fabric;
    const { groupPs, limitedPs, reservedPs, sharedPs } = cost;
    let endPs = Math.max(fromPs, groupBuffers.ask(engine, groupPs, nowPs));
    if (limitedPs > 0) endPs = Math.max(endPs, limitedBuffers.ask(engine, limitedPs, nowPs));
    const own = reservedPs > 0 ? reservedBuffers.ask(engine, reservedPs, nowPs) : Number.POSITIVE_INFINITY;
    const others = sharedPs > 0 ? fabric.buffers.ask(engine, sharedPs, nowPs) : Number.POSITIVE_INFINITY;
    endPs = Math.max(endPs, Math.min(own, others));
    if (own <= others) reservedBuffers.pass(engine, reservedPs, nowPs, endPs);
    else fabric.buffers.pass(engine, sharedPs, nowPs, endPs);
    groupBuffers.pass(engine, groupPs, nowPs, endPs);
    if (limitedPs > 0) limitedBuffers.pass(engine, limitedPs, nowPs, endPs);
    return endPs;
  }
}

/** The bytes of one of `chunks` equal parts, so that all parts add up [B]. */
function part(bytes: number, chunk: number, chunks: number): number {
  if (chunks === 1) return bytes;
  return Math.floor((bytes * (chunk + 1)) / chunks) - Math.floor((bytes * chunk) / chunks);
}
