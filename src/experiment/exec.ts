/** Runs a program on the untimed device. */
import { AddressSpace, MemoryLimitError } from '../core/address-space.js';
import { PAGE_BYTES, pageStart } from '../core/bytes.js';
import { capabilitiesOf } from '../core/capabilities.js';
import { CompletionRecord } from '../core/completion-record.js';
import { Descriptor } from '../core/descriptor.js';
import { ReferenceDevice } from '../core/device.js';
import { describeDescriptor, describeRecord } from '../core/disassemble.js';
import type { ErrorReport } from '../core/error-report.js';
import { FLAG } from '../core/flags.js';
import { type InterDomainEntry, InterDomainTable } from '../core/inter-domain.js';
import { InterruptTable } from '../core/interrupt-table.js';
import { operationName } from '../core/operations.js';
import { statusName } from '../core/status.js';
import { type ExecProgram, ProgramError, sizeOf } from '../workload/exec-program.js';
import type { ExecReport, ExecResult } from '../workload/exec-result.js';

type Contents = Pick<ExecProgram, 'memory' | 'absent_pages' | 'poisoned_pages' | 'untranslatable_pages'>;

/**
 * Runs a program to its end.
 * @param explains whether the result says everything in words too
 * @throws ProgramError if the program asks for memory that does not exist, or for too much of it
 */
export function runProgram(program: ExecProgram, explains = false): ExecResult {
  try {
    const spaces = new Map([[program.work_queue.pasid, spaceOf(program)]]);
    for (const space of program.address_spaces) spaces.set(space.pasid, spaceOf(space));
    const device = deviceOf(program, spaces);
    const submissions = submitAll(program, device);
    return {
      submissions,
      memory: dumpAll(program, spaces, submissions),
      event_log: (device.eventLog?.pending ?? []).map(reportText),
      software_error: softwareErrorText(device),
      interrupts: device.interrupts.map(({ handle, messageStore }) => ({
        handle,
        message_store: messageStore,
      })),
      ...(explains ? { explanation: explain(program, spaces, submissions) } : {}),
    };
  } catch (error) {
    if (error instanceof MemoryLimitError) throw new ProgramError('DSASIM_X003', error.message);
    throw error;
  }
}

/** Pages that entries touch or that are named exist; neighbours share one mapping. */
function spaceOf({ memory, absent_pages, poisoned_pages, untranslatable_pages }: Contents): AddressSpace {
  const space = new AddressSpace({ presence: 'mapped' });
  const pages = new Set([...absent_pages, ...poisoned_pages, ...untranslatable_pages].map(pageStart));
  for (const entry of memory) {
    const end = entry.address + sizeOf(entry);
    for (let page = pageStart(entry.address); page < end; page += PAGE_BYTES) pages.add(page);
  }
  const sorted = [...pages].sort((a, b) => a - b);
  for (let first = 0; first < sorted.length; ) {
    let last = first;
    while (sorted[last + 1] === sorted[last]! + PAGE_BYTES) last++;
    space.map(sorted[first]!, (last - first + 1) * PAGE_BYTES);
    first = last + 1;
  }
  for (const entry of memory) {
    const bytes = 'hex' in entry ? bytesOf(entry.hex) : new Uint8Array(entry.length).fill(entry.byte);
    space.write(entry.address, bytes, 0, bytes.length);
  }
  for (const page of absent_pages) space.setAbsent(page);
  for (const page of poisoned_pages) space.broken.add(page, 'poisoned');
  for (const page of untranslatable_pages) space.broken.add(page, 'untranslatable');
  return space;
}

function bytesOf(hex: string): Uint8Array {
  return Buffer.from(hex, 'hex');
}

function deviceOf(program: ExecProgram, spaces: ReadonlyMap<number, AddressSpace>): ReferenceDevice {
  const queue = program.work_queue;
  const capabilities = capabilitiesOf(program.generation);
  const table = new InterruptTable(program.interrupt_table.size);
  for (const { handle, pasid, revoked, ignored } of program.interrupt_table.handles) {
    if (pasid !== undefined) table.restrict(handle, pasid);
    if (revoked) table.revoke(handle);
    if (ignored) table.ignore(handle);
  }
  const spaceOfPasid = (pasid: number): AddressSpace | undefined => spaces.get(pasid);
  return new ReferenceDevice({
    capabilities,
    spaceOf: spaceOfPasid,
    pageRequests: program.page_requests,
    interruptTable: table,
    interruptMessageStore: table,
    interDomain: new InterDomainTable(domainsOf(program), spaceOfPasid),
    eventLogEntries: program.event_log,
    workQueues: [
      {
        mode: queue.mode,
        size: queue.size,
        threshold: queue.threshold ?? queue.size,
        blockOnFault: queue.block_on_fault,
        maxTransferBytes: queue.max_transfer ?? capabilities.maxTransferBytes,
        maxBatch: queue.max_batch ?? capabilities.maxBatch,
        opConfig: queue.operations === undefined ? null : maskOf(queue.operations),
        pasidEnable: queue.pasid_enable,
        pasid: queue.pasid,
        priv: queue.privileged ? 1 : 0,
        userInterrupts: program.user_interrupts,
        privilegedMode: program.privileged_mode,
        addressTranslation: queue.address_translation,
        pageRequests: queue.page_requests,
        trafficClassA: queue.traffic_classes[0],
        trafficClassB: queue.traffic_classes[1],
      },
    ],
  });
}

function maskOf(operations: readonly number[]): number[] {
  const mask = new Array<number>(8).fill(0);
  for (const opcode of operations) mask[opcode >>> 5]! |= 1 << (opcode & 31);
  return mask;
}

function domainsOf(program: ExecProgram): (InterDomainEntry | undefined)[] {
  const entries: (InterDomainEntry | undefined)[] = [];
  for (const entry of program.idpt) {
    entries[entry.handle] = {
      usable: entry.usable,
      submitterPasid: entry.submitter_pasid,
      accessPasid: entry.access_pasid,
      allowUpdate: entry.allow_update,
      read: entry.read,
      write: entry.write,
      windowEnable: entry.window !== undefined,
      offsetMode: entry.window?.offset_mode ?? false,
      windowBase: entry.window?.base ?? 0,
      windowBytes: entry.window?.length ?? 0,
    };
  }
  return entries;
}

/** Submits in order; what is not held completes at once, the rest at the end. */
function submitAll(program: ExecProgram, device: ReferenceDevice): ExecResult['submissions'] {
  const usual = program.work_queue.mode === 'shared' ? 'enqcmd' : 'movdir64b';
  const answers = program.descriptors.map((hex, i) => {
    const how = program.submissions[i];
    const answer = device.submit(bytesOf(hex), 0, {
      workQueue: 0,
      portal: how?.portal ?? 'limited',
      instruction: how?.with ?? usual,
      messageStore: how?.message_store ?? false,
    });
    if (answer === 'accepted' && how?.hold !== true) device.processNewest(0);
    return answer;
  });
  device.processAll();
  return answers;
}

function dumpAll(
  program: ExecProgram,
  spaces: ReadonlyMap<number, AddressSpace>,
  submissions: ExecResult['submissions'],
): ExecResult['memory'] {
  if (program.dump === undefined) {
    return recordsOf(program, spaces, submissions).flatMap(({ address, image }) =>
      image === null ? [] : [{ address: addressText(address), hex: hexOf(image) }],
    );
  }
  return program.dump.map(({ address, length, pasid }) => {
    const space = spaces.get(pasid ?? program.work_queue.pasid)!;
    const image = new Uint8Array(length);
    if (!exists(space, address, length)) {
      const text = `the dump of ${length} bytes at ${addressText(address)} reaches a page that nothing names`;
      throw new ProgramError('DSASIM_X004', text);
    }
    space.read(address, image, 0, length);
    return { address: addressText(address), hex: hexOf(image) };
  });
}

/** Whether every page of a range exists, present or absent. */
function exists(space: AddressSpace, address: number, bytes: number): boolean {
  // The first page is asked for in any case: beyond 2^53 a double cannot tell a sum from its first term.
  let page = pageStart(address);
  do {
    if (!space.exists(page)) return false;
    page += PAGE_BYTES;
  } while (page < address + bytes);
  return true;
}

interface FoundRecord {
  readonly descriptor: Descriptor;
  readonly address: number;
  /** Null if there is no record address, or nothing at it. */
  readonly image: Uint8Array | null;
}

/** The records of all accepted descriptors, as memory has them in the end. */
function recordsOf(
  program: ExecProgram,
  spaces: ReadonlyMap<number, AddressSpace>,
  submissions: ExecResult['submissions'],
): FoundRecord[] {
  return program.descriptors.map((hex, i) => {
    const descriptor = new Descriptor();
    descriptor.decode(bytesOf(hex), 0);
    const address = descriptor.completionAddress;
    const pasid = program.work_queue.mode === 'shared' ? descriptor.pasid : program.work_queue.pasid;
    const space = spaces.get(pasid);
    const isThere =
      submissions[i] === 'accepted' &&
      descriptor.has(FLAG.completion_record_address_valid) &&
      space !== undefined &&
      exists(space, address, 32);
    if (!isThere) return { descriptor, address, image: null };
    const image = new Uint8Array(32);
    space.read(address, image, 0, 32);
    return { descriptor, address, image };
  });
}

/** Two lines a descriptor: what was asked and what the record says. */
function explain(
  program: ExecProgram,
  spaces: ReadonlyMap<number, AddressSpace>,
  submissions: ExecResult['submissions'],
): string[] {
  const record = new CompletionRecord();
  return recordsOf(program, spaces, submissions).flatMap(({ descriptor, image }, i) => {
    const head = `${i}: ${describeDescriptor(descriptor)}`;
    if (submissions[i] !== 'accepted') return [head, `   ${submissions[i]}`];
    if (image === null) return [head, '   no completion record'];
    record.decode(image, 0);
    return [head, `   ${describeRecord(record, descriptor.opcode)}`];
  });
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

function addressText(address: number): string {
  return `0x${address.toString(16)}`;
}

function reportText(report: ErrorReport): ExecReport {
  return {
    code: report.code,
    status: statusName(report.code),
    operation: operationName(report.operation),
    pasid: report.pasid,
    privileged: report.priv === 1,
    batch_index: report.batchIndex,
    address: addressText(report.address),
    write: report.writeFault,
    operand: report.operand,
    invalid_flags: report.invalidFlags,
    interrupt_handle: report.interruptHandle,
    record: hexOf(report.record),
  };
}

function softwareErrorText({ softwareError }: ReferenceDevice): ExecResult['software_error'] {
  if (softwareError.report === null) return null;
  return { ...reportText(softwareError.report), overflow: softwareError.overflow };
}
