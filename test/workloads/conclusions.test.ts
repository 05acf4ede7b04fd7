/** What docs/designs.md concludes from the committed workloads, held to their results. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resultsSchema } from '../../src/experiment/results.js';
import { dsasim, ROOT, temporaryFolder } from '../cli/dsasim.js';

type Values = (design: string, metric: string, tenant?: string) => number;

/** Runs a workload. @returns its means, at the sweep value given */
async function run(file: string): Promise<(at: string) => Values> {
  const path = join(ROOT, 'workloads', file);
  const { code, stdout, stderr } = await dsasim(['run', path, '--json', '--out', temporaryFolder()]);
  expect(code, stderr).toBe(0);
  const { points } = resultsSchema.parse(JSON.parse(stdout));
  return (at) => (design, metric, tenant) => {
    const point = points.find((p) => p.design === design && p.key.endsWith(at))!;
    const mean = (tenant === undefined ? point.metrics : point.tenants[tenant]!)[metric]!.mean;
    return mean!;
  };
}

describe('the conclusions of docs/designs.md', () => {
  it('control path: emulation in the kernel is dearer than in the VMM, a server dearest', async () => {
    const of = (await run('control-path.yaml'))('');
    const boot = ['mdev-in-kvm', 'vmm-cdev', 'mdev', 'vfio-user-ioeventfd', 'vfio-user'].map((id) =>
      of(id, 'boot_time'),
    );
    expect([...boot].sort((a, b) => a - b)).toEqual(boot);
    expect(of('mdev', 'emulated_registers')).toBe(of('vfio-user', 'emulated_registers'));
    // Push: queues that have registered before need no lock when all guests come at once.
    expect(of('mdev', 'start_last_time')).toBeGreaterThan(1.3 * of('wq-vfio', 'start_last_time'));
    expect(of('vfio-pci', 'start_last_time')).toBeGreaterThan(0.1);
  }, 120_000);

  it('interrupts: posting saves a sleeping guest little, and virtio wakes twice', async () => {
    const of = (await run('interrupts.yaml'))('depth=1');
    const [posted, eventfd] = [of('mdev', 'latency_p50'), of('mdev-eventfd', 'latency_p50')];
    expect(posted).toBeLessThan(eventfd);
    expect(posted).toBeGreaterThan(0.9 * eventfd);
    expect(of('virtio', 'latency_p50')).toBeGreaterThan(1.4 * eventfd);
    expect(of('vfio-user', 'latency_p50')).toBe(eventfd);
  }, 120_000);

  it('unmapping: trapped invalidations collapse, a hardware queue does not', async () => {
    const at = await run('guest-unmaps.yaml');
    const time = (id: string, threads: number) => at(`threads=${threads}`)(id, 'unmap_time');
    const throughput = (id: string) => at('threads=16')(id, 'throughput');
    expect(time('vfio-pci-nested', 8)).toBeLessThan(1.2 * time('vfio-pci-nested', 1));
    expect(time('vfio-pci-nested', 16)).toBeGreaterThan(8 * time('vfio-pci-nested', 1));
    expect(time('vfio-pci-shadow', 8)).toBeGreaterThan(4 * time('vfio-pci-shadow', 1));
    expect(time('vfio-pci-nested-hwq', 32)).toBe(time('vfio-pci-nested-hwq', 1));
    expect(throughput('vfio-pci-nested')).toBeLessThan(0.05 * throughput('vfio-pci-nested-hwq'));
  }, 120_000);

  it('pinning: small pages cost five times as much, and type1 what iommufd does', async () => {
    const at = await run('pinning.yaml');
    const [small, large] = [at('backing=4KiB'), at('backing=2MiB')];
    for (const id of ['mdev', 'wq-vfio']) {
      expect(small(id, 'provision_time')).toBeGreaterThan(5 * large(id, 'provision_time'));
    }
    expect(small('vfio-pci', 'provision_time')).toBe(small('vfio-pci-iommufd', 'provision_time'));
    expect(small('native-cdev', 'provision_time')).toBeLessThan(0.001);
  }, 120_000);

  it('neighbours: an engine isolates, a work queue half as well', async () => {
    const of = (await run('noisy-neighbour.yaml'))('');
    const [queue, engine, own] = ['same-queue', 'same-engine', 'own-engine'].map((id) =>
      of(id, 'latency_p50', 'quiet'),
    );
    expect(queue!).toBeGreaterThan(1.5 * engine!);
    expect(engine!).toBeGreaterThan(2 * own!);
  }, 120_000);

  it('data path: only a trapped portal exits, and a full device hides the rest', async () => {
    const at = await run('many-guests.yaml');
    const [one, many] = [at('instances=1'), at('instances=64')];
    expect(one('trap-all', 'vm_exits_per_descriptor')).toBe(1);
    for (const id of ['native-cdev', 'native-cdev-write', 'mdev-sva', 'virtio']) {
      expect(many(id, 'vm_exits_per_descriptor'), id).toBeLessThan(0.01);
      expect(many(id, 'throughput'), id).toBeGreaterThan(0.95 * many('native-cdev', 'throughput'));
    }
    expect(one('trap-all', 'throughput')).toBeLessThan(0.05 * one('native-cdev', 'throughput'));
    expect(one('native-cdev-write', 'throughput')).toBeLessThan(0.5 * one('native-cdev', 'throughput'));
  }, 120_000);
});
