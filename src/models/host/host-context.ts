/** What threads share with the machine around them. */
import type { Simulator } from '../../sim/simulator.js';
import type { MachineContext } from '../context.js';
import type { DescriptorTable } from '../descriptor-table.js';
import type { DeviceRegistry } from '../device/device-registry.js';
import type { MachineTrace } from '../machine-trace.js';
import type { ParameterValues } from '../parameters.js';
import type { Ledger, Recorder } from '../recorder.js';
import { type HostEvents, registerHostEvents } from './events.js';

/** See the head of this file. */
export class HostContext {
  readonly simulator: Simulator;
  readonly parameters: ParameterValues;
  readonly table: DescriptorTable;
  readonly events: HostEvents;
  /** Null in an untraced run. */
  readonly trace: MachineTrace | null;

  constructor(
    context: MachineContext,
    registry: DeviceRegistry,
    readonly ledger: Ledger,
    readonly recorder: Recorder,
  ) {
    this.simulator = context.simulator;
    this.parameters = context.parameters;
    this.table = context.table;
    this.trace = context.trace;
    this.events = registerHostEvents(context, registry);
  }
}
