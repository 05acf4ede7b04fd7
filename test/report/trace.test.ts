import { describe, expect, it } from 'vitest';
import { simulate } from '../../src/models/machine.js';
import { chromePieces } from '../../src/report/trace/chrome.js';
import { perfettoPieces } from '../../src/report/trace/perfetto.js';
import { Message } from '../../src/report/trace/protobuf.js';
import { MemoryTrace, TRACE_RECORD, type TraceData } from '../../src/sim/memory-trace.js';
import { GUEST_DESIGN, machine, tenant } from '../support/machine.js';
import { decodePerfetto, type PerfettoEvent } from '../support/perfetto.js';

const [BEGIN, END, COUNTER] = [1, 2, 4];

/** A trace of guests that wait for interrupts and submit batches: every kind of track and slice. */
function traced(limit = 1e6): TraceData {
  const config = machine({
    design: GUEST_DESIGN,
    tenants: [
      tenant({ instances: 2, batch: 4, completion: 'interrupt', load: { kind: 'closed', depth: 3 } }),
    ],
    parameters: { 'memory.jitter': 5000 },
  });
  const sink = new MemoryTrace(0, 1e12, limit);
  simulate(config, 0, sink);
  sink.close(config.measure.warmupPs + config.measure.durationPs);
  return sink.data();
}

const perfetto = (data: TraceData): Uint8Array => Buffer.concat([...perfettoPieces(data)]);
const count = (data: TraceData, kind: number): number => data.kind.filter((k) => k === kind).length;

describe('a trace as Perfetto protobuf', () => {
  const data = traced();
  const { tracks, events } = decodePerfetto(perfetto(data));

  it('has every record, in the order of time', () => {
    const of = (type: number): PerfettoEvent[] => events.filter((event) => event.type === type);
    expect(of(BEGIN).length).toBe(count(data, TRACE_RECORD.BEGIN));
    expect(of(END).length).toBe(of(BEGIN).length);
    expect(of(COUNTER).length).toBe(count(data, TRACE_RECORD.COUNTER));
    expect(events.flatMap(({ flows }) => flows).length).toBe(count(data, TRACE_RECORD.FLOW));
    for (let i = 1; i < events.length; i++) {
      expect(events[i]!.timestamp).toBeGreaterThanOrEqual(events[i - 1]!.timestamp);
    }
  });

  it('nests on every track: no end without a begin, none left open, counters apart from slices', () => {
    const open = new Map<number, number>();
    for (const { type, track } of events) {
      expect(tracks.has(track)).toBe(true);
      expect(tracks.get(track)!.counter).toBe(type === COUNTER);
      if (type === COUNTER) continue;
      const depth = (open.get(track) ?? 0) + (type === BEGIN ? 1 : -1);
      expect(depth).toBeGreaterThanOrEqual(0);
      expect(depth).toBeLessThanOrEqual(2);
      open.set(track, depth);
    }
    expect([...open.values()].every((depth) => depth === 0)).toBe(true);
  });

  it('has tracks below their owners: threads of guests, queues and engines of devices', () => {
    const path = (track: number): string => {
      const { name, parent } = tracks.get(track)!;
      return parent === undefined ? name : `${path(parent)}/${name}`;
    };
    const paths = [...tracks.keys()].map(path);
    expect(paths).toEqual(
      expect.arrayContaining([
        'guest 0/vCPU 0',
        'guest 1/vCPU 0/interrupts',
        'dsa0/q occupancy',
        'dsa0/engine 0/place 0',
      ]),
    );
    expect(new Set(paths).size).toBe(paths.length);
  });

  it('leads every flow from a submission through an engine to a thread, or leaves it in flight', () => {
    const flows = new Map<number, PerfettoEvent[]>();
    for (const event of events) {
      for (const flow of event.flows) flows.set(flow, [...(flows.get(flow) ?? []), event]);
    }
    expect(flows.size).toBeGreaterThan(20);
    let whole = 0;
    for (const [flow, steps] of flows) {
      expect(flow).toBeGreaterThan(0);
      const [first, second, third, ...more] = steps.map(({ name }) => name);
      expect([first, more]).toEqual(['submit', []]);
      if (second === undefined) continue;
      expect([second, third]).toEqual(['batch', 'look at completion']);
      expect(new Set(steps.map(({ annotations }) => annotations.descriptor)).size).toBe(1);
      whole++;
    }
    // At most three of each guest are in flight at the end.
    expect(flows.size - whole).toBeLessThanOrEqual(6);
  });

  it('is the same bytes again, and about as many as people plan for', () => {
    expect(perfetto(traced())).toEqual(perfetto(data));
    expect(perfetto(data).length / data.kind.length).toBeLessThan(60);
  });

  it('stays well formed when the limit cuts it', () => {
    const cut = traced(101);
    expect(cut.dropped).toBeGreaterThan(0);
    const few = decodePerfetto(perfetto(cut)).events;
    const of = (type: number): number => few.filter((event) => event.type === type).length;
    expect(of(BEGIN)).toBe(of(END));
  });

  it('of nothing is a file that says nothing', () => {
    const sink = new MemoryTrace(0, 1, 10);
    sink.track('silent');
    const empty = decodePerfetto(perfetto(sink.data()));
    expect([empty.events, empty.tracks.size]).toEqual([[], 0]);
  });
});

describe('a trace as Chrome JSON', () => {
  it('has the same slices, with the picoseconds kept, and flows that start once', () => {
    const data = traced();
    const { traceEvents } = JSON.parse([...chromePieces(data)].join('')) as {
      traceEvents: { ph: string; tid: number; ts: number; id?: number }[];
    };
    const of = (ph: string) => traceEvents.filter((event) => event.ph === ph);
    expect(of('B').length).toBe(count(data, TRACE_RECORD.BEGIN));
    expect(of('E').length).toBe(of('B').length);
    expect(of('C').length).toBe(count(data, TRACE_RECORD.COUNTER));
    expect(of('s').length + of('t').length).toBe(count(data, TRACE_RECORD.FLOW));
    expect(new Set(of('s').map(({ id }) => id)).size).toBe(of('s').length);
    const picoseconds = of('B').map(({ ts }) => Math.round(ts * 1e6));
    const times = [...data.timePs].filter((_, i) => data.kind[i] === TRACE_RECORD.BEGIN);
    expect(picoseconds).toEqual(times.sort((a, b) => a - b));
  });
});

describe('the wire format', () => {
  it('writes the examples of the protobuf documentation', () => {
    // Encoding, "A simple message" (field 1 = 150) and "Length-delimited" (field 2 = "testing").
    expect([...new Message().varint(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new Message().nested(2, 'testing').finish()]).toEqual([
      0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67,
    ]);
    expect([...new Message().nested(3, new Message().varint(1, 150)).finish()]).toEqual([
      0x1a, 0x03, 0x08, 0x96, 0x01,
    ]);
  });

  it('holds numbers up to 2^53 - 1', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect([...new Message().varint(1, most).finish()]).toEqual([
      0x08, 255, 255, 255, 255, 255, 255, 255, 15,
    ]);
    expect([...new Message().fixed64(1, most).finish()]).toEqual([0x09, 255, 255, 255, 255, 255, 255, 31, 0]);
  });
});
