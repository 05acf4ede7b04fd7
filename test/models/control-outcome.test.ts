/** What is kept of a control path serves other machines only where it would have come out the same, and nobody changes it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../src/models/config.js';
import { buildMachine, simulate } from '../../src/models/machine.js';
import { controlConfig } from '../../src/models/virtualization/control-config.js';
import { keptOutcome, outcomeOf } from '../../src/models/virtualization/control-outcome.js';
import { runControlPlane } from '../../src/models/virtualization/control-plane.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { device, group, machine, queue, tenant, US } from '../support/machine.js';

/** Two guests of a design, each with a queue of its own where the design has such. */
function guests(id: string, over: Partial<MachineConfig> = {}): MachineConfig {
  const design = designById(id)!;
  const mode = design.modes.includes('dedicated') ? 'dedicated' : 'shared';
  const completion = design.interrupts.completion === 'none' ? 'poll' : 'interrupt';
  const queues = ['a', 'b'].map((name) => queue({ name, mode, size: 16 }));
  return machine({
    design,
    devices: [device([group(2, queues)])],
    tenants: [tenant({ instances: 2, workQueues: ['a', 'b'], completion })],
    measure: { warmupPs: 5 * US, durationPs: 20 * US },
    ...over,
  });
}

function anew(config: MachineConfig) {
  const control = controlConfig(config);
  return outcomeOf(control, runControlPlane(control));
}

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

const designs = fc.constantFrom(...DESIGNS.map(({ id }) => id));

describe('The outcome of a control path', () => {
  test('is kept for whatever load, seed and time of measuring', () => {
    const config = guests('mdev');
    const [first] = config.tenants;
    const other: MachineConfig = {
      ...structuredClone(config),
      seed: config.seed + 1,
      measure: { warmupPs: 0, durationPs: US },
      tenants: [{ ...first!, load: { kind: 'closed', depth: 3 }, completion: 'poll', batch: 2, threads: 3 }],
    };
    expect(keptOutcome(other)).toBe(keptOutcome(config));
  });

  test('is never that of another design, device, queue, constant or tenant', () => {
    const config = guests('mdev');
    const [first] = config.tenants;
    const { parameters } = config;
    const others: Partial<MachineConfig>[] = [
      { design: { ...config.design, mapping: 'iommufd' } },
      { devices: [{ ...config.devices[0]!, readBufferLimit: 8 }] },
      { parameters: { ...parameters, exit_round_trip: parameters.exit_round_trip + 1 } },
      { tenants: [{ ...first!, workQueues: ['b', 'a'] }] },
      { tenants: [{ ...first!, instances: 1 }] },
      { tenants: [{ ...first!, memory: { ...first!.memory, sizeBytes: 2 * first!.memory.sizeBytes } }] },
    ];
    for (const each of others) {
      const other = { ...config, ...each };
      expect(keptOutcome(other)).not.toBe(keptOutcome(config));
      expect(keptOutcome(other)).toEqual(anew(other));
    }
  });

  test('is left as it was by every replication that has it, under any design', () => {
    fc.assert(
      fc.property(designs, fc.integer({ min: 1, max: 9 }), fc.boolean(), (id, seed, bytes) => {
        const config = guests(id, { seed, semantics: bytes ? 'bytes' : 'timing' });
        const kept = frozen(keptOutcome(config));
        const results = [0, 1].map((replication) => simulate(config, replication));
        expect(keptOutcome(config)).toBe(kept);
        expect(kept).toEqual(anew(config));
        expect([1, 0].map((replication) => simulate(config, replication)).reverse()).toEqual(results);
      }),
      { numRuns: 40 },
    );
  });

  test('is not what a result tells of, so that a reader may change that', () => {
    const config = guests('vfio-user');
    const before = simulate(config, 0);
    const copy = structuredClone(before);
    for (const step of before.control) step.timePs = -1;
    expect(simulate(config, 0)).toEqual(copy);
  });

  test('comes out anew, and the same, when it was forgotten for others', () => {
    const config = guests('vfio-pci');
    const before = keptOutcome(config);
    for (let size = 1; size <= 20; size++) {
      const one = device([group(1, [queue({ name: 'a', mode: 'dedicated', size })])]);
      keptOutcome(guests('native-cdev', { devices: [one], tenants: [tenant({ workQueues: ['a'] })] }));
    }
    expect(keptOutcome(config)).not.toBe(before);
    expect(keptOutcome(config)).toEqual(before);
  });

  test('is not kept of a machine whose registers may be touched, nor of a path that failed', () => {
    const config = guests('mdev');
    const kept = keptOutcome(config);
    const [one, two] = [buildMachine(config, 0), buildMachine(config, 0)];
    expect(one.control).not.toBe(kept);
    expect(one.control).toEqual(kept);
    expect(one.configured[0]).not.toBe(two.configured[0]);
    const refused = guests('mdev', { tenants: [tenant({ workQueues: ['nowhere'] })] });
    for (let i = 0; i < 2; i++) expect(() => keptOutcome(refused)).toThrow('"nowhere"');
  });
});
