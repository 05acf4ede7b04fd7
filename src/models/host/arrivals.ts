/** When work reaches an instance from outside: open and traced load. */
import { exponential } from '../../sim/distributions.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { KeyedRandom } from '../../sim/random.js';
import type { Load } from '../config.js';
import { PURPOSE } from '../context.js';

const PS_PER_SECOND = 1e12;

/** Arrivals of one instance, in order. */
export class Arrivals {
  private number = 0;
  private lastPs = DOUBLE_ZERO;

  /** @param batch descriptors that arrive together */
  constructor(
    private readonly load: Load,
    private readonly instance: number,
    private readonly batch: number,
    private readonly random: KeyedRandom,
  ) {}

  /** Time of the next arrival from the start of the load, or -1 when there is none [ps]. */
  next(): number {
    const { load } = this;
    const number = this.number++;
    if (load.kind === 'closed' || load.kind === 'burst') return -1;
    if (load.kind === 'trace') return load.arrivalsPs[number] ?? -1;
    const meanPs = (PS_PER_SECOND / load.ratePerSecond) * this.batch;
    const gapPs =
      load.arrivals === 'poisson'
        ? exponential(this.random.uniform(this.instance, number, PURPOSE.arrival), meanPs)
        : meanPs;
    this.lastPs += gapPs;
    return Math.round(this.lastPs);
  }
}
