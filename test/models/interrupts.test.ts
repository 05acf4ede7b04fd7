/** Interrupts into guests: the posted descriptor, what each path costs whom, and vectors that run out. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interruptTimes, wakeByInterruptPs } from '../../src/models/interrupts/completion-interrupt.js';
import { PostedDescriptor } from '../../src/models/interrupts/posted-descriptor.js';
import { VectorPool, vectorStore } from '../../src/models/interrupts/vector-pool.js';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Design, InterruptPath } from '../../src/models/virtualization/design.js';
import { designById } from '../../src/models/virtualization/designs.js';
import { arriving, device, group, KIB, machine, only, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();
const mdev = designById('mdev')!;
const completing = (completion: InterruptPath, base: Design = mdev): Design => ({
  ...base,
  interrupts: { ...base.interrupts, completion },
});

describe('the posted-interrupt descriptor', () => {
  it('notifies for the first message, and lets the others share that notification', () => {
    const descriptor = new PostedDescriptor();
    expect([descriptor.post(), descriptor.post(), descriptor.post()]).toEqual([true, false, false]);
    expect([descriptor.take(), descriptor.take()]).toEqual([true, false]);
    expect([descriptor.delivered, descriptor.coalesced]).toEqual([1, 2]);
    expect(descriptor.post()).toBe(true);
  });

  it('sends nothing while suppressed, and has everything when the virtual CPU looks', () => {
    const descriptor = new PostedDescriptor();
    descriptor.suppressed = true;
    expect(descriptor.post()).toBe(false);
    descriptor.suppressed = false;
    expect(descriptor.take()).toBe(true);
  });

  it('never loses a message: whatever the order, each is taken by the handler that follows it', () => {
    const step = fc.constantFrom('post', 'take', 'suppress', 'resume');
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const descriptor = new PostedDescriptor();
        let unseen = 0;
        let posted = 0;
        for (const what of [...steps, 'resume', 'take']) {
          if (what === 'post') {
            posted++;
            unseen++;
            // Whoever posts and is not told to notify may rely on somebody else to look.
            const notified = descriptor.post();
            expect(notified || descriptor.outstanding || descriptor.suppressed).toBe(true);
          } else if (what === 'take') {
            expect(descriptor.take()).toBe(unseen > 0);
            unseen = 0;
          } else descriptor.suppressed = what === 'suppress';
        }
        expect(unseen).toBe(0);
        expect(descriptor.delivered + descriptor.coalesced).toBe(posted);
      }),
    );
  });
});

describe('an interrupt costs', () => {
  it('on the host its handler once (cost I01 is processor time), and asleep what cost I06 measured', () => {
    expect(interruptTimes('msix-remapped', p)).toMatchObject({ runningPs: 0, handlerPs: 194_000 });
    expect(1 / 194e-9).toBeCloseTo(5.157e6, -5);
    expect(wakeByInterruptPs('msix-remapped', p)).toBe(p['host.interrupt_thread_wake']);
    expect(wakeByInterruptPs('posted-host', p)).toBe(wakeByInterruptPs('msix-remapped', p));
  });

  it('posted on the host no less alone (cost I02), and on a busy core what cost I03 counted with its loops', () => {
    const { handlerPs, loopPs, loops } = interruptTimes('posted-host', p);
    expect(handlerPs).toBe(p['host.interrupt_remapped']);
    expect(loopPs).toBeLessThan(handlerPs);
    const perSecond = ((loops + 1) * 1e12) / (handlerPs + loops * loopPs);
    expect(perSecond / 6.227e6).toBeGreaterThan(0.85);
    expect(perSecond / 6.227e6).toBeLessThan(1.15);
    expect(interruptTimes('msix-remapped', p).loops).toBe(0);
  });

  it('posted on the host one notification for all messages that arrive while its handler looks again', () => {
    const at = (path: InterruptPath, rate: number, arrivals: 'uniform' | 'poisson') =>
      simulate(
        machine({
          design: completing(path, designById('native-kernel')!),
          devices: [device([group(1, [queue({ mode: 'dedicated', size: 128 })])])],
          tenants: [
            tenant({
              completion: 'interrupt',
              load: { kind: 'open', ratePerSecond: rate, arrivals },
              operations: only('memmove', 64),
            }),
          ],
          measure: { warmupPs: 50 * US, durationPs: 500 * US },
        }),
        0,
      ).metrics;
    const [alone, own] = [at('msix-remapped', 1e5, 'uniform'), at('posted-host', 1e5, 'uniform')];
    expect(own).toEqual(alone);
    const [busy, posted] = [at('msix-remapped', 4e6, 'poisson'), at('posted-host', 4e6, 'poisson')];
    // It hears of more of them, sooner, for no more of its time.
    expect(posted.interrupts).toBeGreaterThan(busy.interrupts!);
    expect(posted.latency_p50).toBeLessThan(busy.latency_p50!);
    expect(posted.cpu_per_descriptor).toBeLessThan(1.1 * busy.cpu_per_descriptor!);
    expect(posted.throughput).toBeCloseTo(busy.throughput!, -7);
  });

  it('posted no core but the guest’s, through an eventfd one of the host’s for every message', () => {
    for (const path of ['ims-posted', 'msix-posted'] as const) {
      expect(interruptTimes(path, p)).toMatchObject({ elsewherePs: 0, runningExits: 0, blockedExits: 0 });
    }
    expect(interruptTimes('eventfd-irqfd', p).elsewherePs).toBe(p['host.interrupt_remapped']);
  });

  it('without APICv two exits more of a virtual CPU that runs, and one of a sleeping one', () => {
    const [software, injected] = [interruptTimes('eventfd-irqfd', p), interruptTimes('eventfd-injected', p)];
    expect(injected.runningPs - software.runningPs).toBe(p.exit_round_trip);
    expect(injected.handlerPs - software.handlerPs).toBe(p.exit_round_trip);
    expect([injected.runningExits, injected.blockedExits]).toEqual([2, 1]);
  });

  /** One guest with one submission at a time, or that many: it sleeps in between, or never does. */
  const run = (path: InterruptPath, depth: number, parameters = {}) =>
    simulate(
      machine({
        design: completing(path),
        devices: [device([group(1, [queue({ mode: 'dedicated', size: 64 })])])],
        tenants: [
          tenant({
            completion: 'interrupt',
            load: { kind: 'closed', depth },
            operations: only('memmove', 4 * KIB),
          }),
        ],
        measure: { warmupPs: 50 * US, durationPs: 500 * US },
        parameters,
      }),
      0,
    ).metrics;

  it('a sleeping guest the wake-up: posting saves what the host’s handler takes', () => {
    const [posted, eventfd] = [run('ims-posted', 1), run('eventfd-irqfd', 1)];
    expect(eventfd.latency_p50! - posted.latency_p50!).toBeCloseTo(
      (p['host.interrupt_remapped'] + p.interrupt_eventfd_blocked - p.interrupt_posted_blocked) / 1e12,
      7,
    );
    expect(posted.interrupts_coalesced).toBe(0);
  });

  it('and the exits that its path has', () => {
    const exits = (path: InterruptPath) => run(path, 1).vm_exits_per_descriptor!;
    expect(exits('ims-posted')).toBeCloseTo(1, 1);
    expect(exits('eventfd-irqfd')).toBe(exits('ims-posted'));
    expect(exits('eventfd-injected') - exits('eventfd-irqfd')).toBeCloseTo(1, 1);
  });
});

describe('completion vectors', () => {
  it('come from the store that the design reaches', () => {
    const store = (id: string) => vectorStore(designById(id)!);
    expect(['mdev', 'wq-vfio', 'mdev-sva'].map(store)).toEqual(['ims', 'ims', 'ims']);
    expect(['vmm-cdev', 'vfio-user'].map(store)).toEqual(['msix', 'msix']);
    // Their own function's, host software's, and none at all.
    expect(['vfio-pci', 'vf', 'virtio', 'native-cdev', 'native-kernel'].map(store)).toEqual(
      Array(5).fill(null),
    );
    expect(vectorStore(completing('msix-posted'))).toBe('msix');
  });

  it('number one for each work queue in the MSI-X table, and two thousand in the message store', () => {
    const taken = (store: 'msix' | 'ims') => {
      const pool = new VectorPool(store, p);
      const vectors: number[] = [];
      for (let next = pool.take(); next !== null; next = pool.take()) vectors.push(next);
      return vectors;
    };
    expect(taken('msix')).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(taken('ims')).toHaveLength(2048);
  });

  /** Twelve guests on one shared queue, each of which wants an interrupt. */
  const twelve = (design: Design, parameters = {}) =>
    simulate(
      machine({
        design,
        tenants: [tenant({ instances: 12, completion: 'interrupt', load: arriving(10 * US, 60 * US) })],
        measure: { warmupPs: 0, durationPs: 100 * US },
        parameters,
      }),
      0,
    );

  it('run out under MSI-X where they do not in the message store: the others poll', () => {
    const sva = designById('mdev-sva')!;
    const [ims, msix] = [twelve(sva), twelve(completing('msix-posted', sva))];
    expect([ims.metrics.vectors_missing, msix.metrics.vectors_missing]).toEqual([0, 4]);
    expect([ims.metrics.interrupts, msix.metrics.interrupts]).toEqual([24, 16]);
    // Who polls burns its core; who is interrupted does not.
    expect(msix.metrics.cpu_per_descriptor!).toBeGreaterThan(4 * ims.metrics.cpu_per_descriptor!);
    expect(twelve(sva, { 'device.ims_entries': 5 }).metrics.vectors_missing).toBe(7);
  });

  it('are refused by the virtual device’s own command, which the guest’s driver survives', () => {
    const sva = designById('mdev-sva')!;
    const commands = (entries: number) =>
      twelve(sva, { 'device.ims_entries': entries }).control.find(
        (step) => step.step === 'enable work queue',
      );
    expect(commands(0)).toEqual(commands(2048));
  });
});
