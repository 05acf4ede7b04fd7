/** Reads Perfetto's protobuf back, from its specification and not from the encoder under test. */

/** A field: its number and its value, a number, or the bytes of a text or message. */
type Field = readonly [number: number, value: number | Uint8Array];

/** A track as its descriptor tells. */
export interface PerfettoTrack {
  name: string;
  parent: number | undefined;
  counter: boolean;
}

/** An event with its names resolved. */
export interface PerfettoEvent {
  /** [ns] */
  timestamp: number;
  type: number;
  track: number;
  name: string | undefined;
  counter: number | undefined;
  flows: number[];
  annotations: Record<string, number>;
}

/** A whole trace. */
export interface PerfettoTrace {
  tracks: Map<number, PerfettoTrack>;
  events: PerfettoEvent[];
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes a file; throws on a byte out of place, on names that were never interned, and on packets out of order. */
export function decodePerfetto(bytes: Uint8Array): PerfettoTrace {
  const tracks = new Map<number, PerfettoTrack>();
  const events: PerfettoEvent[] = [];
  const names = new Map<number, string>();
  const annotationNames = new Map<number, string>();
  let cleared = false;
  for (const [number, packet] of fields(bytes)) {
    if (number !== 1) throw new Error(`field ${number} of Trace`);
    const content = new Map(fields(packet as Uint8Array));
    if (content.get(10) !== 1) throw new Error('a packet without its sequence');
    const flags = (content.get(13) as number | undefined) ?? 0;
    if ((flags & 1) !== 0) cleared = true;
    if ((flags & 2) !== 0 && !cleared) throw new Error('a packet needs names that were not interned before');
    for (const [field, entry] of fields((content.get(12) as Uint8Array | undefined) ?? new Uint8Array())) {
      const { iid, name } = internedName(entry as Uint8Array);
      (field === 2 ? names : annotationNames).set(iid, name);
    }
    const descriptor = content.get(60) as Uint8Array | undefined;
    if (descriptor !== undefined) {
      const track = new Map(fields(descriptor));
      tracks.set(track.get(1) as number, {
        name: decoder.decode(track.get(2) as Uint8Array),
        parent: track.get(5) as number | undefined,
        counter: track.has(8),
      });
    }
    const event = content.get(11) as Uint8Array | undefined;
    if (event !== undefined) {
      events.push({ timestamp: content.get(8) as number, ...trackEvent(event, names, annotationNames) });
    }
  }
  return { tracks, events };
}

function trackEvent(
  bytes: Uint8Array,
  names: ReadonlyMap<number, string>,
  annotationNames: ReadonlyMap<number, string>,
): Omit<PerfettoEvent, 'timestamp'> {
  const list = fields(bytes);
  const one = new Map(list);
  const iid = one.get(10) as number | undefined;
  const annotations: Record<string, number> = {};
  for (const [number, value] of list) {
    if (number !== 4) continue;
    const annotation = new Map(fields(value as Uint8Array));
    annotations[known(annotationNames, annotation.get(1) as number)] = annotation.get(3) as number;
  }
  return {
    type: one.get(9) as number,
    track: one.get(11) as number,
    name: iid === undefined ? undefined : known(names, iid),
    counter: one.get(30) as number | undefined,
    flows: list.flatMap(([number, value]) => (number === 47 ? [value as number] : [])),
    annotations,
  };
}

function known(names: ReadonlyMap<number, string>, iid: number): string {
  const name = names.get(iid);
  if (name === undefined) throw new Error(`no name was interned as ${iid}`);
  return name;
}

function internedName(bytes: Uint8Array): { iid: number; name: string } {
  const entry = new Map(fields(bytes));
  return { iid: entry.get(1) as number, name: decoder.decode(entry.get(2) as Uint8Array) };
}

/** The fields of a message in order. */
function fields(bytes: Uint8Array): Field[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const result: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) break;
    }
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new Error('a number beyond 2^53');
    return Number(value);
  };
  while (at < bytes.length) {
    const key = varint();
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case 0:
        result.push([number, varint()]);
        break;
      case 1:
        result.push([number, Number(view.getBigUint64(at, true))]);
        at += 8;
        break;
      case 2: {
        const length = varint();
        if (at + length > bytes.length) throw new Error('a field reaches beyond its message');
        result.push([number, bytes.subarray(at, at + length)]);
        at += length;
        break;
      }
      default:
        throw new Error(`wire type ${key % 8}`);
    }
  }
  return result;
}
