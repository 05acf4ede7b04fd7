import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DescriptorRow } from '../../src/models/descriptor-row.js';
import { Arbiter } from '../../src/models/device/arbiter.js';
import { WorkQueue } from '../../src/models/device/work-queue.js';
import { simulate } from '../../src/models/machine.js';
import { device, group, machine, NS, only, queue, tenant } from '../support/machine.js';

/** Queues of these priorities behind an arbiter; `fill` and `dispatch` speak in queue numbers. */
function bench(...priorities: number[]) {
  const queues = priorities.map(
    (priority, i) => new WorkQueue(i, queue({ priority, size: 128, threshold: 128 })),
  );
  const arbiter = new Arbiter(queues);
  const server = { canServe: (q: WorkQueue) => q.occupancy > 0 };
  return {
    fill(number: number, count: number) {
      for (let i = 0; i < count; i++) queues[number]!.submit(new DescriptorRow(0), true, 0);
    },
    /** The queues that the next `count` dispatches serve. */
    dispatch(count: number): (number | undefined)[] {
      return Array.from({ length: count }, () => {
        const chosen = arbiter.choose(server);
        chosen?.take(0);
        return chosen?.index;
      });
    },
  };
}

/** Specification 2.9 word by word: one step is one look at one queue. */
class PlainArbiter {
  private readonly counters: number[];
  private next = 0;
  constructor(private readonly priorities: readonly number[]) {
    this.counters = [...priorities];
  }
  choose(pending: readonly number[]): number | undefined {
    const withWork = pending.flatMap((count, i) => (count > 0 ? [i] : []));
    if (withWork.length === 0) return undefined;
    if (withWork.every((i) => this.counters[i] === 0)) {
      for (const [i, priority] of this.priorities.entries()) this.counters[i] = priority;
    }
    for (;;) {
      const looked = this.next;
      this.next = (this.next + 1) % pending.length;
      if (pending[looked]! > 0 && this.counters[looked]! > 0) {
        this.counters[looked]! -= 1;
        return looked;
      }
    }
  }
}

describe('the arbiter of a group (specification chapter 4)', () => {
  it('gives priorities 6 and 2 three dispatches to one, taking turns while both have counts left', () => {
    const { fill, dispatch } = bench(6, 2);
    fill(0, 100);
    fill(1, 100);
    expect(dispatch(8)).toEqual([0, 1, 0, 1, 0, 0, 0, 0]);
    expect(dispatch(80).filter((q) => q === 0)).toHaveLength(60);
  });

  it('passes over empty queues: they cost no dispatch and keep their counts', () => {
    const { fill, dispatch } = bench(3, 1, 1);
    fill(2, 5);
    expect(dispatch(5)).toEqual([2, 2, 2, 2, 2]);
    expect(dispatch(1)).toEqual([undefined]);
  });

  it('serves a queue that gets work at its next turn if it has counts left', () => {
    const { fill, dispatch } = bench(4, 4);
    fill(0, 10);
    expect(dispatch(2)).toEqual([0, 0]);
    fill(1, 1);
    expect(dispatch(2)).toEqual([1, 0]);
  });

  it('lets a queue that used its counts up wait while another one with work has some left', () => {
    const { fill, dispatch } = bench(1, 4);
    fill(0, 10);
    fill(1, 3);
    expect(dispatch(4)).toEqual([0, 1, 1, 1]);
    // Queue 1 has one count left, but no work: that does not hold the reload up.
    expect(dispatch(2)).toEqual([0, 0]);
  });

  it('reloads all counters of the group at once, those of idle queues too', () => {
    const { fill, dispatch } = bench(2, 2);
    fill(1, 1);
    expect(dispatch(1)).toEqual([1]);
    fill(0, 3);
    // The third descriptor of queue 0 needs a reload, which also gives queue 1 its second count back.
    expect(dispatch(3)).toEqual([0, 0, 0]);
    fill(0, 2);
    fill(1, 2);
    expect(dispatch(4)).toEqual([1, 0, 1, 0]);
  });

  it('does what a plain transcription of the specification does, whatever comes when', () => {
    const arrival = fc.record({ queue: fc.nat(5), count: fc.nat(6), dispatches: fc.nat(9) });
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 6 }),
        fc.array(arrival, { maxLength: 40 }),
        (priorities, script) => {
          const { fill, dispatch } = bench(...priorities);
          const plain = new PlainArbiter(priorities);
          const pending = priorities.map(() => 0);
          for (const step of script) {
            const number = step.queue % priorities.length;
            const count = Math.min(step.count, 128 - pending[number]!);
            fill(number, count);
            pending[number]! += count;
            for (const got of dispatch(step.dispatches)) {
              const expected = plain.choose(pending);
              if (expected !== undefined) pending[expected]! -= 1;
              expect(got).toBe(expected);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('divides the throughput of a saturated machine as the priorities say', () => {
    const busy = (name: string) =>
      tenant({
        name,
        workQueues: [name],
        load: { kind: 'closed', depth: 64 },
        operations: only('memmove', 4096),
      });
    const result = simulate(
      machine({
        devices: [
          device([
            group(1, [
              queue({ name: 'high', size: 64, threshold: 64, priority: 6 }),
              queue({ name: 'low', size: 64, threshold: 64, priority: 2 }),
            ]),
          ]),
        ],
        tenants: [busy('high'), busy('low')],
        parameters: { 'host.enqcmd': 80 * NS },
      }),
      0,
    );
    const rate = (name: string) => result.tenants[name]!.rate!;
    expect(rate('high') / rate('low')).toBeGreaterThan(2.9);
    expect(rate('high') / rate('low')).toBeLessThan(3.1);
  });
});
