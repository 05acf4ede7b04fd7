/**
 * Where a model writes what happened when: slices (something took from here to there) on tracks, counters, and
 * flows that tie slices on different tracks together. A call passes numbers only; names are registered once.
 * Models test `enabled` before they compute anything for a trace, so that an untraced run pays one branch.
 */
export interface TraceSink {
  /** Whether anything is kept; constant over the life of the sink. */
  readonly enabled: boolean;
  /** A new track, drawn below `parent` if given; returns its id. */
  track(name: string, parent?: number): number;
  /** The id of a slice's or flow's name; the same name has one id. */
  name(name: string): number;
  /**
   * A slice begins; slices on one track nest. `argument` is any number worth showing, such as a descriptor's.
   * @returns whether the slice is kept
   */
  begin(track: number, timePs: number, name: number, argument?: number): boolean;
  /** The innermost open slice of the track ends. */
  end(track: number, timePs: number): void;
  /** The counter shown on `track` takes a value. */
  counter(track: number, timePs: number, value: number): void;
  /** The slice open on `track` belongs to the flow `flow`; viewers draw an arrow through all slices of one flow. */
  flow(track: number, timePs: number, flow: number): void;
}

/** The sink of an untraced run. */
export const NULL_TRACE: TraceSink = {
  enabled: false,
  track: () => 0,
  name: () => 0,
  begin: () => false,
  end: () => {},
  counter: () => {},
  flow: () => {},
};
