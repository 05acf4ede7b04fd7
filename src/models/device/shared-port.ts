/**
 * A data path that the engines of a device share line by line: a direction of the fabric, or a pool of read buffers.
 *
 * Engines ask for one chunk at a time, and their lines take turns: each engine with a chunk under way has an equal share of
 * the port, or more where the others leave it. A closed form stands for the turns: a chunk keeps the share that it finds
 * when it starts. What the port thereby passes too early or too late, beside one that never idles while there is work,
 * the next chunk makes up for.
 *
 * What a chunk finds is three sums over the others under way, which `Passage` collects for all ports at once: how many
 * they are, the part of the port that they take together, and the time of the whole port that they will still have.
 */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';

/** See the head of this file. */
export class SharedPort {
  /** When a port that never idles would have passed all that was asked for [ps]. */
  private totalPs = DOUBLE_ZERO;

  /**
   * How long a chunk would take that needs `tookPs` of the whole port [ps]; not rounded.
   * @param sharers engines with a chunk under way, its own included
   * @param taken part of the port that the others take, 0..1
   * @param promisedPs time of the whole port that the others have from now on [ps]
   */
  ask(tookPs: number, nowPs: number, sharers: number, taken: number, promisedPs: number): number {
    const { totalPs } = this;
    const owedPs = totalPs > nowPs ? totalPs - nowPs : 0;
    const equal = 1 / sharers;
    const left = 1 - taken;
    const turnsPs = tookPs / (equal > left ? equal : left) + owedPs - promisedPs;
    return turnsPs > tookPs ? turnsPs : tookPs;
  }

  /** Lets a chunk pass. @returns what {@link ask} says of it [ps] */
  pass(tookPs: number, nowPs: number, sharers: number, taken: number, promisedPs: number): number {
    const durationPs = this.ask(tookPs, nowPs, sharers, taken, promisedPs);
    this.totalPs = (this.totalPs > nowPs ? this.totalPs : nowPs) + tookPs;
    return durationPs;
  }
}
