/**
 * What is left of provisioning and boot when nobody touches a register any more: data that nobody changes. It depends on
 * neither load nor luck, so that replications, and points of a sweep that differ in other things, can have it from the
 * one that came before them.
 */
import type { MachineConfig } from '../config.js';
import { MediatedQueue } from '../driver/mediated-queue.js';
import type { DecodedDevice } from '../registers/decode.js';
import type { ControlStepResult } from '../run-result.js';
import { type ControlConfig, controlConfig } from './control-config.js';
import { type ControlMetrics, controlMetrics } from './control-metrics.js';
import { type ControlPlane, runControlPlane } from './control-plane.js';
import type { QueuePlace } from './places.js';

/** Outcomes that are kept: the designs of a comparison take turns. */
const KEPT = 16;

/** See the head of this file. */
export interface ControlOutcome {
  /** What each device will execute. */
  readonly devices: readonly DecodedDevice[];
  readonly places: readonly QueuePlace[];
  readonly instances: readonly InstanceOutcome[];
  /** Of all instances together, and of each tenant's. */
  readonly metrics: { readonly all: ControlMetrics; readonly tenants: readonly ControlMetrics[] };
}

/** How one instance was started. */
export interface InstanceOutcome {
  /** Provisioning and boot, in order. */
  readonly steps: readonly ControlStepResult[];
  /** What of a device was emulated for it: words of registers, bytes of configuration space, commands. */
  readonly emulated: {
    readonly registers: number;
    readonly configurationBytes: number;
    readonly commands: number;
  };
  /** Whether its driver has an interrupt for completions; without one its threads poll. */
  readonly hasVector: boolean;
  /** The handle that its descriptors name: its message store entry, or the vector of its queue; null where it has none. */
  readonly handle: number | null;
}

/** What a control path comes to as it stands. */
export function outcomeOf(
  config: ControlConfig,
  { configured, places, started }: ControlPlane,
): ControlOutcome {
  const outcome = {
    devices: configured.map(({ decoded }) => decoded),
    places,
    instances: started.map(({ steps, surface, hasVector, backend }, instance) => {
      const { device, position } = places[instance]!;
      return {
        steps,
        emulated: {
          registers: surface?.registers ?? 0,
          configurationBytes: surface?.configurationBytes ?? 0,
          commands: surface?.commands ?? 0,
        },
        hasVector,
        handle:
          backend instanceof MediatedQueue
            ? backend.interruptHandle()
            : configured[device]!.decoded.queues[position]! + 1,
      };
    }),
  };
  return { ...outcome, metrics: controlMetrics(config, outcome) };
}

/** By the text of all that they depend on, the oldest first. */
const kept = new Map<string, ControlOutcome>();

/** The outcome of a machine's control path, which is run unless an equal one was lately. @throws as {@link runControlPlane} */
export function keptOutcome(config: MachineConfig): ControlOutcome {
  const control = controlConfig(config);
  const key = JSON.stringify(control);
  const known = kept.get(key);
  if (known !== undefined) return known;
  const outcome = outcomeOf(control, runControlPlane(control));
  if (kept.size === KEPT) kept.delete(kept.keys().next().value!);
  kept.set(key, outcome);
  return outcome;
}
