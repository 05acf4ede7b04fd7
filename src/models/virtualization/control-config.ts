/** What provisioning and boot depend on: all that the control path is shown of a machine's configuration. */
import type { DeviceConfig, MachineConfig, TenantConfig } from '../config.js';
import type { ParameterValues } from '../parameters.js';
import type { Design } from './design.js';

/** See the head of this file. */
export interface ControlConfig {
  readonly design: Design;
  readonly devices: readonly DeviceConfig[];
  readonly parameters: ParameterValues;
  readonly tenants: readonly Pick<TenantConfig, 'name' | 'instances' | 'workQueues' | 'memory'>[];
}

/** The part of a machine's configuration that the control path depends on, and nothing else. */
export function controlConfig({ design, devices, parameters, tenants }: MachineConfig): ControlConfig {
  return {
    design,
    devices,
    parameters,
    tenants: tenants.map(({ name, instances, workQueues, memory }) => ({
      name,
      instances,
      workQueues,
      memory,
    })),
  };
}
