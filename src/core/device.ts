/**
 * The whole device without time: submission through portals, checks, execution, batches, drains, aborts, and every
 * way a descriptor can report. Each descriptor completes before the next begins; `models` adds the time.
 */
import type { AddressSpace } from './address-space.js';
import type { Capabilities } from './capabilities.js';
import type { WorkQueueRules } from './checks.js';
import { Descriptor } from './descriptor.js';
import { type DescriptorOutcome, DescriptorProcessor } from './descriptor-processor.js';
import { reportOf } from './error-report.js';
import { EventLog } from './event-log.js';
import type { InterDomainTable } from './inter-domain.js';
import { InterruptTable } from './interrupt-table.js';
import { OPCODE } from './operations.js';
import { SoftwareError } from './software-error.js';
import { STATUS } from './status.js';
import {
  answerSubmission,
  type PortalKind,
  type SubmissionAnswer,
  type SubmitInstruction,
  type WorkQueueShape,
} from './work-queue.js';

/** A configured and enabled work queue. */
export interface WorkQueueConfig
  extends WorkQueueShape,
    Omit<WorkQueueRules, 'mode' | 'interruptTable' | 'messageStore'> {}

/** What a device is made of. */
export interface DeviceOptions {
  readonly capabilities: Capabilities;
  readonly workQueues: readonly WorkQueueConfig[];
  /** Address space of a PASID; undefined where none is bound, so that every access faults. */
  readonly spaceOf: (pasid: number) => AddressSpace | undefined;
  /** Whether page requests are on for the device. */
  readonly pageRequests: boolean;
  /** MSI-X permissions. */
  readonly interruptTable: InterruptTable;
  /** Interrupt message store, for descriptors from its portals; default: no handle is valid there. */
  readonly interruptMessageStore?: InterruptTable;
  readonly interDomain?: InterDomainTable;
  /** Entries of the event log ring, or 0 to leave it off; needs the capability. */
  readonly eventLogEntries?: number;
}

/** Where and how a descriptor is submitted. */
export interface Submission {
  readonly workQueue: number;
  readonly portal: PortalKind;
  readonly instruction: SubmitInstruction;
  /** Through a portal of the interrupt message store. */
  readonly messageStore?: boolean;
}

/** A completion interrupt that was delivered. */
export interface CompletionInterrupt {
  readonly handle: number;
  readonly messageStore: boolean;
}

interface QueuedDescriptor {
  readonly descriptor: Descriptor;
  readonly rules: WorkQueueRules;
  readonly workQueue: number;
}

/** See the head of this file. */
export class ReferenceDevice {
  readonly softwareError = new SoftwareError();
  readonly eventLog: EventLog | null;
  /** Completion interrupts in order. */
  readonly interrupts: CompletionInterrupt[] = [];

  private readonly queues: QueuedDescriptor[][];
  private readonly processor: DescriptorProcessor;
  private readonly rules: readonly (readonly [WorkQueueRules, WorkQueueRules])[];

  constructor(private readonly options: DeviceOptions) {
    const { capabilities, workQueues, interruptTable, interruptMessageStore } = options;
    const hasLog = capabilities.eventLogEntryBytes > 0 && (options.eventLogEntries ?? 0) > 0;
    this.eventLog = hasLog ? new EventLog(options.eventLogEntries!) : null;
    this.queues = workQueues.map(() => []);
    this.rules = workQueues.map((queue) => [
      { ...queue, interruptTable },
      { ...queue, interruptTable: interruptMessageStore ?? new InterruptTable(0), messageStore: true },
    ]);
    this.processor = new DescriptorProcessor({
      ...options,
      eventLog: this.eventLog,
      softwareError: this.softwareError,
      interrupt: (handle, messageStore) => {
        this.interrupts.push({ handle, messageStore });
      },
    });
  }

  /** Descriptors in a work queue. */
  occupancy(workQueue: number): number {
    return this.queues[workQueue]!.length;
  }

  /** Offers a descriptor to a portal; an accepted one waits in the queue until it is processed. */
  submit(image: Uint8Array, offset: number, submission: Submission): SubmissionAnswer {
    const { workQueue, portal, instruction } = submission;
    const config = this.options.workQueues[workQueue];
    if (config === undefined) return instruction === 'enqcmd' ? 'retry' : 'ignored';
    const queue = this.queues[workQueue]!;
    const answer = answerSubmission(config, queue.length, portal, instruction);
    if (answer !== 'accepted' && answer !== 'dropped') return answer;
    const descriptor = new Descriptor();
    descriptor.decode(image, offset);
    if (config.mode === 'dedicated') descriptor.bind(config.pasid, config.priv);
    if (answer === 'dropped') {
      const code = STATUS.work_queue_overflow;
      this.softwareError.record(reportOf(descriptor, code, workQueue, null, submission.messageStore));
    } else {
      const rules = this.rules[workQueue]![submission.messageStore === true ? 1 : 0];
      queue.push({ descriptor, rules, workQueue });
    }
    return answer;
  }

  /** Processes the descriptor that was submitted last to a queue, ahead of those that wait before it. */
  processNewest(workQueue: number): DescriptorOutcome | null {
    const entry = this.queues[workQueue]!.pop();
    return entry === undefined ? null : this.process(entry);
  }

  /** Processes the oldest descriptor of a queue; null if it is empty. */
  processOldest(workQueue: number): DescriptorOutcome | null {
    const entry = this.queues[workQueue]!.shift();
    return entry === undefined ? null : this.process(entry);
  }

  /** Processes everything that waits, queue by queue. */
  processAll(): void {
    for (let queue = 0; queue < this.queues.length; queue++) while (this.processOldest(queue) !== null);
  }

  private process(entry: QueuedDescriptor): DescriptorOutcome {
    if (entry.descriptor.opcode === OPCODE.drain) this.completeEarlier(entry);
    return this.processor.process(entry.descriptor, entry.rules, entry.workQueue);
  }

  /**
   * A Drain descriptor waits for the earlier ones of its queue and PASID (specification 3.9); in a dedicated queue all
   * have the same.
   */
  private completeEarlier(drain: QueuedDescriptor): void {
    const { pasid } = drain.descriptor;
    const earlier = this.remove(drain.workQueue, ({ descriptor }) => descriptor.pasid === pasid);
    for (const entry of earlier) this.process(entry);
  }

  /** Drain WQ command: completes everything in a queue. */
  drainWorkQueue(workQueue: number): void {
    while (this.processOldest(workQueue) !== null);
  }

  /** Drain PASID command: completes the descriptors of a PASID in every queue. */
  drainPasid(pasid: number): void {
    for (let queue = 0; queue < this.queues.length; queue++) {
      for (const entry of this.remove(queue, ({ descriptor }) => descriptor.pasid === pasid))
        this.process(entry);
    }
  }

  /** Abort WQ command: abandons what has not started, without record or interrupt. @returns how many */
  abortWorkQueue(workQueue: number): number {
    return this.remove(workQueue, () => true).length;
  }

  /** Abort PASID command. @returns how many descriptors were abandoned */
  abortPasid(pasid: number): number {
    let abandoned = 0;
    for (let queue = 0; queue < this.queues.length; queue++) {
      abandoned += this.remove(queue, ({ descriptor }) => descriptor.pasid === pasid).length;
    }
    return abandoned;
  }

  private remove(workQueue: number, matches: (entry: QueuedDescriptor) => boolean): QueuedDescriptor[] {
    const removed = this.queues[workQueue]!.filter(matches);
    this.queues[workQueue] = this.queues[workQueue]!.filter((entry) => !removed.includes(entry));
    return removed;
  }
}
