import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryTrace, TRACE_RECORD } from '../../src/sim/memory-trace.js';
import { NULL_TRACE } from '../../src/sim/trace.js';

const { BEGIN, END, COUNTER, FLOW } = TRACE_RECORD;

function records(trace: MemoryTrace): number[][] {
  const all: number[][] = [];
  trace.visit((kind, timePs, track, name, value) => {
    all.push([kind, timePs, track, name, value]);
  });
  return all;
}

describe('a memory trace', () => {
  it('keeps slices, counters and flows in order, by registered numbers', () => {
    const trace = new MemoryTrace(0, 1000, 100);
    const engine = trace.track('engine 0');
    const queue = trace.track('work queue 1', engine);
    const read = trace.name('read');
    expect(trace.name('read')).toBe(read);
    trace.begin(engine, 10, read, 77);
    trace.flow(engine, 10, 5);
    trace.counter(queue, 12, 3);
    trace.end(engine, 20);
    expect(records(trace)).toEqual([
      [BEGIN, 10, engine, read, 77],
      [FLOW, 10, engine, 0, 5],
      [COUNTER, 12, queue, 0, 3],
      [END, 20, engine, 0, 0],
    ]);
    expect(trace.tracks).toEqual([
      { name: 'engine 0', parent: undefined },
      { name: 'work queue 1', parent: engine },
    ]);
    expect(trace.names).toEqual(['read']);
  });

  it('keeps a slice whole that begins in the window, and none that begins before or after it', () => {
    const trace = new MemoryTrace(100, 200, 100);
    const t = trace.track('t');
    const n = trace.name('n');
    trace.begin(t, 99, n, 1);
    trace.flow(t, 150, 9);
    trace.begin(t, 150, n, 2);
    trace.end(t, 250);
    trace.end(t, 260);
    trace.begin(t, 200, n, 3);
    trace.end(t, 201);
    trace.counter(t, 200, 1);
    expect(records(trace)).toEqual([
      [BEGIN, 150, t, n, 2],
      [END, 250, t, 0, 0],
    ]);
    expect(trace.dropped).toBe(0);
  });

  it('stays well formed and within its limit whatever is written to it', () => {
    const act = fc.tuple(fc.constantFrom('begin', 'end', 'counter', 'flow'), fc.nat(2), fc.nat(20));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 300 }), fc.nat(60), (acts, limit) => {
        const trace = new MemoryTrace(50, 1000, limit);
        const depth = [trace.track('a'), trace.track('b'), trace.track('c')].map(() => 0);
        let nowPs = 0;
        let offered = 0;
        for (const [what, track, spanPs] of acts) {
          nowPs += spanPs;
          if (what === 'begin') {
            trace.begin(track, nowPs, 0);
            depth[track]!++;
            if (nowPs >= 50 && nowPs < 1000) offered += 2;
          } else if (what === 'end' && depth[track]! > 0) {
            trace.end(track, nowPs);
            depth[track]!--;
          } else if (what === 'counter') {
            trace.counter(track, nowPs, 1);
            if (nowPs >= 50 && nowPs < 1000) offered++;
          }
        }
        trace.close(nowPs);
        const kept = records(trace);
        const open = [0, 0, 0];
        let last = 0;
        for (const [kind, timePs, track] of kept) {
          expect(timePs).toBeGreaterThanOrEqual(last);
          last = timePs!;
          if (kind === BEGIN) open[track!]!++;
          if (kind === END) expect(--open[track!]!).toBeGreaterThanOrEqual(0);
        }
        expect(open).toEqual([0, 0, 0]);
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(kept.length + trace.dropped).toBe(offered);
      }),
    );
  });

  it('refuses to end a slice that never began', () => {
    const trace = new MemoryTrace(0, 10, 10);
    const track = trace.track('t');
    expect(() => trace.end(track, 5)).toThrow(/no slice is open/);
  });
});

describe('the null trace', () => {
  it('says that it keeps nothing and accepts everything', () => {
    expect(NULL_TRACE.enabled).toBe(false);
    const track = NULL_TRACE.track('t');
    NULL_TRACE.begin(track, 1, NULL_TRACE.name('n'));
    NULL_TRACE.flow(track, 1, 1);
    NULL_TRACE.counter(track, 1, 1);
    NULL_TRACE.end(track, 2);
  });
});
