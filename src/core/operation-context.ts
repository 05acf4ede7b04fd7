/** What an operation sees while it executes. */
import { DOUBLE_ZERO } from '../sim/double-zero.js';
import { AddressSpace } from './address-space.js';
import { pageStart } from './bytes.js';
import { CompletionRecord } from './completion-record.js';
import { Descriptor } from './descriptor.js';
import { FLAG } from './flags.js';
import { OPERAND, type OperandList } from './operands.js';
import { STATUS } from './status.js';

/** Moves data for one operation and fills the completion record; the status is `success` when it is called. */
export type Operation = (context: OperationContext) => void;

/** Stand where nothing is executed yet, so that fields for them are there from the beginning. */
const NO_DESCRIPTOR = new Descriptor();
const NO_SPACE = new AddressSpace();

/** Reused from descriptor to descriptor. */
export class OperationContext {
  readonly record = new CompletionRecord();
  descriptor = NO_DESCRIPTOR;
  /** Address space of source, or source 1. */
  sourceSpace = NO_SPACE;
  /** Address space of everything else. */
  space = NO_SPACE;
  /** First byte of source and destination: as in the descriptor, except through an offset-mode window [B]. */
  source = DOUBLE_ZERO;
  destination = DOUBLE_ZERO;
  /** Whether the descriptor may name inter-domain table entries. */
  private isPlaced = false;

  /** @param reportsOperand whether the device fills Fault Info (GENCAP 12) */
  constructor(private readonly reportsOperand: boolean) {}

  /** Prepares for a descriptor whose operands all lie in one address space. */
  begin(descriptor: Descriptor, space: AddressSpace): void {
    this.descriptor = descriptor;
    this.sourceSpace = space;
    this.space = space;
    this.source = descriptor.source;
    this.destination = descriptor.destination;
    this.isPlaced = false;
    this.record.reset();
    this.record.status = STATUS.success;
  }

  /** Moves operands to where an inter-domain table entry put them; follows {@link OperationContext.begin}. */
  place(operands: OperandList): void {
    this.isPlaced = true;
    for (let row = 0; row < operands.count; row++) {
      const space = operands.space[row] ?? this.space;
      if (operands.field[row] === OPERAND.source) {
        this.sourceSpace = space;
        this.source = operands.address[row]!;
      } else {
        this.space = space;
        this.destination = operands.address[row]!;
      }
    }
  }

  /**
   * Ends the operation at an absent page. Whoever resolves page requests does so before it executes; a page that
   * is still absent under Block On Fault was therefore refused (status 0x04).
   * @param operand number of the `OPERAND` table
   * @param address first byte that could not be accessed; the record names its page, and the handle of the
   *   inter-domain table entry that it lies behind (specification 8.2)
   * @param bytesCompleted from where the operation can be resumed [B]
   */
  fault(operand: number, address: number, write: boolean, bytesCompleted: number): void {
    const record = this.record;
    record.status = this.descriptor.has(FLAG.block_on_fault) ? STATUS.page_fault_ir : STATUS.page_fault_nobof;
    record.writeFault = write;
    record.faultAddress = pageStart(address);
    record.faultInfo = this.reportsOperand ? operand << 1 : 0;
    record.bytesCompleted = bytesCompleted;
    if (!this.isPlaced) return;
    // Of an operand in the submitter's own memory it is reserved, and so zero.
    const { sourceHandle, destinationHandle } = this.descriptor;
    record.faultHandle = operand === OPERAND.source ? sourceHandle : destinationHandle;
  }

  /** Applies the Check Result flag of the compare operations: status 01 if the result is the expected one. */
  checkResult(expected: boolean): void {
    if (this.descriptor.has(FLAG.check_result) && !expected) this.record.status = STATUS.success_pred;
  }
}
