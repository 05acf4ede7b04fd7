import { describe, expect, it } from 'vitest';
import { run } from '../../src/models/driver/bus.js';
import { command } from '../../src/models/driver/idxd-command.js';
import { probe } from '../../src/models/driver/idxd-probe.js';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import { COMMAND } from '../../src/models/registers/commands.js';
import type { ControlStepResult } from '../../src/models/run-result.js';
import { configurationAccess, registerAccess } from '../../src/models/virtualization/access.js';
import type { ControlPath, Design } from '../../src/models/virtualization/design.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { arriving, device, group, machine, queue, tenant, US } from '../support/machine.js';
import { HostBench, WITH_PASIDS } from './driver-bench.js';

const p = parameterValues();

describe('the cost of a register access', () => {
  const paths: ControlPath[] = [
    'native',
    'syscall',
    'mdev-trap',
    'vmm-trap',
    'vfio-user',
    'ioeventfd',
    'in-kvm',
  ];

  it.each(paths)('%s: is the sum of its parts, in every width and direction', (path) => {
    for (const kind of ['read', 'write'] as const) {
      for (const bytes of [4, 8]) {
        const { parts, timePs, trapped } = registerAccess(path, kind, bytes, p);
        expect(parts.reduce((sum, part) => sum + part.timePs, 0)).toBe(timePs);
        expect(timePs).toBeGreaterThan(0);
        expect(trapped).toBe(parts.some((part) => part.name === 'exit_round_trip'));
      }
    }
  });

  const { exit_round_trip, decode, user_exit, vmm_handler, syscall, kernel_handler, socket_round_trip } = p;
  it.each<[ControlPath, 'read' | 'write', number, number]>([
    ['native', 'read', 8, p.mmio_read],
    ['native', 'write', 4, p.mmio_write],
    ['vmm-trap', 'read', 4, exit_round_trip + decode + user_exit + vmm_handler],
    ['mdev-trap', 'write', 4, exit_round_trip + decode + user_exit + syscall + kernel_handler],
    // VFIO hands out pieces of at most four bytes.
    ['mdev-trap', 'read', 8, exit_round_trip + decode + user_exit + 2 * (syscall + kernel_handler)],
    ['vfio-user', 'read', 4, exit_round_trip + decode + user_exit + vmm_handler + socket_round_trip],
    ['in-kvm', 'read', 8, exit_round_trip + decode + kernel_handler],
    ['ioeventfd', 'write', 4, exit_round_trip + p.ioeventfd_signal],
    ['ioeventfd', 'read', 4, exit_round_trip + decode + user_exit + vmm_handler + socket_round_trip],
  ])('%s, %s of %i bytes', (path, kind, bytes, expected) => {
    expect(registerAccess(path, kind, bytes, p).timePs).toBe(expected);
  });

  it('of configuration space is emulated even where registers are mapped', () => {
    expect(configurationAccess('native', 4, p)).toEqual(registerAccess('vmm-trap', 'write', 4, p));
    expect(configurationAccess('mdev-trap', 4, p)).toEqual(registerAccess('mdev-trap', 'write', 4, p));
  });

  it('of more than eight bytes returns to the VMM for every eight of them, from one exit', () => {
    const { parts } = registerAccess('vmm-trap', 'write', 64, p);
    expect(parts).toEqual([
      { name: 'exit_round_trip', timePs: exit_round_trip },
      { name: 'decode', timePs: decode },
      { name: '8 × user_exit', timePs: 8 * user_exit },
      { name: '8 × vmm_handler', timePs: 8 * vmm_handler },
    ]);
    expect(registerAccess('vfio-user', 'write', 64, p).timePs).toBe(
      exit_round_trip + decode + 8 * (user_exit + socket_round_trip + vmm_handler),
    );
    // KVM itself has all 64 bytes at once.
    expect(registerAccess('in-kvm', 'write', 64, p).timePs).toBe(exit_round_trip + decode + kernel_handler);
  });

  it('derives the order of the designs: kernel emulation is not the cheap trap', () => {
    const read = (path: ControlPath) => registerAccess(path, 'read', 4, p).timePs;
    expect(read('in-kvm')).toBeLessThan(read('vmm-trap'));
    expect(read('mdev-trap') - syscall - kernel_handler).toBe(read('vmm-trap') - vmm_handler);
    expect(read('vfio-user')).toBeGreaterThan(read('mdev-trap'));
    expect(read('native')).toBeLessThan(read('in-kvm'));
  });
});

describe('a driver on an access path', () => {
  it('costs its accesses, the command itself and the interrupt that ends it', () => {
    const { bus } = new HostBench().prepare();
    expect(bus.step('boot', 'one command', command(COMMAND.drain_all)).row).toEqual({
      phase: 'boot',
      step: 'one command',
      reads: 3,
      writes: 2,
      trapped: 0,
      commands: 1,
      timePs: 3 * p.mmio_read + 2 * p.mmio_write + p.command_time + p['host.interrupt_thread_wake'],
    });
  });

  it('polls the reset at probe instead of waiting for an interrupt', () => {
    const { bus } = new HostBench().prepare();
    run(probe(WITH_PASIDS), bus);
    expect(bus).toMatchObject({ commands: 1, interrupts: 0 });
    expect(bus.timePs).toBe(15 * p.mmio_read + 2 * p.mmio_write + p.command_time);
  });
});

/** A mode of queue that the design can hand out. */
const modeOf = (design: Design) => (design.modes.includes('dedicated') ? 'dedicated' : 'shared');

/** Control steps of one instance under a design. */
function steps(
  id: string,
  over: { parameters?: Record<string, number>; interrupts?: boolean } = {},
): ControlStepResult[] {
  const design = designById(id)!;
  const completion = over.interrupts === true ? 'interrupt' : 'poll';
  return simulate(
    machine({
      design,
      devices: [device([group(1, [queue({ mode: modeOf(design) })])])],
      tenants: [tenant({ load: arriving(US), completion })],
      measure: { warmupPs: 0, durationPs: 10 * US },
      ...(over.parameters === undefined ? {} : { parameters: over.parameters }),
    }),
    0,
  ).control;
}

const sum = (list: readonly ControlStepResult[], field: 'timePs' | 'trapped') =>
  list.reduce((total, step) => total + step[field], 0);
const boot = (list: readonly ControlStepResult[]) => list.filter((step) => step.phase === 'boot');

describe('booting an instance', () => {
  it('traps every access of an emulated device and only configuration of a passed-through one', () => {
    // Two vectors: two control words and four words each; then probe, device and kernel queue.
    const emulated = 2 + 4 * 2 + (28 + 2) + (4 + 2) + (6 + 4);
    expect(sum(boot(steps('mdev')), 'trapped')).toBe(emulated);
    expect(sum(boot(steps('vfio-user')), 'trapped')).toBe(emulated);
    expect(sum(boot(steps('vfio-pci')), 'trapped')).toBe(2 + 4 * 9);
    expect(sum(boot(steps('native-cdev')), 'trapped')).toBe(0);
  });

  it('of a virtio ring takes the accesses of its specification, all trapped, and no register of a DSA', () => {
    const control = steps('virtio');
    const [row] = boot(control);
    // Status 5 + 2, features 2 × (3 + 1), vector 1 + 1, ring 1 + 3 reads, 1 + 6 + 1 + 1 writes, and its vector's read.
    expect([row!.reads, row!.writes, row!.trapped]).toEqual([9, 21, 30]);
  });

  it('whose register writes are posted waits for the server only where it reads', () => {
    const [plain, posted] = [boot(steps('vfio-user')), boot(steps('vfio-user-ioeventfd'))];
    expect(sum(posted, 'trapped')).toBe(sum(plain, 'trapped'));
    expect(sum(posted, 'timePs')).toBeLessThan(sum(plain, 'timePs'));
    // As dear a wake-up as a round trip takes the gain away again.
    const slow = { backend_wake: 10 * p.socket_round_trip };
    const late = boot(steps('vfio-user-ioeventfd', { parameters: slow }));
    expect(sum(late, 'timePs')).toBeGreaterThan(sum(posted, 'timePs'));
  });

  // What is posted hides part of a shorter exit behind the server, so that design is held to less below.
  it.each(DESIGNS.filter((d) => d.control !== 'ioeventfd').map((d) => d.id))(
    '%s: half an exit changes the boot by its traps times half, nothing else',
    (id) => {
      const half = p.exit_round_trip / 2;
      const [before, after] = [steps(id), steps(id, { parameters: { exit_round_trip: half } })];
      expect(sum(before, 'timePs') - sum(after, 'timePs')).toBe(sum(boot(before), 'trapped') * half);
      expect(after.map(({ timePs, ...rest }) => rest)).toEqual(before.map(({ timePs, ...rest }) => rest));
      for (const [i, step] of before.entries()) {
        expect(step.timePs - after[i]!.timePs, step.step).toBe(step.trapped * half);
      }
    },
  );

  it('costs no data path: the events of the load stay the same whatever an exit costs', () => {
    const run = (exit_round_trip: number) =>
      simulate(
        machine({
          design: designById('mdev')!,
          devices: [device([group(1, [queue({ mode: 'dedicated' })])])],
          parameters: { exit_round_trip },
        }),
        0,
      );
    const [cheap, dear] = [run(100e3), run(10e6)];
    expect(cheap.fingerprint).toBe(dear.fingerprint);
    expect(cheap.metrics.throughput).toBe(dear.metrics.throughput);
    expect(cheap.metrics.boot_time!).toBeLessThan(dear.metrics.boot_time!);
  });

  it('provisioning never traps: it is the host that does it', () => {
    for (const { id } of DESIGNS) {
      expect(
        sum(
          steps(id).filter((step) => step.phase === 'provision'),
          'trapped',
        ),
        id,
      ).toBe(0);
    }
  });

  it('pins memory only where the design maps it, page by page of its backing', () => {
    const pinned = (id: string) =>
      simulate(
        machine({
          design: designById(id)!,
          devices: [device([group(1, [queue({ mode: 'dedicated' })])])],
          measure: { warmupPs: 0, durationPs: US },
        }),
        0,
      ).metrics.pinned_bytes;
    expect(pinned('native-cdev')).toBe(0);
    expect(pinned('mdev')).toBe(1 << 30);
    const pin = steps('mdev').find((step) => step.step === 'pin and map memory');
    expect(pin!.timePs).toBe(((1 << 30) / 4096) * p.pin_page);
  });
});
