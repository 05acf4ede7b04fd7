import { describe, expect, it } from 'vitest';
import { DESCRIPTOR_BYTES } from '../../src/core/descriptor.js';
import { buildMachine, type MachineParts } from '../../src/models/machine.js';
import { arriving, KIB, machine, only, tenant, US } from '../support/machine.js';
import { operandsAt } from '../support/operands.js';

const SIZE = 4 * KIB;
const JUNK = new Uint8Array(DESCRIPTOR_BYTES).fill(0xee);
const ARRIVAL = US;

/** One submission of `batch` fills on one engine, stopped after so many events of the device's portal. */
function filling(batch: number): MachineParts {
  return buildMachine(
    machine({
      tenants: [
        tenant({ load: arriving(ARRIVAL), batch, operations: only('fill', SIZE), buffers: { count: 4 } }),
      ],
    }),
    0,
  );
}

/** Runs event by event until something holds. */
function runUntil(parts: MachineParts, condition: () => boolean): void {
  while (!condition()) {
    if (parts.simulator.runUntilIdle(1)) throw new Error('it never came to that');
  }
}

/** Whether destination buffer `serial` holds the pattern of the fills. */
function filled(parts: MachineParts, serial: number): boolean {
  const { layout, space } = parts.instances[0]!;
  const at = operandsAt(layout, serial);
  const bytes = new Uint8Array(SIZE);
  space.read(at.destination, bytes, 0, SIZE);
  return bytes.every((byte) => byte === 0x5a);
}

const accepted = (parts: MachineParts) => parts.registry.queues[0]!.statistics.arrivals === 1;

describe('a direct descriptor travels in the portal write', () => {
  it('so that nothing the tenant writes to its memory afterwards changes what is executed', () => {
    const parts = filling(1);
    const { space, layout } = parts.instances[0]!;
    runUntil(parts, () => accepted(parts));
    // Every page that the tenant has, from its completion records to the end of its buffers.
    const page = new Uint8Array(4096).fill(0xee);
    const at = operandsAt(layout, 3);
    for (let address = layout.record(0, 0, 1, 0); address < at.destination + SIZE; address += 4096) {
      if (space.isPresent(address)) space.write(address, page, 0, 4096);
    }
    expect(parts.simulator.runUntilIdle()).toBe(true);
    expect(parts.ledger).toEqual({ submitted: 1, completed: 1, failed: 0, rejected: 0, aborted: 0 });
    expect(filled(parts, 0)).toBe(true);
  });

  it('and the device keeps its own copy of the 64 bytes once it holds them', () => {
    const parts = filling(1);
    const { table } = parts;
    runUntil(parts, () => parts.registry.engines[0]!.inside === 1);
    // The row that carried them could be used again: the engine does not look at it any more.
    for (const { image } of table.rows) image.fill(0xee);
    expect(parts.simulator.runUntilIdle()).toBe(true);
    expect(parts.ledger.completed).toBe(1);
    expect(filled(parts, 0)).toBe(true);
  });
});

describe('a member of a batch is fetched from memory', () => {
  /** Overwrites the third of four members as soon as a condition holds. */
  function disturbed(when: (parts: MachineParts) => boolean): MachineParts {
    const parts = filling(4);
    const { space, layout } = parts.instances[0]!;
    runUntil(parts, () => when(parts));
    space.write(layout.list(0) + 2 * DESCRIPTOR_BYTES, JUNK, 0, DESCRIPTOR_BYTES);
    expect(parts.simulator.runUntilIdle()).toBe(true);
    expect(parts.ledger.submitted).toBe(4);
    return parts;
  }

  it('so that overwriting the list after submission and before the fetch changes what is executed', () => {
    const parts = disturbed(accepted);
    expect(parts.ledger).toMatchObject({ completed: 3, failed: 1 });
    expect([0, 1, 2, 3].map((serial) => filled(parts, serial))).toEqual([true, true, false, true]);
  });

  it('and overwriting it after the fetch does not', () => {
    const parts = disturbed(({ registry }) => registry.engines[0]!.inside > 0);
    expect(parts.ledger).toMatchObject({ completed: 4, failed: 0 });
    expect([0, 1, 2, 3].map((serial) => filled(parts, serial))).toEqual([true, true, true, true]);
  });
});
