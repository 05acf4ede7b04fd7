/** The machines that the calibration set was measured on. All take the constants of the preset; none replaces any. */
import { type ParameterValues, parameterValues } from '../../models/parameters.js';
import type { Design } from '../../models/virtualization/design.js';
import { designById } from '../../models/virtualization/designs.js';
import { type PresetName, presetByName } from '../../workload/presets.js';

/** A measured machine. */
export interface Platform {
  readonly id: PlatformId;
  readonly title: string;
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
    tscHz: null,
    guest: false,
    kernel: false,
  },
  {
    id: 'hw-eval',
    title: 'hw-eval: Xeon Gold 6438M, dedicated queue, two engines, buffers reused',
    tscHz: 2.204e9,
    guest: false,
    kernel: false,
  },
  {
    id: 'dsassassin',
    title: 'DSAssassin: 4th or 5th generation Xeon, shared queue, bare metal',
    tscHz: DSASSASSIN_TSC_HZ,
    guest: false,
    kernel: false,
  },
  {
    id: 'dsassassin-cloud',
    title: 'DSAssassin: the same probe in a cloud VM',
    tscHz: DSASSASSIN_CLOUD_TSC_HZ,
    guest: true,
    kernel: false,
  },
  {
    id: 'dsa-2lm',
    title: 'DSA-2LM: dual Xeon Platinum at 3.2 GHz, kernel mode, physical addresses',
    tscHz: null,
    guest: false,
    kernel: true,
  },
];

/** The platform with this id. */
export function platformById(id: PlatformId): Platform {
  return PLATFORMS.find((platform) => platform.id === id)!;
}

/** Values of all constants: the preset's, and those being tried in a fit. */
export function valuesOf(preset: PresetName, trial: Readonly<Record<string, number>> = {}): ParameterValues {
  return parameterValues({ ...presetByName(preset).constants, ...trial });
}

/** How the measured program reached the device: the character device, on the host or inside a guest, or the kernel. */
export function platformDesign(platform: PlatformId): Design {
  const { guest, kernel } = platformById(platform);
  if (kernel) return designById('native-kernel')!;
  const design = designById('native-cdev')!;
  return guest ? { ...design, guest: 'vm', translation: 'nested' } : design;
}
