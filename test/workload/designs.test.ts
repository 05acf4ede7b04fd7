/** Designs that a user writes: what can be replaced, what that makes of the design, and what cannot exist. */
import { describe, expect, test } from 'vitest';
import { load, problemsOf, queues, tenant, yaml } from './support.js';

const QUEUES = queues('{ name: d, mode: dedicated, size: 8 }');
const written = (design: string) =>
  yaml({ devices: QUEUES, tenants: tenant({ work_queue: 'd' }), designs: `designs: [${design}]` });
const designOf = (design: string) => load(written(design)).points[0]!.config.design;

describe('a design of one’s own', () => {
  test('replaces any axis, each vector apart, and is hypothetical then', () => {
    const design = designOf(
      '{ id: mine, like: mdev, control: in-kvm, translation: nested, interrupts: { misc: ims-posted }, lifecycle: preconfigured-push, mapping: iommufd, suspend: drain }',
    );
    expect(design).toMatchObject({
      id: 'mine',
      status: 'hypothetical',
      control: 'in-kvm',
      translation: 'nested',
      interrupts: { misc: 'ims-posted', completion: 'ims-posted' },
      lifecycle: 'preconfigured-push',
      mapping: 'iommufd',
      suspend: 'drain',
    });
    expect(design.summary).toBe(
      'As mdev, but control in-kvm, translation nested, lifecycle preconfigured-push, mapping iommufd, suspend drain, interrupts.misc ims-posted.',
    );
  });

  test('may name another driver of a whole function, and what follows from it need not be written', () => {
    const whole = queues('{ name: d, mode: dedicated, size: 128 }');
    const text = (design: string, completion = 'poll') =>
      yaml({
        devices: whole,
        tenants: tenant({ work_queue: 'd', completion }),
        designs: `designs: [{ id: dpdk-compat, like: vfio-pci, ${design} }]`,
      });
    const { design } = load(text('driver: dpdk, mapping: iommufd-compat')).points[0]!.config;
    expect(design).toMatchObject({
      driver: 'dpdk',
      modes: ['dedicated'],
      interrupts: { misc: 'none', completion: 'none' },
      // Every choice in it has shipped.
      status: 'shipped',
      summary: 'As vfio-pci, but mapping iommufd-compat, driver dpdk.',
    });
    expect(load(text('driver: idxd')).points[0]!.config.design).not.toHaveProperty('driver');
    const codes = (design: string, completion?: string) =>
      problemsOf(text(design, completion)).map(({ code }) => code);
    expect(codes('driver: dpdk', 'interrupt')).toEqual(['DSASIM_W077']);
    expect(codes('driver: dpdk, interrupts: msix-posted')).toEqual(['DSASIM_W054']);
    expect(codes('guest: process')).toEqual(['DSASIM_W054']);
    expect(codes('guest: process, driver: dpdk')).toEqual([]);
  });

  test('with other constants only keeps its standing', () => {
    expect(designOf('{ id: quick, like: mdev, set: { exit_round_trip: 300ns } }').status).toBe('argued');
  });

  test('may be named after the one that it starts from, or stand for it', () => {
    expect(designOf('{ id: mdev, set: { syscall: 1us } }').id).toBe('mdev');
    expect(designOf('{ like: mdev, set: { syscall: 1us } }').id).toBe('mdev');
  });

  test.each([
    ['{ id: x, like: mdev, mapping: none }', 'second-stage translation needs the guest memory mapped'],
    ['{ id: x, like: mdev, lifecycle: open }', 'a kernel driver that emulates registers needs a device'],
    [
      '{ id: x, like: mdev, control: native }',
      'registers of a shared device cannot be mapped into one guest',
    ],
    ['{ id: x, like: mdev, translation: dma-api }', 'the DMA API maps memory of the host'],
    ['{ id: x, like: vfio-user, interrupts: ims-posted }', 'the character device maps the portals'],
    [
      '{ id: x, like: vmm-cdev, lifecycle: preconfigured-push }',
      'a queue that registers itself is a VFIO device',
    ],
    [
      '{ id: x, like: vfio-pci-nested, mapping: type1 }',
      'page tables nested on those of the host exist in iommufd only',
    ],
    [
      '{ id: x, like: native-cdev, interrupts: msix-posted }',
      'an interrupt can be posted to a virtual CPU only',
    ],
    ['{ id: x, like: native-kernel, translation: nested }', 'a process has no guest-physical addresses'],
  ])('that cannot exist is refused with the reason: %s', (design, reason) => {
    const [problem] = problemsOf(written(design));
    expect([problem?.code, problem?.message.includes(reason) || problem?.message]).toEqual([
      'DSASIM_W054',
      true,
    ]);
  });

  test.each([
    ['{ id: x, like: mdv }', 'DSASIM_W051', 'did you mean "mdev"?'],
    ['{ id: x }', 'DSASIM_W053', 'name the design it starts from: like: mdev'],
    ['{ like: mdev, control: mdev-trapp }', 'DSASIM_W012', 'did you mean "mdev-trap"?'],
    ['{ like: mdev, interrupts: { compleetion: ims-posted } }', 'DSASIM_W010', 'did you mean "completion"?'],
    ['{ like: mdev, set: { exit_roundtrip: 1us } }', 'DSASIM_W010', 'did you mean "exit_round_trip"?'],
    ['{ like: mdev, set: { exit_round_trip: 900 } }', 'DSASIM_W015', 'write 900ns'],
    ['mdev, mdev', 'DSASIM_W052', 'give a variant its own id'],
  ])('that is misspelt is answered: %s', (design, code, remedy) => {
    const problems = problemsOf(written(design));
    expect(problems.map((each) => each.code)).toEqual([code]);
    expect(problems[0]!.remedy.startsWith(remedy) || problems[0]!.remedy).toBe(true);
  });
});
