/**
 * Every design runs the design comparison, and what it shows is an outcome of what was executed: exits and accesses are
 * counted, and a constant that enters them moves what it should and nothing else.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildMachine, simulate } from '../../src/models/machine.js';
import type { RunResult } from '../../src/models/run-result.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { DESIGNS } from '../../src/models/virtualization/designs.js';
import { loadWorkload } from '../../src/workload/load.js';
import { ROOT } from '../cli/dsasim.js';

/** One shared queue for all, for designs that hand out nothing else. */
const SHARED =
  '[{ groups: [{ engines: 4, work_queues: [{ name: all, mode: shared, size: 128, block_on_fault: true }] }] }]';

/** The workload's machine under a design, at 4 KiB and shorter. */
function configOf({ id, modes, data }: Design, set: Readonly<Record<string, string>> = {}) {
  const variant = modes.includes('dedicated')
    ? `{ like: ${id} }`
    : `{ like: ${id}, devices: ${SHARED}, tenants: { guest: { work_queue: all } } }`;
  const { points } = loadWorkload(join(ROOT, 'workloads', 'design-comparison.yaml'), {
    overrides: [
      ['designs', `[${variant}]`],
      ['sweep', '{ tenants.guest.operations.size: [4KiB] }'],
      ['measure.warmup', '50us'],
      // Whoever leaves the guest for each of them does not get many done.
      ['measure.duration', data === 'trapped-portal' ? '8ms' : '100us'],
      ...Object.entries(set),
    ].map(([path, value]): [string, string] => [path!, value!]),
  });
  expect(points).toHaveLength(1);
  return points[0]!.config;
}

const FULL = 'platform.set.exit_round_trip';
const results = new Map<string, RunResult>();
/** The result of a design; the second time it is the same. */
function run(design: Design, exitRoundTrip = '600ns'): RunResult {
  const key = `${design.id} ${exitRoundTrip}`;
  const known = results.get(key) ?? simulate(configOf(design, { [FULL]: exitRoundTrip }), 0);
  results.set(key, known);
  return known;
}

const boot = ({ control }: RunResult) => control.filter(({ phase }) => phase === 'boot');
const sum = <T>(list: readonly T[], of: (each: T) => number) =>
  list.reduce((total, each) => total + of(each), 0);

describe.each(DESIGNS.map((design) => [design.id, design] as const))('%s', (_, design) => {
  it('runs the design comparison: work is done, and every descriptor is accounted for', () => {
    const { metrics, conservation, memoryDigest } = run(design);
    expect(metrics.throughput).toBeGreaterThan(0.5e9);
    expect(memoryDigest).not.toBe('');
    const { submitted, completed, failed, rejected, inFlight } = conservation;
    expect(completed + failed + rejected + inFlight).toBe(submitted);
    expect(failed + rejected).toBe(0);
  });

  it('exits as often as its submissions do: never through a mapped portal, once through a trapped one', () => {
    const parts = buildMachine(configOf(design), 0);
    parts.simulator.run(150e6);
    const exits = sum(parts.threads, (thread) => thread.core.exits);
    const { submitted } = parts.ledger;
    if (design.data === 'trapped-portal') {
      // A thread that is on its way out has submitted already; one that has not yet asked has not exited.
      expect(Math.abs(exits - submitted)).toBeLessThanOrEqual(parts.threads.length);
    } else if (design.data === 'virtio-ring') {
      // The first request of each guest finds its host thread asleep.
      expect(exits).toBe(4);
    } else if (design.id === 'mdev-sva') {
      // One for each guest: KVM learns its PASID.
      expect(exits).toBe(4);
    } else expect(exits).toBe(0);
    expect(run(design).metrics.vm_exits_per_descriptor).toBeCloseTo(
      design.data === 'trapped-portal' ? 1 : 0,
      2,
    );
  });

  it('shows as many trapped accesses as its boot executed, and none of a process', () => {
    const result = run(design);
    expect(result.metrics.trapped_accesses).toBe(sum(boot(result), ({ trapped }) => trapped));
    if (design.guest === 'process') expect(result.metrics.trapped_accesses).toBe(0);
    const emulated =
      design.guest === 'vm' && design.allotment === 'work-queue' && design.data !== 'virtio-ring';
    if (!emulated) return;
    // Sequences of the idxd driver on a virtual device, reference counts 28 + 2, 4 + 2, and 6 + 4 with its interrupt.
    const row = (step: string) => boot(result).find((each) => each.step === step)!;
    for (const step of ['probe', 'enable device', 'enable work queue']) {
      const { reads, writes, trapped } = row(step);
      expect(trapped, step).toBe(reads + writes);
    }
    if (design.configuration === 'host' && design.modes.includes('dedicated')) {
      expect(row('probe')).toMatchObject({ reads: 28, writes: 2 });
      expect(row('enable device')).toMatchObject({ reads: 4, writes: 2 });
      expect(row('enable work queue')).toMatchObject({ reads: 6, writes: 4, commands: 2 });
    }
  });

  it('gets cheaper by half a round trip for every exit when exits do, and in nothing else', () => {
    const [full, half] = [run(design), run(design, '300ns')];
    const savedPs = sum(boot(full), (s) => s.timePs) - sum(boot(half), (s) => s.timePs);
    const exits = full.metrics.trapped_accesses!;
    // A posted register write overlaps with the server's work on those before it.
    if (design.control === 'ioeventfd') expect(savedPs).toBeLessThanOrEqual(exits * 300_000);
    else expect(savedPs).toBe(exits * 300_000);
    if (exits > 0) expect(savedPs).toBeGreaterThan(0);

    const moved = Object.keys(full.metrics).filter((name) => full.metrics[name] !== half.metrics[name]);
    const controlPath = exits > 0 ? ['boot_time'] : [];
    if (design.data === 'trapped-portal') {
      // No latency is compared: a record is seen between two trapped submissions, and may just miss one moment to look.
      expect(half.metrics.throughput).toBeGreaterThan(full.metrics.throughput!);
      expect(moved).not.toContain('provision_time');
    } else if (design.data === 'virtio-ring' || design.id === 'mdev-sva') {
      // The first submission of each guest exits, before the measurement; after it they only stand in another order.
      expect(Math.abs(half.metrics.throughput! / full.metrics.throughput! - 1)).toBeLessThan(0.02);
      expect(moved).not.toContain('provision_time');
    } else expect(moved).toEqual(controlPath);
  });
});

describe('the upper bound of emulation', () => {
  const design = DESIGNS.find(({ id }) => id === 'trap-all')!;

  it('pays for every submission: each gets shorter by half of what the round trip does, the way out', () => {
    const trap = (exit: string) => {
      const { stages, measured } = run(design, exit);
      return stages.trap.sumPs / measured;
    };
    // The way back holds the thread up, not the descriptor.
    expect(trap('600ns') - trap('300ns')).toBe(150_000);
  });
});
