/**
 * Which pages of one address space are present: the host may take any of them away, and a page request brings it back.
 * What a page holds stays where it is meanwhile.
 *
 * Every operation asks about each of its operands, and nearly always all of it is present: what tells so without a walk
 * from page to page is asked first.
 */
import { ADDRESS_LIMIT, PAGE_BYTES, pageStart } from './bytes.js';
import type { Extent, ExtentTable } from './extents.js';

/** See the head of this file. Addresses and sizes are [B]. */
export class Presence {
  /** No page was made absent, or all of them came back. */
  private nothingAbsent = true;
  /** No page below 2^52 is absent. */
  private complete: boolean;
  private readonly absent = new Set<number>();

  /** @param all whether every page below 2^52 exists; if not, those do that have an extent */
  constructor(
    private readonly all: boolean,
    private readonly extents: ExtentTable,
  ) {
    this.complete = all;
  }

  /** Whether the page of an address is present. */
  isPresent(address: number): boolean {
    if (!this.nothingAbsent && this.absent.has(pageStart(address))) return false;
    return this.exists(address);
  }

  /** Whether there is a page at an address, present or absent. */
  exists(address: number): boolean {
    return address >= 0 && address < ADDRESS_LIMIT && !this.needsMapping(address);
  }

  /** Whether the page of an address cannot be present before somebody maps it. */
  needsMapping(address: number): boolean {
    return !this.all && this.extents.find(address) === undefined;
  }

  /** Makes the page of an address absent. */
  setAbsent(address: number): void {
    this.absent.add(pageStart(address));
    this.nothingAbsent = false;
    this.complete = false;
  }

  /** Takes back that the page of an address was made absent, if it was. */
  bringIn(address: number): void {
    this.absent.delete(pageStart(address));
    this.nothingAbsent = this.absent.size === 0;
    this.complete = this.all && this.nothingAbsent;
  }

  /** Brings in a page if it exists. @returns whether it does */
  resolve(address: number): boolean {
    if (!this.exists(address)) return false;
    this.bringIn(address);
    return true;
  }

  /**
   * The extent that holds all of a range, all of it present.
   * @returns undefined where there is none, and while any page anywhere is absent
   */
  wholeExtent(address: number, bytes: number): Extent | undefined {
    if (!this.nothingAbsent) return undefined;
    const extent = this.extents.find(address);
    return extent !== undefined && address + bytes <= extent.end ? extent : undefined;
  }

  /** Bytes from `address` on, at most `bytes`, before the first absent page. */
  presentBytes(address: number, bytes: number): number {
    if (this.complete && address + bytes <= ADDRESS_LIMIT) return bytes;
    // Nearly always the range lies in one extent.
    if (this.wholeExtent(address, bytes) !== undefined) return bytes;
    return this.countPresent(address, bytes);
  }

  private countPresent(address: number, bytes: number): number {
    const end = address + bytes;
    let at = address;
    if (this.nothingAbsent && !this.all) {
      for (
        let found = this.extents.find(at);
        found !== undefined && at < end;
        found = this.extents.find(at)
      ) {
        at = found.end;
      }
    } else while (at < end && this.isPresent(at)) at = pageStart(at) + PAGE_BYTES;
    return Math.min(at, end) - address;
  }

  /** Bytes before `address + bytes`, at most `bytes`, after the last absent page. */
  presentBytesAtEnd(address: number, bytes: number): number {
    const end = address + bytes;
    if (this.complete && end <= ADDRESS_LIMIT) return bytes;
    let from = end;
    if (this.nothingAbsent && !this.all) {
      for (let found = this.extents.find(from - 1); found !== undefined && from > address; ) {
        from = found.base;
        found = this.extents.find(from - 1);
      }
    } else while (from > address && this.isPresent(from - 1)) from = pageStart(from - 1);
    return Math.min(bytes, end - from);
  }
}
