/** What an engine's data passes: its own width, the device's fabric in each direction, the group's read buffers. */
import type { WorkQueueRules } from '../../core/checks.js';
import type { Placement } from '../config.js';
import type { ParameterValues } from '../parameters.js';
import type { Iommu } from '../translation/iommu.js';
import { LoadMeter } from './load-meter.js';
import { Port } from './port.js';
import type { Transfer } from './transfer.js';

const LINE_BYTES = 64;
const PS_PER_SECOND = 1e12;

/** Ports that all engines of a device share. */
export class Fabric {
  readonly read = new Port();
  /** How busy reading keeps the fabric. */
  readonly readLoad = new LoadMeter();
  readonly write = new Port();
  /** All read buffers of the device. */
  readonly buffers = new Port();
  /** The read buffers of groups that share the device's global limit (GENCFG). */
  readonly limitedBuffers = new Port();
}

/** How many read buffers bound a group, from GRPFLAGS and GENCFG [64 B buffers]. */
export interface ReadBufferShare {
  readonly total: number;
  readonly group: number;
  /** The global limit, or 0 when the group is exempt. */
  readonly limited: number;
}

/** The data path as one group reaches it. */
export class DataPath {
  private readonly groupBuffers = new Port();
  private readonly enginePsPerByte: number;
  private readonly fabricPsPerByte: number;

  /**
   * @param rulesOf rules of a work queue by its number in the machine
   */
  constructor(
    readonly iommu: Iommu,
    private readonly fabric: Fabric,
    private readonly share: ReadBufferShare,
    private readonly p: ParameterValues,
    private readonly rulesOf: readonly WorkQueueRules[],
  ) {
    this.enginePsPerByte = PS_PER_SECOND / p['engine.bandwidth'];
    this.fabricPsPerByte = PS_PER_SECOND / p['fabric.bandwidth'];
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

  /** How long a read of one line holds a read buffer [ps]. */
  readLatencyPs(placement: Placement): number {
    return placement === 'llc' ? this.p['memory.llc_latency'] : this.p['memory.dram_latency'];
  }

  /**
   * Moves one chunk. It takes as long as the slowest of the engine's own width, the fabric in either direction, and
   * the read buffers: a buffer holds 64 bytes for the memory's latency, so a pool of n moves n lines a latency.
   * @returns when the chunk has passed [ps]
   */
  move(transfer: Transfer, chunk: number, nowPs: number): number {
    const { bytesRead, bytesWritten } = transfer.operands;
    const reads = part(bytesRead, chunk, transfer.chunks);
    const writes = part(bytesWritten, chunk, transfer.chunks);
    const { fabric, share } = this;
    const split = transfer.splitsLines ? this.p['engine.split_write'] : 1;
    let endPs = nowPs + Math.round(Math.max(reads, writes * split) * this.enginePsPerByte);
    transfer.ownEndPs = endPs;
    // Whole lines travel on the fabric; an unaligned transfer's extra one goes with its last chunk.
    const extra = chunk + 1 === transfer.chunks ? transfer.lineBytes : 0;
    const readPs = reads > 0 ? Math.round((reads + extra) * this.fabricPsPerByte) : 0;
    const writePs = writes > 0 ? Math.round((writes + extra) * this.fabricPsPerByte) : 0;
    fabric.readLoad.add(readPs, nowPs);
    endPs = Math.max(endPs, fabric.read.reserve(readPs, nowPs));
    endPs = Math.max(endPs, fabric.write.reserve(writePs, nowPs));
    if (reads > 0) {
      const heldPs = (reads / LINE_BYTES) * this.readLatencyPs(transfer.placement);
      endPs = Math.max(endPs, this.groupBuffers.reserve(Math.round(heldPs / share.group), nowPs));
      endPs = Math.max(endPs, fabric.buffers.reserve(Math.round(heldPs / share.total), nowPs));
      if (share.limited > 0) {
        endPs = Math.max(endPs, fabric.limitedBuffers.reserve(Math.round(heldPs / share.limited), nowPs));
      }
    }
    return endPs;
  }
}

/** The bytes of one of `chunks` equal parts, so that all parts add up [B]. */
function part(bytes: number, chunk: number, chunks: number): number {
  return Math.floor((bytes * (chunk + 1)) / chunks) - Math.floor((bytes * chunk) / chunks);
}
