/**
 * The machines that the calibration set was measured on. All take the constants of the preset; a platform may
 * replace the few that belong to the machine rather than to the device: clocks, memory, the program around the
 * device. Each replacement has its reason.
 */
import { type ParameterName, type ParameterValues, parameterValues } from '../../models/parameters.js';
import type { Design } from '../../models/virtualization/design.js';
import { designById } from '../../models/virtualization/designs.js';
import { type PresetName, presetByName } from '../../workload/presets.js';

/** A constant that a platform owns. */
interface Override {
  readonly name: ParameterName;
  readonly value: number;
  readonly reason: string;
}

/** A measured machine. */
export interface Platform {
  readonly id: PlatformId;
  readonly title: string;
  readonly overrides: readonly Override[];
  /** Frequency of the time-stamp counter that values in cycles refer to [Hz]; null where none are given. */
  readonly tscHz: number | null;
  /** Whether the measured program ran in a virtual machine. */
  readonly guest: boolean;
  /** Whether it was part of the kernel. */
  readonly kernel: boolean;
}

/** Names of the platforms. */
export type PlatformId = 'lightdsa' | 'hw-eval' | 'dsassassin' | 'dsassassin-cloud' | 'dsa-2lm';

/**
 * The frequency of DSAssassin's counters is not stated. 512 MiB took 40.65 M cycles on bare metal, which is the
 * device's 31.4 GB/s at 2.4 GHz, and 46.38 M in the cloud VM: the same copy on a counter that runs 1.14 times as fast.
 */
const DSASSASSIN_TSC_HZ = 2.4e9;
const DSASSASSIN_CLOUD_TSC_HZ = (DSASSASSIN_TSC_HZ * 46.38) / 40.65;

/** Every measured machine. */
export const PLATFORMS: readonly Platform[] = [
  {
    id: 'lightdsa',
    title: 'LightDSA: SPR-class Xeon, shared queue of 128, 4 GiB buffers in DRAM',
    overrides: [],
    tscHz: null,
    guest: false,
    kernel: false,
  },
  {
    id: 'hw-eval',
    title: 'hw-eval: Xeon Gold 6438M, dedicated queue, two engines, buffers reused',
    overrides: [
      {
        name: 'fabric.bandwidth',
        value: 30.5e9,
        reason:
          'two engines saturate at 7.32 to 7.34 M copies of 4 KiB a second in 14 rows, LightDSA at 31.4 GB/s: another uncore clock',
      },
    ],
    tscHz: 2.204e9,
    guest: false,
    kernel: false,
  },
  {
    id: 'dsassassin',
    title: 'DSAssassin: 4th or 5th generation Xeon, shared queue, bare metal',
    overrides: [],
    tscHz: DSASSASSIN_TSC_HZ,
    guest: false,
    kernel: false,
  },
  {
    id: 'dsassassin-cloud',
    title: 'DSAssassin: the same probe in a cloud VM',
    overrides: [],
    tscHz: DSASSASSIN_CLOUD_TSC_HZ,
    guest: true,
    kernel: false,
  },
  {
    id: 'dsa-2lm',
    title: 'DSA-2LM: dual Xeon Platinum at 3.2 GHz, kernel mode, physical addresses',
    overrides: [],
    tscHz: null,
    guest: false,
    kernel: true,
  },
];

/** The platform with this id. */
export function platformById(id: PlatformId): Platform {
  return PLATFORMS.find((platform) => platform.id === id)!;
}

/** Values of all constants on a platform: the preset's, those being tried in a fit, and last what the platform owns. */
export function platformValues(
  platform: PlatformId,
  preset: PresetName,
  trial: Readonly<Record<string, number>> = {},
): ParameterValues {
  const values: Record<string, number> = { ...presetByName(preset).constants, ...trial };
  for (const { name, value } of platformById(platform).overrides) values[name] = value;
  return parameterValues(values);
}

/** How the measured program reached the device: the character device, on the host or inside a guest, or the kernel. */
export function platformDesign(platform: PlatformId): Design {
  const { guest, kernel } = platformById(platform);
  if (kernel) return designById('native-kernel')!;
  const design = designById('native-cdev')!;
  return guest ? { ...design, guest: 'vm', translation: 'nested' } : design;
}
