/**
 * Executes checked descriptors on simulated memory, atomically: the caller decides when, and what time it takes.
 */
import type { AddressSpace } from './address-space.js';
import type { Capabilities } from './capabilities.js';
import type { CompletionRecord } from './completion-record.js';
import type { Descriptor } from './descriptor.js';
import { InterDomainTable, isInterDomain } from './inter-domain.js';
import { OperandList } from './operands.js';
import { type Operation, OperationContext } from './operation-context.js';
import { applyDelta } from './operations/apply-delta.js';
import { cacheFlush } from './operations/cache-flush.js';
import { compare, comparePattern } from './operations/compare.js';
import { copyCrc, crc } from './operations/crc.js';
import { createDelta } from './operations/create-delta.js';
import { dif } from './operations/dif.js';
import { dualcast } from './operations/dualcast.js';
import { fill } from './operations/fill.js';
import { memmove } from './operations/memmove.js';
import { translationFetch } from './operations/translation-fetch.js';
import { OPCODE } from './operations.js';
import { STATUS } from './status.js';

/** What touches data: No-op, Batch and Drain are not among them. */
const OPERATIONS: readonly (readonly [number, Operation])[] = [
  [OPCODE.memmove, memmove],
  [OPCODE.fill, fill],
  [OPCODE.compare, compare],
  [OPCODE.compare_pattern, comparePattern],
  [OPCODE.create_delta, createDelta],
  [OPCODE.apply_delta, applyDelta],
  [OPCODE.dualcast, dualcast],
  [OPCODE.translation_fetch, translationFetch],
  [OPCODE.crc, crc],
  [OPCODE.copy_crc, copyCrc],
  [OPCODE.dif_check, dif],
  [OPCODE.dif_insert, dif],
  [OPCODE.dif_strip, dif],
  [OPCODE.dif_update, dif],
  [OPCODE.dix_generate, dif],
  [OPCODE.cache_flush, cacheFlush],
  [OPCODE.id_copy, memmove],
  [OPCODE.id_fill, fill],
  [OPCODE.id_compare, compare],
  [OPCODE.id_compare_pattern, comparePattern],
];

/** The same by operation code. */
const BY_OPCODE: (Operation | undefined)[] = new Array(256).fill(undefined);
for (const [opcode, operation] of OPERATIONS) BY_OPCODE[opcode] = operation;

/** A device without entries refuses every handle. */
const NO_TABLE = new InterDomainTable([], () => undefined);

/** One per device or engine; holds no state between descriptors but the record of the last one. */
export class Executor {
  /** Outcome of the last call, valid until the next. */
  readonly completion: CompletionRecord;

  private readonly operands = new OperandList();
  private readonly context: OperationContext;

  constructor(capabilities: Capabilities) {
    this.context = new OperationContext(capabilities.faultInfo);
    this.completion = this.context.record;
  }

  /**
   * Executes one descriptor and leaves its completion record in `completion`. An absent page ends the operation
   * there; under Block On Fault resolve the operands' pages first (see `page-requests.ts`).
   * @param descriptor one that passed every check; Batch and Drain belong to the device and do nothing here
   * @param space address space of the descriptor's PASID
   * @param interDomain the table that inter-domain operations and Update Window refer to
   * @throws MemoryLimitError if the simulated memory is full
   */
  execute(descriptor: Descriptor, space: AddressSpace, interDomain: InterDomainTable = NO_TABLE): void {
    const context = this.context;
    context.begin(descriptor, space);
    if (isInterDomain(descriptor.opcode)) {
      const operands = this.operands;
      operands.from(descriptor);
      const status = interDomain.place(operands, descriptor);
      if (status !== 0) {
        this.completion.status = status;
        this.completion.faultHandle = interDomain.refusedHandle;
        return;
      }
      context.place(operands);
    } else if (descriptor.opcode === OPCODE.update_window) {
      this.completion.status = interDomain.updateWindow(descriptor);
      return;
    }
    BY_OPCODE[descriptor.opcode]?.(context);
  }

  /** Turns the record of a Drain into that of a readback address fault. @param operand number of `OPERAND` */
  failReadback(operand: number, address: number): void {
    this.context.fault(operand, address, false, 0);
    this.completion.status = STATUS.pfault_rdba;
  }

  /** Leaves the record of a descriptor that failed a check, or met an error that leaves nothing to report. @param invalidFlags offending flags with status 0x11 */
  reject(status: number, invalidFlags: number): void {
    const record = this.completion;
    record.reset();
    record.status = status;
    if (status === STATUS.invalid_flags) record.invalidFlags = invalidFlags;
  }
}
