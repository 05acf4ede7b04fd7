/**
 * One simulated address space: what a PASID can see.
 *
 * Pages of 4 KiB appear on their first write; until then they read as their initial content. A buffer region that
 * was announced with {@link AddressSpace.map} lies contiguously in one arena, so that an operand of any size is a
 * single range; everything else works page by page. Which pages are present is another matter than what they hold:
 * presence.ts knows that.
 */
import { Arena } from './arena.js';
import { ADDRESS_LIMIT, PAGE_BYTES, pageStart, readUint32 } from './bytes.js';
import { type Extent, ExtentTable, MATERIALISED, NO_ARENA, WRITTEN } from './extents.js';
import { BrokenPages } from './memory-errors.js';
import { fillInitialPage, isInitialPage, PageDigest } from './page-content.js';
import { Presence } from './presence.js';

/** More memory was written than the address space may hold. */
export class MemoryLimitError extends Error {
  readonly code = 'DSASIM_MEMORY_LIMIT';
  constructor(readonly limitBytes: number) {
    super(
      `simulated memory needs more than its limit of ${limitBytes} bytes; raise the limit or use smaller buffers`,
    );
    this.name = 'MemoryLimitError';
  }
}

/** How an address space starts out. */
export interface AddressSpaceOptions {
  /** `all`: every page below 2^52 is present unless made absent. `mapped`: only mapped pages are. */
  readonly presence?: 'all' | 'mapped';
  /** Seed of the initial content, or null for zeros (the default). */
  readonly seed?: number | null;
  /** Most bytes that may be materialised [B]; default 1 GiB. */
  readonly limitBytes?: number;
}

const SCRATCH_PAGES = 4;
/** Arena offsets stay below 2^31, where the engine has them as plain integers [B]. */
const LARGEST_EXTENT_BYTES = 1073741824;

/** See the head of this file. Addresses and sizes are [B]; ranges must end at or below 2^52. */
export class AddressSpace {
  /** Where the last `locate` or `locateForWrite` found its bytes. */
  arena = NO_ARENA;
  /** Offset of those bytes in `arena` [B]. */
  offset = 0;
  /** Bytes materialised so far [B]. */
  materialisedBytes = 0;
  /** Pages that answer the device with errors; whoever looks at the bytes here sees nothing of it. */
  readonly broken = new BrokenPages();

  private readonly seed: number | null;
  private readonly limitBytes: number;
  private readonly extents: ExtentTable;
  private readonly presence: Presence;
  private scratch = NO_ARENA;
  private nextScratch = 0;

  constructor(options: AddressSpaceOptions = {}) {
    this.seed = options.seed ?? null;
    // A page of a seed is given its content before anybody reads it.
    this.extents = new ExtentTable(this.seed !== null);
    this.presence = new Presence((options.presence ?? 'all') === 'all', this.extents);
    this.limitBytes = options.limitBytes ?? 1073741824;
  }

  /**
   * Makes the pages that a region touches present, and lets them be stored contiguously.
   * @throws RangeError if the region is empty, leaves the address range, or touches pages already in use
   */
  map(address: number, bytes: number): void {
    const base = pageStart(address);
    const end = pageStart(address + bytes + PAGE_BYTES - 1);
    if (!(address >= 0 && bytes > 0 && end <= ADDRESS_LIMIT)) {
      throw new RangeError(`cannot map ${bytes} bytes at 0x${address.toString(16)}`);
    }
    if (this.extents.isUsed(base, end)) {
      throw new RangeError(`0x${base.toString(16)} to 0x${end.toString(16)} is already in use`);
    }
    for (let from = base; from < end; from += LARGEST_EXTENT_BYTES) {
      this.extents.addMapped(from, Math.min(end, from + LARGEST_EXTENT_BYTES));
    }
  }

  /** Whether the page of an address is present. */
  isPresent(address: number): boolean {
    return this.presence.isPresent(address);
  }

  /** Whether there is a page at an address, present or absent. */
  exists(address: number): boolean {
    return this.presence.exists(address);
  }

  /** Makes the page of an address absent: it keeps its content and a page request brings it back. */
  setAbsent(address: number): void {
    this.presence.setAbsent(address);
  }

  /** Makes the page of an address present, mapping it if presence needs a mapping. */
  setPresent(address: number): void {
    this.presence.bringIn(address);
    if (this.presence.needsMapping(address)) this.map(pageStart(address), PAGE_BYTES);
  }

  /**
   * Answers a page request: brings in a page that exists but is absent.
   * @returns false where no page exists, the Invalid Request response
   */
  resolve(address: number): boolean {
    return this.presence.resolve(address);
  }

  /** Bytes from `address` on, at most `bytes`, before the first absent page. */
  presentBytes(address: number, bytes: number): number {
    return this.presence.presentBytes(address, bytes);
  }

  /** Bytes before `address + bytes`, at most `bytes`, after the last absent page. */
  presentBytesAtEnd(address: number, bytes: number): number {
    return this.presence.presentBytesAtEnd(address, bytes);
  }

  /**
   * Finds bytes for reading and leaves their place in `arena` and `offset`, valid until the fourth next call.
   * @returns how many of `bytes` lie there contiguously, at least 1
   */
  locate(address: number, bytes: number): number {
    const extent = this.extents.find(address);
    if (extent === undefined) return this.locateInitial(address, bytes);
    const available = Math.min(bytes, extent.end - address);
    if (extent.pending > 0) this.prepareRead(extent, address, available);
    this.pointAt(extent, address);
    return available | 0;
  }

  /**
   * As {@link AddressSpace.locate}, for writing all of what it finds: pages are materialised, but where all of a page will be
   * written it has no content before.
   * @throws MemoryLimitError
   */
  locateForWrite(address: number, bytes: number): number {
    const extent = this.extents.find(address) ?? this.extents.addPage(possiblePage(address));
    const available = Math.min(bytes, extent.end - address);
    if (extent.clean > 0) this.touch(extent, address, available, MATERIALISED | WRITTEN);
    this.pointAt(extent, address);
    return available | 0;
  }

  /**
   * As {@link AddressSpace.locate}, for a range that is present and in one piece, as nearly all are: one look-up
   * answers both questions.
   * @returns false where the range is not so, or where that takes more to find out; nothing has changed then
   */
  locateWhole(address: number, bytes: number): boolean {
    const extent = this.presence.wholeExtent(address, bytes);
    if (extent === undefined) return false;
    if (extent.pending > 0) this.prepareRead(extent, address, bytes);
    this.pointAt(extent, address);
    return true;
  }

  /** As {@link AddressSpace.locateWhole}, for writing all of it. @throws MemoryLimitError */
  locateWholeForWrite(address: number, bytes: number): boolean {
    const extent = this.presence.wholeExtent(address, bytes);
    if (extent === undefined) return false;
    if (extent.clean > 0) this.touch(extent, address, bytes, MATERIALISED | WRITTEN);
    this.pointAt(extent, address);
    return true;
  }

  private pointAt(extent: Extent, address: number): void {
    this.arena = extent.arena;
    this.offset = (extent.offset + (address - extent.base)) | 0;
  }

  /** Copies bytes out of the address space, whatever their presence. */
  read(address: number, into: Uint8Array, offset: number, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      const count = this.locate(address + done, bytes - done);
      const from = this.arena.bytes;
      const start = this.offset;
      if (count <= 128) for (let i = 0; i < count; i++) into[offset + done + i] = from[start + i]!;
      else into.set(from.subarray(start, start + count), offset + done);
      done += count;
    }
  }

  /** Copies bytes into the address space, whatever their presence. @throws MemoryLimitError */
  write(address: number, from: Uint8Array, offset: number, bytes: number): void {
    for (let done = 0; done < bytes; ) {
      const count = this.locateForWrite(address + done, bytes - done);
      const into = this.arena.bytes;
      const start = this.offset;
      if (count <= 128) for (let i = 0; i < count; i++) into[start + i] = from[offset + done + i]!;
      else into.set(from.subarray(offset + done, offset + done + count), start);
      done += count;
    }
  }

  /** One byte. */
  readByte(address: number): number {
    this.locate(address, 1);
    return this.arena.bytes[this.offset]!;
  }

  /** Writes one byte. */
  writeByte(address: number, value: number): void {
    this.locateForWrite(address, 1);
    this.arena.bytes[this.offset] = value;
  }

  /** 32 bits, little-endian, at an address that is a multiple of four. */
  readUint32(address: number): number {
    this.locate(address, 4);
    return readUint32(this.arena.bytes, this.offset);
  }

  /**
   * Sixteen hexadecimal digits that depend on the content only: not on the order of writes, nor on which pages
   * were touched, for a page that holds its initial content counts as untouched.
   */
  digest(): string {
    const digest = new PageDigest();
    for (const extent of this.extents.all()) this.addToDigest(extent, digest);
    return digest.toString();
  }

  private addToDigest(extent: Extent, digest: PageDigest): void {
    for (let page = 0; page < extent.state.length; page++) {
      if ((extent.state[page]! & WRITTEN) === 0) continue;
      const number = extent.base / PAGE_BYTES + page;
      const first = (extent.offset + page * PAGE_BYTES) / 4;
      if (!isInitialPage(extent.arena.words, first, this.seed, number)) {
        digest.add(extent.arena.words, first, number);
      }
    }
  }

  /** Gives the storage back, for other address spaces to use: this one may not be looked at any more. */
  release(): void {
    this.extents.release();
  }

  private prepareRead(extent: Extent, address: number, bytes: number): void {
    if (this.seed === null) this.store(extent);
    else this.touch(extent, address, bytes, MATERIALISED);
  }

  private store(extent: Extent): void {
    this.extents.store(extent);
    // Its storage is zero already.
    if (this.seed === null) extent.pending = 0;
  }

  /** Marks the pages of a range, giving the new ones their initial content unless all of it is about to be written over. */
  private touch(extent: Extent, address: number, bytes: number, marks: number): void {
    const from = address - extent.base;
    const to = from + bytes;
    const first = Math.floor(from / PAGE_BYTES);
    const last = Math.floor((to - 1) / PAGE_BYTES);
    for (let page = first; page <= last; page++) {
      const state = extent.state[page]!;
      if ((state & marks) === marks) continue;
      if ((state & MATERIALISED) === 0) {
        const start = page * PAGE_BYTES;
        this.materialise(extent, page, (marks & WRITTEN) !== 0 && start >= from && start + PAGE_BYTES <= to);
      }
      if ((marks & ~state & WRITTEN) !== 0) extent.clean--;
      extent.state[page] = state | marks;
    }
  }

  private materialise(extent: Extent, page: number, overwritten: boolean): void {
    if (this.materialisedBytes + PAGE_BYTES > this.limitBytes) throw new MemoryLimitError(this.limitBytes);
    this.materialisedBytes += PAGE_BYTES;
    if (extent.arena === NO_ARENA) this.store(extent);
    if (this.seed === null) return;
    extent.pending--;
    if (overwritten) return;
    const first = (extent.offset + page * PAGE_BYTES) / 4;
    fillInitialPage(extent.arena.words, first, this.seed, extent.base / PAGE_BYTES + page);
  }

  /** A read of a page nobody wrote: its content goes to one of a few scratch pages. */
  private locateInitial(address: number, bytes: number): number {
    const base = possiblePage(address);
    if (this.scratch === NO_ARENA) this.scratch = new Arena(SCRATCH_PAGES * PAGE_BYTES);
    const start = this.nextScratch * PAGE_BYTES;
    this.nextScratch = (this.nextScratch + 1) % SCRATCH_PAGES;
    fillInitialPage(this.scratch.words, start / 4, this.seed, base / PAGE_BYTES);
    this.arena = this.scratch;
    this.offset = (start + (address - base)) | 0;
    return Math.min(bytes, base + PAGE_BYTES - address);
  }
}

/** The page of an address. @throws RangeError where no page can be */
function possiblePage(address: number): number {
  if (address >= 0 && address < ADDRESS_LIMIT) return pageStart(address);
  throw new RangeError(`no page at 0x${address.toString(16)}`);
}
