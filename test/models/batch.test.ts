import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESCRIPTOR_BYTES } from '../../src/core/descriptor.js';
import { encodeDescriptor } from '../../src/core/encode-descriptor.js';
import { FLAG } from '../../src/core/flags.js';
import { OPCODE } from '../../src/core/operations.js';
import { STATUS } from '../../src/core/status.js';
import { buildMachine, type MachineParts } from '../../src/models/machine.js';
import {
  arriving,
  device,
  drained,
  group,
  KIB,
  type MachineOptions,
  machine,
  only,
  queue,
  tenant,
  US,
} from '../support/machine.js';
import { operandsAt } from '../support/operands.js';

interface Member {
  sizeBytes?: number;
  fence?: boolean;
  /** Asks for more than the queue allows. */
  fails?: boolean;
}

const RECORD_FLAGS = FLAG.completion_record_address_valid | FLAG.request_completion_record;
const MAX_TRANSFER = 64 * KIB;

/** A machine whose only submission is a batch of these fills; its list is rewritten once the queue holds it. */
function batchOf(members: readonly Member[], over: MachineOptions = {}): MachineParts {
  const parts = buildMachine(
    machine({
      devices: [device([group(1, [queue({ maxTransferBytes: MAX_TRANSFER })])])],
      tenants: [
        tenant({
          load: arriving(US),
          operations: only('memmove', MAX_TRANSFER),
          batch: members.length,
          buffers: { count: members.length },
        }),
      ],
      ...over,
    }),
    0,
  );
  parts.recorder.measure(true);
  const { statistics } = parts.registry.queues[0]!;
  while (statistics.arrivals === 0) parts.simulator.runUntilIdle(1);
  const { layout, space } = parts.instances[0]!;
  const image = new Uint8Array(DESCRIPTOR_BYTES);
  members.forEach(({ sizeBytes = 64, fence = false, fails = false }, i) => {
    const at = operandsAt(layout, i);
    const fields = {
      opcode: OPCODE.fill,
      flags: RECORD_FLAGS | (fence ? FLAG.fence : 0),
      completionAddress: layout.record(0, i + 1, members.length, 0),
      destination: at.destination,
      patternLow: 0x5a5a5a5a,
      patternHigh: 0x5a5a5a5a,
      size: fails ? 2 * MAX_TRANSFER : sizeBytes,
    };
    encodeDescriptor(fields, image, 0);
    space.write(layout.list(0) + i * DESCRIPTOR_BYTES, image, 0, DESCRIPTOR_BYTES);
  });
  return parts;
}

/** Status of a member's record (from 1), or of the batch's own (0); 0 while there is none. */
function status(parts: MachineParts, member: number, batch: number): number {
  const { layout, space } = parts.instances[0]!;
  return space.readByte(layout.record(0, member, batch, 0));
}

/** The batch's record when all is done: status, and Descriptors Completed. */
function outcome(parts: MachineParts, batch: number) {
  expect(parts.simulator.runUntilIdle()).toBe(true);
  const { layout, space } = parts.instances[0]!;
  const record = layout.record(0, 0, batch, 0);
  return { status: space.readByte(record), descriptorsCompleted: space.readUint32(record + 4) };
}

const statuses = (parts: MachineParts, batch: number) =>
  Array.from({ length: batch }, (_, i) => status(parts, i + 1, batch));
const { success, batch_fail, xfer_erange } = STATUS;

describe('the record of a batch (specification 3.8)', () => {
  it('says success when every member succeeded, and how many were processed', () => {
    const parts = batchOf([{}, {}, {}]);
    expect(outcome(parts, 3)).toEqual({ status: success, descriptorsCompleted: 3 });
    expect(statuses(parts, 3)).toEqual([success, success, success]);
  });

  it('says 05h when a member failed; without a fence that stops no other one', () => {
    const parts = batchOf([{}, { fails: true }, {}, {}]);
    expect(outcome(parts, 4)).toEqual({ status: batch_fail, descriptorsCompleted: 4 });
    expect(statuses(parts, 4)).toEqual([success, xfer_erange, success, success]);
    expect(parts.ledger).toMatchObject({ completed: 3, failed: 1 });
  });

  it('comes after the records of all its members', () => {
    const parts = batchOf([{ sizeBytes: 8 * KIB }, {}, { sizeBytes: 4 * KIB }, {}]);
    while (status(parts, 0, 4) === 0) {
      expect(parts.simulator.runUntilIdle(1)).toBe(false);
      if (status(parts, 0, 4) !== 0) expect(statuses(parts, 4)).not.toContain(0);
    }
  });
});

describe('a fence (specification 3.9)', () => {
  /** Most descriptors in the engine before the record of the first member is there. */
  function besideTheFirst(members: Member[]): number {
    const parts = batchOf(members);
    let most = 0;
    while (status(parts, 1, members.length) === 0) {
      parts.simulator.runUntilIdle(1);
      if (status(parts, 1, members.length) === 0) most = Math.max(most, parts.registry.engines[0]!.inside);
    }
    outcome(parts, members.length);
    expect(parts.ledger.completed).toBe(members.length);
    return most;
  }

  it('holds its member back until all earlier ones have completed', () => {
    const long = { sizeBytes: 64 * KIB };
    expect(besideTheFirst([long, {}, {}])).toBe(3);
    expect(besideTheFirst([long, { fence: true }, {}])).toBe(1);
    expect(besideTheFirst([long, {}, { fence: true }])).toBe(2);
  });

  it('behind a failed member abandons the rest: no records, no writes', () => {
    const members = [{}, { fails: true }, {}, { fence: true }, {}];
    const parts = batchOf(members);
    expect(outcome(parts, 5)).toEqual({ status: batch_fail, descriptorsCompleted: 3 });
    expect(statuses(parts, 5)).toEqual([success, xfer_erange, success, 0, 0]);
    expect(parts.ledger).toEqual({ submitted: 5, completed: 2, failed: 3, rejected: 0, aborted: 0 });
  });

  it('before a failed member, or behind successful ones, abandons nothing', () => {
    const parts = batchOf([{}, { fence: true }, { fails: true }, {}]);
    expect(outcome(parts, 4)).toEqual({ status: batch_fail, descriptorsCompleted: 4 });
  });

  it('in a later page of the list is met when that page is fetched', () => {
    const members: Member[] = Array.from({ length: 70 }, () => ({}));
    members[3] = { fails: true };
    members[66] = { fence: true };
    const parts = batchOf(members);
    expect(outcome(parts, 70)).toEqual({ status: batch_fail, descriptorsCompleted: 66 });
  });

  it('and failures anywhere end as a plain reading of the rules says', () => {
    const member = fc.record({
      fence: fc.boolean(),
      fails: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      sizeBytes: fc.constantFrom(64, 4096),
    });
    const sizes = fc.oneof(
      fc.array(member, { minLength: 2, maxLength: 9 }),
      fc.array(member, { minLength: 60, maxLength: 140 }),
    );
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 32 }), (members, places) => {
        const parts = batchOf(members, { parameters: { 'engine.work_descriptors': places } });
        const expected = members.map(() => 0);
        let failed = false;
        for (const [i, { fence, fails }] of members.entries()) {
          if (fence && failed) break;
          expected[i] = fails ? xfer_erange : success;
          failed ||= fails;
        }
        const processed = expected.filter((code) => code !== 0).length;
        expect(outcome(parts, members.length)).toEqual({
          status: failed ? batch_fail : success,
          descriptorsCompleted: processed,
        });
        expect(statuses(parts, members.length)).toEqual(expected);
        const completed = expected.filter((code) => code === success).length;
        expect(parts.ledger).toEqual({
          submitted: members.length,
          completed,
          failed: members.length - completed,
          rejected: 0,
          aborted: 0,
        });
        const engine = parts.registry.engines[0]!;
        parts.registry.groups[0]!.places.settle(parts.simulator.nowPs + US);
        expect([engine.inside, parts.table.size]).toEqual([0, 0]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the list of a batch', () => {
  it.each([
    [2, 1],
    [64, 1],
    [65, 2],
    [129, 3],
  ])('of %i descriptors is fetched in %i pieces of a page', (batch, fetches) => {
    const parts = drained(machine({ tenants: [tenant({ load: arriving(US), batch })] }));
    // One more request is for the page of the batch's own record.
    expect(parts.registry.engines[0]!.tlb.bypassed).toBe(fetches + 1);
    expect(parts.ledger.completed).toBe(batch);
  });
});

describe('batches on engines', () => {
  const busy = (engines: number, threads: number, batch = 32, places = 32) =>
    buildMachine(
      machine({
        devices: [device([group(engines, [queue()])])],
        tenants: [
          tenant({
            threads,
            load: arriving(...new Array<number>(threads).fill(US)),
            batch,
            buffers: { count: 256 },
          }),
        ],
        parameters: { 'engine.work_descriptors': places },
      }),
      0,
    );

  it('members stay on the engine that fetched their list', () => {
    for (const batches of [1, 2, 3]) {
      const parts = busy(4, batches);
      parts.simulator.runUntilIdle();
      let lists = 0;
      for (const { tlb } of parts.registry.engines) {
        // Two translations for a list and its record, three for each member, on one and the same engine.
        expect(tlb.hits + tlb.misses).toBe((tlb.bypassed / 2) * 3 * 32);
        lists += tlb.bypassed / 2;
      }
      expect(lists).toBe(batches);
    }
  });

  it('go to any engine with a place, whatever it holds: the same one whenever the same is asked', () => {
    const lists = (engines: number, places: number) => {
      const parts = buildMachine(
        machine({
          devices: [device([group(engines, [queue()])])],
          tenants: [tenant({ load: { kind: 'closed', depth: 8 }, batch: 8, buffers: { count: 64 } })],
          parameters: { 'engine.batch_descriptors': places },
        }),
        0,
      );
      while (parts.ledger.completed < 8 * 1000) parts.simulator.runUntilIdle(1);
      return parts.registry.engines.map(({ tlb }) => tlb.bypassed / 2);
    };
    expect(lists(4, 16)).toEqual(lists(4, 16));
    // A thousand lists, a quarter each, within four standard deviations.
    for (const own of lists(4, 16))
      expect(Math.abs(own - 250)).toBeLessThan(4 * Math.sqrt(1000 * 0.25 * 0.75));
    for (const own of lists(2, 1)) expect(own).toBeGreaterThan(100);
  });

  it('of two on one engine, the older one goes first while it has members to start', () => {
    // One place for members, so that both lists are there before the second member starts.
    const parts = busy(1, 2, 8, 1);
    const { layout, space } = parts.instances[0]!;
    const order: string[] = [];
    const seen = new Set<string>();
    while (!parts.simulator.runUntilIdle(1)) {
      // Until both are submitted, records are not cleared yet.
      if (parts.registry.queues[0]!.statistics.arrivals < 2) continue;
      for (const [name, thread] of ['A', 'B'].entries()) {
        const slot = parts.threads[name]!.options.firstSlot;
        for (let member = 1; member <= 8; member++) {
          if (space.readByte(layout.record(slot, member, 8, 0)) === 0 || seen.has(`${thread}${member}`))
            continue;
          seen.add(`${thread}${member}`);
          order.push(thread);
        }
      }
    }
    // The list that is there first may begin; then the members of the older batch stay together.
    expect(order.join('')).toMatch(/^B?A{8}B{7,8}$/);
  });
});
