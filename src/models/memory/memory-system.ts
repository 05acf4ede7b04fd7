/** The memory that the devices of a socket share: what each kind of it takes to read, and how much it moves. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { Placement } from '../config.js';
import type { ParameterValues } from '../parameters.js';
import { MemoryKind } from './memory-kind.js';
import { Port } from './port.js';

const PS_PER_SECOND = 1e12;

/**
 * Every kind of memory is a port of its own with one bandwidth for what is read and written together. Reads that hit the
 * last-level cache pass none. Writes to the cache pass none either, as far as all their destinations fit into what
 * devices may allocate; in the rest every line that comes in sends another one out.
 */
export class MemorySystem {
  private readonly kinds: Readonly<Record<Placement, MemoryKind>>;
  private readonly cacheBytes: number;
  private cachedBytes = DOUBLE_ZERO;
  /** Share of what is written to the cache that goes on to memory, 0..1. */
  private spilled = DOUBLE_ZERO;

  constructor(p: ParameterValues) {
    const dram = new Port();
    const localPs = p['memory.dram_latency'];
    const kind = (latencyPs: number, bandwidth: number, port = new Port()) =>
      new MemoryKind(latencyPs, latencyPs - localPs, PS_PER_SECOND / bandwidth, true, port);
    const dramBandwidth = p['memory.dram_bandwidth'];
    this.kinds = {
      dram: kind(localPs, dramBandwidth, dram),
      // What does not stay in the cache belongs to local memory.
      llc: new MemoryKind(p['memory.llc_latency'], 0, PS_PER_SECOND / dramBandwidth, false, dram),
      remote: kind(p['memory.remote_latency'], p['memory.remote_bandwidth']),
      cxl: kind(p['memory.cxl_latency'], p['memory.cxl_bandwidth']),
      peer: kind(p['memory.peer_latency'], p['memory.peer_bandwidth']),
    };
    this.cacheBytes = p['memory.device_cache'];
  }

  /** The kind of memory of a placement. */
  kind(placement: Placement): MemoryKind {
    return this.kinds[placement];
  }

  /** Announces destinations that are written to the cache again and again [B]. */
  addCachedDestinations(bytes: number): void {
    this.cachedBytes += bytes;
    this.spilled = this.cachedBytes > this.cacheBytes ? 1 - this.cacheBytes / this.cachedBytes : 0;
  }

  /**
   * How long the port of a kind of memory is occupied by some bytes [ps].
   * @param toCache whether the written ones go to the cache
   */
  timePs(kind: MemoryKind, readBytes: number, writtenBytes: number, toCache: boolean): number {
    const read = kind.isRead ? readBytes : 0;
    const written = toCache ? writtenBytes * this.spilled : writtenBytes;
    return Math.round((read + written) * kind.psPerByte);
  }
}
