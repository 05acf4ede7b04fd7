/** What the parts of one simulated machine share. */
import { KeyedRandom } from '../sim/random.js';
import { Simulator } from '../sim/simulator.js';
import type { TraceSink } from '../sim/trace.js';
import type { MachineConfig } from './config.js';
import { DescriptorTable } from './descriptor-table.js';
import type { HostThread } from './host/thread.js';
import { MachineTrace } from './machine-trace.js';
import type { ParameterValues } from './parameters.js';
import type { Instance } from './tenants/instance.js';

/** Purposes of random draws: each has a stream of its own, so that one never shifts another. */
export const PURPOSE = { operation: 1, memoryJitter: 2, residence: 3, arrival: 4, engine: 5 } as const;

/** Clock, luck, constants, the table of descriptors, and whom its rows name. */
export class MachineContext {
  readonly simulator = new Simulator();
  readonly table = new DescriptorTable();
  readonly random: KeyedRandom;
  readonly parameters: ParameterValues;
  /** Whether descriptors are executed on simulated memory. */
  readonly executes: boolean;
  /** Null in an untraced run. */
  readonly trace: MachineTrace | null;
  /** Guests, containers or processes, and their threads, by the numbers that rows carry. */
  readonly instances: Instance[] = [];
  readonly threads: HostThread[] = [];
  /** Who is told that a descriptor has left a device: nobody before the lifecycle begins. */
  left: ((row: number) => void) | null = null;

  /** As of {@link buildMachine}. */
  constructor(config: MachineConfig, replication: number, sink: TraceSink | null) {
    this.random = new KeyedRandom(config.seed, replication);
    this.parameters = config.parameters;
    this.executes = config.semantics === 'bytes';
    this.trace = sink === null ? null : new MachineTrace(sink, this.table, config.design.guest === 'vm');
  }

  /** Called when a completion record has been written: the row's thread may look. */
  completed(row: number, nowPs: number): void {
    const descriptor = this.table.rows[row]!;
    this.threads[descriptor.thread]!.onCompletion(descriptor, nowPs);
    if (this.left !== null) this.left(row);
  }

  /**
   * Called when an abort has made a descriptor end without a record.
   * @param finished members of a batch that had ended before, 0 of a single descriptor
   */
  abandoned(row: number, finished: number): void {
    const descriptor = this.table.rows[row]!;
    this.threads[descriptor.thread]!.onAbandoned(descriptor, finished);
    if (this.left !== null) this.left(row);
  }
}
