import { describe, expect, it } from 'vitest';
import type { TenantConfig, WorkQueueConfig } from '../../src/models/config.js';
import { buildMachine, type MachineParts } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { summarize } from '../../src/models/summary.js';
import {
  arriving,
  device,
  drained,
  group,
  KIB,
  type MachineOptions,
  machine,
  NS,
  only,
  queue,
  type TenantOptions,
  tenant,
  US,
} from '../support/machine.js';
import { operandsAt } from '../support/operands.js';

const p = parameterValues();
const PAGE_REQUEST = p['translation.page_request'];

/** Runs a load that ends on one engine, until everything is done. */
function run(
  tenantOptions: TenantOptions,
  queueOptions: Partial<WorkQueueConfig> = {},
  over: MachineOptions = {},
): MachineParts {
  return drained(
    machine({
      devices: [device([group(1, [queue(queueOptions)])])],
      tenants: [tenant(tenantOptions)],
      // Enough walkers that no page of a small transfer waits for another one's walk.
      parameters: { 'translation.walkers': 16 },
      ...over,
    }),
  );
}

const faults = (parts: MachineParts) => parts.registry.engines.reduce((sum, e) => sum + e.pageFaults, 0);
const digest = (parts: MachineParts) => parts.instances.map((i) => i.space.digest()).join(' ');
const everySoOften = (count: number, gapPs: number) =>
  arriving(...Array.from({ length: count }, (_, i) => i * gapPs));

describe('with Block On Fault', () => {
  it('every absent page costs one page request, and the latency shows it as fault', () => {
    const one = (resident: number) =>
      summarize(run({ load: arriving(US), operations: only('memmove', 16 * KIB), buffers: { resident } }));
    const [smooth, absent] = [one(1), one(0)];
    expect(absent.metrics.page_faults).toBe(8);
    expect(absent.stages.fault.sumPs).toBe(8 * PAGE_REQUEST);
    expect(smooth.stages.fault.sumPs).toBe(0);
    expect(absent.metrics.latency_mean! - smooth.metrics.latency_mean!).toBeCloseTo(
      8 * PAGE_REQUEST * 1e-12,
      12,
    );
    expect(absent.conservation).toMatchObject({ completed: 1, failed: 0, inFlight: 0 });
  });

  it('pages are absent as often as the tenant says', () => {
    const parts = run({ load: everySoOften(500, 40 * US), buffers: { resident: 0.9, count: 500 } });
    // 1000 pages of which a tenth is absent: 100 with a standard deviation of 9.5.
    expect(faults(parts)).toBeGreaterThan(62);
    expect(faults(parts)).toBeLessThan(138);
    expect(parts.ledger.completed).toBe(500);
  });
});

describe('without Block On Fault', () => {
  it('a partial completion, a touch by the core and a resubmission finish the work', () => {
    const result = summarize(
      run(
        { load: arriving(US), operations: only('fill', 8 * KIB), buffers: { resident: 0 } },
        { blockOnFault: false },
      ),
    );
    expect(result.metrics.page_faults).toBe(2);
    expect(result.conservation).toMatchObject({ submitted: 1, completed: 1, failed: 0, inFlight: 0 });
    // All that went before the last attempt counts as fault, each attempt with its touch.
    expect(result.stages.fault.sumPs).toBeGreaterThan(2 * p['translation.cpu_touch']);
    expect(result.metrics.latency_mean!).toBeLessThan(2 * PAGE_REQUEST * 1e-12);
  });

  it('several partial completions that a thread finds at once are all taken further', () => {
    const burst = arriving(...new Array<number>(20).fill(US));
    const parts = run({ load: burst, buffers: { resident: 0.3, count: 20 } }, { blockOnFault: false });
    expect(faults(parts)).toBeGreaterThan(10);
    expect(parts.ledger).toEqual({ submitted: 20, completed: 20, failed: 0, rejected: 0, aborted: 0 });
    expect(parts.threads[0]!.submissions.outstanding).toBe(0);
  });
});

describe('what a partial completion leaves over', () => {
  it('is a new submission, behind those that its thread made before', () => {
    const { simulator, ledger, table } = buildMachine(
      machine({
        devices: [device([group(1, [queue({ blockOnFault: false })])])],
        tenants: [
          tenant({
            load: arriving(US, US, US, US),
            operations: only('fill', 8 * KIB),
            buffers: { resident: 0, count: 4 },
          }),
        ],
      }),
      0,
    );
    while (ledger.completed === 0) simulator.runUntilIdle(1);
    // Each has two absent pages: the first was touched for all before any had its second.
    expect(table.rows.slice(0, 4).every(({ carriedPs }) => carriedPs > 0)).toBe(true);
  });
});

/** The bytes of every destination buffer of the only instance. */
function destinations(parts: MachineParts): string {
  const [instance] = parts.instances;
  const { count } = instance!.config.buffers;
  const bytes = Math.max(...instance!.config.operations.map((o) => o.sizeBytes));
  const page = new Uint8Array(bytes);
  const seen: string[] = [];
  for (let serial = 0; serial < count; serial++) {
    const at = operandsAt(instance!.layout, serial);
    for (const address of [at.destination, at.destination2]) {
      if (address === 0) continue;
      instance!.space.read(address, page, 0, bytes);
      seen.push(Buffer.from(page).toString('base64'));
    }
  }
  return seen.join(' ');
}

describe('memory after faults is what it is without them', () => {
  const mixes: TenantConfig['operations'][] = [
    only('memmove', 20 * KIB),
    only('fill', 12 * KIB),
    only('dualcast', 16 * KIB),
    only('copy_crc', 9 * KIB),
    [
      { operation: 'memmove', sizeBytes: 8 * KIB, weight: 1 },
      { operation: 'crc', sizeBytes: 20 * KIB, weight: 1 },
      { operation: 'compare', sizeBytes: 8 * KIB, weight: 1 },
      { operation: 'compare_pattern', sizeBytes: 4 * KIB, weight: 1 },
    ],
  ];
  const cases = mixes.map((operations) => ({
    operations,
    names: operations.map((o) => o.operation).join(', '),
  }));

  it.each(cases)('$names: blocking or resubmitting, at any alignment', ({ operations }) => {
    for (const alignmentBytes of [64, 32, 8]) {
      // All are outstanding at once, so that every run gives them the same slots.
      const memoryAfter = (resident: number, blockOnFault: boolean) => {
        const load = arriving(...new Array<number>(6).fill(US));
        const buffers = { resident, count: 10, alignmentBytes };
        const parts = run({ load, operations, buffers, threads: 2 }, { blockOnFault });
        expect(parts.ledger).toEqual({ submitted: 6, completed: 6, failed: 0, rejected: 0, aborted: 0 });
        expect(faults(parts) > 0).toBe(resident < 1);
        return digest(parts);
      };
      expect(memoryAfter(0.5, true), `${alignmentBytes} B, blocking`).toBe(memoryAfter(1, true));
      expect(memoryAfter(0.5, false), `${alignmentBytes} B, resubmitting`).toBe(memoryAfter(1, true));
    }
  });

  it.each(cases)('$names in batches: members that ended at a fault are taken further', ({ operations }) => {
    for (const alignmentBytes of [64, 8]) {
      const memoryAfter = (resident: number, blockOnFault: boolean) => {
        const load = everySoOften(8, 100 * NS);
        const buffers = { resident, count: 40, alignmentBytes };
        const parts = run({ load, operations, batch: 5, buffers, threads: 2 }, { blockOnFault });
        expect(parts.ledger).toEqual({ submitted: 40, completed: 40, failed: 0, rejected: 0, aborted: 0 });
        expect(faults(parts) > 0).toBe(resident < 1);
        return destinations(parts);
      };
      expect(memoryAfter(0.5, true), `${alignmentBytes} B, blocking`).toBe(memoryAfter(1, true));
      expect(memoryAfter(0.5, false), `${alignmentBytes} B, resubmitting`).toBe(memoryAfter(1, true));
    }
  });

  it('members that fail for another reason stay failed, beside those that are taken further', () => {
    const operations = [
      { operation: 'memmove', sizeBytes: 8 * KIB, weight: 1 },
      { operation: 'memmove', sizeBytes: 16 * KIB, weight: 1 },
    ];
    const parts = run(
      { load: everySoOften(20, US), operations, batch: 8, buffers: { resident: 0.7, count: 160 } },
      { blockOnFault: false, maxTransferBytes: 8 * KIB },
    );
    const { submitted, completed, failed, rejected } = parts.ledger;
    expect([submitted, completed + failed, rejected]).toEqual([160, 160, 0]);
    // The draws of the mix: about half of the members are too large for the queue.
    expect(failed).toBeGreaterThan(55);
    expect(failed).toBeLessThan(105);
    const smooth = run(
      { load: everySoOften(20, US), operations, batch: 8, buffers: { resident: 1, count: 160 } },
      { blockOnFault: false, maxTransferBytes: 8 * KIB },
    );
    expect(parts.ledger).toEqual(smooth.ledger);
  });

  it.each([64, 8])('also where buffers are used again while in use, %i-byte aligned', (alignmentBytes) => {
    const memoryAfter = (
      resident: number,
      blockOnFault: boolean,
      semantics: 'bytes' | 'timing' = 'bytes',
    ) => {
      const load = everySoOften(60, 30 * NS);
      const buffers = { resident, count: 2, alignmentBytes };
      const parts = run(
        { load, operations: only('memmove', 12 * KIB), buffers, threads: 3 },
        { blockOnFault },
        { semantics },
      );
      expect(parts.ledger).toEqual({ submitted: 60, completed: 60, failed: 0, rejected: 0, aborted: 0 });
      return parts;
    };
    for (const blocks of [true, false]) {
      expect(destinations(memoryAfter(0.6, blocks)), `BOF ${blocks}`).toBe(
        destinations(memoryAfter(1, blocks)),
      );
      const [bytes, timing] = [memoryAfter(0.6, blocks), memoryAfter(0.6, blocks, 'timing')];
      expect(timing.simulator.fingerprint.hex(), `BOF ${blocks}`).toBe(bytes.simulator.fingerprint.hex());
    }
  });
});
