import { expect } from 'vitest';
import type { AddressSpace } from '../../src/core/address-space.js';
import { toHex } from '../core-reference/bytes.js';
import { REVISION_1, REVISION_2, type ReferenceConfig } from '../core-reference/config.js';
import { ReferenceDescriptor } from '../core-reference/descriptor.js';
import { type Domains, ReferenceDevice } from '../core-reference/device.js';
import { eventLogEntryOf, softwareErrorOf } from '../core-reference/errors.js';
import type { WindowEntry } from '../core-reference/inter-domain.js';
import { ReferenceMemory } from '../core-reference/memory.js';
import type { Case, Entry } from './cases.js';
import {
  CoreMachine,
  IGNORED_HANDLE,
  NO_PASID_HANDLE,
  OTHER_PASID,
  PASID,
  REVOKED_HANDLE,
  SHARED_HANDLE,
  SHARED_PASID,
} from './core-machine.js';
import { ARENA_BYTES, ARENA_PAGES, PAGE } from './knobs.js';

/** The model's memory of a case. */
export function referenceMemoryOf(program: Case): ReferenceMemory {
  const memory = new ReferenceMemory();
  for (let page = 0; page < ARENA_PAGES; page++) {
    const at = BigInt(program.base + page * PAGE);
    if (!program.absent.includes(page)) memory.present.add(at);
    else if (program.pageable.includes(page)) memory.pageable.add(at);
  }
  if (program.mapping === 'all') {
    memory.allBut = new Set(program.absent.map((page) => BigInt(program.base + page * PAGE)));
  }
  for (const { address, bytes } of program.contents) memory.write(BigInt(address), bytes);
  return memory;
}

/** The model's reading of the interrupt table that `core-machine.ts` sets up. */
function isOpen(handle: number, pasid: number | undefined): boolean {
  if (handle === REVOKED_HANDLE) return false;
  if (handle === NO_PASID_HANDLE) return pasid === undefined;
  return handle !== SHARED_HANDLE || pasid === SHARED_PASID;
}

/** The model's view of the device of a case. */
export function referenceConfigOf(program: Case): ReferenceConfig {
  return {
    capabilities: program.generation === '1.0' ? REVISION_1 : REVISION_2,
    workQueue: {
      ...program.workQueue,
      size: 16,
      threshold: 16,
      pasid: PASID,
      operations: program.workQueue.masked.reduce(
        (mask, code) => mask & ~(1n << BigInt(code)),
        2n ** 256n - 1n,
      ),
    },
    pageRequests: program.pageRequests,
    trafficClasses: program.trafficClasses,
    userInterrupts: program.userInterrupts,
    privilegedMode: program.privilegedMode,
    addressTranslation: program.addressTranslation,
    eventLog: program.eventLog,
    validHandle: (handle, pasid) => handle < 9 && isOpen(handle, pasid),
    ignoredHandles: new Set([IGNORED_HANDLE]),
  };
}

/** Bytes of the arena; pages that nothing can bring in read as zero on both sides. */
function modelBytes(program: Case, memory: ReferenceMemory): Buffer {
  const bytes = Buffer.alloc(ARENA_BYTES);
  const missing = program.absent.filter((page) => !program.pageable.includes(page));
  for (const [address, value] of memory.bytes) {
    const offset = Number(address) - program.base;
    if (offset < 0 || offset >= ARENA_BYTES || missing.includes(Math.floor(offset / PAGE))) continue;
    bytes[offset] = value;
  }
  return bytes;
}

/** The same of the core. */
export function coreBytes(program: Case, space: AddressSpace): Buffer {
  const bytes = Buffer.alloc(ARENA_BYTES);
  const missing = program.absent.filter((page) => !program.pageable.includes(page));
  for (let page = 0; page < ARENA_PAGES; page++) {
    if (!missing.includes(page)) space.read(program.base + page * PAGE, bytes, page * PAGE, PAGE);
  }
  return bytes;
}

/** The first difference in words, for a failure message that can be read. */
function difference(program: Case, core: Buffer, model: Buffer): string {
  let at = 0;
  while (core[at] === model[at]) at++;
  const line = at - (at % 32);
  const show = (bytes: Buffer): string => toHex(bytes.subarray(line, line + 32));
  return `at 0x${(program.base + line).toString(16)} core ${show(core)} model ${show(model)}`;
}

/** The model's second address space and table. */
function domainsOf(program: Case, own: ReferenceMemory): Domains {
  const memories = new Map([
    [PASID, own],
    [SHARED_PASID, own],
  ]);
  if (program.domains === undefined) return { entries: new Map(), memories };
  memories.set(OTHER_PASID, referenceMemoryOf({ ...program, ...program.domains }));
  const entries = program.domains.entries.map((entry, handle): [number, WindowEntry] => [
    handle,
    { ...entry, windowBase: BigInt(entry.windowBase), windowBytes: BigInt(entry.windowBytes) },
  ]);
  return { entries: new Map(entries), memories };
}

function expectDomainsAgree(program: Case, machine: CoreMachine, domains: Domains): void {
  const other = { ...program, ...program.domains };
  const bytes = coreBytes(other, machine.otherSpace!);
  const expected = modelBytes(other, domains.memories.get(OTHER_PASID)!);
  if (!bytes.equals(expected)) expect.fail(difference(other, bytes, expected));
  // The bounds of a closed window decide nothing, and beyond 2^52 the core keeps only their page.
  const shown = ({ windowBase, windowBytes, ...entry }: WindowEntry | Entry) => ({
    ...entry,
    bounds: entry.windowEnable ? [BigInt(windowBase), BigInt(windowBytes)] : [],
  });
  expect(machine.entries.map(shown)).toEqual([...domains.entries.values()].map(shown));
}

/** Runs a program on both and expects the same outcome, interrupts, reports and bytes of memory. */
export function expectAgreement(program: Case): void {
  const memory = referenceMemoryOf(program);
  const domains = domainsOf(program, memory);
  const model = new ReferenceDevice(referenceConfigOf(program), memory, domains);
  const machine = new CoreMachine(program);
  const completion = model.process(new ReferenceDescriptor(program.image));
  const outcome = machine.run(program.image);
  const bytes = coreBytes(program, machine.space);
  const expected = modelBytes(program, memory);
  expect(outcome).toEqual({ status: completion.status, record: completion.record });
  if (!bytes.equals(expected)) expect.fail(difference(program, bytes, expected));
  if (program.domains !== undefined) expectDomainsAgree(program, machine, domains);
  expect(machine.device.interrupts.map(({ handle }) => handle)).toEqual(model.interrupts);
  const [logged, unlogged] = program.eventLog ? [model.reports, []] : [[], model.reports];
  expect(toHex(machine.softwareError())).toBe(toHex(softwareErrorOf(unlogged)));
  expect(machine.eventLog().map(toHex)).toEqual(logged.map(eventLogEntryOf).map(toHex));
}
