/** Who writes the portal, what it costs the guest, and how often it leaves. */
import { describe, expect, it } from 'vitest';
import type { MachineConfig } from '../../src/models/config.js';
import { buildMachine, type MachineParts, simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { detourCosts } from '../../src/models/virtualization/detour.js';
import { HandlerLock } from '../../src/models/virtualization/handler-lock.js';
import {
  arriving,
  device,
  drained,
  group,
  machine,
  queue,
  type TenantOptions,
  tenant,
  US,
} from '../support/machine.js';

const p = parameterValues();

const times = (count: number, gapPs = 50 * US) => Array.from({ length: count }, (_, i) => US + i * gapPs);

interface Options {
  mode?: 'shared' | 'dedicated';
  tenant?: TenantOptions;
  parameters?: Record<string, number>;
  size?: number;
}

function setup(design: Design, over: Options = {}): MachineConfig {
  const mode = over.mode ?? (design.modes.includes('dedicated') ? 'dedicated' : 'shared');
  const size = over.size ?? 64;
  return machine({
    design,
    devices: [device([group(1, [queue({ mode, size, threshold: size })])])],
    tenants: [tenant({ load: arriving(...times(10)), ...over.tenant })],
    measure: { warmupPs: 0, durationPs: 600 * US },
    parameters: over.parameters ?? {},
  });
}

const exitsOf = ({ threads }: MachineParts) => threads.reduce((sum, thread) => sum + thread.core.exits, 0);
const byId = (id: string) => designById(id)!;

describe('a submission', () => {
  it.each(DESIGNS.filter((d) => d.data === 'portal').map((d) => d.id))(
    '%s: through a mapped portal never leaves the guest in the steady state',
    (id) => {
      const parts = drained(setup(byId(id)));
      expect(parts.ledger.completed).toBe(10);
      // The first use of a PASID of the guest has to be entered into its translation, once.
      expect(exitsOf(parts)).toBe(id === 'mdev-sva' ? 1 : 0);
    },
  );

  it.each(['dedicated', 'shared'] as const)('under trap-all leaves the guest exactly once (%s)', (mode) => {
    const design = byId('trap-all');
    const parts = drained(setup(design, { mode }));
    expect(parts.ledger.completed).toBe(10);
    expect(exitsOf(parts)).toBe(10);
    const { metrics } = simulate(setup(design, { mode, tenant: { load: { kind: 'closed', depth: 4 } } }), 0);
    expect(Math.abs(metrics.vm_exits_per_descriptor! - 1)).toBeLessThan(0.1);
  });

  it('that is trapped takes one exit, eight returns to the VMM, sixteen pieces of four bytes, and the way back', () => {
    const mapped = simulate(setup(byId('mdev')), 0);
    const trapped = simulate(setup(byId('trap-all')), 0);
    const costs = detourCosts(byId('trap-all'), false, p)!;
    const forwardPs = costs.entryPs + costs.handlerPs;
    expect(forwardPs + costs.returnPs).toBe(
      p.exit_round_trip + p.decode + 8 * p.user_exit + 16 * (p.syscall + p.kernel_handler),
    );
    // The completion may be there before the core is back in the guest.
    const laterPs = (trapped.metrics.latency_mean! - mapped.metrics.latency_mean!) * 1e12;
    expect(laterPs).toBeGreaterThanOrEqual(forwardPs);
    expect(laterPs).toBeLessThan(forwardPs + costs.returnPs);
    expect(trapped.stages.trap.sumPs).toBe(10 * (forwardPs + p['host.movdir64b_issue']));
    expect(mapped.stages.trap.sumPs).toBe(0);
  });

  it('through write() takes a system call more, leaves no guest, and shows as submitting', () => {
    const [own, write] = [
      simulate(setup(byId('native-cdev')), 0),
      simulate(setup(byId('native-cdev-write')), 0),
    ];
    expect(write.stages.submit.sumPs - own.stages.submit.sumPs).toBe(10 * p.syscall_write);
    expect(write.stages.trap.sumPs).toBe(0);
    expect(write.metrics.vm_exits_per_descriptor).toBe(0);
  });

  it('half an exit moves by exactly that where it exits, and not at all where the portal is mapped', () => {
    const sum = (design: Design, exit_round_trip: number) => {
      const { latency, stages } = simulate(setup(design, { parameters: { exit_round_trip } }), 0);
      return { latency, trap: stages.trap.sumPs };
    };
    const full = p.exit_round_trip;
    for (const { id, data } of DESIGNS) {
      const [before, after] = [sum(byId(id), full), sum(byId(id), full / 2)];
      if (data === 'trapped-portal') expect(before.trap - after.trap, id).toBe((10 * full) / 4);
      else if (data === 'virtio-ring') expect(before.trap - after.trap, id).toBe((10 * full) / 2);
      else if (id === 'mdev-sva') expect(before.trap - after.trap, id).toBe(full / 2);
      else expect(before, id).toEqual(after);
    }
  });
});

describe('a full shared queue', () => {
  /** Copies of 1 MiB, more of them than engine and queue can hold. */
  const filled = (id: string, parameters: Record<string, number> = {}): MachineConfig => ({
    ...setup(byId(id), {
      mode: 'shared',
      size: 2,
      tenant: {
        load: { kind: 'closed', depth: 256 },
        operations: [{ operation: 'memmove', sizeBytes: 1 << 20, weight: 1 }],
        buffers: { count: 8 },
      },
      parameters,
    }),
    semantics: 'timing',
    measure: { warmupPs: 8000 * US, durationPs: 4000 * US },
  });

  it('is retried by the kernel inside one write(), and the process only after EAGAIN', () => {
    const patient = simulate(filled('native-cdev-write', { enqcmds_retries: 255 }), 0);
    const hasty = simulate(filled('native-cdev-write', { enqcmds_retries: 0 }), 0);
    expect(patient.metrics.retries!).toBeGreaterThan(100);
    // Without retries of the kernel each takes a whole system call, so that there is time for fewer.
    expect(hasty.metrics.retries!).toBeGreaterThan(0);
    expect(hasty.metrics.retries!).toBeLessThan(patient.metrics.retries! / 2);
  });

  it('costs an exit for every attempt that the handler gave up', () => {
    const exits = (enqcmds_retries: number) =>
      simulate(filled('trap-all', { enqcmds_retries }), 0).metrics.vm_exits_per_descriptor!;
    expect(exits(255)).toBeLessThan(1.05);
    expect(exits(0)).toBeGreaterThan(1.1);
  });

  it('lets every descriptor of any design end in a named state', () => {
    for (const { id, modes } of DESIGNS) {
      const mode = modes.includes('shared') ? 'shared' : 'dedicated';
      const parts = drained(
        setup(byId(id), { mode, size: 2, tenant: { load: arriving(...times(30, 50_000)) } }),
      );
      const { submitted, completed, failed, rejected } = parts.ledger;
      expect(completed + failed + rejected, id).toBe(submitted);
      expect(parts.table.size, id).toBe(0);
    }
  });
});

describe('the unlimited portal of a shared queue', () => {
  it('is not mapped into a guest that shares it: the host submits, one exit each', () => {
    const run = (portal: 'limited' | 'unlimited') =>
      drained(setup(byId('mdev-sva'), { mode: 'shared', tenant: { portal } }));
    expect(exitsOf(run('limited'))).toBe(1);
    expect(exitsOf(run('unlimited'))).toBe(10);
    expect(detourCosts(byId('native-cdev'), true, p)).toBeNull();
  });
});

describe('a virtio ring', () => {
  it('is kicked while the host sleeps, and not while it works', () => {
    expect(exitsOf(drained(setup(byId('virtio'))))).toBe(10);
    const together = arriving(...times(1), ...Array.from({ length: 9 }, () => US + 1000));
    expect(exitsOf(drained(setup(byId('virtio'), { tenant: { load: together } })))).toBe(1);
    const busy = simulate(setup(byId('virtio'), { tenant: { load: { kind: 'closed', depth: 32 } } }), 0);
    expect(busy.metrics.vm_exits_per_descriptor!).toBeLessThan(0.01);
  });

  it('makes every request wait for the host: kick, wake-up, and its share of the work', () => {
    const run = (id: string) => simulate(setup(byId(id)), 0).metrics.latency_mean! * 1e12;
    const own = p['host.prepare'] + p['host.poll_transfer'];
    const ring =
      p.ring_add +
      p.exit_round_trip +
      p.ioeventfd_signal +
      p.backend_wake +
      p.ring_request +
      p.ring_completion;
    expect(run('virtio') - run('mdev')).toBeGreaterThan(ring);
    expect(run('virtio') - run('mdev')).toBeLessThan(ring + own + 1000);
  });

  it('keeps a core of the host busy as long as something is outstanding', () => {
    const idle = simulate(setup(byId('virtio')), 0).metrics.cpu_per_descriptor!;
    const parts = buildMachine(setup(byId('virtio'), { tenant: { load: { kind: 'closed', depth: 32 } } }), 0);
    parts.simulator.run(100 * US);
    const ring = parts.threads[0]!.options.path.ring!;
    const tookPs = ring.takeCpuPs(100 * US);
    expect(tookPs).toBeGreaterThan(90 * US);
    expect(tookPs).toBeLessThanOrEqual(100 * US);
    expect(ring.takeCpuPs(100 * US)).toBe(0);
    expect(idle).toBeGreaterThan(0);
  });
});

describe('the lock of a handler', () => {
  it('is held by one at a time, in order of asking, and handing it over takes time', () => {
    const lock = new HandlerLock(5);
    expect(lock.hold(100, 10)).toBe(110);
    expect(lock.hold(100, 10)).toBe(125);
    expect(lock.hold(126, 10)).toBe(136);
    lock.extend(200);
    expect(lock.hold(150, 1)).toBe(206);
  });

  it('makes the trapped submissions of many threads wait for one another, mapped ones not', () => {
    const rate = (id: string, threads: number) =>
      simulate(
        setup(byId(id), {
          tenant: {
            threads,
            load: { kind: 'closed', depth: 2 },
            operations: [{ operation: 'memmove', sizeBytes: 64, weight: 1 }],
          },
        }),
        0,
      ).metrics.rate!;
    const pieces = 16 * p.kernel_handler;
    // The handler's pieces are under the lock: no number of virtual CPUs gets past one in that time.
    const limit = 1e12 / pieces;
    expect(rate('trap-all', 1)).toBeLessThan(0.5 * limit);
    expect(rate('trap-all', 16)).toBeLessThan(limit);
    expect(rate('mdev', 16)).toBeGreaterThan(5 * limit);
  });
});
