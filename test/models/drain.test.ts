/** Drain descriptors in time (specification 3.9). */
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../src/core/status.js';
import { STAGE } from '../../src/models/descriptor-row.js';
import { buildMachine } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { device, drained, group, KIB, MIB, machine, queue, tenant } from '../support/machine.js';

const p = parameterValues();

const COPIES_AND_A_DRAIN = [
  { operation: 'memmove', sizeBytes: 256 * KIB, weight: 3 },
  { operation: 'drain', sizeBytes: 0, weight: 1 },
];

/** When each of the first rows completed, rows being numbered as they are submitted [ps]. */
function ends(mode: 'shared' | 'dedicated', engines: number, rows: number, instances = 1): number[] {
  const { simulator, table } = buildMachine(
    machine({
      devices: [device([group(engines, [queue({ mode, size: 64, threshold: 64 })])])],
      tenants: [
        tenant({
          instances,
          operations: COPIES_AND_A_DRAIN,
          order: 'cyclic',
          load: { kind: 'burst', depth: 4 },
          buffers: { count: 4, pageSizeBytes: 2 * MIB },
        }),
      ],
    }),
    0,
  );
  const at = new Array<number>(rows).fill(0);
  while (at.some((ps) => ps === 0)) {
    simulator.runUntilIdle(1);
    for (let row = 0; row < rows; row++)
      if (at[row] === 0) at[row] = table.rows[row]?.ends[STAGE.complete] ?? 0;
  }
  return at;
}

describe('a drain', () => {
  it.each(['shared', 'dedicated'] as const)(
    'completes after all that its %s queue accepted before it, on whichever engine, and a readback',
    (mode) => {
      for (const engines of [1, 2, 4]) {
        const [first, second, third, drain] = ends(mode, engines, 4);
        const last = Math.max(first!, second!, third!);
        expect(drain!).toBeGreaterThanOrEqual(last + p['engine.readback_latency']);
        expect(drain!).toBeLessThan(last + 2 * p['engine.readback_latency']);
      }
    },
  );

  it('of a shared queue waits for its own PASID only', () => {
    const byRow = ends('shared', 4, 8, 2);
    // Two processes take turns in submitting: their rows alternate, and one of them is done first.
    const own = (process: number) => byRow.filter((_, row) => row % 2 === process);
    for (const process of [0, 1]) {
      const [first, second, third, drain] = own(process);
      const last = Math.max(first!, second!, third!);
      expect(drain!).toBeGreaterThanOrEqual(last + p['engine.readback_latency']);
      expect(drain!).toBeLessThan(last + 2 * p['engine.readback_latency']);
    }
  });

  it('alone takes what a nop takes, and the readback', () => {
    const latency = (operation: string) => {
      const { recorder } = drained(
        machine({
          tenants: [
            tenant({
              operations: [{ operation, sizeBytes: 0, weight: 1 }],
              load: { kind: 'trace', arrivalsPs: [1e6] },
            }),
          ],
        }),
      );
      return recorder.all.latency.mean;
    };
    expect(latency('drain') - latency('nop')).toBe(p['engine.readback_latency']);
  });

  it('is no member of a batch', () => {
    const parts = drained(
      machine({
        tenants: [
          tenant({
            operations: [{ operation: 'drain', sizeBytes: 0, weight: 1 }],
            batch: 4,
            load: { kind: 'trace', arrivalsPs: [1e6] },
          }),
        ],
      }),
    );
    expect([parts.ledger.completed, parts.ledger.failed]).toEqual([0, 4]);
    const { layout, space } = parts.instances[0]!;
    expect(space.readByte(layout.record(0, 1, 4, 0))).toBe(STATUS.bad_opcode);
  });
});
