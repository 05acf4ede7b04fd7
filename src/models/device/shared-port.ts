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
  /** When each engine's last chunk has passed [ps], and the part of the port that it takes until then, 0..1. */
  private readonly endPs: Float64Array;
  private readonly part: Float64Array;

  /** @param engines that share the port */
  constructor(engines: number) {
    this.endPs = new Float64Array(engines);
    this.part = new Float64Array(engines);
  }

  /** When a chunk of `engine` that takes `tookPs` of the whole port would have passed [ps]. */
  ask(engine: number, tookPs: number, nowPs: number): number {
    const { endPs, part } = this;
    const owedPs = Math.max(0, this.totalPs - nowPs);
    let others = 0;
    let taken = 0;
    let promisedPs = 0;
    for (let i = 0; i < endPs.length; i++) {
      if (i === engine || endPs[i]! <= nowPs) continue;
      others++;
      taken += part[i]!;
      promisedPs += (endPs[i]! - nowPs) * part[i]!;
    }
    if (others === 0) return nowPs + owedPs + tookPs;
    const share = Math.max(1 / (others + 1), 1 - taken);
    return nowPs + Math.round(Math.max(tookPs, tookPs / share + owedPs - promisedPs));
  }

  /** Lets a chunk pass that something else may hold until `endPs`. */
  pass(engine: number, tookPs: number, nowPs: number, endPs: number): void {
    this.totalPs = Math.max(this.totalPs, nowPs) + tookPs;
    this.endPs[engine] = endPs;
    this.part[engine] = tookPs / (endPs - nowPs);
  }
}
