/** The single changes that `--what-if` tries, each a function from a machine to a machine with more of one thing. */
import type { DeviceConfig, GroupConfig, MachineConfig, TenantConfig } from '../models/config.js';
import type { ParameterName } from '../models/parameters.js';

/** A change of one resource. */
export interface Change {
  readonly id: 'engine' | 'work_queue' | 'read_buffers' | 'thread' | 'posted_interrupts';
  /** What it adds, after "with". */
  readonly text: string;
  /** The changed machine, or null where there is nothing to change. */
  readonly apply: (config: MachineConfig) => MachineConfig | null;
}

/** All changes, in the order in which results list them. Capabilities of the device grow with what they must hold. */
export const CHANGES: readonly Change[] = [
  {
    id: 'engine',
    text: 'one more engine in each group',
    apply: (config) => withGroups(config, oneMoreEngine, {}),
  },
  {
    id: 'work_queue',
    text: 'twice the work-queue entries',
    apply: (config) =>
      withGroups(config, twiceTheEntries, { 'device.work_queue_entries': (most) => 2 * most }),
  },
  {
    id: 'read_buffers',
    text: 'twice the read buffers',
    apply: (config) => withGroups(config, twiceTheReadBuffers, { 'device.read_buffers': (most) => 2 * most }),
  },
  {
    id: 'thread',
    text: 'one more submitting thread for each instance',
    apply: (config) => ({
      ...config,
      tenants: config.tenants.map((tenant) => ({ ...tenant, threads: tenant.threads + 1 })),
    }),
  },
  {
    id: 'posted_interrupts',
    text: 'posted completion interrupts',
    apply: (config) => {
      const { interrupts, guest } = config.design;
      const waits = config.tenants.some((tenant: TenantConfig) => tenant.completion === 'interrupt');
      if (!waits || /posted/.test(interrupts.completion)) return null;
      const completion = guest === 'vm' ? 'msix-posted' : 'posted-host';
      return { ...config, design: { ...config.design, interrupts: { ...interrupts, completion } } };
    },
  },
];

type Capabilities = Partial<Record<ParameterName, (most: number) => number>>;

/** A machine whose groups are changed, and whose device can hold what they then ask for. */
function withGroups(
  config: MachineConfig,
  change: (group: GroupConfig, device: DeviceConfig) => GroupConfig,
  capabilities: Capabilities,
): MachineConfig {
  const devices = config.devices.map((device) => renumbered(device, change));
  const parameters: Record<string, number> = { ...config.parameters };
  for (const [name, grow] of Object.entries(capabilities)) parameters[name] = grow(parameters[name]!);
  const engines = Math.max(...devices.flatMap((d) => d.groups.flatMap((g) => [...g.engines]))) + 1;
  parameters['device.engines'] = Math.max(parameters['device.engines']!, engines);
  return { ...config, devices, parameters: parameters as MachineConfig['parameters'] };
}

function renumbered(
  device: DeviceConfig,
  change: (group: GroupConfig, device: DeviceConfig) => GroupConfig,
): DeviceConfig {
  const groups: GroupConfig[] = [];
  for (const group of device.groups) {
    const sofar = { ...device, groups: [...groups, ...device.groups.slice(groups.length)] };
    groups.push(group.workQueues.length === 0 ? group : change(group, sofar));
  }
  return { ...device, groups };
}

/** The lowest engine number that no group of the device has. */
function oneMoreEngine(group: GroupConfig, device: DeviceConfig): GroupConfig {
  const taken = new Set(device.groups.flatMap((each) => each.engines));
  let number = 0;
  while (taken.has(number)) number++;
  return { ...group, engines: [...group.engines, number] };
}

function twiceTheEntries(group: GroupConfig): GroupConfig {
  const workQueues = group.workQueues.map((queue) => ({
    ...queue,
    size: 2 * queue.size,
    threshold: 2 * queue.threshold,
  }));
  return { ...group, workQueues };
}

function twiceTheReadBuffers(group: GroupConfig): GroupConfig {
  return {
    ...group,
    readBuffersReserved: 2 * group.readBuffersReserved,
    readBuffersAllowed: 2 * group.readBuffersAllowed,
  };
}
