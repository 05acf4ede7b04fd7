import fc from 'fast-check';
import { expect } from 'vitest';
import { type Fields, image, WITH_RECORD } from '../core-reference/build.js';
import type { OP } from '../core-reference/descriptor.js';
import { CoreMachine } from './core-machine.js';
import { ARENA_PAGES, PAGE } from './knobs.js';

const BASE = 0x10_0000;
const RECORD = BASE + (ARENA_PAGES - 1) * PAGE;
/** Where operands may lie, five pages apart. */
export const [A, B, C, D] = [BASE, BASE + 5 * PAGE, BASE + 10 * PAGE, BASE + 15 * PAGE];

/** A device of revision 2.0 with everything mapped, and memory to write and read. */
export function bench() {
  const machine = new CoreMachine({
    generation: '2.0',
    base: BASE,
    image: new Uint8Array(64),
    contents: [],
    absent: [],
    mapping: 'extents',
    pageable: [],
    workQueue: {
      shared: false,
      blockOnFault: true,
      maxTransferBytes: 2 ** 31,
      maxBatch: 32,
      pasidEnable: true,
      privileged: false,
      masked: [],
    },
    pageRequests: true,
    trafficClasses: [1, 1],
    userInterrupts: true,
    eventLog: false,
    privilegedMode: true,
    addressTranslation: true,
  });
  const record = new Uint8Array(32);
  return {
    write: (address: number, bytes: Uint8Array) => machine.space.write(address, bytes, 0, bytes.length),
    read: (address: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      machine.space.read(address, bytes, 0, length);
      return bytes;
    },
    /** Runs one descriptor and answers its completion record. */
    run: (operation: keyof typeof OP, fields: Fields, flags = 0): Uint8Array => {
      machine.run(image(operation, WITH_RECORD | flags, { completion: RECORD, ...fields }));
      machine.space.read(RECORD, record, 0, 32);
      return record.slice();
    },
  };
}

export const bytes = (maxLength: number, minLength = 1) => fc.uint8Array({ minLength, maxLength });
/** Expects a completion record of success. */
export const ok = (record: Uint8Array): void => expect(record[0]).toBe(1);
