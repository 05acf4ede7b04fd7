/** A work descriptor inside an engine: its decoded fields, how far its data has come, which pages are translated. */
import { CompletionRecord } from '../../core/completion-record.js';
import { Descriptor } from '../../core/descriptor.js';
import { FLAG } from '../../core/flags.js';
import { OPERAND, OperandList } from '../../core/operands.js';
import { OPCODE } from '../../core/operations.js';
import type { Placement } from '../config.js';
import type { DevTlb } from '../translation/devtlb.js';
import type { Iommu } from '../translation/iommu.js';

/** Data moves in pieces of this size: those for which translations are asked [B]. */
export const CHUNK_BYTES = 4096;

const LINE_BYTES = 64;
const SECTOR_BYTES = 32;

/** Chunks whose translation is asked for before they are due; a power of two. */
export const PREFETCH_CHUNKS = 4;

/** What a transfer asks of whoever submitted it. */
export interface OperandMemory {
  /** Number of the address space. */
  readonly index: number;
  readonly pageBytes: number;
  readonly placement: Placement;
  readonly mayFault: boolean;
}

/** Reused by its engine for one descriptor after the other; allocates nothing. */
export class Transfer {
  /** Row of the descriptor table, or -1 when free. */
  row = -1;
  readonly descriptor = new Descriptor();
  /** Outcome of the checks: 0, or a status code with its flags. */
  status = 0;
  invalidFlags = 0;
  readonly operands = new OperandList();
  /** Outcome, until it is written. */
  readonly record = new CompletionRecord();
  /** Next chunk to move, and how many there are. */
  chunk = 0;
  chunks = 0;
  /** Time the descriptor stood still for page requests [ps]. */
  faultPs = 0;
  /** When the engine's own width has passed the last chunk, whatever the fabric still does [ps]. */
  ownEndPs = 0;
  /** When its first chunk started [ps]. */
  startedPs = 0;
  /**
   * Partial-sector writes at the ends of a destination that straddles lines without beginning on one: 2 at 8- and
   * 16-byte alignment, 1 at 32-byte alignment, 0 on whole lines and for writes to the cache.
   */
  partialWrites = 0;
  /** Whether it is a drain, well formed, that waits for others before it completes. */
  isDrain = false;
  /** Whether it holds one of the engine's places for active descriptors. */
  isActive = false;
  /** Whether its destination goes to the cache. */
  writesCache = false;
  /** Whether it goes there in lines that each source line reaches two of. */
  splitsLines = false;
  /** Bytes beside its own on the fabric, because whole lines travel: one line if an operand straddles [B]. */
  lineBytes = 0;
  /** Whether the completion waits until the destination was read back. */
  readsBack = false;
  /** Where its data lie. */
  placement: Placement = 'dram';
  /** Address space and page size of its operands [B]. */
  space = 0;
  pageBytes = CHUNK_BYTES;
  /** Whether its pages may be absent. */
  mayFault = false;
  /** The last page of each operand whose presence was looked at. */
  readonly metPage = new Float64Array(4);
  private readonly readyPs = new Float64Array(PREFETCH_CHUNKS);
  private readonly lastPage = new Float64Array(4);

  /** @param index place in its engine */
  constructor(readonly index: number) {}

  /** Takes the operands of the decoded descriptor, in the memory of `owner`, and forgets the last one's progress. */
  begin(owner: OperandMemory): void {
    this.operands.from(this.descriptor);
    this.space = owner.index;
    this.pageBytes = owner.pageBytes;
    this.placement = owner.placement;
    this.mayFault = owner.mayFault;
    this.chunk = 0;
    this.faultPs = 0;
    let longest = 0;
    for (let i = 0; i < this.operands.count; i++) longest = Math.max(longest, this.operands.bytes[i]!);
    this.chunks = Math.ceil(longest / CHUNK_BYTES);
    for (let i = 0; i < this.operands.count; i++) {
      this.lastPage[i] = -1;
      this.metPage[i] = -1;
    }
    this.isDrain = this.status === 0 && this.descriptor.opcode === OPCODE.drain;
    this.writesCache = this.descriptor.has(FLAG.cache_control_1);
    this.partialWrites = this.writesCache ? 0 : partialWrites(this.operands);
    this.splitsLines = this.writesCache && liesShifted(this.operands);
    this.lineBytes = straddledBytes(this.operands);
    this.readsBack = this.descriptor.has(FLAG.cache_control_2) && this.operands.bytesWritten > 0;
  }

  /** Bytes of operand `i` that lie in a chunk [B]. */
  chunkBytes(i: number, chunk: number): number {
    const left = this.operands.bytes[i]! - chunk * CHUNK_BYTES;
    return left <= 0 ? 0 : Math.min(left, CHUNK_BYTES);
  }

  /**
   * Asks for the translations that a chunk needs and no earlier one has asked for. Every page of every operand is
   * looked up once, in order.
   * @returns how many pages the DevTLB had to ask for
   */
  translate(chunk: number, tlb: DevTlb, iommu: Iommu, nowPs: number): number {
    let ready = nowPs;
    let requests = 0;
    const { operands, lastPage, pageBytes, space } = this;
    for (let i = 0; i < operands.count; i++) {
      const bytes = this.chunkBytes(i, chunk);
      if (bytes === 0) continue;
      const first = operands.address[i]! + chunk * CHUNK_BYTES;
      const last = Math.floor((first + bytes - 1) / pageBytes);
      for (let page = Math.floor(first / pageBytes); page <= last; page++) {
        if (page <= lastPage[i]!) continue;
        lastPage[i] = page;
        if (!tlb.lookUp(operands.field[i]!, space, page)) {
          ready = Math.max(ready, iommu.request(space, page, pageBytes, nowPs));
          requests++;
        }
      }
    }
    this.readyPs[chunk % PREFETCH_CHUNKS] = ready;
    return requests;
  }

  /** Asks for the page of the completion record; returns when it is known [ps]. */
  translateRecord(tlb: DevTlb, iommu: Iommu, nowPs: number): number {
    const page = Math.floor(this.descriptor.completionAddress / this.pageBytes);
    const hit = tlb.lookUp(OPERAND.completion_record, this.space, page);
    return hit ? nowPs : iommu.request(this.space, page, this.pageBytes, nowPs);
  }

  /** When the translations of a chunk are there [ps]. */
  translatedPs(chunk: number): number {
    return this.readyPs[chunk % PREFETCH_CHUNKS]!;
  }
}

/** An address modulo 64, exactly as the remainder of doubles, which is a call of the host's library. */
function offsetInLine(address: number): number {
  return address - Math.floor(address / LINE_BYTES) * LINE_BYTES;
}

function partialWrites(operands: OperandList): number {
  let most = 0;
  for (let i = 0; i < operands.count; i++) {
    const offset = offsetInLine(operands.address[i]!);
    if (operands.write[i] === 0 || offset === 0 || offset + operands.bytes[i]! <= LINE_BYTES) continue;
    most = Math.max(most, offset % SECTOR_BYTES === 0 ? 1 : 2);
  }
  return most;
}

/** Whether something written begins elsewhere in its line than something read does. */
function liesShifted(operands: OperandList): boolean {
  let from = -1;
  for (let i = 0; i < operands.count; i++) {
    const offset = offsetInLine(operands.address[i]!);
    if (operands.write[i] === 0) from = offset;
    else if (from >= 0 && offset !== from) return true;
  }
  return false;
}

/** One line more than its bytes travels for an operand that begins inside a line and reaches into another. */
function straddledBytes(operands: OperandList): number {
  for (let i = 0; i < operands.count; i++) {
    const offset = offsetInLine(operands.address[i]!);
    if (offset !== 0 && offset + operands.bytes[i]! > LINE_BYTES) return LINE_BYTES;
  }
  return 0;
}
