/** What an engine's data passes, as one group reaches it, and what each chunk of it costs there. */
import type { WorkQueueRules } from '../../core/checks.js';
import type { Placement } from '../config.js';
import type { MemoryKind } from '../memory/memory-kind.js';
import type { MemorySystem } from '../memory/memory-system.js';
import type { ParameterValues } from '../parameters.js';
import type { Iommu } from '../translation/iommu.js';
import type { Fabric } from './fabric.js';
import { type Clock, type GroupBuffers, Passage } from './passage.js';
import { SharedPort } from './shared-port.js';
import type { Transfer } from './transfer.js';

const LINE_BYTES = 64;
const PS_PER_SECOND = 1e12;

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

/** See the head of this file. */
export class DataPath {
  private readonly enginePsPerByte: number;
  private readonly fabricPsPerByte: number;
  private readonly splitWrite: number;
  private readonly buffers: GroupBuffers;
  private readonly overheadPs: number;
  private readonly writeTurnaroundPs: number;

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
    this.buffers = { number: fabric.groups++, held: new SharedPort(), reserved: new SharedPort() };
    this.enginePsPerByte = PS_PER_SECOND / p['engine.bandwidth'];
    this.fabricPsPerByte = PS_PER_SECOND / p['fabric.bandwidth'];
    this.splitWrite = p['engine.split_write'];
    this.overheadPs = p['engine.descriptor_overhead'];
    this.writeTurnaroundPs = p['engine.write_turnaround'];
  }

  /** The way through it of one more engine of the group. */
  addEngine(clock: Clock): Passage {
    return new Passage(clock, this.fabric, this.buffers);
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

  /** Works out what a chunk costs, if not the same as the one before of its shape. */
  private plan(transfer: Transfer, chunk: number): void {
    const { cost, chunks, operands } = transfer;
    const { share } = this;
    const reads = part(operands.bytesRead, chunk, chunks);
    const writes = part(operands.bytesWritten, chunk, chunks);
    // Whole lines travel on the fabric; an unaligned transfer's extra one goes with its last chunk.
    const extra = chunk + 1 === chunks ? transfer.lineBytes : 0;
    const isPlanned =
      cost.chunk >= 0 && cost.reads === reads && cost.writes === writes && cost.extra === extra;
    cost.chunk = chunk;
    if (isPlanned) return;
    const split = transfer.splitsLines ? this.splitWrite : 1;
    cost.reads = reads;
    cost.writes = writes;
    cost.extra = extra;
    cost.enginePs = Math.round(Math.max(reads, writes * split) * this.enginePsPerByte);
    cost.readPs = reads > 0 ? Math.round((reads + extra) * this.fabricPsPerByte) : 0;
    cost.writePs = writes > 0 ? Math.round((writes + extra) * this.fabricPsPerByte) : 0;
    cost.turnedPs = cost.enginePs + this.overheadPs + (writes > 0 ? this.writeTurnaroundPs : 0);
    cost.memoryPort = transfer.memory.port;
    cost.memoryPs = this.memoryPs(transfer);
    // A buffer holds 64 bytes for the memory's latency, so a pool of n moves n lines a latency.
    const latenciesPs = (reads / LINE_BYTES) * transfer.memory.latencyPs;
    cost.heldPs = poolPs(latenciesPs, share.group);
    cost.limitedPs = poolPs(latenciesPs, share.limited);
    cost.reservedPs = poolPs(latenciesPs, share.reserved);
    cost.sharedPs = poolPs(latenciesPs, share.shared);
    // Whoever finds neither waits for ever.
    if (reads > 0 && share.reserved + share.shared === 0) cost.sharedPs = Number.POSITIVE_INFINITY;
  }

  /**
   * Starts the next chunk of a transfer on its way.
   * @param passage of the engine; tells when the chunk has passed
   */
  move(passage: Passage, transfer: Transfer): void {
    const { cost, chunk } = transfer;
    if (cost.chunk !== chunk) this.plan(transfer, chunk);
    // How much of what is written to the cache goes on to memory may have changed.
    if (transfer.writesCache) cost.memoryPs = this.memoryPs(transfer);
    passage.start(cost);
  }

  private memoryPs({ memory, cost, writesCache }: Transfer): number {
    return this.memory.timePs(memory, cost.reads, cost.writes, writesCache);
  }
}

/** Time that lines which hold a buffer each for so long, one after the other, keep a pool of buffers; 0 if it has none [ps]. */
function poolPs(latenciesPs: number, buffers: number): number {
  return buffers > 0 ? Math.round(latenciesPs / buffers) : 0;
}

/** The bytes of one of `chunks` equal parts, so that all parts add up [B]. */
function part(bytes: number, chunk: number, chunks: number): number {
  const equal = bytes / chunks;
  if (Math.floor(equal) === equal) return equal;
  return Math.floor((bytes * (chunk + 1)) / chunks) - Math.floor((bytes * chunk) / chunks);
}
