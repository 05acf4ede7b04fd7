/**
 * The checks a descriptor must pass before it executes (DSA specification 5.4). The specification allows any
 * order; this one is fixed, so that a descriptor with several faults always gets the same status:
 *
 *  1. completion record address alignment 0x1b    8. transfer size 0x13
 *  2. completion record address fault 0x1a        9. descriptor count 0x14
 *  3. operation 0x10                             10. alignment 0x18, 0x1c
 *  4. flags 0x11                                 11. delta record size 0x15
 *  5. reserved fields 0x12                       12. dualcast low bits 0x17
 *  6. privilege 0x1d                             13. overlap 0x16
 *  7. interrupt handle 0x19                      14. traffic classes 0x1e
 *
 * Last comes 0x28, an inter-domain operation without a PASID. Step 2 needs the memory and is the caller's: see `completion.ts`.
 */
import { type Capabilities, hasOperation } from './capabilities.js';
import { FlagRules } from './check-flags.js';
import { checkOperands, hasOverlap } from './check-operands.js';
import { areReservedFieldsZero } from './check-reserved.js';
import type { Descriptor } from './descriptor.js';
import { FLAG } from './flags.js';
import { isInterDomain } from './inter-domain.js';
import type { InterruptTable } from './interrupt-table.js';
import { OPCODE, type OperationRule, operationRule } from './operations.js';
import { STATUS } from './status.js';

/** What the work queue, its group and the device's configuration say about a descriptor. */
export interface WorkQueueRules {
  readonly mode: 'dedicated' | 'shared';
  /** WQCFG Block On Fault Enable. */
  readonly blockOnFault: boolean;
  /** Largest transfer of this queue [B]. */
  readonly maxTransferBytes: number;
  /** Largest batch of this queue [descriptors]. */
  readonly maxBatch: number;
  /** WQCFG operation configuration, eight 32-bit words, or null to allow what OPCAP has. */
  readonly opConfig: readonly number[] | null;
  readonly pasidEnable: boolean;
  /** PASID and Priv of a dedicated queue. */
  readonly pasid: number;
  readonly priv: number;
  /** GENCFG User-mode Interrupts Enable. */
  readonly userInterrupts: boolean;
  /** PASID capability: Privileged Mode Enable. */
  readonly privilegedMode: boolean;
  /** Address translation services are on for the device and this queue. */
  readonly addressTranslation: boolean;
  /** WQCFG Page Request Services Disable turns them off for one queue; default: as the device has them. */
  readonly pageRequests?: boolean;
  /** Traffic classes A and B of the group. */
  readonly trafficClassA: number;
  readonly trafficClassB: number;
  /** Handles that the portal of this descriptor may name. */
  readonly interruptTable: InterruptTable;
  /** Whether that portal, and so the table, is one of the interrupt message store; default: of MSI-X. */
  readonly messageStore?: boolean;
}

/** Checks descriptors for one device. Reusable; allocates nothing per check. */
export class DescriptorChecker {
  /** After a status of 0x11: the offending flags. */
  invalidFlags = 0;

  private readonly flagRules: FlagRules;

  constructor(private readonly capabilities: Capabilities) {
    this.flagRules = new FlagRules(capabilities);
  }

  /**
   * Runs every check that needs no memory.
   * @param descriptor decoded, with its trusted PASID and Priv bound
   * @param inBatch whether it is a member of a batch
   * @returns 0 if it may execute, otherwise the status code
   */
  check(descriptor: Descriptor, rules: WorkQueueRules, inBatch: boolean): number {
    this.invalidFlags = 0;
    const first = this.checkCompletionAddress(descriptor);
    return first === 0 ? this.checkAfterCompletionAddress(descriptor, rules, inBatch) : first;
  }

  /**
   * Checks a descriptor of the same shape (`shape.ts`) as one that has passed with the same rules: of the operands only
   * where they lie can be wrong, and the handle that it names may have been taken away since.
   */
  checkAgain(descriptor: Descriptor, rules: WorkQueueRules): number {
    this.invalidFlags = 0;
    if (!this.isHandleValid(descriptor, rules)) return STATUS.int_handle_inval;
    return hasOverlap(descriptor, this.capabilities) ? STATUS.overlap_buffers : 0;
  }

  /**
   * Whether a descriptor of the same shape as one that has passed can fail {@link checkAgain}. Of the operations whose operands
   * may lie elsewhere, these two write what they can read.
   */
  canFailAgain(descriptor: Descriptor): boolean {
    const { opcode } = descriptor;
    if (descriptor.has(FLAG.request_completion_interrupt)) return true;
    return opcode === OPCODE.memmove ? !this.capabilities.overlappingCopy : opcode === OPCODE.copy_crc;
  }

  /** Step 1 alone, for callers that look at the record's page before the rest. */
  checkCompletionAddress(descriptor: Descriptor): number {
    const valid = descriptor.has(FLAG.completion_record_address_valid);
    return valid && (descriptor.low12(8) & 31) !== 0 ? STATUS.cra_align : 0;
  }

  /** Steps 3 to 14. */
  checkAfterCompletionAddress(descriptor: Descriptor, rules: WorkQueueRules, inBatch: boolean): number {
    const rule = this.legalRule(descriptor.opcode, rules, inBatch);
    if (rule === undefined) return STATUS.bad_opcode;
    this.invalidFlags = this.flagRules.invalid(descriptor, rule, rules, inBatch);
    if (this.invalidFlags !== 0) return STATUS.invalid_flags;
    if (!areReservedFieldsZero(descriptor, rule)) return STATUS.nozero_reserve;
    if (rules.mode === 'shared' && descriptor.priv === 1 && !rules.privilegedMode) return STATUS.priv_bad;
    if (!this.isHandleValid(descriptor, rules)) return STATUS.int_handle_inval;
    const status = checkOperands(descriptor, rule, rules, this.capabilities);
    if (status !== 0) return status;
    const needsPasid = isInterDomain(descriptor.opcode) || descriptor.opcode === OPCODE.update_window;
    return needsPasid && !rules.pasidEnable ? STATUS.inter_domain_no_pasid : 0;
  }

  private isHandleValid(descriptor: Descriptor, rules: WorkQueueRules): boolean {
    if (!descriptor.has(FLAG.request_completion_interrupt)) return true;
    return rules.interruptTable.accepts(
      descriptor.interruptHandle,
      rules.pasidEnable ? descriptor.pasid : null,
    );
  }

  private legalRule(opcode: number, rules: WorkQueueRules, inBatch: boolean): OperationRule | undefined {
    const rule = operationRule(opcode);
    if (rule === undefined || !hasOperation(this.capabilities.operations, opcode)) return undefined;
    if (rules.opConfig !== null && !hasOperation(rules.opConfig, opcode)) return undefined;
    if (inBatch && !rule.inBatch) return undefined;
    if (opcode === OPCODE.translation_fetch && !rules.addressTranslation) return undefined;
    return rule;
  }
}
