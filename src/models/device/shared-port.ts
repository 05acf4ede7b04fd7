/** A data path that the engines of a device share line by line: a direction of the fabric, or a pool of read buffers. */

/**
 * Engines ask for one chunk at a time, and their lines take turns: each engine with a chunk under way has an equal share of
 * the port, or more where the others leave it. A closed form stands for the turns: a chunk keeps the share that it finds
 * when it starts. What the port thereby passes too early or too late, beside one that never idles while there is work,
 * the next chunk makes up for.
 */
export class SharedPort {
  /** When a port that never idles would have passed all that was asked for [ps]. */
  private totalPs = 0;
  /**
   * For each engine when its last chunk has passed [ps], and the part of the port that it takes until then, 0..1. Room for a
   * multiple of four, whose rest has never passed anything.
   */
  private readonly chunks: Float64Array;
  /** Of the last {@link ask}: other engines with a chunk under way, the parts that they take, what they still pass [ps]. */
  private others = 0;
  private taken = 0;
  private promisedPs = 0;

  /** @param engines that share the port */
  constructor(engines: number) {
    this.chunks = new Float64Array(2 * 4 * Math.ceil(engines / 4));
  }

  /** When a chunk of `engine` that takes `tookPs` of the whole port would have passed [ps]. */
  ask(engine: number, tookPs: number, nowPs: number): number {
    const { chunks } = this;
    const owedPs = Math.max(0, this.totalPs - nowPs);
    this.others = 0;
    this.taken = 0;
    this.promisedPs = 0;
    const own = 2 * engine;
    // Four at a turn, for the reason that Descriptor.decodeNext gives.
    for (let at = 0; at < chunks.length; at += 8) {
      if (chunks[at]! > nowPs && at !== own) this.count(at, nowPs);
      if (chunks[at + 2]! > nowPs && at + 2 !== own) this.count(at + 2, nowPs);
      if (chunks[at + 4]! > nowPs && at + 4 !== own) this.count(at + 4, nowPs);
      if (chunks[at + 6]! > nowPs && at + 6 !== own) this.count(at + 6, nowPs);
    }
    if (this.others === 0) return nowPs + owedPs + tookPs;
    const share = Math.max(1 / (this.others + 1), 1 - this.taken);
    return nowPs + Math.round(Math.max(tookPs, tookPs / share + owedPs - this.promisedPs));
  }

  /** Counts the chunk of another engine that is under way. */
  private count(at: number, nowPs: number): void {
    const part = this.chunks[at + 1]!;
    this.others++;
    this.taken += part;
    this.promisedPs += (this.chunks[at]! - nowPs) * part;
  }

  /** Lets a chunk pass that something else may hold until `endPs`. */
  pass(engine: number, tookPs: number, nowPs: number, endPs: number): void {
    this.totalPs = Math.max(this.totalPs, nowPs) + tookPs;
    this.chunks[2 * engine] = endPs;
    this.chunks[2 * engine + 1] = tookPs / (endPs - nowPs);
  }
}
