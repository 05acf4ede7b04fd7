import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { machine, tenant } from '../support/machine.js';

/** Events for each descriptor of one thread that keeps some in flight. */
function eventsEach(depth: number): number {
  const run = simulate(machine({ tenants: [tenant({ load: { kind: 'closed', depth } })] }), 0);
  return run.events / run.conservation.completed;
}

describe('a copy of one page is a handful of events', () => {
  it('by itself: the thread wakes, has looked and has submitted; portal, arbiter, first read, data, record, retirement', () => {
    // The data path turns around while nobody wants it, which is no event.
    expect(eventsEach(1)).toBeCloseTo(8, 0);
  });

  it('among others: the end of the turnaround lets the next one in', () => {
    expect(eventsEach(32)).toBeLessThan(9.1);
  });
});
