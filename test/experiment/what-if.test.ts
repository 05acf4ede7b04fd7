import { describe, expect, it } from 'vitest';
import { tryChanges } from '../../src/experiment/what-if.js';
import { CHANGES } from '../../src/experiment/what-if-changes.js';
import type { MachineConfig } from '../../src/models/config.js';
import { buildMachine, simulate } from '../../src/models/machine.js';
import { device, GUEST_DESIGN, group, machine, only, queue, tenant, US } from '../support/machine.js';

const short = { measure: { warmupPs: 20 * US, durationPs: 100 * US }, semantics: 'timing' } as const;

async function limitOf(config: MachineConfig) {
  const runs = { of: () => [0, 1, 2].map((replication) => simulate(config, replication)) };
  const [found] = await tryChanges([{ key: 'it', design: 'it', at: {}, config }], runs, { workers: 1 });
  return found!;
}

const gainOf = ({ changes }: Awaited<ReturnType<typeof limitOf>>, id: string) =>
  changes.find((change) => change.id === id)!.throughput!;

describe('what limits throughput', () => {
  it('is the engine where small copies keep one busy and many threads submit', async () => {
    const found = await limitOf(
      machine({ ...short, tenants: [tenant({ threads: 8, operations: only('memmove', 512) })] }),
    );
    expect(found.limited_by).toBe('engine');
    // A second engine at most doubles it, and another thread adds nothing to what one engine can do.
    expect(gainOf(found, 'engine').ratio).toBeGreaterThan(1.3);
    expect(gainOf(found, 'engine').ratio).toBeLessThanOrEqual(2.02);
    expect(gainOf(found, 'thread').ratio).toBeLessThan(1.05);
  });

  it('is submission where one thread waits for each of its copies', async () => {
    const found = await limitOf(
      machine({ ...short, tenants: [tenant({ load: { kind: 'closed', depth: 1 } })] }),
    );
    expect(found.limited_by).toBe('thread');
    expect(gainOf(found, 'thread').ratio).toBeGreaterThan(1.8);
    expect(gainOf(found, 'engine').matters).toBe(false);
  });

  it('is nothing of this where an open load asks for less than all of it', async () => {
    const load = { kind: 'open', ratePerSecond: 2e5, arrivals: 'uniform' } as const;
    expect((await limitOf(machine({ ...short, tenants: [tenant({ load })] }))).limited_by).toBeNull();
  });
});

describe('each change', () => {
  const base = machine({
    devices: [device([group(4, [queue({ size: 128 })])])],
    design: { ...GUEST_DESIGN, interrupts: { misc: 'eventfd-irqfd', completion: 'eventfd-irqfd' } },
    tenants: [tenant({ completion: 'interrupt' })],
  });

  it('leaves the machine it starts from alone, and makes one that can be built', () => {
    const before = JSON.stringify(base);
    for (const { apply, id } of CHANGES) {
      const changed = apply(base);
      expect(changed, id).not.toBeNull();
      expect(JSON.stringify(changed), id).not.toBe(before);
      buildMachine(changed!, 0);
    }
    expect(JSON.stringify(base)).toBe(before);
  });

  it('changes one thing: a fifth engine, 256 entries, and a device that can have them', () => {
    const [engine, entries] = CHANGES.map(({ apply }) => apply(base)!);
    expect(engine!.devices[0]!.groups[0]!.engines).toEqual([0, 1, 2, 3, 4]);
    expect(engine!.parameters['device.engines']).toBe(5);
    expect(entries!.devices[0]!.groups[0]!.workQueues[0]!.size).toBe(256);
    expect(entries!.parameters['device.work_queue_entries']).toBe(256);
  });

  it('does not apply where there is nothing to post', () => {
    const posted = CHANGES.find(({ id }) => id === 'posted_interrupts')!;
    expect(posted.apply(machine())).toBeNull();
  });
});
