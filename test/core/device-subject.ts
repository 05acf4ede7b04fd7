/** A bench around the untimed device: one work queue, PASID 1, and a table of inter-domain entries. */
import { AddressSpace } from '../../src/core/address-space.js';
import { type Capabilities, capabilitiesOf, type Generation } from '../../src/core/capabilities.js';
import { CompletionRecord } from '../../src/core/completion-record.js';
import { ReferenceDevice, type Submission, type WorkQueueConfig } from '../../src/core/device.js';
import { type DescriptorFields, encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { type InterDomainEntry, InterDomainTable } from '../../src/core/inter-domain.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import type { SubmissionAnswer } from '../../src/core/work-queue.js';

export interface DeviceBenchOptions extends Partial<Omit<WorkQueueConfig, 'pageRequests'>> {
  generation?: Generation;
  capabilities?: Partial<Capabilities>;
  presence?: 'all' | 'mapped';
  pageRequests?: boolean;
  /** Whether the one queue may send them. */
  queuePageRequests?: boolean;
  eventLogEntries?: number;
  /** Handles of the interrupt message store; none without. */
  messageStoreHandles?: number;
}

function entry(changes: Partial<InterDomainEntry>): InterDomainEntry {
  return {
    usable: true,
    submitterPasid: 1,
    accessPasid: 2,
    allowUpdate: false,
    read: true,
    write: true,
    windowEnable: false,
    offsetMode: false,
    windowBase: 0,
    windowBytes: 0,
    ...changes,
  };
}

export class DeviceBench {
  readonly space: AddressSpace;
  /** Address space of PASID 2. */
  readonly other = new AddressSpace();
  readonly entries: InterDomainEntry[];
  readonly interruptTable = new InterruptTable(9);
  readonly device: ReferenceDevice;
  private readonly instruction: 'enqcmd' | 'movdir64b';

  constructor(options: DeviceBenchOptions = {}) {
    const { generation, capabilities, presence, eventLogEntries, ...rest } = options;
    const { pageRequests, queuePageRequests, messageStoreHandles, ...queue } = rest;
    this.space = new AddressSpace({ presence: presence ?? 'all' });
    const spaceOf = (pasid: number): AddressSpace | undefined =>
      pasid === 1 ? this.space : pasid === 2 ? this.other : undefined;
    this.entries = [
      entry({ usable: false }),
      entry({}),
      entry({ read: false }),
      entry({ windowEnable: true, windowBase: 0x1000, windowBytes: 0x1000 }),
      entry({ accessPasid: 1, allowUpdate: true }),
      entry({ accessPasid: 99 }),
      entry({ windowEnable: true, offsetMode: true, windowBase: 0x8000, windowBytes: 0x2000 }),
    ];
    this.device = new ReferenceDevice({
      capabilities: { ...capabilitiesOf(generation ?? '1.0'), ...capabilities },
      spaceOf,
      pageRequests: pageRequests ?? true,
      interruptTable: this.interruptTable,
      ...(messageStoreHandles === undefined
        ? {}
        : { interruptMessageStore: new InterruptTable(messageStoreHandles) }),
      interDomain: new InterDomainTable(this.entries, spaceOf),
      eventLogEntries: eventLogEntries ?? 0,
      workQueues: [
        {
          mode: 'dedicated',
          size: 16,
          threshold: 16,
          blockOnFault: true,
          maxTransferBytes: 0x8000_0000,
          maxBatch: 1024,
          opConfig: null,
          pasidEnable: true,
          pasid: 1,
          priv: 0,
          userInterrupts: true,
          privilegedMode: true,
          addressTranslation: true,
          trafficClassA: 0,
          trafficClassB: 0,
          pageRequests: queuePageRequests ?? true,
          ...queue,
        },
      ],
    });
    this.instruction = options.mode === 'shared' ? 'enqcmd' : 'movdir64b';
  }

  /** Submits to queue 0 and, unless held, processes at once. */
  submit(fields: DescriptorFields, hold = false, changes: Partial<Submission> = {}): SubmissionAnswer {
    const image = new Uint8Array(64);
    encodeDescriptor({ pasid: 1, ...fields }, image, 0);
    return this.submitImage(image, hold, changes);
  }

  submitImage(image: Uint8Array, hold = false, changes: Partial<Submission> = {}): SubmissionAnswer {
    const submission = {
      workQueue: 0,
      portal: 'limited',
      instruction: this.instruction,
      ...changes,
    } as const;
    const answer = this.device.submit(image, 0, submission);
    if (answer === 'accepted' && !hold) this.device.processNewest(submission.workQueue);
    return answer;
  }

  put(address: number, bytes: ArrayLike<number>): void {
    this.space.write(address, Uint8Array.from(bytes), 0, bytes.length);
  }

  putDescriptors(address: number, list: DescriptorFields[]): void {
    const image = new Uint8Array(64);
    for (const [i, fields] of list.entries()) {
      encodeDescriptor(fields, image, 0);
      this.put(address + 64 * i, image);
    }
  }

  recordAt(address: number): CompletionRecord {
    const bytes = new Uint8Array(32);
    this.space.read(address, bytes, 0, 32);
    const record = new CompletionRecord();
    record.decode(bytes, 0);
    return record;
  }
}
