/**
 * The registry of model constants. Each is declared once, in the table of its room, with unit, sentence, range,
 * source and trust; schema, defaults, `dsasim explain`, the report's provenance and the docs come from here.
 */
import { ACCESS_PARAMETERS } from './device/access-parameters.js';
import { ENGINE_PARAMETERS } from './device/engine-parameters.js';
import { DEVICE_PARAMETERS } from './device/parameters.js';
import { HOST_PARAMETERS } from './host/parameters.js';
import { LIFECYCLE_PARAMETERS } from './lifecycle/parameters.js';
import { MEMORY_PARAMETERS } from './memory/parameters.js';
import type { ParameterDeclaration } from './parameter.js';
import { TRANSLATION_PARAMETERS } from './translation/parameters.js';
import { VIRTUALIZATION_PARAMETERS } from './virtualization/parameters.js';
import { PROVISIONING_PARAMETERS } from './virtualization/provisioning-parameters.js';

export type { ParameterDeclaration } from './parameter.js';

/** Every constant of the model, in the order in which a descriptor meets them. */
export const PARAMETERS = [
  ...HOST_PARAMETERS,
  ...DEVICE_PARAMETERS,
  ...ENGINE_PARAMETERS,
  ...ACCESS_PARAMETERS,
  ...MEMORY_PARAMETERS,
  ...TRANSLATION_PARAMETERS,
  ...VIRTUALIZATION_PARAMETERS,
  ...PROVISIONING_PARAMETERS,
  ...LIFECYCLE_PARAMETERS,
] as const satisfies readonly ParameterDeclaration[];

/** The name of a constant, e.g. `engine.bandwidth`. */
export type ParameterName = (typeof PARAMETERS)[number]['name'];

/** A value for every constant, in internal units: ps, B/s, B, count, ratio. */
export type ParameterValues = Readonly<Record<ParameterName, number>>;

const BY_NAME = new Map<string, ParameterDeclaration>(PARAMETERS.map((p) => [p.name, p]));

/** The declaration of a constant, or undefined when no constant has that name. */
export function parameterDeclaration(name: string): ParameterDeclaration | undefined {
  return BY_NAME.get(name);
}

/**
 * All constants at their nominal values, with some replaced.
 * @param overrides values in internal units by name
 * @throws RangeError when a name is unknown
 */
export function parameterValues(overrides: Readonly<Record<string, number>> = {}): ParameterValues {
  const values: Record<string, number> = {};
  for (const p of PARAMETERS) values[p.name] = p.nominal;
  for (const name of Object.keys(overrides)) {
    if (!BY_NAME.has(name)) throw new RangeError(`unknown parameter ${name}`);
    values[name] = overrides[name]!;
  }
  return values as ParameterValues;
}
