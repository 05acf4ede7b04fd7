import { runBatch } from './batch.js';
import { putLittleEndian } from './bytes.js';
import { firstFailure } from './checks.js';
import type { ReferenceConfig } from './config.js';
import { FLAG, OP, type ReferenceDescriptor } from './descriptor.js';
import { execute } from './execute.js';
import { type Place, placeOperands, RefusedOperand, updateWindow, type WindowEntry } from './inter-domain.js';
import type { ReferenceMemory } from './memory.js';
import { Access, type Operand, OperandFault } from './operands.js';
import { type Outcome, outcome } from './operations.js';
import { recordOf, recordOfFailure } from './record.js';

/** What became of one descriptor, beside the bytes in memory. */
export interface Completion {
  status: number;
  /** Where the completion record went. */
  record: 'memory' | 'event-log' | 'software-error' | 'none';
  bytes: Uint8Array;
  interrupt: boolean;
  /** Members' completions, if it is a batch. */
  members: Completion[];
}

/** Identity and place of the descriptor under execution. */
interface Identity {
  inBatch: boolean;
  pasid: number;
  privileged: boolean;
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

  /** Processes one descriptor that the work queue accepted. */
  process(d: ReferenceDescriptor, batch?: Identity): Completion {
    const wq = this.config.workQueue;
    const identity =
      batch ??
      (wq.shared
        ? { inBatch: false, pasid: d.pasid, privileged: d.privileged }
        : { inBatch: false, pasid: wq.pasid, privileged: wq.privileged });
    const wantsRecord = d.has(FLAG.completionAddressValid);
    const completion: Completion = {
      status: 0,
      record: 'none',
      bytes: new Uint8Array(32),
      interrupt: false,
      members: [],
    };
    const elsewhere = this.config.eventLog ? 'event-log' : 'software-error';

    if (wantsRecord && d.completionAddress % 32n !== 0n) {
      return { ...completion, status: 0x1b, record: elsewhere };
    }
    let recordReachable = true;
    if (wantsRecord) {
      try {
        this.access(true).touch('completion', d.completionAddress, 32, true);
      } catch (fault) {
        if (!(fault instanceof OperandFault)) throw fault;
        recordReachable = false;
        if (!this.config.eventLog) return { ...completion, status: 0x1a, record: elsewhere };
      }
    }

    const failure = firstFailure(d, this.config, identity);
    if (failure !== undefined) {
      completion.status = failure.status;
      completion.bytes = recordOfFailure(failure);
    } else {
      const ended = this.run(d, identity, completion);
      completion.status = ended.status;
      completion.bytes = recordOf(ended, this.config.capabilities.faultInfo);
    }
    const quiet = [0x01, 0x02, 0x05].includes(completion.status);
    if (completion.status === 0x1d) {
      completion.record = elsewhere;
    } else if (wantsRecord && (d.has(FLAG.requestCompletion) || !quiet)) {
      completion.record = recordReachable ? 'memory' : 'event-log';
      if (recordReachable) this.memory.write(d.completionAddress, completion.bytes);
    } else if (!wantsRecord && !quiet) {
      completion.record = elsewhere;
    }
    completion.interrupt = d.has(FLAG.requestInterrupt) && completion.status !== 0x19;
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
        return outcome(updateWindow(d, identity.pasid, this.domains.entries));
      default:
        return this.runOperation(d, identity);
    }
  }

  private runBatch(d: ReferenceDescriptor, identity: Identity, completion: Completion): Outcome {
    const { pageRequests } = this.config;
    const { batchContinuation } = this.config.capabilities;
    return runBatch(d, this.memory, { pageRequests, batchContinuation }, (member) => {
      completion.members.push(this.process(member, { ...identity, inBatch: true }));
      return completion.members.at(-1)!.status;
    });
  }

  private runOperation(d: ReferenceDescriptor, identity: Identity): Outcome {
    const { pasidEnable } = this.config.workQueue;
    const submitter = { pasid: identity.pasid, pasidEnable };
    const { entries, memories } = this.domains;
    const places = placeOperands(d, submitter, entries, (pasid) => memories.get(pasid));
    if (places instanceof RefusedOperand) {
      const refused = outcome(places.status);
      putLittleEndian(refused.tail, 0, 2, BigInt(places.handle));
      return refused;
    }
    const ended = execute(d, this.access(d.has(FLAG.blockOnFault), places));
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
