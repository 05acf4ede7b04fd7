/** The memory that the devices of a socket share: what each kind of it takes to read, and how much it moves. */
import type { Placement } from '../config.js';
import type { ParameterValues } from '../parameters.js';
import { Port } from './port.js';

const PS_PER_SECOND = 1e12;

/**
 * Every kind of memory is a port of its own with one bandwidth for what is read and written together. Reads that hit the
 * last-level cache pass none. Writes to the cache pass none either, as far as all their destinations fit into what
 * devices may allocate; in the rest every line that comes in sends another one out.
 */
export class MemorySystem {
  private readonly latencyPs: Readonly<Record<Placement, number>>;
  private readonly psPerByte: Readonly<Record<Placement, number>>;
  private readonly ports: Readonly<Record<Placement, Port>>;
  private readonly cacheBytes: number;
  private cachedBytes = 0;
  /** Share of what is written to the cache that goes on to memory, 0..1. */
  private spilled = 0;

  constructor(p: ParameterValues) {
    const dram = new Port();
    this.latencyPs = {
      dram: p['memory.dram_latency'],
      llc: p['memory.llc_latency'],
      remote: p['memory.remote_latency'],
      cxl: p['memory.cxl_latency'],
      peer: p['memory.peer_latency'],
    };
    const dramPs = PS_PER_SECOND / p['memory.dram_bandwidth'];
    this.psPerByte = {
      dram: dramPs,
      llc: dramPs,
      remote: PS_PER_SECOND / p['memory.remote_bandwidth'],
      cxl: PS_PER_SECOND / p['memory.cxl_bandwidth'],
      peer: PS_PER_SECOND / p['memory.peer_bandwidth'],
    };
    // What does not stay in the cache belongs to local memory.
    this.ports = { dram, llc: dram, remote: new Port(), cxl: new Port(), peer: new Port() };
    this.cacheBytes = p['memory.device_cache'];
  }

  /** Announces destinations that are written to the cache again and again [B]. */
  addCachedDestinations(bytes: number): void {
    this.cachedBytes += bytes;
    this.spilled = this.cachedBytes > this.cacheBytes ? 1 - this.cacheBytes / this.cachedBytes : 0;
  }

  /** How long a read of one line holds a read buffer [ps]. */
  readLatencyPs(placement: Placement): number {
    return this.latencyPs[placement];
  }

  /** What a write takes longer to be visible than one to local memory [ps]. */
  writeExtraPs(placement: Placement): number {
    return placement === 'llc' ? 0 : this.latencyPs[placement] - this.latencyPs.dram;
  }

  /**
   * Moves a chunk's bytes.
   * @param toCache whether the written ones go to the cache
   * @returns when memory has moved them [ps]
   */
  move(
    placement: Placement,
    readBytes: number,
    writtenBytes: number,
    toCache: boolean,
    nowPs: number,
  ): number {
    const read = placement === 'llc' ? 0 : readBytes;
    const written = toCache ? writtenBytes * this.spilled : writtenBytes;
    return this.ports[placement].reserve(Math.round((read + written) * this.psPerByte[placement]), nowPs);
  }
}
