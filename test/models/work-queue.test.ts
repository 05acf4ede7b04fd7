import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkQueueConfig } from '../../src/models/config.js';
import { DescriptorRow } from '../../src/models/descriptor-row.js';
import { ANSWER, WorkQueue } from '../../src/models/device/work-queue.js';
import { buildMachine } from '../../src/models/machine.js';
import {
  arriving,
  device,
  drained,
  group,
  KIB,
  machine,
  only,
  queue,
  tenant,
  US,
} from '../support/machine.js';

const LIMITED = false;
const UNLIMITED = true;

/** Submits to one portal until something else than acceptance comes back. */
function acceptedBefore(answer: number, config: Partial<WorkQueueConfig>, unlimited: boolean): number {
  const workQueue = new WorkQueue(0, queue(config));
  for (let row = 0; row < 300; row++) {
    const got = workQueue.submit(new DescriptorRow(row), unlimited, row);
    if (got === ANSWER.accepted) continue;
    expect(got).toBe(answer);
    expect(workQueue.occupancy).toBe(row);
    return row;
  }
  throw new Error('the queue took everything');
}

describe('the portals of a shared work queue (specification 3.3, 9.3)', () => {
  it('take descriptors below the threshold on the limited page, and ask for a retry at it', () => {
    expect(acceptedBefore(ANSWER.retry, { size: 64, threshold: 48 }, LIMITED)).toBe(48);
  });

  it('take descriptors below the size on the unlimited page', () => {
    expect(acceptedBefore(ANSWER.retry, { size: 64, threshold: 48 }, UNLIMITED)).toBe(64);
  });

  it('read a threshold above the size as the size', () => {
    expect(acceptedBefore(ANSWER.retry, { size: 16, threshold: 99 }, LIMITED)).toBe(16);
  });

  it('keep the entries above the threshold for the unlimited page', () => {
    const workQueue = new WorkQueue(0, queue({ size: 4, threshold: 2 }));
    const answers = [LIMITED, LIMITED, LIMITED, UNLIMITED, UNLIMITED, UNLIMITED].map((portal, row) =>
      workQueue.submit(new DescriptorRow(row), portal, 0) === ANSWER.accepted ? 'accepted' : 'retry',
    );
    expect(answers).toEqual(['accepted', 'accepted', 'retry', 'accepted', 'accepted', 'retry']);
    expect(workQueue.retries).toBe(2);
  });
});

describe('the portals of a dedicated work queue', () => {
  it('ignore the threshold and discard what does not fit, since MOVDIR64B has no response', () => {
    const dedicated = { mode: 'dedicated', size: 32, threshold: 8 } as const;
    expect(acceptedBefore(ANSWER.dropped, dedicated, LIMITED)).toBe(32);
    expect(acceptedBefore(ANSWER.dropped, dedicated, UNLIMITED)).toBe(32);
  });
});

describe('any work queue', () => {
  it('behaves as a list with a limit, under every interleaving of submissions and dispatches', () => {
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('limited', 'unlimited') },
      { weight: 2, arbitrary: fc.constant('take') },
    );
    const config = fc.record({
      mode: fc.constantFrom('shared' as const, 'dedicated' as const),
      size: fc.integer({ min: 1, max: 9 }),
      threshold: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(config, fc.array(fc.tuple(action, fc.nat(50)), { maxLength: 120 }), (options, script) => {
        const workQueue = new WorkQueue(0, queue(options));
        const list: DescriptorRow[] = [];
        let nowPs = 0;
        let [retries, dropped] = [0, 0];
        script.forEach(([what, delayPs], index) => {
          const row = new DescriptorRow(index);
          nowPs += delayPs;
          if (what === 'take') {
            expect(workQueue.peek()).toBe(list[0] ?? null);
            if (list.length > 0) expect(workQueue.take(nowPs)).toBe(list.shift());
            return;
          }
          const shared = options.mode === 'shared';
          const room =
            shared && what === 'limited' ? Math.min(options.threshold, options.size) : options.size;
          const answer = workQueue.submit(row, what === 'unlimited', nowPs);
          if (list.length < room) {
            expect(answer).toBe(ANSWER.accepted);
            list.push(row);
          } else if (shared) {
            expect(answer).toBe(ANSWER.retry);
            retries++;
          } else {
            expect(answer).toBe(ANSWER.dropped);
            dropped++;
          }
        });
        expect([workQueue.occupancy, workQueue.retries, workQueue.dropped]).toEqual([
          list.length,
          retries,
          dropped,
        ]);
        expect(workQueue.statistics.littleDefectPs(nowPs)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe("Little's law", () => {
  const everywhere = machine({
    devices: [
      device([
        group(2, [
          queue({ name: 'a', size: 8, threshold: 5 }),
          queue({ name: 'b', mode: 'dedicated', size: 2 }),
        ]),
        group(1, [queue({ name: 'c', size: 3, threshold: 3, priority: 1 })]),
      ]),
    ],
    tenants: [
      tenant({ name: 'a', workQueues: ['a'], threads: 3, operations: only('memmove', 16 * KIB) }),
      tenant({ name: 'b', workQueues: ['b'], load: { kind: 'closed', depth: 20 } }),
      tenant({ name: 'c', workQueues: ['c'], batch: 4, load: { kind: 'closed', depth: 5 } }),
    ],
    parameters: { 'memory.jitter': 23e3, 'engine.work_descriptors': 2, 'host.completion_timeout': 100e3 },
  });

  it('holds to the picosecond on every queue of a machine under pressure, retries and drops included', () => {
    const parts = buildMachine(everywhere, 0);
    parts.simulator.run(30 * US);
    for (const workQueue of parts.registry.queues) workQueue.reset(parts.simulator.nowPs);
    parts.simulator.run(200 * US);
    for (const { statistics } of parts.registry.queues) {
      expect(statistics.arrivals).toBeGreaterThan(20);
      expect(statistics.littleDefectPs(parts.simulator.nowPs)).toBe(0);
    }
    const [a, b] = parts.registry.queues;
    expect(a!.retries).toBeGreaterThan(0);
    expect(b!.dropped).toBeGreaterThan(0);
  });

  it('holds over a load that comes and goes, and leaves the queues empty', () => {
    const times = Array.from({ length: 200 }, (_, i) => i * 37e3);
    const parts = drained(machine({ tenants: [tenant({ load: arriving(...times), threads: 2 })] }));
    const { statistics, occupancy } = parts.registry.queues[0]!;
    expect([statistics.arrivals, statistics.departures, occupancy]).toEqual([200, 200, 0]);
    expect(statistics.littleDefectPs(parts.simulator.nowPs)).toBe(0);
  });
});
