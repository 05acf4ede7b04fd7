/** What the parts of one simulated machine share. */
import type { KeyedRandom } from '../sim/random.js';
import type { Simulator } from '../sim/simulator.js';
import type { DescriptorTable } from './descriptor-table.js';
import type { MachineTrace } from './machine-trace.js';
import type { ParameterValues } from './parameters.js';
import type { Instance } from './tenants/instance.js';

/** Purposes of random draws: each has a stream of its own, so that one never shifts another. */
export const PURPOSE = { operation: 1, memoryJitter: 2, residence: 3, arrival: 4, engine: 5 } as const;

/** Clock, luck, constants and the table of descriptors. */
export interface MachineContext {
  readonly simulator: Simulator;
  readonly random: KeyedRandom;
  readonly parameters: ParameterValues;
  readonly table: DescriptorTable;
  /** Guests, containers or processes, by the number that rows carry. */
  readonly instances: readonly Instance[];
  /** Whether descriptors are executed on simulated memory. */
  readonly executes: boolean;
  /** Null in an untraced run. */
  readonly trace: MachineTrace | null;
  /** Called when a completion record has been written: the row's thread may look. */
  completed(row: number, nowPs: number): void;
  /**
   * Called when an abort has made a descriptor end without a record.
   * @param finished members of a batch that had ended before, 0 of a single descriptor
   */
  abandoned(row: number, finished: number, nowPs: number): void;
}
