/** A work descriptor inside an engine: its decoded fields, how far its data has come, which pages are translated. */

import type { DescriptorChecker, WorkQueueRules } from '../../core/checks.js';
import { CompletionRecord } from '../../core/completion-record.js';
import { Descriptor } from '../../core/descriptor.js';
import { FLAG } from '../../core/flags.js';
import { OPERAND, OperandList } from '../../core/operands.js';
import { OPCODE } from '../../core/operations.js';
import { shapeOf } from '../../core/shape.js';
import { DOUBLE_ZERO } from '../../sim/double-zero.js';
import type { DescriptorRow } from '../descriptor-row.js';
import { NO_MEMORY } from '../memory/memory-kind.js';
import type { DevTlb } from '../translation/devtlb.js';
import type { Iommu } from '../translation/iommu.js';
import { pageKey } from '../translation/page-key.js';
import { ChunkCost } from './chunk-cost.js';
import type { PlannedLatency } from './latency.js';

/** The pieces in which data moves. */
// biome-ignore lint/suspicious/noConstEnum: its numbers are to stand in the code, where the optimiser folds them
export const enum Chunk {
  /** Size of those for which translations are asked [B]. */
  bytes = 4096,
  /** How many have their translations asked for before they are due; a power of two. */
  prefetched = 4,
}

const LINE_BYTES = 64;
const SECTOR_BYTES = 32;
const NO_PAGE = -1;

/** What a transfer asks of whoever submitted it. */
export interface OperandMemory {
  /** Number of the address space, and its PASID. */
  readonly index: number;
  readonly pasid: number;
  readonly pageBytes: number;
  readonly mayFault: boolean;
}

/** The engine that a transfer belongs to. */
export interface TransferOwner {
  /** The writes of a transfer are acknowledged: its place is free. */
  release(transfer: Transfer): void;
}

/** Reused by its engine for one descriptor after the other; allocates nothing. */
export class Transfer implements PlannedLatency {
  /** Row of the descriptor table, or -1 when free. */
  row = -1;
  readonly descriptor = new Descriptor();
  /** Whether its shape is another one than that of the transfer before: what was worked out from it is out of date. */
  isNew = true;
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
  faultPs = DOUBLE_ZERO;
  /** When its first chunk started [ps]. */
  startedPs = DOUBLE_ZERO;
  /**
   * Partial-sector writes at the ends of a destination that straddles lines without beginning on one: 2 at 8- and
   * 16-byte alignment, 1 at 32-byte alignment, 0 on whole lines and for writes to the cache.
   */
  partialWrites = 0;
  /** When something happens to it that its {@link TransferQueue} waits for [ps]. */
  duePs = DOUBLE_ZERO;
  /** What comes after it there, or among those that are free. */
  next: Transfer | null = null;
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
  /** Where its data lie; set when the rest of it is planned. */
  memory = NO_MEMORY;
  /** Of its last chunk. */
  readonly cost = new ChunkCost();
  readTailPs = DOUBLE_ZERO;
  writeTailPs = DOUBLE_ZERO;
  partialPs = DOUBLE_ZERO;
  partialHoldPs = DOUBLE_ZERO;
  readbackPs = DOUBLE_ZERO;
  acknowledgePs = DOUBLE_ZERO;
  /** First page of the address space of its operands, as the caches of translations number them, and their page size [B]. */
  private firstPage = DOUBLE_ZERO;
  private pageBytes = Chunk.bytes;
  /** Its inverse: exact, page sizes are powers of two. */
  private pagesPerByte = 1 / Chunk.bytes;
  /** Whether its pages may be absent. */
  mayFault = false;
  /** The last page of each operand whose presence was looked at. */
  readonly metPage = new Float64Array(4);
  /** Whether what was worked out holds for the next one of the same shape, if these are the same as well. */
  private isKnown = false;
  private owner: OperandMemory | null = null;
  private rules: WorkQueueRules | null = null;
  private isMember = false;
  /** Which part of the descriptor its shape is, and whether the next one of that can fail the checks. */
  private shape = shapeOf(0);
  private canFailAgain = false;
  private readonly readyPs = new Float64Array(Chunk.prefetched);

  /**
   * @param index place in its engine
   * @param engine its engine
   */
  constructor(
    readonly index: number,
    readonly engine: TransferOwner,
  ) {}

  /**
   * Takes a work descriptor in: checks it, and works out what its cost depends on. One of the same shape as the last, which
   * is the rule, has only other addresses.
   * @param owner whose memory its operands are in
   */
  take(
    { words, isMember }: DescriptorRow,
    owner: OperandMemory,
    rules: WorkQueueRules,
    checker: DescriptorChecker,
  ): void {
    const { descriptor } = this;
    const hasShape = descriptor.decodeNext(words, this.shape);
    const isNew =
      hasShape === false ||
      this.isKnown === false ||
      this.owner !== owner ||
      this.rules !== rules ||
      this.isMember !== isMember;
    this.isNew = isNew;
    this.chunk = 0;
    this.faultPs = 0;
    if (isNew) {
      descriptor.bind(owner.pasid, 0);
      this.status = checker.check(descriptor, rules, isMember);
      this.invalidFlags = checker.invalidFlags;
      this.canFailAgain = checker.canFailAgain(descriptor);
      this.owner = owner;
      this.rules = rules;
      this.isMember = isMember;
      // Without a completion record the place of its address is reserved, and must be zero.
      this.isKnown = this.status === 0 && descriptor.has(FLAG.completion_record_address_valid);
      this.begin(owner);
    } else {
      this.operands.moveTo(descriptor, this.shape);
      if (this.canFailAgain) {
        this.status = checker.checkAgain(descriptor, rules);
        this.isKnown = this.status === 0;
      }
    }
    if (this.mayFault) this.metPage.fill(NO_PAGE);
  }

  /** Works out all that depends on the shape of the descriptor. */
  private begin(owner: OperandMemory): void {
    const { operands, descriptor } = this;
    operands.from(descriptor);
    this.shape = shapeOf(descriptor.opcode);
    this.firstPage = pageKey(owner.index, 0);
    this.pageBytes = owner.pageBytes;
    this.pagesPerByte = 1 / owner.pageBytes;
    this.cost.chunk = -1;
    this.mayFault = owner.mayFault;
    let longest = 0;
    for (let i = 0; i < operands.count; i++) longest = Math.max(longest, operands.bytes[i]!);
    this.chunks = Math.ceil(longest / Chunk.bytes);
    this.isDrain = this.status === 0 && descriptor.opcode === OPCODE.drain;
    this.writesCache = descriptor.has(FLAG.cache_control_1);
    this.partialWrites = this.writesCache ? 0 : partialWrites(operands);
    this.splitsLines = this.writesCache && liesShifted(operands);
    this.lineBytes = straddledBytes(operands);
    this.readsBack = descriptor.has(FLAG.cache_control_2) && operands.bytesWritten > 0;
  }

  /** It ends with the chunks that have moved: it had another number of them by its shape. */
  endHere(): void {
    this.chunks = this.chunk;
    this.isKnown = false;
  }

  /** Bytes of operand `i` that lie in a chunk [B]. */
  chunkBytes(i: number, chunk: number): number {
    const left = this.operands.bytes[i]! - chunk * Chunk.bytes;
    if (left <= 0) return 0;
    return left > Chunk.bytes ? Chunk.bytes : left;
  }

  /**
   * Asks for the translations that a chunk needs and no earlier one has asked for. Every page of every operand is
   * looked up once, in order. So a chunk that begins inside a page leaves that one out: the chunk before has asked for it.
   * @returns how many pages the DevTLB had to ask for
   */
  translate(chunk: number, tlb: DevTlb, iommu: Iommu, nowPs: number): number {
    const { operands } = this;
    const moved = chunk * Chunk.bytes;
    let readyPs = 0;
    let requests = 0;
    for (let i = 0; i < operands.count; i++) {
      const bytes = this.chunkBytes(i, chunk);
      if (bytes === 0) continue;
      const { pageBytes, pagesPerByte } = this;
      const first = operands.address[i]! + moved;
      const end = first + bytes;
      // Addresses are counted up, not pages: V8 would hold these as small integers, and convert them at every use.
      let at = Math.floor(first * pagesPerByte) * pageBytes;
      if (chunk > 0 && at < first) at += pageBytes;
      for (; at < end; at += pageBytes) {
        const page = this.firstPage + at * pagesPerByte;
        if (tlb.lookUp(operands.field[i]!, page)) continue;
        const knownPs = iommu.request(page, pageBytes, nowPs);
        if (knownPs > readyPs) readyPs = knownPs;
        requests++;
      }
    }
    this.readyPs[chunk % Chunk.prefetched] = readyPs;
    return requests;
  }

  /** Asks for the page of the completion record; returns when it is known [ps]. */
  translateRecord(tlb: DevTlb, iommu: Iommu, nowPs: number): number {
    const page = this.firstPage + Math.floor(this.descriptor.completionAddress * this.pagesPerByte);
    const hit = tlb.lookUp(OPERAND.completion_record, page);
    return hit ? nowPs : iommu.request(page, this.pageBytes, nowPs);
  }

  /** When the translations of a chunk are there, or 0 if they were in the DevTLB [ps]. */
  translatedPs(chunk: number): number {
    return this.readyPs[chunk % Chunk.prefetched]!;
  }
}

/** An address modulo 64: its low 32 bits are exact, also of an address beyond them. */
function offsetInLine(address: number): number {
  return address & (LINE_BYTES - 1);
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
