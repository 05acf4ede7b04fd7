import { describe, expect, it } from 'vitest';
import type { MachineConfig } from '../../src/models/config.js';
import { simulate } from '../../src/models/machine.js';
import { MemoryTrace, TRACE_RECORD, type TraceData } from '../../src/sim/memory-trace.js';
import { device, GUEST_DESIGN, group, KIB, machine, only, queue, tenant, US } from '../support/machine.js';

const { BEGIN, END, COUNTER, FLOW } = TRACE_RECORD;

/** A traced run and its trace, whole unless a window or a limit says otherwise. */
function traced(config: MachineConfig, fromPs = 0, untilPs = Number.MAX_SAFE_INTEGER, limit = 1e6) {
  const sink = new MemoryTrace(fromPs, untilPs, limit);
  const result = simulate(config, 0, sink);
  sink.close(config.measure.warmupPs + config.measure.durationPs);
  return { result, data: sink.data() };
}

interface Slice {
  track: string;
  name: string;
  fromPs: number;
  untilPs: number;
  depth: number;
  argument: number;
  flows: number[];
}

/** The slices of a trace; fails when one does not nest, ends before it begins, or never ends. */
function slices(data: TraceData): Slice[] {
  const open: Slice[][] = data.tracks.map(() => []);
  const all: Slice[] = [];
  for (let i = 0; i < data.kind.length; i++) {
    const track = data.track[i]!;
    const timePs = data.timePs[i]!;
    const stack = open[track]!;
    if (data.kind[i] === BEGIN) {
      const slice = {
        track: pathOf(data, track),
        name: data.names[data.name[i]!]!,
        fromPs: timePs,
        untilPs: Number.NaN,
        depth: stack.length,
        argument: data.value[i]!,
        flows: [],
      };
      stack.push(slice);
      all.push(slice);
    } else if (data.kind[i] === END) {
      const slice = stack.pop()!;
      slice.untilPs = timePs;
      expect(timePs, `${slice.track} ${slice.name}`).toBeGreaterThanOrEqual(slice.fromPs);
      const outer = stack.at(-1);
      if (outer !== undefined) expect(slice.fromPs).toBeGreaterThanOrEqual(outer.fromPs);
    } else if (data.kind[i] === FLOW) stack.at(-1)!.flows.push(data.value[i]!);
  }
  expect(open.every((stack) => stack.length === 0)).toBe(true);
  // Slices of one track follow each other; inner ones lie inside the outer one.
  const ended = new Map<string, number>();
  for (const slice of all) {
    if (slice.depth === 0) {
      expect(slice.fromPs, slice.track).toBeGreaterThanOrEqual(ended.get(slice.track) ?? 0);
      ended.set(slice.track, slice.untilPs);
    } else expect(slice.untilPs).toBeLessThanOrEqual(ended.get(slice.track) ?? slice.untilPs);
  }
  return all;
}

function pathOf(data: TraceData, track: number): string {
  const { name, parent } = data.tracks[track]!;
  return parent === undefined ? name : `${pathOf(data, parent)}/${name}`;
}

const MACHINES: [string, MachineConfig][] = [
  ['a shared queue that is overrun', machine({ tenants: [tenant({ threads: 3 })] })],
  [
    'a guest that sleeps until an interrupt',
    machine({
      design: GUEST_DESIGN,
      devices: [device([group(1, [queue({ mode: 'dedicated', size: 64 })])])],
      tenants: [tenant({ completion: 'interrupt', load: { kind: 'closed', depth: 2 } })],
    }),
  ],
  ['batches', machine({ tenants: [tenant({ batch: 16, load: { kind: 'closed', depth: 2 } })] })],
  [
    'faults without Block On Fault',
    machine({
      devices: [device([group(2, [queue({ blockOnFault: false })])])],
      tenants: [tenant({ buffers: { resident: 0.9 }, operations: only('memmove', 16 * KIB) })],
    }),
  ],
  [
    'open load on four engines',
    machine({
      devices: [device([group(4, [queue()])])],
      tenants: [
        tenant({
          instances: 2,
          completion: 'umwait',
          load: { kind: 'open', ratePerSecond: 2e6, arrivals: 'poisson' },
        }),
      ],
    }),
  ],
];

describe('a traced run', () => {
  for (const [what, config] of MACHINES) {
    it(`of ${what} is the same run, and its slices nest`, () => {
      const { result, data } = traced(config);
      expect(result).toEqual(simulate(config, 0));
      expect(slices(data).length).toBeGreaterThan(100);
      expect(data.dropped).toBe(0);
    });

    it(`of ${what} carries every flow from its submission to the look at its completion, unless in flight`, () => {
      const { result, data } = traced(config);
      const steps = new Map<number, string[]>();
      for (const { name, flows } of slices(data).sort((a, b) => a.fromPs - b.fromPs)) {
        for (const flow of flows) steps.set(flow, [...(steps.get(flow) ?? []), name]);
      }
      let inFlight = 0;
      for (const [flow, names] of steps) {
        expect(names[0], `flow ${flow}: ${names.join(', ')}`).toBe('submit');
        const looks = names.filter((name) => name === 'look at completion').length;
        const worked = names.filter((name) => !['submit', 'look at completion'].includes(name)).length;
        expect(worked, `flow ${flow}: ${names.join(', ')}`).toBe(looks);
        if (names.at(-1) === 'submit') inFlight++;
      }
      expect(steps.size).toBeGreaterThan(20);
      const { submitted, inFlight: left } = result.conservation;
      const batch = config.tenants[0]!.batch;
      // Work that goes on after a fault may be a flow of its own, and one that waits for its turn has none yet.
      if (config.tenants[0]!.buffers.resident === 1) {
        expect(Math.abs(steps.size - submitted / batch)).toBeLessThanOrEqual(1);
        expect(inFlight).toBeLessThanOrEqual(left / batch);
      }
    });
  }

  it('shows the occupancy that the queue had, never above its size and back to what is left', () => {
    const [, config] = MACHINES[0]!;
    const { data } = traced(config);
    const values: number[] = [];
    for (let i = 0; i < data.kind.length; i++) {
      if (data.kind[i] !== COUNTER) continue;
      expect(pathOf(data, data.track[i]!)).toBe('dsa0/q occupancy');
      const step = data.value[i]! - (values.at(-1) ?? 0);
      expect(Math.abs(step)).toBe(1);
      values.push(data.value[i]!);
    }
    expect(Math.max(...values)).toBeGreaterThan(10);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  });

  it('draws a descriptor in its engine with stages that fill its time there', () => {
    const config = machine({ tenants: [tenant({ load: { kind: 'closed', depth: 1 } })] });
    const all = slices(traced(config).data);
    const whole = all.filter(({ track, depth }) => track.startsWith('dsa0/engine 0/') && depth === 0);
    expect(whole.length).toBeGreaterThan(10);
    for (const slice of whole) {
      const inner = all.filter(
        ({ track, depth, fromPs, untilPs }) =>
          track === slice.track && depth === 1 && fromPs >= slice.fromPs && untilPs <= slice.untilPs,
      );
      expect(inner.map(({ name }) => name)).toEqual(['arbitrate', 'translate', 'read', 'write', 'complete']);
      expect(inner.reduce((sum, { fromPs, untilPs }) => sum + untilPs - fromPs, 0)).toBe(
        slice.untilPs - slice.fromPs,
      );
    }
  });

  it('has interrupts and exits on the tracks of virtual CPUs', () => {
    const { result, data } = traced(MACHINES[1]![1]);
    const all = slices(data);
    const halts = all.filter(({ track, name }) => track === 'guest/vCPU 0' && name === 'halted (VM exit)');
    const interrupts = all.filter(({ track }) => track === 'guest/vCPU 0/interrupts');
    // The metrics count the measured phase only, the trace all of it.
    expect(interrupts.length).toBeGreaterThanOrEqual(result.metrics.interrupts!);
    expect(halts.length).toBeGreaterThan(0);
    expect(interrupts.every(({ name }) => name === 'interrupt')).toBe(true);
  });

  it('shows every attempt of ENQCMD, with a pause before each but the first', () => {
    const config = machine({
      devices: [device([group(1, [queue({ size: 4, threshold: 4 })])])],
      tenants: [tenant({ threads: 4, operations: only('memmove', 16 * KIB) })],
      parameters: { 'host.retry_pause': 50_000 },
    });
    const { result, data } = traced(config, config.measure.warmupPs);
    const all = slices(data);
    const attempts = all.filter(({ name }) => name === 'submit');
    const again = attempts.length - new Set(attempts.map(({ argument }) => argument)).size;
    expect(again).toBeGreaterThan(10);
    // At the edges of the measured phase an attempt and its answer may lie on different sides.
    expect(Math.abs(again - result.metrics.retries!)).toBeLessThanOrEqual(8);
    const pauses = all.filter(({ name }) => name === 'pause before a retry');
    expect(Math.abs(pauses.length - again)).toBeLessThanOrEqual(4);
    for (const { fromPs, untilPs } of pauses) expect(untilPs - fromPs).toBe(50_000);
  });

  it('keeps what begins in the window, up to the limit, and counts the rest', () => {
    const [, config] = MACHINES[0]!;
    const window = traced(config, 30 * US, 40 * US);
    const all = slices(window.data);
    expect(all.length).toBeGreaterThan(10);
    for (const { fromPs } of all) {
      expect(fromPs).toBeGreaterThanOrEqual(30 * US);
      expect(fromPs).toBeLessThan(40 * US);
    }
    const few = traced(config, 30 * US, 40 * US, 50);
    expect(few.data.kind.length).toBeLessThanOrEqual(50);
    expect(few.data.dropped).toBeGreaterThan(0);
    slices(few.data);
    expect(few.result).toEqual(window.result);
  });
});
