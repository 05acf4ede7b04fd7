import { describe, expect, it } from 'vitest';
import {
  command,
  type DeviceView,
  enableDevice,
  enableVectors,
  enableWorkQueue,
  mediatedEnable,
  openCharacterDevice,
  probe,
  type RegisterAccess,
} from '../../src/models/driver/sequences.js';
import { simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { ControlStepResult } from '../../src/models/run-result.js';
import { configurationAccess, registerAccess } from '../../src/models/virtualization/access.js';
import type { ControlPath } from '../../src/models/virtualization/design.js';
import { DESIGNS, designById } from '../../src/models/virtualization/designs.js';
import { runSequence } from '../../src/models/virtualization/lifecycle.js';
import { arriving, device, group, machine, queue, tenant, US } from '../support/machine.js';

const p = parameterValues();

/** Sapphire Rapids as its host driver finds it. */
const spr = (workQueues: number): DeviceView => ({
  configurable: true,
  groups: 4,
  workQueues,
  wqcfgWords: 8,
  vectors: 9,
});
/** The virtual device of the v6 mdev series: one queue, read-only configuration. */
const VIRTUAL: DeviceView = { configurable: false, groups: 1, workQueues: 1, wqcfgWords: 8, vectors: 2 };

/** Register reads and writes of a sequence; a command is a write. */
function counted(accesses: readonly RegisterAccess[]) {
  const reads = accesses.filter((a) => a.kind === 'read').length;
  return { reads, writes: accesses.length - reads };
}

const user = (mode: 'shared' | 'dedicated') => ({ mode, kernel: false });

describe('the idxd driver makes as many register accesses as its source has', () => {
  it.each<[string, RegisterAccess[], number, number]>([
    ['a command: status, command, cause, acknowledge, result', command('DRAIN_ALL'), 3, 2],
    ['probe', probe(spr(1)), 15, 2],
    ['enabling the device with one queue', enableDevice(spr(1)), 13, 35],
    ['enabling the device with eight queues', enableDevice(spr(8)), 69, 91],
    ['enabling a shared user queue, one in all', enableWorkQueue(spr(1), user('shared')), 12, 35],
    ['enabling a shared user queue among eight', enableWorkQueue(spr(8), user('shared')), 68, 91],
    ['enabling a dedicated user queue', enableWorkQueue(spr(1), user('dedicated')), 11, 34],
    ['opening a dedicated queue', openCharacterDevice('dedicated'), 7, 5],
    ['opening a shared queue', openCharacterDevice('shared'), 0, 0],
    ['probe in a guest of the mdev', probe(VIRTUAL), 28, 2],
    ['enabling the device in a guest of the mdev', enableDevice(VIRTUAL), 4, 2],
    [
      'enabling a kernel queue in a guest of the mdev',
      enableWorkQueue(VIRTUAL, { mode: 'dedicated', kernel: true }),
      6,
      4,
    ],
    ['what that does to the physical queue', mediatedEnable(), 3, 4],
  ])('%s', (_, accesses, reads, writes) => {
    expect(counted(accesses)).toEqual({ reads, writes });
  });

  it('programs four words for every vector, between two writes of the control', () => {
    const accesses = enableVectors(spr(1));
    expect(accesses).toHaveLength(2 + 4 * 9);
    expect(new Set(accesses.map((a) => a.kind))).toEqual(new Set(['configuration']));
  });

  it('writes the PASID of a dedicated queue between disabling and enabling it', () => {
    const registers = openCharacterDevice('dedicated').map((a) => a.register);
    expect(registers.filter((r) => r.startsWith('CMD ') || r.startsWith('WQCFG'))).toEqual([
      'CMD DISABLE_WQ',
      'WQCFG word 2',
      'WQCFG word 2',
      'CMD ENABLE_WQ',
    ]);
  });
});

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
    ['ioeventfd', 'write', 4, exit_round_trip],
    ['ioeventfd', 'read', 4, exit_round_trip + decode + user_exit + vmm_handler],
  ])('%s, %s of %i bytes', (path, kind, bytes, expected) => {
    expect(registerAccess(path, kind, bytes, p).timePs).toBe(expected);
  });

  it('of configuration space is emulated even where registers are mapped', () => {
    expect(configurationAccess('native', 4, p)).toEqual(registerAccess('vmm-trap', 'write', 4, p));
    expect(configurationAccess('mdev-trap', 4, p)).toEqual(registerAccess('mdev-trap', 'write', 4, p));
  });

  it('derives the order of the designs: kernel emulation is not the cheap trap', () => {
    const read = (path: ControlPath) => registerAccess(path, 'read', 4, p).timePs;
    expect(read('in-kvm')).toBeLessThan(read('vmm-trap'));
    expect(read('mdev-trap') - syscall - kernel_handler).toBe(read('vmm-trap') - vmm_handler);
    expect(read('vfio-user')).toBeGreaterThan(read('mdev-trap'));
    expect(read('native')).toBeLessThan(read('in-kvm'));
  });
});

describe('a sequence on an access path', () => {
  it('costs its accesses, the command itself and the interrupt that ends it', () => {
    const native = runSequence('boot', 'one command', command('DRAIN_ALL'), 'native', 'msix-remapped', p);
    expect(native).toEqual({
      phase: 'boot',
      step: 'one command',
      reads: 3,
      writes: 2,
      trapped: 0,
      commands: 1,
      timePs:
        3 * p.mmio_read +
        2 * p.mmio_write +
        p.command_time +
        p['host.interrupt_remapped'] +
        p['host.interrupt_thread_wake'],
    });
  });

  it('polls the reset at probe instead of waiting for an interrupt', () => {
    const accesses = probe(spr(1));
    const [reset] = accesses.filter((a) => a.kind === 'command');
    const one = (list: RegisterAccess[]) =>
      runSequence('boot', '', list, 'native', 'msix-remapped', p).timePs;
    expect(one([reset!])).toBe(p.mmio_write + p.command_time);
  });
});

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
      devices: [device([group(1, [queue({ mode: 'dedicated' })])])],
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

  it.each(DESIGNS.map((d) => d.id))(
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
