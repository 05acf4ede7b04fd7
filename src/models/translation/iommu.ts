/** The IOMMU of one device: an IOTLB of limited size and a pool of page walkers. */
import type { ParameterValues } from '../parameters.js';
import type { TranslationPath } from '../virtualization/design.js';

const SPACE_STRIDE = 1099511627776; // 2^40 pages: above any page number of a 52-bit address

/** Answers ATS requests. */
export class Iommu {
  hits = 0;
  misses = 0;
  /** Insertion order is age: a hit is moved to the end, the first key goes when the cache is full. */
  private readonly entries = new Map<number, true>();
  private readonly walkerFreePs: Float64Array;
  private readonly walkPs: number;

  constructor(
    path: TranslationPath,
    private readonly p: ParameterValues,
  ) {
    this.walkerFreePs = new Float64Array(p['translation.walkers']);
    this.walkPs = path === 'nested' ? p['translation.walk_nested'] : p['translation.walk_one_stage'];
  }

  /**
   * An ATS request leaves the device at `nowPs`.
   * @param space address space (PASID)
   * @param page page number at the mapping's page size
   * @returns when the translation is back in the device [ps]
   */
  request(space: number, page: number, nowPs: number): number {
    const key = space * SPACE_STRIDE + page;
    const back = nowPs + this.p['translation.ats_round_trip'];
    if (this.entries.delete(key)) {
      this.entries.set(key, true);
      this.hits++;
      return back;
    }
    this.misses++;
    if (this.entries.size >= this.p['translation.iotlb_entries']) {
      for (const oldest of this.entries.keys()) {
        this.entries.delete(oldest);
        break;
      }
    }
    this.entries.set(key, true);
    return this.walk(back);
  }

  /** Starts the measured phase: counts anew, keeps what it knows. */
  reset(): void {
    this.hits = 0;
    this.misses = 0;
  }

  /** Takes the walker that is free first; requests wait when all are busy. */
  private walk(askedPs: number): number {
    const walkers = this.walkerFreePs;
    let best = 0;
    for (let i = 1; i < walkers.length; i++) if (walkers[i]! < walkers[best]!) best = i;
    const done = Math.max(walkers[best]!, askedPs) + this.walkPs;
    walkers[best] = done;
    return done;
  }
}
