import { runBatch } from './batch.js';
import { putLittleEndian } from './bytes.js';
import { firstFailure, mayName } from './checks.js';
import type { ReferenceConfig } from './config.js';
import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';
import type { ErrorReport } from './errors.js';
import { execute } from './execute.js';
import { type Place, placeOperands, RefusedOperand, updateWindow, type WindowEntry } from './inter-domain.js';
import { ADDRESS_LIMIT, pageOf, type ReferenceMemory } from './memory.js';
import { operandRanges } from './operand-ranges.js';
import { Access, type Operand, OperandFault } from './operands.js';
import { type Outcome, outcome } from './operations.js';
import { recordOf, recordOfFailure } from './record.js';

/** What became of one descriptor, beside the bytes in memory. */
export interface Completion {
  status: number;
  /** Where the completion record went. */
  record: 'memory' | 'event-log' | 'software-error' | 'none';
  bytes: Uint8Array;
  /** The record could not be written where it belongs. */
  recordLost?: boolean;
  /** Members' completions, if it is a batch. */
  members: Completion[];
}

/** Identity and place of the descriptor under execution. */
interface Identity {
  /** Index in its batch. */
  member?: number;
  pasid: number;
  privileged: boolean;
}

/** Operands that are read. */
const READ: ReadonlySet<Operand> = new Set<Operand>(['source', 'source2', 'seed']);

/** Addresses above the limit are reported as pages (see `docs/DEVIATIONS.md`). */
function recordAddress(d: ReferenceDescriptor): bigint {
  return d.completionAddress < ADDRESS_LIMIT ? d.completionAddress : pageOf(d.completionAddress);
}

/** Address spaces other than the submitter's, and the table that opens them. */
export interface Domains {
  entries: Map<number, WindowEntry>;
  memories: Map<number, ReferenceMemory>;
}

/** The whole model: checks, then execution, then the completion record, in the order of specification 5.4 and 3.4. */
export class ReferenceDevice {
  constructor(
    readonly config: ReferenceConfig,
    readonly memory: ReferenceMemory,
    private readonly domains: Domains = { entries: new Map(), memories: new Map() },
  ) {}

  /** Reports in the event log, or if there is none in SWERROR, of which the first stays. */
  readonly reports: ErrorReport[] = [];
  /** Handles of the completion interrupts, in order. */
  readonly interrupts: number[] = [];

  /** Processes one descriptor that the work queue accepted. */
  process(d: ReferenceDescriptor): Completion {
    const wq = this.config.workQueue;
    const identity = wq.shared
      ? { pasid: d.pasid, privileged: d.privileged }
      : { pasid: wq.pasid, privileged: wq.privileged };
    return this.processOne(d, identity);
  }

  private processOne(d: ReferenceDescriptor, identity: Identity): Completion {
    const wantsRecord = d.has(FLAG.completionAddressValid);
    const { eventLog } = this.config;
    const ended: Completion = { status: 0, record: 'none', bytes: new Uint8Array(32), members: [] };
    const unreachable = { address: recordAddress(d), operand: 0, writeFault: false };

    if (wantsRecord && d.completionAddress % 32n !== 0n) {
      ended.status = 0x1b;
      return this.report(d, identity, ended, ended.status, unreachable);
    }
    let reachable = true;
    if (wantsRecord) {
      try {
        this.access(true).touch('completion', d.completionAddress, 32, true);
      } catch (fault) {
        if (!(fault instanceof OperandFault)) throw fault;
        reachable = false;
        Object.assign(unreachable, { operand: 5, writeFault: true });
        ended.status = 0x1a;
        if (!eventLog) return this.report(d, identity, ended, 0x1a, unreachable);
      }
    }

    let fault: OperandFault | undefined;
    const context = { ...identity, inBatch: identity.member !== undefined };
    const failure = firstFailure(d, this.config, context);
    if (failure !== undefined) {
      ended.status = failure.status;
      ended.bytes = recordOfFailure(failure);
    } else {
      const outcome = this.run(d, identity, ended);
      fault = outcome.fault;
      ended.status = outcome.status;
      ended.bytes = recordOf(outcome, this.config.capabilities.faultInfo);
    }
    if (d.has(FLAG.requestInterrupt) && ended.status !== 0x19) {
      // A descriptor that failed an earlier check may name a handle that it was never allowed.
      const delivered =
        mayName(d.interruptHandle, this.config, identity) &&
        !this.config.ignoredHandles.has(d.interruptHandle);
      if (delivered) this.interrupts.push(d.interruptHandle);
    }

    const quiet = [0x01, 0x02, 0x05].includes(ended.status);
    const due = wantsRecord && ended.status !== 0x1d && (d.has(FLAG.requestCompletion) || !quiet);
    const details = {
      address: fault === undefined ? 0n : pageOf(fault.address),
      writeFault: fault?.write ?? false,
      operand: ended.bytes[2]! >> 1,
      invalidFlags: failure?.invalidFlags ?? 0,
      record: ended.bytes,
    };
    if (due && !reachable) {
      return this.report(d, identity, ended, 0x1a, { ...unreachable, record: ended.bytes });
    }
    // A drain must not overtake the log, nor a batch its members' entries there.
    const address = recordAddress(d);
    if (due && eventLog && d.operation === OP.drain && ended.status === 1 && !this.config.pageRequests) {
      return this.report(d, identity, ended, 0x26, { ...details, address });
    }
    if (due && eventLog && d.operation === OP.batch && ended.members.some((member) => member.recordLost)) {
      return this.report(d, identity, ended, 0x27, { ...details, address });
    }
    if (due) {
      ended.record = 'memory';
      this.memory.write(d.completionAddress, ended.bytes);
    } else if (!quiet) {
      return this.report(d, identity, ended, ended.status, details);
    }
    if (ended.status === 0x19) this.report(d, identity, { ...ended }, ended.status, details);
    return ended;
  }

  /** Sends a report to the event log or SWERROR instead of, or beside, a completion record. */
  private report(
    d: ReferenceDescriptor,
    identity: Identity,
    completion: Completion,
    code: number,
    details: Partial<ErrorReport>,
  ): Completion {
    this.reports.push({
      descriptor: d,
      code,
      ...identity,
      writeFault: false,
      operand: 0,
      address: 0n,
      invalidFlags: 0,
      record: new Uint8Array(32),
      ...details,
    });
    completion.record = this.config.eventLog ? 'event-log' : 'software-error';
    if (code === 0x1a) completion.recordLost = true;
    return completion;
  }

  private access(blockOnFault: boolean, places?: Map<Operand, Place>): Access {
    const { pageRequests } = this.config;
    return new Access({ memory: this.memory, blockOnFault, pageRequests, ...(places && { places }) });
  }

  private run(d: ReferenceDescriptor, identity: Identity, completion: Completion): Outcome {
    switch (d.operation) {
      case OP.batch:
        return this.runBatch(d, identity, completion);
      case OP.drain:
        return this.drain(d);
      case OP.updateWindow:
        return outcome(updateWindow(d, this.submitter(identity), this.domains.entries));
      default:
        return this.runOperation(d, identity);
    }
  }

  private runBatch(d: ReferenceDescriptor, identity: Identity, completion: Completion): Outcome {
    const { pageRequests } = this.config;
    const { batchContinuation } = this.config.capabilities;
    const listFault = this.config.addressTranslation ? 0x06 : 0x20;
    return runBatch(d, this.memory, { pageRequests, batchContinuation, listFault }, (member) => {
      const index = completion.members.length;
      completion.members.push(this.processOne(member, { ...identity, member: index }));
      return completion.members.at(-1)!.status;
    });
  }

  private submitter(identity: Identity): { pasid: number; pasidEnable: boolean } {
    return { pasid: identity.pasid, pasidEnable: this.config.workQueue.pasidEnable };
  }

  private runOperation(d: ReferenceDescriptor, identity: Identity): Outcome {
    const { entries, memories } = this.domains;
    const places = placeOperands(d, this.submitter(identity), entries, (pasid) => memories.get(pasid));
    if (places instanceof RefusedOperand) {
      const refused = outcome(places.status);
      putLittleEndian(refused.tail, 0, 2, BigInt(places.handle));
      return refused;
    }
    const access = this.access(d.has(FLAG.blockOnFault), places);
    if (d.has(FLAG.blockOnFault)) access.requestAll(operandRanges(d));
    if (!this.config.addressTranslation) {
      const reads = operandRanges(d).filter(
        ({ operand }) => READ.has(operand) && d.operation !== OP.cacheFlush,
      );
      if (reads.some((range) => !access.isPresent(range))) return outcome(0x20);
    }
    const ended = execute(d, access);
    const operand = ended.fault?.operand;
    if (operand !== undefined && places.has(operand)) {
      const handle = d.u16(operand === 'source' ? 60 : 62);
      putLittleEndian(ended.tail, 0, 2, BigInt(handle));
    }
    return ended;
  }

  /** Every earlier descriptor has completed already; only the explicit readback addresses are left to translate. */
  private drain(d: ReferenceDescriptor): Outcome {
    try {
      if (d.has(FLAG.op16)) this.access(true).touch('readback1', d.source, 1, false);
      if (d.has(FLAG.op17)) this.access(true).touch('readback2', d.destination, 1, false);
    } catch (fault) {
      if (!(fault instanceof OperandFault)) throw fault;
      return { ...outcome(0x1f), fault };
    }
    return outcome(1);
  }
}
