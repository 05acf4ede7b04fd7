import { AddressSpace } from '../../src/core/address-space.js';
import { capabilitiesOf } from '../../src/core/capabilities.js';
import type { DescriptorOutcome } from '../../src/core/descriptor-processor.js';
import { ReferenceDevice, type Submission } from '../../src/core/device.js';
import { encodeEventLogEntry } from '../../src/core/event-log.js';
import { InterDomainTable } from '../../src/core/inter-domain.js';
import { InterruptTable } from '../../src/core/interrupt-table.js';
import type { Case, Entry } from './cases.js';
import { ARENA_PAGES, PAGE } from './knobs.js';

/** PASID of a dedicated queue; shared ones take the descriptor's. */
export const PASID = 1;

/** PASID of the second address space, and one that nothing is bound to. */
export const OTHER_PASID = 20;
export const UNBOUND_PASID = 99;

/** PASID that cases put into descriptors for shared queues. */
export const SHARED_PASID = 7;

/** Handles that are not simply open to everybody. */
export const IGNORED_HANDLE = 4;
export const REVOKED_HANDLE = 5;
export const NO_PASID_HANDLE = 6;
export const SHARED_HANDLE = 7;

const HANDLES = new InterruptTable(9);
HANDLES.ignore(IGNORED_HANDLE);
HANDLES.revoke(REVOKED_HANDLE);
HANDLES.restrict(NO_PASID_HANDLE, null);
HANDLES.restrict(SHARED_HANDLE, SHARED_PASID);

/** A queue's mask as eight words, with everything allowed but some codes. */
function maskWithout(codes: readonly number[]): number[] {
  const words = new Array<number>(8).fill(0xffffffff);
  for (const code of codes) words[code >> 5] = (words[code >> 5]! & ~(1 << (code & 31))) >>> 0;
  return words;
}

/** Maps the pages of a case: absent ones that can come back are mapped too. */
export function spaceOf(program: Case): AddressSpace {
  const everything = program.mapping === 'all';
  const space = new AddressSpace({ presence: everything ? 'all' : 'mapped' });
  const missing = new Set(program.absent.filter((page) => !program.pageable.includes(page)));
  for (let first = everything ? ARENA_PAGES : 0; first < ARENA_PAGES; ) {
    if (missing.has(first)) {
      first++;
      continue;
    }
    let end = first;
    if (program.mapping === 'pages') end++;
    else while (end < ARENA_PAGES && !missing.has(end)) end++;
    space.map(program.base + first * PAGE, (end - first) * PAGE);
    first = end;
  }
  for (const { address, bytes } of program.contents) {
    for (let at = 0; at < bytes.length; ) {
      const inPage = Math.min(bytes.length - at, PAGE - ((address + at) % PAGE));
      const page = Math.floor((address + at - program.base) / PAGE);
      const mapped = page >= 0 && page < ARENA_PAGES && !missing.has(page);
      if (mapped || (everything && address + at < 2 ** 52)) space.write(address + at, bytes, at, inPage);
      at += inPage;
    }
  }
  for (const page of program.absent) if (!missing.has(page)) space.setAbsent(program.base + page * PAGE);
  return space;
}

/** The core's untimed device with one work queue, and one PASID behind it. */
export class CoreMachine {
  readonly space: AddressSpace;
  readonly otherSpace: AddressSpace | undefined;
  /** The device's own copy of the inter-domain entries, which Update Window changes. */
  readonly entries: Entry[];
  readonly device: ReferenceDevice;
  private readonly submission: Submission;

  constructor(program: Case) {
    const wq = program.workQueue;
    this.space = spaceOf(program);
    this.otherSpace = program.domains && spaceOf({ ...program, ...program.domains });
    this.entries = (program.domains?.entries ?? []).map((entry) => ({ ...entry }));
    const spaceOfPasid = (pasid: number): AddressSpace | undefined => {
      if (pasid === OTHER_PASID) return this.otherSpace;
      return pasid === UNBOUND_PASID ? undefined : this.space;
    };
    this.submission = {
      workQueue: 0,
      portal: 'unlimited',
      instruction: wq.shared ? 'enqcmd' : 'movdir64b',
    };
    this.device = new ReferenceDevice({
      capabilities: capabilitiesOf(program.generation),
      workQueues: [
        {
          mode: wq.shared ? 'shared' : 'dedicated',
          size: 16,
          threshold: 16,
          blockOnFault: wq.blockOnFault,
          maxTransferBytes: wq.maxTransferBytes,
          maxBatch: wq.maxBatch,
          opConfig: wq.masked.length === 0 ? null : maskWithout(wq.masked),
          pasidEnable: wq.pasidEnable,
          pasid: PASID,
          priv: wq.privileged ? 1 : 0,
          userInterrupts: program.userInterrupts,
          privilegedMode: program.privilegedMode,
          addressTranslation: program.addressTranslation,
          trafficClassA: program.trafficClasses[0],
          trafficClassB: program.trafficClasses[1],
        },
      ],
      spaceOf: spaceOfPasid,
      interDomain: new InterDomainTable(this.entries, spaceOfPasid),
      pageRequests: program.pageRequests,
      interruptTable: HANDLES,
      eventLogEntries: program.eventLog ? 64 : 0,
    });
  }

  /** Status and whereabouts of the completion record after one descriptor. */
  run(image: Uint8Array): DescriptorOutcome {
    this.device.submit(image, 0, this.submission);
    return this.device.processOldest(0)!;
  }

  /** The 32 bytes of SWERROR. */
  softwareError(): Uint8Array {
    const bytes = new Uint8Array(32);
    this.device.softwareError.encode(bytes, 0);
    return bytes;
  }

  /** The 64 bytes of each event log entry. */
  eventLog(): Uint8Array[] {
    return (this.device.eventLog?.pending ?? []).map((report) => {
      const bytes = new Uint8Array(64);
      encodeEventLogEntry(report, false, bytes, 0);
      return bytes;
    });
  }
}
