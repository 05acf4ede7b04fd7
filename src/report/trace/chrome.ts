/**
 * A trace as Chrome's JSON ("Trace Event Format"), for chrome://tracing, Perfetto and other viewers. Times are
 * microseconds with the picoseconds behind the point. Tracks become threads of one process, since the format knows no
 * deeper nesting; their names hold the whole path.
 */
import { TRACE_RECORD, type TraceData } from '../../sim/memory-trace.js';
import { flowsOfSlices, inTimeOrder, usedTracks } from './records.js';

const PROCESS = 1;

/** The file in pieces, one event each. */
export function* chromePieces(data: TraceData): Generator<string> {
  yield '{"displayTimeUnit":"ns","traceEvents":[\n';
  yield JSON.stringify({ ph: 'M', pid: PROCESS, name: 'process_name', args: { name: 'dsasim' } });
  const { used, counters } = usedTracks(data);
  for (let i = 0; i < data.tracks.length; i++) {
    if (!used[i] || counters[i]) continue;
    const head = { ph: 'M', pid: PROCESS, tid: i + 1 };
    yield `,\n${JSON.stringify({ ...head, name: 'thread_name', args: { name: pathOf(data, i) } })}`;
    yield `,\n${JSON.stringify({ ...head, name: 'thread_sort_index', args: { sort_index: i } })}`;
  }
  const flows = flowsOfSlices(data);
  const begun = new Set<number>();
  for (const i of inTimeOrder(data)) {
    for (const event of eventsOf(data, i, flows.get(i) ?? [], begun)) yield `,\n${JSON.stringify(event)}`;
  }
  yield '\n]}\n';
}

function* eventsOf(
  data: TraceData,
  i: number,
  flows: readonly number[],
  begun: Set<number>,
): Generator<unknown> {
  const track = data.track[i]!;
  const at = { pid: PROCESS, tid: track + 1, ts: data.timePs[i]! / 1e6 };
  switch (data.kind[i]) {
    case TRACE_RECORD.BEGIN:
      yield { ph: 'B', ...at, name: data.names[data.name[i]!], args: { descriptor: data.value[i] } };
      for (const flow of flows) {
        yield { ph: begun.has(flow) ? 't' : 's', ...at, name: 'descriptor', cat: 'flow', id: flow, bp: 'e' };
        begun.add(flow);
      }
      return;
    case TRACE_RECORD.END:
      yield { ph: 'E', ...at };
      return;
    case TRACE_RECORD.COUNTER:
      yield { ph: 'C', ...at, name: pathOf(data, track), args: { entries: data.value[i] } };
  }
}

function pathOf({ tracks }: TraceData, track: number): string {
  const names: string[] = [];
  for (let t: number | undefined = track; t !== undefined; t = tracks[t]!.parent)
    names.unshift(tracks[t]!.name);
  return names.join(' / ');
}
