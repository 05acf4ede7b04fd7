/** What simulates one replication with a trace, on a worker thread, so that an interrupt is answered meanwhile. */
import type { MachineConfig } from '../models/config.js';
import { simulate } from '../models/machine.js';
import { MemoryTrace, type TraceData } from '../sim/memory-trace.js';

/** One replication of one point, and what to keep of it. */
export interface TraceTask {
  config: MachineConfig;
  replication: number;
  fromPs: number;
  untilPs: number;
  limit: number;
}

/** The trace, with the fingerprint of the run that it shows. */
export interface Traced {
  data: TraceData;
  fingerprint: string;
}

/** Simulates the task. */
export default function runTrace({ config, replication, fromPs, untilPs, limit }: TraceTask): Traced {
  const sink = new MemoryTrace(fromPs, untilPs, limit);
  const { fingerprint } = simulate(config, replication, sink);
  sink.close(config.measure.warmupPs + config.measure.durationPs);
  return { data: sink.data(), fingerprint };
}
