/** What a register file asks of the device behind it: commands take as long as the work that is outstanding. */

/** Which descriptors a drain or an abort means. */
export interface WorkScope {
  /** Queues of the device. */
  readonly queues: readonly number[];
  /** Only descriptors with this PASID, or null for all. */
  readonly pasid: number | null;
}

/** The data path of a device, seen from its registers. */
export interface WorkSink {
  /** Entries in use of a queue, as WQCFG reports them. */
  occupancy(queue: number): number;
  /** The portals of a queue take descriptors from now on, or no longer. */
  accepts(queue: number, accepts: boolean): void;
  /** The device stops dispatching, or has left the halt state. */
  halted(halted: boolean): void;
  /** Calls `done` once every descriptor of the scope that was accepted before has completed. */
  drain(scope: WorkScope, done: () => void): void;
  /** Calls `done` once every descriptor of the scope has completed or was abandoned. */
  abort(scope: WorkScope, done: () => void): void;
}

/** A device that nobody has submitted to yet. */
export const NO_WORK: WorkSink = {
  occupancy: () => 0,
  accepts: () => {},
  halted: () => {},
  drain: (_scope, done) => done(),
  abort: (_scope, done) => done(),
};

/** A sink whose device is built after its registers: configuration happens before there is any work. */
export class LateSink implements WorkSink {
  private sink = NO_WORK;

  /** Connects the device. */
  connect(sink: WorkSink): void {
    this.sink = sink;
  }

  occupancy(queue: number): number {
    return this.sink.occupancy(queue);
  }

  accepts(queue: number, accepts: boolean): void {
    this.sink.accepts(queue, accepts);
  }

  halted(halted: boolean): void {
    this.sink.halted(halted);
  }

  drain(scope: WorkScope, done: () => void): void {
    this.sink.drain(scope, done);
  }

  abort(scope: WorkScope, done: () => void): void {
    this.sink.abort(scope, done);
  }
}
