/** One machine as a measured program saw it: a platform's device with one queue, and one process that loads it. */
import type { Load, MachineConfig, Placement, TenantConfig } from '../../models/config.js';
import type { PresetName } from '../../workload/presets.js';
import { type PlatformId, platformDesign, platformValues } from './platforms.js';

/** What distinguishes one measured run from another; what is left out takes the value of most of them. */
export interface Scenario {
  readonly platform: PlatformId;
  readonly mode: 'shared' | 'dedicated';
  readonly engines: number;
  readonly load: Load;
  readonly operations: TenantConfig['operations'];
  readonly batch?: number;
  readonly blockOnFault?: boolean;
  readonly portalSlots?: number;
  readonly placement?: Placement;
  readonly alignmentBytes?: number;
  readonly pageSizeBytes?: number;
  /** Whether writes go to the cache (descriptor flag Cache Control). */
  readonly cacheControl?: boolean;
  readonly destinationReadback?: boolean;
  /** Distinct buffers of each operand. */
  readonly buffers: number;
  /** What needs a mechanism of its own, by feature. */
  readonly special?: Special;
}

/** Fields of a tenant that only few rows need. */
export interface Special {
  /** Operations in the order of the list, each `weight` times, instead of drawn. */
  readonly order?: 'cyclic';
  /** Pages over which completion records rotate. */
  readonly completionPages?: number;
  /** Distinct sources, where there are fewer than destinations. */
  readonly sourceCount?: number;
  /** Which operand's pages are absent at every use. */
  readonly fresh?: 'destination';
  readonly faultKind?: 'major';
  /** Whether a core touches the pages before the device meets them. */
  readonly touch?: 'first' | 'on-demand';
}

/** What a field of {@link Special} is called where the model does not have it. */
const FEATURES: Readonly<Record<keyof Special, string>> = {
  order: 'operations in a fixed order',
  completionPages: 'completion records on several pages',
  sourceCount: 'a number of sources of its own',
  fresh: 'pages absent at every use',
  faultKind: 'major faults',
  touch: 'pages touched by a core first',
};

/** The fields that the model has. */
const SUPPORTED: ReadonlySet<keyof Special> = new Set([]);

/** The first feature of a scenario that the model lacks, or undefined. */
export function missingFeature({ special }: Scenario): string | undefined {
  const names = Object.keys(special ?? {}) as (keyof Special)[];
  const lacking = names.find((name) => !SUPPORTED.has(name));
  return lacking === undefined ? undefined : FEATURES[lacking];
}

/** Entries of the one work queue, all that a device has [entries]. */
const QUEUE_ENTRIES = 128;
const QUEUE = 'wq0';

/** How a scenario is simulated: with which preset, and which constants are being tried. */
export interface Setting {
  readonly preset: PresetName;
  readonly trial: Readonly<Record<string, number>>;
}

/** The machine of a scenario. */
export function machineOf(scenario: Scenario, setting: Setting): MachineConfig {
  const parameters = platformValues(scenario.platform, setting.preset, setting.trial);
  const readBuffers = parameters['device.read_buffers'];
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
            readBuffersAllowed: readBuffers,
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

function tenantOf(scenario: Scenario): TenantConfig {
  return {
    name: 'program',
    instances: 1,
    threads: 1,
    workQueues: [QUEUE],
    load: scenario.load,
    operations: scenario.operations,
    batch: scenario.batch ?? 1,
    completion: 'poll',
    portal: null,
    portalSlots: scenario.portalSlots ?? 1,
    cacheControl: scenario.cacheControl ?? false,
    destinationReadback: scenario.destinationReadback ?? false,
    buffers: {
      count: scenario.buffers,
      pageSizeBytes: scenario.pageSizeBytes ?? 4096,
      placement: scenario.placement ?? 'dram',
      resident: 1,
      alignmentBytes: scenario.alignmentBytes ?? 64,
    },
    memory: { sizeBytes: 17179869184, backingBytes: 2097152 },
  };
}
