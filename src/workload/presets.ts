/** Platforms by name: which architecture revision their device has and what shape it is. */
import type { ParameterValues } from '../models/parameters.js';

/** What a preset says beside the model's constants. */
export interface Preset {
  readonly name: PresetName;
  /** One sentence for lists. */
  readonly summary: string;
  /** Architecture revision of the device (VERSION register). */
  readonly generation: '1.0' | '2.0';
  /** Whether a work queue can be told which operations it allows (WQCAP, op_config). */
  readonly operationMask: boolean;
  /** Constants that differ from their nominal value, in internal units. */
  readonly constants: Readonly<Record<string, number>>;
}

/** Names of the presets. */
export const PRESET_NAMES = ['spr'] as const;
/** The name of a preset. */
export type PresetName = (typeof PRESET_NAMES)[number];

/** The presets, the default first. */
export const PRESETS: readonly Preset[] = [
  {
    name: 'spr',
    summary:
      'Sapphire Rapids and Emerald Rapids: DSA 1.0, four engines, eight work queues of 128 entries together.',
    generation: '1.0',
    operationMask: false,
    constants: {},
  },
];

/** The preset of this name. */
export function presetByName(name: PresetName): Preset {
  return PRESETS.find((preset) => preset.name === name)!;
}

/** What a device of a platform can hold. */
export interface DeviceLimits {
  readonly engines: number;
  readonly groups: number;
  readonly workQueues: number;
  /** Of all work queues together. */
  readonly entries: number;
  /** [64 B buffers] */
  readonly readBuffers: number;
  /** [descriptors] */
  readonly maxBatch: number;
  readonly maxTransferBytes: number;
}

/** The shape of a device, read from the model's constants. */
export function deviceLimits(values: ParameterValues): DeviceLimits {
  return {
    engines: values['device.engines'],
    groups: values['device.groups'],
    workQueues: values['device.work_queues'],
    entries: values['device.work_queue_entries'],
    readBuffers: values['device.read_buffers'],
    maxBatch: values['device.max_batch'],
    maxTransferBytes: values['device.max_transfer'],
  };
}
