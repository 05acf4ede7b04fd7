/**
 * A trace as Perfetto's own format, for ui.perfetto.dev and trace_processor: a protobuf `Trace` of packets, read off
 * protos/perfetto/trace (trace_packet.proto, track_event/*.proto, interned_data.proto). Its clock counts nanoseconds,
 * so picoseconds are rounded; rounding keeps the order, so slices still nest.
 */
import { TRACE_RECORD, type TraceData } from '../../sim/memory-trace.js';
import { Message } from './protobuf.js';
import { flowsOfSlices, inTimeOrder, usedTracks } from './records.js';

const TRACE = { packet: 1 } as const;
const PACKET = {
  timestamp: 8,
  sequenceId: 10,
  trackEvent: 11,
  internedData: 12,
  sequenceFlags: 13,
  trackDescriptor: 60,
} as const;
const DESCRIPTOR = {
  uuid: 1,
  name: 2,
  parent: 5,
  counter: 8,
  childOrdering: 11,
  siblingOrderRank: 12,
} as const;
const COUNTER_DESCRIPTOR = { unit: 3 } as const;
const EVENT = {
  debugAnnotations: 4,
  type: 9,
  nameIid: 10,
  trackUuid: 11,
  counterValue: 30,
  flowIds: 47,
} as const;
const ANNOTATION = { nameIid: 1, uintValue: 3 } as const;
const INTERNED = { eventNames: 2, debugAnnotationNames: 3 } as const;
const INTERNED_NAME = { iid: 1, name: 2 } as const;

const TYPE = { begin: 1, end: 2, counter: 4 } as const;
/** The sequence's interned names begin here, and all later packets refer to them. */
const STATE_CLEARED = 1;
const NEEDS_STATE = 2;
const SEQUENCE = 1;
const UNIT_COUNT = 2;
const EXPLICIT_ORDER = 3;
const SERIAL_IID = 1;

/** The file in pieces, one packet each. */
export function* perfettoPieces(data: TraceData): Generator<Uint8Array> {
  yield packet(internedNames(data).varint(PACKET.sequenceFlags, STATE_CLEARED));
  yield* descriptors(data);
  const flows = flowsOfSlices(data);
  for (const i of inTimeOrder(data)) {
    const event = eventOf(data, i, flows.get(i) ?? []);
    if (event === null) continue;
    yield packet(
      new Message()
        .varint(PACKET.timestamp, Math.round(data.timePs[i]! / 1000))
        .nested(PACKET.trackEvent, event)
        .varint(PACKET.sequenceFlags, NEEDS_STATE),
    );
  }
}

function packet(content: Message): Uint8Array {
  return new Message().nested(TRACE.packet, content.varint(PACKET.sequenceId, SEQUENCE)).finish();
}

function internedNames({ names }: TraceData): Message {
  const interned = new Message();
  names.forEach((name, i) => {
    interned.nested(
      INTERNED.eventNames,
      new Message().varint(INTERNED_NAME.iid, i + 1).nested(INTERNED_NAME.name, name),
    );
  });
  interned.nested(
    INTERNED.debugAnnotationNames,
    new Message().varint(INTERNED_NAME.iid, SERIAL_IID).nested(INTERNED_NAME.name, 'descriptor'),
  );
  return new Message().nested(PACKET.internedData, interned);
}

/** Tracks in their order; number 0 is the trace itself, so theirs begin at 1. */
function* descriptors(data: TraceData): Generator<Uint8Array> {
  const { used, counters } = usedTracks(data);
  for (const [i, { name, parent }] of data.tracks.entries()) {
    if (!used[i]) continue;
    const descriptor = new Message()
      .varint(DESCRIPTOR.uuid, i + 1)
      .nested(DESCRIPTOR.name, name)
      .varint(DESCRIPTOR.childOrdering, EXPLICIT_ORDER)
      .varint(DESCRIPTOR.siblingOrderRank, i);
    if (parent !== undefined) descriptor.varint(DESCRIPTOR.parent, parent + 1);
    if (counters[i]) {
      descriptor.nested(DESCRIPTOR.counter, new Message().varint(COUNTER_DESCRIPTOR.unit, UNIT_COUNT));
    }
    yield packet(new Message().nested(PACKET.trackDescriptor, descriptor));
  }
}

function eventOf(
  { kind, track, name, value }: TraceData,
  i: number,
  flows: readonly number[],
): Message | null {
  const event = new Message().varint(EVENT.trackUuid, track[i]! + 1);
  switch (kind[i]) {
    case TRACE_RECORD.BEGIN: {
      event.varint(EVENT.type, TYPE.begin).varint(EVENT.nameIid, name[i]! + 1);
      event.nested(
        EVENT.debugAnnotations,
        new Message().varint(ANNOTATION.nameIid, SERIAL_IID).varint(ANNOTATION.uintValue, value[i]!),
      );
      for (const flow of flows) event.fixed64(EVENT.flowIds, flow + 1);
      return event;
    }
    case TRACE_RECORD.END:
      return event.varint(EVENT.type, TYPE.end);
    case TRACE_RECORD.COUNTER:
      return event.varint(EVENT.type, TYPE.counter).varint(EVENT.counterValue, value[i]!);
    default:
      return null;
  }
}
