/**
 * What the result of a simulation is a function of, as a short text: the configuration and the model. Equal keys mean
 * equal bytes, whatever the workload, the place in a sweep or the machine.
 */
import { createHash } from 'node:crypto';
import type { MachineConfig } from '../../models/config.js';
import { mechanismsOf } from '../digest.js';

/** Characters of a key: 132 bits of SHA-256 in base64url. */
export const KEY_LENGTH = 22;

/** Makes the keys of one model. */
export class ContentKeys {
  /** Constants and designs are shared by many points and long: their digests are remembered. */
  readonly #digests = new WeakMap<object, string>();

  /** @param model digest of the model, as `modelDigest` gives it */
  constructor(private readonly model: string) {}

  /** The key of a configuration. The words of a design are no part of it. */
  of(config: MachineConfig): string {
    const { parameters, design, ...rest } = config;
    return digest([
      this.model,
      this.#digestOf(parameters, () => parameters),
      this.#digestOf(design, () => mechanismsOf(design)),
      rest,
    ]).slice(0, KEY_LENGTH);
  }

  #digestOf(identity: object, value: () => unknown): string {
    let known = this.#digests.get(identity);
    if (known === undefined) {
      known = digest(value());
      this.#digests.set(identity, known);
    }
    return known;
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url');
}
