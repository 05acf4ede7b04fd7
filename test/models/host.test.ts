import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DESCRIPTOR_BYTES } from '../../src/core/descriptor.js';
import { STAGE } from '../../src/models/descriptor-row.js';
import { DescriptorTable } from '../../src/models/descriptor-table.js';
import { Portal } from '../../src/models/host/portal.js';
import { Ring } from '../../src/models/host/ring.js';
import { buildMachine } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { device, group, KIB, machine, only, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();

describe('the ring', () => {
  it('is a first-in first-out queue, however often it wraps around and grows', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 60 }), (script) => {
        const ring = new Ring();
        const list: number[] = [];
        let next = 0.5;
        for (const step of script) {
          for (let i = 0; i < step; i++) {
            ring.push(next);
            list.push(next++);
          }
          for (let i = 0; i > step && list.length > 0; i--) {
            expect(ring.peek()).toBe(list[0]);
            expect(ring.shift()).toBe(list.shift());
          }
          expect(ring.length).toBe(list.length);
        }
      }),
    );
  });
});

describe('the table of descriptors', () => {
  it('keeps every row while it grows, and hands freed rows out clean', () => {
    const table = new DescriptorTable();
    const rows = Array.from({ length: 1000 }, () => table.allocate());
    for (const row of rows) {
      const { index } = row;
      row.serial = index + 0.25;
      row.status = index % 7;
      row.image.fill(index % 251);
      row.endStage(STAGE.notify, index * 10);
    }
    for (let i = 0; i < 500; i++) table.allocate();
    for (const [i, row] of rows.entries()) {
      expect(table.rows[i]).toBe(row);
      expect([row.serial, row.status, row.ends[STAGE.notify]]).toEqual([i + 0.25, i % 7, i * 10]);
      expect(row.image[DESCRIPTOR_BYTES - 1]).toBe(i % 251);
    }
    expect(new Set(rows).size).toBe(1000);
    expect(table.size).toBe(1500);
    table.release(3);
    expect(table.allocate()).toBe(rows[3]);
    expect([rows[3]!.status, rows[3]!.ends[STAGE.notify]]).toEqual([0, 0]);
  });
});

describe('the portal', () => {
  const times = { arrivesPs: 0, donePs: 0 };

  it('takes ENQCMD one after the other: the core waits for each answer', () => {
    const portal = new Portal(1, false, p);
    portal.enqcmd(1000, 0, times);
    expect(times).toEqual({ arrivesPs: 1000 + p['host.portal_latency'], donePs: 1000 + p['host.enqcmd'] });
  });

  it('makes ENQCMD slower in a guest, and while the device reads at full bandwidth', () => {
    const done = (inGuest: boolean, load: number) => {
      new Portal(1, inGuest, p).enqcmd(0, load, times);
      return times.donePs;
    };
    expect(done(true, 0) - done(false, 0)).toBe(p['host.enqcmd_guest_extra']);
    expect(done(false, 1) - done(false, 0)).toBe(p['host.enqcmd_read_delay']);
    expect(done(false, 0.5) - done(false, 0)).toBe(p['host.enqcmd_read_delay'] / 4);
  });

  it('lets MOVDIR64B overlap on different lines only, which it uses in turn', () => {
    const portal = new Portal(2, false, p);
    const arrivals = [0, 0, 0, 0, 0].map(() => {
      portal.movdir64b(0, times);
      return times.arrivesPs - p['host.movdir64b_latency'];
    });
    const interval = p['host.movdir64b_line_interval'];
    expect(arrivals).toEqual([0, 0, interval, interval, 2 * interval]);
  });
});

describe('descriptors that a full dedicated queue discards', () => {
  const timeout = 30 * US;
  const overfull = machine({
    devices: [device([group(1, [queue({ mode: 'dedicated', size: 4 })])])],
    tenants: [tenant({ load: { kind: 'closed', depth: 60 }, operations: only('memmove', 64 * KIB) })],
    parameters: { 'engine.work_descriptors': 4, 'host.completion_timeout': timeout },
  });

  it('are rejected when their thread loses patience, and it goes on with what it got back', () => {
    const parts = buildMachine(overfull, 0);
    parts.simulator.run(timeout);
    const [workQueue] = parts.registry.queues;
    const before = workQueue!.dropped;
    expect(before).toBeGreaterThan(20);
    expect(parts.ledger.rejected).toBe(0);
    parts.simulator.run(10 * timeout);
    const { submitted, completed, failed, rejected } = parts.ledger;
    expect(rejected).toBeGreaterThan(before);
    // Every one that was dropped is rejected by now, or its thread still hopes.
    const outstanding = parts.threads[0]!.submissions.outstanding;
    expect(workQueue!.dropped - rejected).toBeLessThanOrEqual(outstanding);
    expect(completed + failed + rejected + outstanding).toBe(submitted);
    expect(completed).toBeGreaterThan(50);
    expect(parts.table.size).toBeLessThanOrEqual(outstanding);
  });
});

describe('a thread that polls', () => {
  /** The rows of a first burst, which are numbered as they are submitted: as they ended, and as the thread saw them. */
  function orders(wait: 'poll' | 'umwait'): { ended: number[]; seen: number[] } {
    const { simulator, ledger, table } = buildMachine(
      machine({
        devices: [device([group(4, [queue()])])],
        tenants: [
          tenant({
            operations: [
              { operation: 'memmove', sizeBytes: 64 * KIB, weight: 1 },
              { operation: 'memmove', sizeBytes: KIB, weight: 1 },
            ],
            order: 'cyclic',
            load: { kind: 'burst', depth: 8 },
            completion: wait,
            buffers: { count: 8 },
          }),
        ],
      }),
      0,
    );
    const ended: number[] = [];
    const seen: number[] = [];
    while (ledger.completed < 8) {
      simulator.runUntilIdle(1);
      for (const { index, ends } of table.rows) {
        if (!ended.includes(index) && ends[STAGE.complete]! > 0) ended.push(index);
        if (!seen.includes(index) && ends[STAGE.notify]! > 0) seen.push(index);
      }
    }
    return { ended, seen };
  }

  it('looks at its submissions in the order in which it made them, whichever ends first', () => {
    for (const wait of ['poll', 'umwait'] as const) {
      const { ended, seen } = orders(wait);
      expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(ended).not.toEqual(seen);
    }
  });
});
