/** A trace's records in the order of time, as both encoders write them. */
import { TRACE_RECORD, type TraceData } from '../../sim/memory-trace.js';

/**
 * Indices of all records in the order of time; records of one instant keep the order in which they were written, so
 * that slices nest as they did.
 */
export function inTimeOrder({ timePs }: TraceData): Uint32Array {
  const order = Uint32Array.from(timePs, (_, i) => i);
  return order.sort((a, b) => timePs[a]! - timePs[b]! || a - b);
}

/** Tracks that have records themselves or below them, and which of these are counters. */
export function usedTracks({ tracks, track, kind }: TraceData): { used: boolean[]; counters: boolean[] } {
  const used = tracks.map(() => false);
  const counters = tracks.map(() => false);
  for (let i = 0; i < track.length; i++) {
    if (kind[i] === TRACE_RECORD.COUNTER) counters[track[i]!] = true;
    for (let t: number | undefined = track[i]; t !== undefined && !used[t]; t = tracks[t]!.parent) {
      used[t] = true;
    }
  }
  return { used, counters };
}

/** The flows of each BEGIN: their records stand right behind it on the same track. */
export function flowsOfSlices({ kind, track, value, tracks }: TraceData): Map<number, number[]> {
  const open: number[][] = tracks.map(() => []);
  const flows = new Map<number, number[]>();
  for (let i = 0; i < kind.length; i++) {
    const stack = open[track[i]!]!;
    if (kind[i] === TRACE_RECORD.BEGIN) stack.push(i);
    else if (kind[i] === TRACE_RECORD.END) stack.pop();
    else if (kind[i] === TRACE_RECORD.FLOW) {
      const slice = stack.at(-1)!;
      flows.set(slice, [...(flows.get(slice) ?? []), value[i]!]);
    }
  }
  return flows;
}
