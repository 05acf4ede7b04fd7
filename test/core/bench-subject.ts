/** A small bench for the core: one address space, one executor, and descriptors by their fields. */
import { AddressSpace } from '../../src/core/address-space.js';
import { type Capabilities, capabilitiesOf, type Generation } from '../../src/core/capabilities.js';
import { DescriptorChecker, type WorkQueueRules } from '../../src/core/checks.js';
import type { CompletionRecord } from '../../src/core/completion-record.js';
import { Descriptor } from '../../src/core/descriptor.js';
import { type DescriptorFields, encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { Executor } from '../../src/core/executor.js';
import { FLAG } from '../../src/core/flags.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';

export const RECORD = FLAG.completion_record_address_valid | FLAG.request_completion_record;

/** Where tests put completion records. */
export const RECORD_ADDRESS = 0x7000_0000;

export function workQueueRules(changes: Partial<WorkQueueRules> = {}): WorkQueueRules {
  return {
    mode: 'dedicated',
    blockOnFault: false,
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
    trafficClassB: 1,
    interruptTable: new InterruptTable(9),
    ...changes,
  };
}

export function descriptorOf(fields: DescriptorFields): Descriptor {
  const bytes = new Uint8Array(64);
  encodeDescriptor(fields, bytes, 0);
  const descriptor = new Descriptor();
  descriptor.decode(bytes, 0);
  return descriptor;
}

/** Fields of a descriptor that passes the flag checks of its operation. */
export function requested(fields: DescriptorFields): DescriptorFields {
  return { completionAddress: RECORD_ADDRESS, ...fields, flags: (fields.flags ?? 0) | RECORD };
}

export class Bench {
  readonly capabilities: Capabilities;
  readonly checker: DescriptorChecker;
  readonly executor: Executor;

  constructor(
    generation: Generation = '1.0',
    readonly space: AddressSpace = new AddressSpace(),
    changes: Partial<Capabilities> = {},
  ) {
    this.capabilities = { ...capabilitiesOf(generation), ...changes };
    this.checker = new DescriptorChecker(this.capabilities);
    this.executor = new Executor(this.capabilities);
  }

  /** Status that the checks give, 0 if they pass. */
  check(fields: DescriptorFields, rules: Partial<WorkQueueRules> = {}, inBatch = false): number {
    return this.checker.check(descriptorOf(fields), workQueueRules(rules), inBatch);
  }

  /** Checks and executes; throws if a check fails, since the test meant a legal descriptor. */
  run(fields: DescriptorFields, rules: Partial<WorkQueueRules> = {}): CompletionRecord {
    const descriptor = descriptorOf(requested(fields));
    const status = this.checker.check(descriptor, workQueueRules({ blockOnFault: true, ...rules }), false);
    if (status !== 0) throw new Error(`check failed with status 0x${status.toString(16)}`);
    this.executor.execute(descriptor, this.space);
    return this.executor.completion;
  }

  put(address: number, bytes: ArrayLike<number>): void {
    this.space.write(address, Uint8Array.from(bytes), 0, bytes.length);
  }

  get(address: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.space.read(address, bytes, 0, length);
    return bytes;
  }
}

/** Bytes 0, 1, 2, … from an offset on. */
export function ramp(length: number, from = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i + from);
}

/** Bytes without an obvious period. */
export function noise(length: number, seed: number): Uint8Array {
  let state = seed | 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >>> 24;
  });
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
