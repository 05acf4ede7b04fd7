/** One machine as a measured program saw it: a platform's device with one queue, and one process that loads it. */
import type { BufferConfig, MachineConfig, TenantConfig, WorkQueueMode } from '../../models/config.js';
import type { PresetName } from '../../workload/presets.js';
import { type PlatformId, platformDesign, valuesOf } from './platforms.js';

/** What distinguishes one measured run from another; what is left out takes the value of most of them. */
export interface Scenario {
  readonly platform: PlatformId;
  readonly mode: WorkQueueMode;
  readonly engines: number;
  readonly blockOnFault?: boolean;
  readonly tenant: Partial<TenantConfig> & Pick<TenantConfig, 'load' | 'operations'>;
  readonly buffers: Partial<BufferConfig> & Pick<BufferConfig, 'count'>;
}

/** Entries of the one work queue, all that a device has [entries]. */
const QUEUE_ENTRIES = 128;
const QUEUE = 'wq0';

const BUFFERS: Omit<BufferConfig, 'count'> = {
  pageSizeBytes: 4096,
  placement: 'dram',
  resident: 1,
  alignmentBytes: 64,
};

/** How a scenario is simulated: with which preset, and which constants are being tried. */
export interface Setting {
  readonly preset: PresetName;
  readonly trial: Readonly<Record<string, number>>;
}

/** The machine of a scenario. */
export function machineOf(scenario: Scenario, setting: Setting): MachineConfig {
  const parameters = valuesOf(setting.preset, setting.trial);
  return {
    parameters,
    devices: [
      {
        name: 'dsa0',
        groups: [
          {
            engines: Array.from({ length: scenario.engines }, (_, i) => i),
            workQueues: [
              {
                name: QUEUE,
                mode: scenario.mode,
                size: QUEUE_ENTRIES,
                threshold: QUEUE_ENTRIES,
                priority: 10,
                blockOnFault: scenario.blockOnFault ?? false,
                maxTransferBytes: parameters['device.max_transfer'],
                maxBatch: parameters['device.max_batch'],
                operations: null,
              },
            ],
            readBuffersReserved: 0,
            readBuffersAllowed: parameters['device.read_buffers'],
            useReadBufferLimit: false,
          },
        ],
        readBufferLimit: 0,
      },
    ],
    design: platformDesign(scenario.platform),
    tenants: [tenantOf(scenario)],
    // A probe ends after a number of submissions; the phases of a timed run do not apply to it.
    measure: { warmupPs: 0, durationPs: 1 },
    semantics: 'timing',
    seed: 1,
  };
}

function tenantOf({ tenant, buffers }: Scenario): TenantConfig {
  return {
    name: 'program',
    instances: 1,
    threads: 1,
    workQueues: [QUEUE],
    batch: 1,
    completion: 'poll',
    portal: null,
    portalSlots: 1,
    memory: { sizeBytes: 17179869184, backingBytes: 2097152 },
    ...tenant,
    buffers: { ...BUFFERS, ...buffers },
  };
}
