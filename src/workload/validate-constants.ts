/**
 * What constants cannot be: the model takes one off another, and no time is below zero; and instances start only
 * under a limit of locked memory that lets them.
 */
import type { MachineConfig } from '../models/config.js';
import { PARAMETERS, type ParameterDeclaration, type ParameterName } from '../models/parameters.js';
import { lockingRefusal } from '../models/virtualization/pinning.js';
import type { ChosenDesign } from './designs.js';
import { type Diagnostic, diagnostic } from './diagnostics.js';
import { internalText } from './internal.js';
import { type Path, pathText } from './path.js';
import type { View } from './view.js';

const CONTAINING = PARAMETERS.filter((p: ParameterDeclaration) => p.notBelow !== undefined);

/** Checks the constants of a point that contain others. @param chosen its design, which may set constants of its own */
export function validateConstants(config: MachineConfig, chosen: ChosenDesign, view: View): Diagnostic[] {
  const { parameters } = config;
  return CONTAINING.flatMap((p: ParameterDeclaration) => {
    const [value, least] = [parameters[p.name as ParameterName], parameters[p.notBelow as ParameterName]];
    if (value >= least || !isUsed(p.name, config)) return [];
    const path = placeOf([p.name, p.notBelow!], chosen, view);
    const values = {
      path: pathText(path),
      name: p.name,
      value: internalText(p.dimension, value),
      other: p.notBelow!,
      least: internalText(p.dimension, least),
    };
    return [diagnostic('W057', view.locate(path), values)];
  });
}

/** Checks that every instance of a point may lock the memory that its design pins. */
export function validateLocking(config: MachineConfig, chosen: ChosenDesign, view: View): Diagnostic[] {
  const { design, devices, parameters } = config;
  const guests = config.tenants.flatMap(({ name, instances, memory }, tenant) =>
    Array.from({ length: instances }, (_, of) => ({ tenant, who: `${name} ${of}`, memory })),
  );
  const memory = guests.map((guest) => guest.memory);
  const refusal = lockingRefusal(design, memory, devices.length, parameters);
  if (refusal === null) return [];
  const { instance, call, whose, chargedBytes, neededBytes } = refusal;
  const { tenant, who } = guests[instance]!;
  const path = placeOf(['memlock_limit'], chosen, view, ['tenants', tenant, 'memory', 'size']);
  const bytes = (value: number): string => internalText('size', value);
  const values = {
    path: pathText(path),
    design: design.id,
    call,
    who,
    whose,
    charged: bytes(chargedBytes),
    limit: bytes(parameters.memlock_limit),
    needed: bytes(neededBytes),
  };
  return [diagnostic('W058', view.locate(path), values)];
}

/** Memory that no tenant has may be anything: a sweep of the local one shall not have to move the others. */
function isUsed(name: string, { tenants }: MachineConfig): boolean {
  const kind = /^memory\.(.+)_latency$/.exec(name)?.[1];
  return kind === undefined || tenants.some(({ buffers }) => buffers.placement === kind);
}

/** Where the first of the constants that is set at all is set, by the design or else for the platform. */
function placeOf(
  names: readonly string[],
  chosen: ChosenDesign,
  view: View,
  otherwise: Path = ['platform'],
): Path {
  const ofDesign = names.filter((name) => Object.hasOwn(chosen.set, name));
  const places = [
    ...ofDesign.map((name) => [...chosen.path, 'set', name]),
    ...names.map((name) => ['platform', 'set', name]),
  ];
  return places.find((path) => view.has(path)) ?? otherwise;
}
