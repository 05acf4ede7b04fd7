import { describe, expect, it } from 'vitest';
import type { CompletionWait } from '../../src/models/config.js';
import { simulate } from '../../src/models/machine.js';
import type { StageName } from '../../src/models/metrics.js';
import { parameterValues } from '../../src/models/parameters.js';
import { arriving, device, group, KIB, machine, only, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();
const PS_PER_SECOND = 1e12;

/** Exposed time of every stage of the only descriptor, or of the last of several far apart [ps]. */
function stagesOf(
  operation: string,
  sizeBytes: number,
  over: {
    batch?: number;
    mode?: 'shared' | 'dedicated';
    completion?: CompletionWait;
    placement?: 'llc';
    warm?: boolean;
  } = {},
): Record<StageName, number> & { latency: number } {
  const { batch = 1, mode = 'shared', completion = 'poll', placement = 'dram', warm = false } = over;
  // The first arrival warms the translation caches; with the warm-up it stays out of the measurement.
  const times = warm ? [1 * US, 200 * US] : [150 * US];
  const result = simulate(
    machine({
      devices: [device([group(1, [queue({ mode })])])],
      tenants: [
        tenant({
          load: arriving(...times),
          operations: only(operation, sizeBytes),
          batch,
          completion,
          buffers: { count: 1, placement },
        }),
      ],
      measure: { warmupPs: 100 * US, durationPs: 300 * US },
      // Enough walkers that pages far ahead never delay the first ones.
      parameters: { 'translation.walkers': 16 },
    }),
    0,
  );
  expect(result.measured).toBe(1);
  const stages = Object.fromEntries(Object.entries(result.stages).map(([name, { sumPs }]) => [name, sumPs]));
  return {
    ...(stages as Record<StageName, number>),
    latency: Math.round(result.metrics.latency_mean! * PS_PER_SECOND),
  };
}

/** What latency grows with the lines of a transfer [ps]. */
const readGrowth = (bytes: number) => Math.round(p['memory.read_growth'] * Math.log2(bytes / 64));
const writeGrowth = (bytes: number) => Math.round(p['memory.write_growth'] * Math.log2(bytes / 64));
/** Time on the data path, in 4 KiB pieces that each end on a whole picosecond [ps]. */
const wire = (bytes: number) => {
  const pieces = Math.ceil(bytes / 4096);
  return pieces * Math.round(((bytes / pieces) * PS_PER_SECOND) / p['engine.bandwidth']);
};
/** From the portal write to decoded [ps]. */
const intoEngine = p['host.portal_latency'] + p['device.dispatch_latency'] + p['engine.decode_latency'];
/** A translation that walks all four levels [ps]. */
const coldWalk = p['translation.ats_round_trip'] + 4 * p['translation.walk_reference'];
/** What the first line of a source and the way back take beside the wire [ps]. */
const read = p['memory.dram_latency'] + p['engine.read_latency'];

describe('a descriptor alone in the machine takes the sum of its stages, to the picosecond', () => {
  const nop = stagesOf('nop', 0, { warm: true });

  it('a no-op: prepare, portal, dispatch, decode, completion, poll', () => {
    expect(nop).toEqual({
      prepare: p['host.prepare'],
      // ENQCMD returns after the engine has begun: where stages overlap, the time belongs to the earlier one.
      submit: p['host.enqcmd'],
      trap: 0,
      queue: 0,
      arbitrate: intoEngine - p['host.enqcmd'],
      fetch: 0,
      translate: 0,
      fault: 0,
      read: 0,
      write: 0,
      complete: p['engine.completion_latency'],
      notify: p['host.poll_transfer'],
      latency: p['host.prepare'] + intoEngine + p['engine.completion_latency'] + p['host.poll_transfer'],
    });
  });

  it('a no-op that is the first: the page of its record is walked for, and nothing else changes', () => {
    const cold = stagesOf('nop', 0);
    expect(cold.complete - nop.complete).toBe(coldWalk);
    expect(cold.latency - nop.latency).toBe(coldWalk);
  });

  it.each([64, 256, 4 * KIB])('a copy of %i bytes: first line, wire, way back, then the write', (bytes) => {
    const copy = stagesOf('memmove', bytes, { warm: true });
    expect(copy.read).toBe(read + wire(bytes) + readGrowth(bytes));
    expect(copy.write).toBe(p['engine.write_latency'] + writeGrowth(bytes));
    expect(copy.translate).toBe(0);
    expect(copy.latency).toBe(nop.latency + copy.read + copy.write);
  });

  it('a copy that is the first: its translations overlap with dispatch and decode', () => {
    const [cold, warm] = [stagesOf('memmove', 64), stagesOf('memmove', 64, { warm: true })];
    expect(cold.translate).toBe(coldWalk - p['device.dispatch_latency'] - p['engine.decode_latency']);
    expect([cold.read, cold.write]).toEqual([warm.read, warm.write]);
  });

  it('a copy of 256 KiB: later pages are translated ahead, the second request of each chunk shows', () => {
    const bytes = 256 * KIB;
    const large = stagesOf('memmove', bytes);
    const ahead = 64 - 4;
    expect(large.read).toBe(
      read + wire(bytes) + readGrowth(bytes) + ahead * p['translation.request_interval'],
    );
    // Reads fill the read buffers and wait once for the first writes to drain, up to a limit.
    expect(large.write).toBe(p['engine.write_latency'] + writeGrowth(bytes) + p['engine.copy_fill_limit']);
  });

  it('a copy of 8 KiB waits for each line beyond the read buffers', () => {
    const copy = stagesOf('memmove', 8 * KIB, { warm: true });
    const beyond = 128 - p['device.read_buffers'];
    expect(copy.write).toBe(
      p['engine.write_latency'] + writeGrowth(8 * KIB) + beyond * p['engine.copy_fill_line'],
    );
  });

  it('a fill: no read, the wire belongs to the write', () => {
    const fill = stagesOf('fill', 4 * KIB, { warm: true });
    expect([fill.read, fill.write]).toEqual([
      0,
      wire(4 * KIB) + p['engine.write_latency'] + writeGrowth(4 * KIB),
    ]);
  });

  it('a compare: twice the bytes in the reading direction, two sources, no write', () => {
    const compare = stagesOf('compare', 4 * KIB, { warm: true });
    const wirePs = Math.round((8192 * PS_PER_SECOND) / p['engine.bandwidth']);
    expect([compare.read, compare.write]).toEqual([
      read + wirePs + readGrowth(8 * KIB) + p['engine.second_source'],
      0,
    ]);
  });

  it('buffers in the last-level cache: the difference of the two memories, nothing else', () => {
    const dram = stagesOf('memmove', 4 * KIB, { warm: true });
    const llc = stagesOf('memmove', 4 * KIB, { warm: true, placement: 'llc' });
    expect(dram.latency - llc.latency).toBe(p['memory.dram_latency'] - p['memory.llc_latency']);
  });

  it('a dedicated queue: MOVDIR64B frees the core before the device has the descriptor', () => {
    const dedicated = stagesOf('memmove', 4 * KIB, { mode: 'dedicated', warm: true });
    expect(dedicated.submit).toBe(p['host.movdir64b_issue']);
    expect(dedicated.queue).toBe(p['host.movdir64b_latency'] - p['host.movdir64b_issue']);
    expect(dedicated.arbitrate).toBe(p['device.dispatch_latency'] + p['engine.decode_latency']);
    const shared = stagesOf('memmove', 4 * KIB, { warm: true });
    expect(dedicated.latency - shared.latency).toBe(p['host.movdir64b_latency'] - p['host.portal_latency']);
  });

  it('a batch of two: both prepared, list fetched, members one interval apart in the engine', () => {
    const batch = stagesOf('nop', 0, { batch: 2, warm: true });
    expect(batch.prepare).toBe(p['host.prepare'] + 2 * p['host.prepare_member']);
    // The list's page is in the IOTLB, but a list fetch never uses the DevTLB; it is asked for at dispatch.
    const overlapPs = p['device.dispatch_latency'] + p['engine.decode_latency'];
    expect(batch.fetch).toBe(p['translation.ats_round_trip'] - overlapPs + p['engine.batch_fetch']);
    expect(batch.latency).toBe(
      nop.latency +
        2 * p['host.prepare_member'] +
        batch.fetch +
        p['engine.descriptor_interval'] +
        p['engine.decode_latency'] +
        // The members' records first, then the batch's own.
        p['engine.batch_completion'],
    );
  });

  it('waiting with UMWAIT adds the wake-up, an interrupt replaces the poll', () => {
    const umwait = stagesOf('nop', 0, { warm: true, completion: 'umwait' });
    expect(umwait.latency - nop.latency).toBe(p['host.umwait_wake']);
    const interrupt = stagesOf('nop', 0, { warm: true, completion: 'interrupt' });
    // Cost I06 contains the hard interrupt.
    expect(interrupt.notify).toBe(p['host.interrupt_thread_wake']);
    expect(interrupt.latency - nop.latency).toBe(interrupt.notify - nop.notify);
  });
});
