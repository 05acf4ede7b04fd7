/** Where a tenant instance keeps what its descriptors need, in its own address space. */
import type { AddressSpace } from '../../core/address-space.js';
import type { TenantConfig } from '../config.js';
import { PATTERN_BYTE, REGIONS, type RegionName, TENANT_OPERATIONS } from './operations.js';

const FIRST_ADDRESS = 4294967296;
const LINE_BYTES = 64;
const PAGE_BYTES = 4096;
const LARGEST_ALIGNMENT = 1073741824;
/** glibc's malloc on x86-64: a chunk has a header of 8 bytes, and chunks are multiples of 16 bytes, at least 32. */
const CHUNK_HEADER_BYTES = 8;
const CHUNK_ALIGNMENT = 16;
const LEAST_CHUNK_BYTES = 32;
const RECORD_BYTES = 32;

const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

/** Buffers of one operand, used in turn. */
export class Buffers {
  /**
   * @param first address of the first [B]
   * @param strideBytes from one to the next [B]
   */
  constructor(
    private readonly first: number,
    private readonly strideBytes: number,
    private readonly count: number,
  ) {}

  /** The buffer of the descriptor with this serial number [B]. */
  address(serial: number): number {
    return this.first + (serial % this.count) * this.strideBytes;
  }
}

/**
 * Regions one after the other, each at a boundary of the page size: completion records (a line each), batch lists
 * (whole pages, so that a fetch is one page), then one region of `count` buffers per operand in use. A destination
 * alignment below a line offsets every buffer by that much, so that none is better aligned than asked for.
 *
 * With malloc, a program allocates for one submission after the other its operands and a record of 32 bytes. They follow
 * each other without a gap but malloc's own: buffers of 4 KiB are 4,112 bytes apart, those of 64 bytes 80, so that source
 * and destination differ in their place in a line, and these places rotate from submission to submission.
 */
export class Layout {
  readonly recordBytes = LINE_BYTES;
  readonly listStrideBytes: number;
  private readonly records: number;
  private readonly recordPageBytes: number;
  private readonly lists: number;
  /** First byte of each region; those that no operation uses are not there. */
  private readonly regions = new Map<RegionName, number>();
  private readonly strideBytes: number;
  private readonly offsetBytes: number;
  private readonly count: number;
  private readonly sourceCount: number;
  private readonly completionPages: number;
  /** Pages of the buffers, and the number of the first. */
  private readonly firstPage: number;
  private readonly pages: number;

  /**
   * @param slots submissions that can be outstanding at once over all threads
   * @param executes whether operations will look at the content of the buffers
   */
  constructor(tenant: TenantConfig, slots: number, space: AddressSpace, executes: boolean) {
    const largest = Math.max(...tenant.operations.map((o) => o.sizeBytes));
    const { alignmentBytes, pageSizeBytes, count } = tenant.buffers;
    const names = regionsOf(tenant);
    const fromMalloc = tenant.buffers.allocation === 'malloc';
    this.count = count;
    this.sourceCount = tenant.buffers.sourceCount ?? count;
    this.completionPages = tenant.buffers.completionPages ?? 0;
    if (fromMalloc) {
      this.offsetBytes = CHUNK_ALIGNMENT;
      this.strideBytes = names.length * chunkBytes(largest) + chunkBytes(RECORD_BYTES);
    } else {
      this.offsetBytes = alignmentBytes < LINE_BYTES ? alignmentBytes : 0;
      this.strideBytes = roundUp(largest + this.offsetBytes, Math.max(LINE_BYTES, alignmentBytes));
    }
    this.listStrideBytes = roundUp(tenant.batch * LINE_BYTES, PAGE_BYTES);
    const boundary = Math.min(pageSizeBytes, LARGEST_ALIGNMENT);
    let next = FIRST_ADDRESS;
    const reserve = (bytes: number): number => {
      const at = next;
      next = roundUp(next + Math.max(bytes, 1), boundary);
      if (bytes > 0) space.map(at, roundUp(bytes, PAGE_BYTES));
      return at;
    };
    const recordBytes = slots * (tenant.batch + 1) * LINE_BYTES;
    this.recordPageBytes = roundUp(recordBytes, PAGE_BYTES);
    this.records = reserve(Math.max(1, this.completionPages) * this.recordPageBytes);
    this.lists = reserve(tenant.batch > 1 ? slots * this.listStrideBytes : 0);
    const first = next;
    if (fromMalloc) {
      const heap = reserve(count * this.strideBytes + this.offsetBytes);
      names.forEach((name, i) => {
        this.regions.set(name, heap + i * chunkBytes(largest));
      });
    } else {
      for (const name of names) this.regions.set(name, reserve(count * this.strideBytes));
    }
    this.firstPage = Math.floor(first / pageSizeBytes);
    this.pages = Math.max(1, Math.ceil((next - first) / pageSizeBytes));
    if (executes) this.prepare(space, fromMalloc, largest);
  }

  /** Address of the completion record of a submission, or of one of its members (1 and up). */
  record(slot: number, member: number, batch: number, serial: number): number {
    const area = this.completionPages > 1 ? (serial % this.completionPages) * this.recordPageBytes : 0;
    return this.records + area + (slot * (batch + 1) + member) * LINE_BYTES;
  }

  /** Address of the batch list of a submission. */
  list(slot: number): number {
    return this.lists + slot * this.listStrideBytes;
  }

  /** One page of the buffers after the other, around and around, as its number at the mapping's page size. */
  bufferPage(turn: number): number {
    return this.firstPage + (turn % this.pages);
  }

  /** The buffers of a region; undefined for one that no operation uses. */
  buffers(region: RegionName): Buffers | undefined {
    const first = this.regions.get(region);
    if (first === undefined) return undefined;
    const count = region === 'source' ? this.sourceCount : this.count;
    return new Buffers(first + this.offsetBytes, this.strideBytes, count);
  }

  /** Makes comparisons find what they look for: equal sources, and the pattern. */
  private prepare(space: AddressSpace, fromMalloc: boolean, largest: number): void {
    if (!fromMalloc) this.prepareBlock(space, 0, roundUp(this.count * this.strideBytes, PAGE_BYTES));
    else {
      for (let i = 0; i < this.count; i++) {
        this.prepareBlock(space, i * this.strideBytes + this.offsetBytes, largest);
      }
    }
  }

  private prepareBlock(space: AddressSpace, from: number, bytes: number): void {
    const page = new Uint8Array(PAGE_BYTES);
    const [source, source2, pattern] = [
      this.regions.get('source'),
      this.regions.get('source2'),
      this.regions.get('pattern'),
    ];
    for (let at = from; at < from + bytes; at += PAGE_BYTES) {
      const piece = Math.min(PAGE_BYTES, from + bytes - at);
      if (source !== undefined && source2 !== undefined) {
        space.read(source + at, page, 0, piece);
        space.write(source2 + at, page, 0, piece);
      }
      if (pattern !== undefined) space.write(pattern + at, page.fill(PATTERN_BYTE), 0, piece);
    }
  }
}

/** What malloc takes from the heap for some bytes [B]. */
function chunkBytes(bytes: number): number {
  return Math.max(LEAST_CHUNK_BYTES, roundUp(bytes + CHUNK_HEADER_BYTES, CHUNK_ALIGNMENT));
}

/** Regions that a tenant's operations need, in a fixed order. */
function regionsOf(tenant: TenantConfig): RegionName[] {
  const used = new Set(tenant.operations.flatMap((o) => [...TENANT_OPERATIONS[o.operation]!.regions]));
  return REGIONS.filter((name) => used.has(name));
}
