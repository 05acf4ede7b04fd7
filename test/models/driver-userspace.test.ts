/** DPDK's and SPDK's drivers over vfio-pci: what they make of a device, and what it takes. */
import { describe, expect, it } from 'vitest';
import { run } from '../../src/models/driver/bus.js';
import { initialize, start, stop } from '../../src/models/driver/dpdk.js';
import { functionLevelReset } from '../../src/models/driver/pci.js';
import { attach } from '../../src/models/driver/spdk.js';
import { decodeDevice } from '../../src/models/registers/decode.js';
import { DEVICE_STATE, QUEUE_STATE } from '../../src/models/registers/map.js';
import { enabled, HostBench, queues } from './driver-bench.js';

describe("DPDK's driver", () => {
  it('gives every engine a group and deals the queues out among them', () => {
    const bench = new HostBench().prepare();
    const found = bench.count(initialize());
    expect(found.value).toMatchObject({ queues: 8, queueEntries: 16, maxBatch: 1024 });
    expect(found.interrupts).toBe(0);
    for (let queue = 0; queue < 8; queue++) run(start(found.value, queue), bench.quiet);
    const { config } = decodeDevice(bench.registers, 'dsa0', (queue) => `q${queue}`);
    expect(config.groups.map((g) => g.engines)).toEqual([[0], [1], [2], [3]]);
    expect(config.groups.map((g) => g.workQueues.map((q) => q.name))).toEqual([
      ['q0', 'q4'],
      ['q1', 'q5'],
      ['q2', 'q6'],
      ['q3', 'q7'],
    ]);
    expect(config.groups[0]!.workQueues[0]).toMatchObject({
      mode: 'dedicated',
      size: 16,
      priority: 1,
      maxBatch: 1024,
    });
  });

  it('needs one read of its state, one command and one read of its end to start a queue', () => {
    const bench = new HostBench().prepare();
    const device = run(initialize(), bench.quiet);
    expect(bench.count(start(device, 3))).toMatchObject({ reads: 3, writes: 1, interrupts: 0 });
    expect(bench.count(start(device, 3))).toMatchObject({ reads: 1, writes: 0 });
    expect(bench.count(stop(device, 3))).toMatchObject({ reads: 3, writes: 1 });
    expect(bench.registers.queueState(3)).toBe(QUEUE_STATE.disabled);
  });

  it('with max_queues=1 takes one engine and all entries', () => {
    const bench = new HostBench().prepare();
    expect(run(initialize(1), bench.quiet)).toMatchObject({ queues: 1, queueEntries: 128 });
    expect(bench.registers.decoded().groups.flatMap((g) => g.engines)).toEqual([0]);
  });

  it('takes a device over that somebody else has left enabled', () => {
    const { bench } = enabled(queues(4, 'shared'));
    run(initialize(), bench.quiet);
    expect(bench.registers.state).toBe(DEVICE_STATE.enabled);
    expect(bench.registers.decoded().queues.every((queue) => queue.size === 16)).toBe(true);
  });

  it('finds a device that a function-level reset stopped unable to master the bus', () => {
    const bench = new HostBench().prepare();
    run(functionLevelReset(), bench.quiet);
    expect(() => run(initialize(), bench.quiet)).toThrow('bus_master_off');
  });
});

describe("SPDK's driver", () => {
  it('makes one queue of everything, with credits for its channels', () => {
    const bench = new HostBench().prepare();
    const { value } = bench.count(attach());
    expect(value).toEqual({ queueEntries: 128, channels: 8, creditsPerChannel: 16 });
    const { config } = decodeDevice(bench.registers, 'dsa0', () => 'all');
    const used = config.groups.filter((group) => group.workQueues.length > 0);
    expect(used).toHaveLength(1);
    expect(used[0]).toMatchObject({ engines: [0, 1, 2, 3], readBuffersAllowed: 96 });
    expect(used[0]!.workQueues[0]).toMatchObject({ mode: 'dedicated', size: 128, priority: 1 });
  });

  it('writes three words of all groups and all words of all queues', () => {
    const bench = new HostBench().prepare();
    // Reset 1 R, 5 capabilities, OPCAP 4, OFFSETS 2, three states, two commands 1 each.
    expect(bench.count(attach())).toMatchObject({ reads: 17, writes: 1 + 3 * 4 + 8 * 8 + 2 });
  });
});
