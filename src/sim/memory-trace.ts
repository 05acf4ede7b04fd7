import { SimulationError } from './errors.js';
import { grownDoubles, grownWords } from './grown.js';
import type { TraceSink } from './trace.js';

/** What a record of a {@link MemoryTrace} is. */
export const TRACE_RECORD = { BEGIN: 0, END: 1, COUNTER: 2, FLOW: 3 } as const;

/** One record, as {@link MemoryTrace.visit} hands it out. */
export type TraceVisitor = (
  kind: number,
  timePs: number,
  track: number,
  /** Name of a BEGIN, 0 otherwise. */
  name: number,
  /** Argument of a BEGIN, value of a COUNTER, id of a FLOW, 0 otherwise. */
  value: number,
) => void;

/** A track as it was registered. */
export interface TraceTrack {
  readonly name: string;
  readonly parent: number | undefined;
}

/** A trace as plain data: one record an index, with the meaning that {@link TraceVisitor} gives its parts. */
export interface TraceData {
  readonly tracks: readonly TraceTrack[];
  readonly names: readonly string[];
  readonly kind: Uint8Array;
  readonly timePs: Float64Array;
  readonly track: Int32Array;
  readonly name: Int32Array;
  readonly value: Float64Array;
  /** Records that the limit left no room for. */
  readonly dropped: number;
}

const INITIAL_RECORDS = 1024;

/**
 * Keeps the records of a time window in memory, up to a limit. What it keeps is always well formed: a slice is
 * kept whole or not at all, so every BEGIN has its END (after {@link close}), also at the edges of the window and
 * when the limit is reached. A slice belongs to the window in which it begins.
 */
export class MemoryTrace implements TraceSink {
  readonly enabled = true;
  readonly tracks: TraceTrack[] = [];
  readonly names: string[] = [];
  private readonly nameIds = new Map<string, number>();
  /** For each track its open slices, innermost last: 1 if kept, 0 if not. */
  private readonly open: number[][] = [];
  private openKept = 0;
  private recorded = 0;
  private droppedCount = 0;
  private kind = new Uint8Array(INITIAL_RECORDS);
  private timePs = new Float64Array(INITIAL_RECORDS);
  private trackOf = new Int32Array(INITIAL_RECORDS);
  private nameOf = new Int32Array(INITIAL_RECORDS);
  private value = new Float64Array(INITIAL_RECORDS);

  /**
   * @param fromPs first picosecond of the window [ps]
   * @param untilPs first picosecond after it [ps]
   * @param limit how many records at most
   */
  constructor(
    private readonly fromPs: number,
    private readonly untilPs: number,
    private readonly limit: number,
  ) {}

  /** Number of records kept. */
  get length(): number {
    return this.recorded;
  }

  /** Number of records inside the window that the limit left no room for; an END counts with its BEGIN. */
  get dropped(): number {
    return this.droppedCount;
  }

  track(name: string, parent?: number): number {
    this.open.push([]);
    return this.tracks.push({ name, parent }) - 1;
  }

  name(name: string): number {
    let id = this.nameIds.get(name);
    if (id === undefined) {
      id = this.names.push(name) - 1;
      this.nameIds.set(name, id);
    }
    return id;
  }

  begin(track: number, timePs: number, name: number, argument = 0): boolean {
    // A kept slice needs room for its end, too.
    const kept = this.accepts(timePs, 2);
    this.open[track]!.push(kept ? 1 : 0);
    if (!kept) return false;
    this.openKept++;
    this.append(TRACE_RECORD.BEGIN, timePs, track, name, argument);
    return true;
  }

  end(track: number, timePs: number): void {
    const kept = this.open[track]!.pop();
    if (kept === undefined) {
      throw new SimulationError('DSASIM_S008_BAD_ARGUMENT', `no slice is open on track ${track}`);
    }
    if (kept === 0) return;
    this.openKept--;
    this.append(TRACE_RECORD.END, timePs, track, 0, 0);
  }

  counter(track: number, timePs: number, value: number): void {
    if (this.accepts(timePs, 1)) this.append(TRACE_RECORD.COUNTER, timePs, track, 0, value);
  }

  flow(track: number, timePs: number, flow: number): void {
    // An arrow needs a slice to start from: without one the record would dangle.
    const slices = this.open[track]!;
    if (slices[slices.length - 1] === 1 && this.accepts(timePs, 1)) {
      this.append(TRACE_RECORD.FLOW, timePs, track, 0, flow);
    }
  }

  /** Ends every slice that is still open, at `timePs` [ps]: the end of the run. */
  close(timePs: number): void {
    for (let track = 0; track < this.open.length; track++) {
      while (this.open[track]!.length > 0) this.end(track, timePs);
    }
  }

  /** All that was kept, as plain data that can cross threads. */
  data(): TraceData {
    const { recorded } = this;
    return {
      tracks: this.tracks.map(({ name, parent }) => ({ name, parent })),
      names: [...this.names],
      kind: this.kind.slice(0, recorded),
      timePs: this.timePs.slice(0, recorded),
      track: this.trackOf.slice(0, recorded),
      name: this.nameOf.slice(0, recorded),
      value: this.value.slice(0, recorded),
      dropped: this.droppedCount,
    };
  }

  /** Visits all records in the order in which they were written: on each track that of time. */
  visit(visitor: TraceVisitor): void {
    for (let i = 0; i < this.recorded; i++) {
      visitor(this.kind[i]!, this.timePs[i]!, this.trackOf[i]!, this.nameOf[i]!, this.value[i]!);
    }
  }

  private accepts(timePs: number, records: number): boolean {
    if (timePs < this.fromPs || timePs >= this.untilPs) return false;
    if (this.recorded + this.openKept + records <= this.limit) return true;
    this.droppedCount += records;
    return false;
  }

  private append(kind: number, timePs: number, track: number, name: number, value: number): void {
    const i = this.recorded++;
    if (i === this.kind.length) this.grow();
    this.kind[i] = kind;
    this.timePs[i] = timePs;
    this.trackOf[i] = track;
    this.nameOf[i] = name;
    this.value[i] = value;
  }

  private grow(): void {
    const length = this.kind.length * 2;
    const kinds = new Uint8Array(length);
    kinds.set(this.kind);
    this.kind = kinds;
    this.timePs = grownDoubles(this.timePs, length);
    this.trackOf = grownWords(this.trackOf, length);
    this.nameOf = grownWords(this.nameOf, length);
    this.value = grownDoubles(this.value, length);
  }
}
