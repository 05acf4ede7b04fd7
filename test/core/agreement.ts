import { expect } from 'vitest';
import { toHex } from '../core-reference/bytes.js';
import { REVISION_1, REVISION_2, type ReferenceConfig } from '../core-reference/config.js';
import { ReferenceDescriptor } from '../core-reference/descriptor.js';
import { ReferenceDevice } from '../core-reference/device.js';
import { eventLogEntryOf, softwareErrorOf } from '../core-reference/errors.js';
import { ReferenceMemory } from '../core-reference/memory.js';
import type { Case } from './cases.js';
import { CoreMachine } from './core-machine.js';
import { ARENA_BYTES, ARENA_PAGES, PAGE } from './knobs.js';

/** The model's memory of a case. */
export function referenceMemoryOf(program: Case): ReferenceMemory {
  const memory = new ReferenceMemory();
  for (let page = 0; page < ARENA_PAGES; page++) {
    const at = BigInt(program.base + page * PAGE);
    if (!program.absent.includes(page)) memory.present.add(at);
    else if (program.pageable.includes(page)) memory.pageable.add(at);
  }
  for (const { address, bytes } of program.contents) memory.write(BigInt(address), bytes);
  return memory;
}

/** The model's view of the device of a case. */
export function referenceConfigOf(program: Case): ReferenceConfig {
  return {
    capabilities: program.generation === '1.0' ? REVISION_1 : REVISION_2,
    workQueue: { ...program.workQueue, size: 16, threshold: 16, pasid: 1 },
    pageRequests: program.pageRequests,
    trafficClasses: program.trafficClasses,
    userInterrupts: program.userInterrupts,
    privilegedMode: true,
    eventLog: program.eventLog,
    validHandle: (handle) => handle < 9,
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
export function coreBytes(program: Case, machine: CoreMachine): Buffer {
  const bytes = Buffer.alloc(ARENA_BYTES);
  const missing = program.absent.filter((page) => !program.pageable.includes(page));
  for (let page = 0; page < ARENA_PAGES; page++) {
    if (!missing.includes(page)) machine.space.read(program.base + page * PAGE, bytes, page * PAGE, PAGE);
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

/** Runs a program on both and expects the same outcome, interrupts, reports and bytes of memory. */
export function expectAgreement(program: Case): void {
  const memory = referenceMemoryOf(program);
  const model = new ReferenceDevice(referenceConfigOf(program), memory);
  const machine = new CoreMachine(program);
  const completion = model.process(new ReferenceDescriptor(program.image));
  const outcome = machine.run(program.image);
  const bytes = coreBytes(program, machine);
  const expected = modelBytes(program, memory);
  expect(outcome).toEqual({ status: completion.status, record: completion.record });
  if (!bytes.equals(expected)) expect.fail(difference(program, bytes, expected));
  expect(machine.device.interrupts.map(({ handle }) => handle)).toEqual(model.interrupts);
  const [logged, unlogged] = program.eventLog ? [model.reports, []] : [[], model.reports];
  expect(toHex(machine.softwareError())).toBe(toHex(softwareErrorOf(unlogged)));
  expect(machine.eventLog().map(toHex)).toEqual(logged.map(eventLogEntryOf).map(toHex));
}
