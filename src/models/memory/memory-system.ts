/** The memory that the devices of a socket share: what each kind of it takes to read, and how much it moves. */
import type { Placement } from '../config.js';
import type { ParameterValues } from '../parameters.js';
import { Port } from './port.js';

const PS_PER_SECOND = 1e12;

/** One kind of memory, as a device reaches it. */
export interface MemoryKind {
  /** How long a read of one line holds a read buffer [ps]. */
  readonly latencyPs: number;
  /** What a write takes longer to be visible than one to local memory [ps]. */
  readonly writeExtraPs: number;
  readonly psPerByte: number;
  /** Whether what is read comes from memory, and not from the cache. */
  readonly isRead: boolean;
  readonly port: Port;
}

/**
 * Every kind of memory is a port of its own with one bandwidth for what is read and written together. Reads that hit the
 * last-level cache pass none. Writes to the cache pass none either, as far as all their destinations fit into what
 * devices may allocate; in the rest every line that comes in sends another one out.
 */
export class MemorySystem {
  private readonly kinds: Readonly<Record<Placement, MemoryKind>>;
  private readonly cacheBytes: number;
  private cachedBytes = 0;
  /** Share of what is written to the cache that goes on to memory, 0..1. */
  private spilled = 0;

  constructor(p: ParameterValues) {
    const dram = new Port();
    const localPs = p['memory.dram_latency'];
    const kind = (latencyPs: number, bandwidth: number, port = new Port()): MemoryKind => ({
      latencyPs,
      writeExtraPs: latencyPs - localPs,
      psPerByte: PS_PER_SECOND / bandwidth,
      isRead: true,
      port,
    });
    this.kinds = {
      dram: kind(localPs, p['memory.dram_bandwidth'], dram),
      // What does not stay in the cache belongs to local memory.
      llc: {
        ...kind(p['memory.llc_latency'], p['memory.dram_bandwidth'], dram),
        writeExtraPs: 0,
        isRead: false,
      },
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
