/** Metrics of provisioning and boot, and of what a design leaves unused or holds for its instances. */
import type { DecodedDevice } from '../registers/decode.js';
import type { ControlConfig } from './control-config.js';
import type { InstanceOutcome } from './control-outcome.js';
import { managementSteps, stranded } from './management.js';
import { pinnedBytes } from './pinning.js';
import type { QueuePlace } from './places.js';
import { lastProvisionedPs } from './storm.js';

const PS_PER_SECOND = 1e12;

/** By the name of the metric. */
export type ControlMetrics = Readonly<Record<string, number>>;

/** What the metrics are made of. */
interface Started {
  readonly devices: readonly DecodedDevice[];
  readonly places: readonly QueuePlace[];
  readonly instances: readonly InstanceOutcome[];
}

/** The metrics of all instances together, and of each tenant's. */
export function controlMetrics(
  config: ControlConfig,
  started: Started,
): { all: ControlMetrics; tenants: ControlMetrics[] } {
  const tenantOf = config.tenants.flatMap((tenant, number) =>
    Array.from({ length: tenant.instances }, () => number),
  );
  const everyone = tenantOf.map((_, i) => i);
  return {
    all: metricsOf(config, started, tenantOf, everyone),
    tenants: config.tenants.map((_, number) =>
      metricsOf(
        config,
        started,
        tenantOf,
        everyone.filter((i) => tenantOf[i] === number),
      ),
    ),
  };
}

/** @param instances of which the first stands for all where they are alike */
function metricsOf(
  { design, tenants }: ControlConfig,
  { devices, places, instances: all }: Started,
  tenantOf: readonly number[],
  instances: readonly number[],
): ControlMetrics {
  const first = instances[0]!;
  const { steps, emulated } = all[first]!;
  const sum = <T>(list: readonly T[], of: (item: T) => number) =>
    list.reduce((total, item) => total + of(item), 0);
  const phase = (name: string) => steps.filter((step) => step.phase === name);
  const idle = stranded(design, devices, places);
  const management = managementSteps(steps);
  const starting = instances.map((i) => ({ steps: all[i]!.steps, device: places[i]!.device }));
  return {
    vectors_missing: sum(instances, (i) => (all[i]!.hasVector ? 0 : 1)),
    provision_time: sum(phase('provision'), (s) => s.timePs) / PS_PER_SECOND,
    boot_time: sum(phase('boot'), (s) => s.timePs) / PS_PER_SECOND,
    trapped_accesses: sum(phase('boot'), (s) => s.trapped),
    start_last_time: lastProvisionedPs(design, starting) / PS_PER_SECOND,
    emulated_registers: emulated.registers,
    emulated_configuration: emulated.configurationBytes,
    emulated_commands: emulated.commands,
    vendor_steps: management.vendor,
    generic_steps: management.generic,
    stranded_queues: idle.queues,
    stranded_entries: idle.entries,
    pinned_bytes: pinnedBytes(design, tenants[tenantOf[first]!]!.memory),
  };
}
