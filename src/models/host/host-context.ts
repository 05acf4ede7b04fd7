/** What threads share with the machine around them. */
import type { Simulator } from '../../sim/simulator.js';
import type { DescriptorTable } from '../descriptor-table.js';
import type { MachineTrace } from '../machine-trace.js';
import type { ParameterValues } from '../parameters.js';
import type { Ledger, Recorder } from '../recorder.js';

/** Handler ids; the payload is the thread, and the row where one is meant. */
export interface HostEvents {
  readonly thread: number;
  readonly portal: number;
  readonly interrupt: number;
  readonly timeout: number;
}

/** See the head of this file. */
export interface HostContext {
  readonly simulator: Simulator;
  readonly parameters: ParameterValues;
  readonly table: DescriptorTable;
  readonly events: HostEvents;
  readonly ledger: Ledger;
  readonly recorder: Recorder;
  /** Null in an untraced run. */
  readonly trace: MachineTrace | null;
}
