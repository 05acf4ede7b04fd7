/** The IOMMU of one device: an IOTLB of limited size, paging-structure caches and a pool of page walkers. */
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { ParameterValues } from '../parameters.js';
import type { TranslationPath } from '../virtualization/design.js';
import { relayPs } from './page-relay.js';
import { type RecentEntry, RecentSet } from './recent-set.js';
import { PageTables } from './walk.js';

const PAGE_BYTES = 4096;
const LARGE_PAGE_BYTES = 2097152;

/** Levels of a walk that ends at a page of this size. */
function levelsOf(pageBytes: number): number {
  if (pageBytes === PAGE_BYTES) return 4;
  return pageBytes === LARGE_PAGE_BYTES ? 3 : 2;
}

/** Answers ATS requests. */
export class Iommu {
  hits = 0;
  misses = 0;
  /** The IOTLB. The value of an entry is when its walk ends or ended: a hit before that waits for it [ps]. */
  private readonly entries: RecentSet;
  private readonly walkerFreePs: Float64Array;
  private readonly roundTripPs: number = DOUBLE_ZERO;
  private handlerFreePs = DOUBLE_ZERO;
  /** Tables that a walk passes: one stage, or the guest's and the host's. */
  private readonly stages: PageTables[];
  /** Page tables are the guest's, and so is the answer to a page request. */
  readonly guestAnswers: boolean;

  constructor(
    path: TranslationPath,
    private readonly p: ParameterValues,
  ) {
    this.roundTripPs = p['translation.ats_round_trip'];
    this.entries = new RecentSet(p['translation.iotlb_entries']);
    this.walkerFreePs = new Float64Array(p['translation.walkers']);
    this.guestAnswers = path === 'nested' || path === 'nested-hw-queue';
    this.stages = Array.from({ length: this.guestAnswers ? 2 : 1 }, () => new PageTables(p));
  }

  /**
   * An ATS request leaves the device at `nowPs`.
   * @param page its `pageKey`
   * @param pageBytes page size of the mapping [B]
   * @returns when the translation is back in the device [ps]
   */
  request(page: number, pageBytes: number, nowPs: number): number {
    const backPs = nowPs + this.roundTripPs;
    let entry = this.entries.find(page);
    if (entry === null) entry = this.miss(page, pageBytes, backPs);
    else this.hits++;
    return entry.value > backPs ? entry.value : backPs;
  }

  /** Walks the tables for a page that the IOTLB does not have. @returns its entry from now on */
  private miss(page: number, pageBytes: number, backPs: number): RecentEntry {
    this.misses++;
    const levels = levelsOf(pageBytes);
    let references = 0;
    for (const tables of this.stages) references += tables.walk(page, levels);
    const entry = this.entries.add(page);
    entry.value = references === 0 ? backPs : this.walk(backPs, references);
    return entry;
  }

  /**
   * A page was taken out of the tables: nothing that is cached of it may be used again.
   * @param page its `pageKey`
   */
  invalidate(page: number): void {
    this.entries.forget(page);
    for (const tables of this.stages) tables.invalidate(page);
  }

  /**
   * Page requests leave the device at `nowPs`. The kernel answers them one after the other, the guest's or the host's.
   * @param pages how many
   * @param extraPs what each takes beyond a minor fault [ps]
   * @returns when the last response is there [ps]
   */
  requestPages(pages: number, extraPs: number, nowPs: number): number {
    const wayPs = this.guestAnswers ? relayPs(this.p) : 0;
    const tookPs = pages * (this.p['translation.page_request'] + wayPs + extraPs);
    this.handlerFreePs = Math.max(this.handlerFreePs, nowPs) + tookPs;
    return this.handlerFreePs;
  }

  /** Starts the measured phase: counts anew, keeps what it knows. */
  reset(): void {
    this.hits = 0;
    this.misses = 0;
  }

  /** Takes the walker that is free first; walks wait when all are busy. */
  private walk(askedPs: number, references: number): number {
    const walkers = this.walkerFreePs;
    let best = 0;
    for (let i = 1; i < walkers.length; i++) if (walkers[i]! < walkers[best]!) best = i;
    const done = Math.max(walkers[best]!, askedPs) + references * this.p['translation.walk_reference'];
    walkers[best] = done;
    return done;
  }
}
