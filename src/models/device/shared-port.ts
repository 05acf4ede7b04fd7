/** A data path that the engines of a device share line by line: a direction of the fabric, or a pool of read buffers. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';

/**
 * Engines ask for one chunk at a time, and their lines take turns: each engine with a chunk under way has an equal share of
 * the port, or more where the others leave it. A closed form stands for the turns: a chunk keeps the share that it finds
 * when it starts. What the port thereby passes too early or too late, beside one that never idles while there is work,
 * the next chunk makes up for.
 */
export class SharedPort {
  /** When a port that never idles would have passed all that was asked for [ps]. */
  private totalPs = DOUBLE_ZERO;
  /**
   * For each engine when its last chunk has passed [ps], and the part of the port that it takes until then, 0..1. Room for a
   * multiple of four, whose rest has never passed anything.
   */
  private readonly chunks: Float64Array;
  /** @param engines that share the port */
  constructor(engines: number) {
    this.chunks = new Float64Array(2 * 4 * Math.ceil(engines / 4));
  }

  /** When a chunk of `engine` that takes `tookPs` of the whole port would have passed [ps]. */
  ask(engine: number, tookPs: number, nowPs: number): number {
    const { chunks } = this;
    const owedPs = Math.max(0, this.totalPs - nowPs);
    let others = 0;
    let taken = 0;
    let promisedPs = 0;
    const own = 2 * engine;
    // Four at a turn, for the reason that Descriptor.decodeNext gives.
    for (let at = 0; at < chunks.length; at += 8) {
      const end0 = chunks[at]!;
      if (end0 > nowPs && at !== own) {
        const part = chunks[at + 1]!;
        others++;
        taken += part;
        promisedPs += (end0 - nowPs) * part;
      }
      const end1 = chunks[at + 2]!;
      if (end1 > nowPs && at + 2 !== own) {
        const part = chunks[at + 3]!;
        others++;
        taken += part;
        promisedPs += (end1 - nowPs) * part;
      }
      const end2 = chunks[at + 4]!;
      if (end2 > nowPs && at + 4 !== own) {
        const part = chunks[at + 5]!;
        others++;
        taken += part;
        promisedPs += (end2 - nowPs) * part;
      }
      const end3 = chunks[at + 6]!;
      if (end3 > nowPs && at + 6 !== own) {
        const part = chunks[at + 7]!;
        others++;
        taken += part;
        promisedPs += (end3 - nowPs) * part;
      }
    }
    if (others === 0) return nowPs + owedPs + tookPs;
    const share = Math.max(1 / (others + 1), 1 - taken);
    return nowPs + Math.round(Math.max(tookPs, tookPs / share + owedPs - promisedPs));
  }

  /** Lets a chunk pass that something else may hold until `endPs`. */
  pass(engine: number, tookPs: number, nowPs: number, endPs: number): void {
    this.totalPs = Math.max(this.totalPs, nowPs) + tookPs;
    this.chunks[2 * engine] = endPs;
    this.chunks[2 * engine + 1] = tookPs / (endPs - nowPs);
  }
}
