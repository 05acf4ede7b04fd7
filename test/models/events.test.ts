import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { machine, tenant } from '../support/machine.js';

/** Events for each descriptor of one thread that keeps some in flight. */
function eventsEach(depth: number, parameters: Record<string, number> = {}): number {
  const run = simulate(machine({ tenants: [tenant({ load: { kind: 'closed', depth } })], parameters }), 0);
  return run.events / run.conservation.completed;
}

describe('a copy of one page is a handful of events', () => {
  it('by itself: the thread wakes, has looked and has submitted; portal and arbiter, data, record', () => {
    // Nobody waits for the data path to turn around, or for the writes to be acknowledged.
    expect(eventsEach(1)).toBeCloseTo(6, 0);
  });

  it('among others: the thread sometimes finds the next one finished, and need not wake', () => {
    expect(eventsEach(32)).toBeGreaterThan(5);
    expect(eventsEach(32)).toBeLessThan(6.1);
  });

  it('where an engine has no place left: every acknowledgement is an event that lets the next one in', () => {
    expect(eventsEach(32, { 'engine.work_descriptors': 2 })).toBeGreaterThan(eventsEach(32) + 1);
  });
});
