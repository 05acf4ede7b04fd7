/** One descriptor from dispatch to its report, without time (DSA specification 5.4, 8.2, 3.13). */
import { AddressSpace } from './address-space.js';
import { BatchProgress } from './batch.js';
import type { Capabilities } from './capabilities.js';
import { DescriptorChecker, type WorkQueueRules } from './checks.js';
import { COMPLETION, shouldWriteCompletion, writeCompletion } from './completion.js';
import { CompletionRecord } from './completion-record.js';
import { DESCRIPTOR_BYTES, Descriptor } from './descriptor.js';
import { type ErrorReport, reportOf } from './error-report.js';
import type { EventLog } from './event-log.js';
import { Executor } from './executor.js';
import { FLAG } from './flags.js';
import { InterDomainTable } from './inter-domain.js';
import { errorOfOperands, errorOfRead, failsReadback } from './memory-errors.js';
import { OPERAND, OperandList } from './operands.js';
import { OPCODE } from './operations.js';
import { requestPages } from './page-requests.js';
import type { SoftwareError } from './software-error.js';
import { STATUS } from './status.js';

/** What the processor needs of its device. */
export interface ProcessorOptions {
  readonly capabilities: Capabilities;
  readonly spaceOf: (pasid: number) => AddressSpace | undefined;
  readonly pageRequests: boolean;
  readonly interDomain?: InterDomainTable;
  readonly eventLog: EventLog | null;
  readonly softwareError: SoftwareError;
  /** Delivers a completion interrupt. */
  readonly interrupt: (handle: number, messageStore: boolean) => void;
}

/** What became of a descriptor. */
export interface DescriptorOutcome {
  readonly status: number;
  /** Where its record went. */
  readonly record: 'memory' | 'event-log' | 'software-error' | 'none';
}

/** Processes descriptors one after the other. */
export class DescriptorProcessor {
  private readonly checker: DescriptorChecker;
  private readonly executor: Executor;
  private readonly operands = new OperandList();
  private readonly batch = new BatchProgress();
  private readonly member = new Descriptor();
  /** Record of a batch, which outlives those of its members. */
  private readonly batchRecord = new CompletionRecord();
  private readonly interDomain: InterDomainTable;
  /** Whether a member of the current batch reported to the event log. */
  private memberLogged = false;

  constructor(private readonly options: ProcessorOptions) {
    this.checker = new DescriptorChecker(options.capabilities);
    this.executor = new Executor(options.capabilities);
    this.interDomain = options.interDomain ?? new InterDomainTable([], options.spaceOf);
  }

  /** Processes a descriptor whose trusted PASID and Priv are bound. @param workQueue its queue, for reports */
  process(descriptor: Descriptor, rules: WorkQueueRules, workQueue: number): DescriptorOutcome {
    return this.processOne(descriptor, rules, workQueue, null);
  }

  private processOne(
    d: Descriptor,
    rules: WorkQueueRules,
    workQueue: number,
    batchIndex: number | null,
  ): DescriptorOutcome {
    const space = this.options.spaceOf(d.pasid) ?? UNBOUND;
    const report = (code: number): ErrorReport =>
      reportOf(d, code, workQueue, batchIndex, rules.messageStore);
    if (this.checker.checkCompletionAddress(d) !== 0) {
      return this.log({ ...report(STATUS.cra_align), address: d.completionAddress });
    }
    const recordFaults =
      d.has(FLAG.completion_record_address_valid) && !this.reach(space, d.completionAddress, rules);
    const fault = { address: d.completionAddress, operand: OPERAND.completion_record, writeFault: true };
    if (recordFaults && this.options.eventLog === null) {
      return this.log({ ...report(STATUS.cra_xlat), ...fault });
    }
    const record = this.run(d, rules, workQueue, batchIndex, space);
    this.interruptAfter(d, rules);
    if (recordFaults && shouldWriteCompletion(d, record.status)) {
      const entry = { ...report(STATUS.cra_xlat), ...fault, record: imageOf(record) };
      return { ...this.log(entry), status: record.status };
    }
    return this.reportCompletion(d, record, rules, space, report);
  }

  /** Checks and executes. @returns the record, valid until the next descriptor */
  private run(
    d: Descriptor,
    rules: WorkQueueRules,
    workQueue: number,
    batchIndex: number | null,
    space: AddressSpace,
  ): CompletionRecord {
    const { executor, operands } = this;
    const status = this.checker.checkAfterCompletionAddress(d, rules, batchIndex !== null);
    if (status !== 0) {
      executor.reject(status, this.checker.invalidFlags);
      return executor.completion;
    }
    if (d.opcode === OPCODE.batch) return this.runBatch(d, rules, workQueue, space);
    if (d.opcode === OPCODE.drain) return this.runDrain(d, rules, space);
    operands.from(d);
    const isPlaced = this.interDomain.place(operands, d) === 0;
    if (isPlaced) {
      if (d.has(FLAG.block_on_fault) && this.requestsPages(rules)) requestPages(operands, space);
      const error = errorOfOperands(operands, space, rules.addressTranslation);
      if (error !== 0) {
        executor.reject(error, 0);
        return executor.completion;
      }
    }
    executor.execute(d, space, this.interDomain);
    // In Cache Control every combination with the second bit asks for a readback (specification 8.1.3).
    const readsBack = isPlaced && d.has(FLAG.cache_control_2);
    if (readsBack && executor.completion.status === STATUS.success && failsReadback(operands, space)) {
      executor.reject(STATUS.hw_err_drb, 0);
    }
    return executor.completion;
  }

  private runBatch(
    d: Descriptor,
    rules: WorkQueueRules,
    workQueue: number,
    space: AddressSpace,
  ): CompletionRecord {
    const { batch, member, batchRecord } = this;
    const { capabilities } = this.options;
    this.memberLogged = false;
    batch.begin(d);
    for (let index = 0; index < batch.count; index++) {
      const address = batch.memberAddress(index);
      const error = errorOfRead(space, address, DESCRIPTOR_BYTES, rules.addressTranslation);
      if (error !== 0) {
        batch.finish(batchRecord, capabilities);
        batchRecord.status = error;
        return batchRecord;
      }
      if (!this.reach(space, address, rules)) {
        batch.finishAtListFault(batchRecord, capabilities);
        return batchRecord;
      }
      space.read(address, member.bytes, 0, DESCRIPTOR_BYTES);
      member.refresh();
      member.bind(d.pasid, d.priv);
      if (batch.isAbandonedAt(member)) break;
      batch.memberDone(this.processOne(member, rules, workQueue, index).status);
    }
    batch.finish(batchRecord, capabilities);
    return batchRecord;
  }

  /** Earlier descriptors have completed already; what is left are the explicit readback addresses. */
  private runDrain(d: Descriptor, rules: WorkQueueRules, space: AddressSpace): CompletionRecord {
    const { operands, executor } = this;
    executor.execute(d, space);
    operands.from(d);
    for (let row = 0; row < operands.count; row++) {
      const address = operands.address[row]!;
      if (!this.reach(space, address, rules)) {
        executor.failReadback(operands.field[row]!, address);
        break;
      }
      if (space.broken.touches(address, 1, 'poisoned')) {
        executor.reject(STATUS.hw_err_drb, 0);
        break;
      }
    }
    return executor.completion;
  }

  /** Whether a page is present, if need be after a page request: for records, lists and readbacks. */
  private reach(space: AddressSpace, address: number, rules: WorkQueueRules): boolean {
    if (space.broken.touches(address, 1, 'untranslatable')) return false;
    return space.isPresent(address) || (this.requestsPages(rules) && space.resolve(address));
  }

  /** Page requests need translation services, of which they are a part (specification 3.13). */
  private requestsPages(rules: WorkQueueRules): boolean {
    return this.options.pageRequests && rules.pageRequests !== false && rules.addressTranslation;
  }

  /** Also after a failed check, but never with a handle that the descriptor may not name. */
  private interruptAfter(d: Descriptor, rules: WorkQueueRules): void {
    if (!d.has(FLAG.request_completion_interrupt)) return;
    const table = rules.interruptTable;
    if (!table.accepts(d.interruptHandle, rules.pasidEnable ? d.pasid : null)) return;
    if (table.delivers(d.interruptHandle)) {
      this.options.interrupt(d.interruptHandle, rules.messageStore === true);
    }
  }

  private reportCompletion(
    d: Descriptor,
    record: CompletionRecord,
    rules: WorkQueueRules,
    space: AddressSpace,
    report: (code: number) => ErrorReport,
  ): DescriptorOutcome {
    const { eventLog } = this.options;
    const status = record.status;
    const details = {
      address: record.faultAddress,
      writeFault: record.writeFault,
      operand: record.faultInfo >> 1,
      invalidFlags: status === STATUS.invalid_flags ? record.invalidFlags : 0,
      record: imageOf(record),
    };
    const isDue = shouldWriteCompletion(d, status);
    // A drain and a batch with logged members must stay behind those log entries, so that they go there too.
    if (isDue && eventLog !== null) {
      const address = d.completionAddress;
      if (d.opcode === OPCODE.drain && status === STATUS.success && !this.requestsPages(rules)) {
        return { ...this.log({ ...report(STATUS.drain_evl), ...details, address }), status };
      }
      if (d.opcode === OPCODE.batch && this.memberLogged) {
        return { ...this.log({ ...report(STATUS.batch_evl_err), ...details, address }), status };
      }
    }
    const outcome = writeCompletion(d, record, space);
    if (outcome === COMPLETION.unreported) return this.log({ ...report(status), ...details });
    if (status === STATUS.int_handle_inval) this.log({ ...report(status), ...details });
    return { status, record: outcome === COMPLETION.written ? 'memory' : 'none' };
  }

  /** Puts a report into the event log, or without one into SWERROR. */
  private log(report: ErrorReport): DescriptorOutcome {
    const { eventLog, softwareError } = this.options;
    const status = report.code;
    if (status === STATUS.cra_xlat) this.memberLogged = true;
    if (eventLog?.append(report) === true) return { status, record: 'event-log' };
    softwareError.record(eventLog === null ? report : { ...report, code: STATUS.event_log_append });
    return { status, record: 'software-error' };
  }
}

/** What a PASID sees to which nothing is bound. */
const UNBOUND = new AddressSpace({ presence: 'mapped' });

function imageOf(record: CompletionRecord): Uint8Array {
  const image = new Uint8Array(32);
  record.encode(image, 0);
  return image;
}
