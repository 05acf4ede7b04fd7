/** A guest's driver on a virtual DSA: the same driver finds a read-only configuration and takes the other branch. */
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../src/core/status.js';
import { type Driver, run } from '../../src/models/driver/bus.js';
import { CostedBus } from '../../src/models/driver/costed-bus.js';
import { DeviceBus, InterruptCounter } from '../../src/models/driver/device-bus.js';
import { serviceMiscInterrupt } from '../../src/models/driver/idxd-command.js';
import { disableDevice, enableDevice } from '../../src/models/driver/idxd-device.js';
import { probe } from '../../src/models/driver/idxd-probe.js';
import { disableQueue, disableQueueCommand, enableQueue } from '../../src/models/driver/idxd-queue.js';
import { MediatedQueue } from '../../src/models/driver/mediated-queue.js';
import { enableSharedVirtualMemory, enableVectors, enumerate } from '../../src/models/driver/pci.js';
import { COMMAND, COMMAND_ERROR, encodeCommand } from '../../src/models/registers/commands.js';
import { BUS_MASTER, CONFIG, INITIATE_FLR } from '../../src/models/registers/config-space.js';
import {
  CAUSE,
  DEVICE_STATE,
  QUEUE_STATE,
  REGISTER,
  VIRTUAL_LAYOUT,
} from '../../src/models/registers/map.js';
import type { BackendAnswer } from '../../src/models/registers/queue-backend.js';
import { VirtualDevice } from '../../src/models/registers/virtual-device.js';
import { type VirtualVariant, virtualQueue } from '../../src/models/registers/virtual-shape.js';
import { registerAccess } from '../../src/models/virtualization/access.js';
import { enabled, PARAMETERS, queues, WITH_PASIDS, WITHOUT_PASIDS } from './driver-bench.js';

const SLOT = 5;
const DOMAIN = 77;

/** A guest in front of queue 0 of a host's device, handed out as the mdev series does. */
function guest(variant: VirtualVariant = 'read-only') {
  const host = enabled(queues(2, variant === 'shared' ? 'shared' : 'dedicated'), 'mdev');
  const { bench, device } = host;
  if (variant !== 'shared') run(disableQueueCommand(0), bench.quiet);
  const handedOut = virtualQueue(bench.registers, 0, variant);
  const fields = bench.registers.decoded().queues[0]!;
  const options = { device, index: 0, bus: bench.bus, variant, fields, pasid: DOMAIN, slot: SLOT };
  const interrupts = new InterruptCounter();
  const virtual = new VirtualDevice(handedOut, new MediatedQueue(options), interrupts.onMessage);
  const quiet = new DeviceBus(virtual, interrupts);
  const path = { control: 'mdev-trap', misc: 'eventfd-irqfd', inGuest: true, hardware: false } as const;
  const bus = new CostedBus(quiet, path, PARAMETERS);
  const pci = run(enumerate(), quiet);
  const count = <T>(driver: Driver<T>) => {
    bus.take('boot', '');
    bench.bus.take('boot', '');
    const value = run(driver, bus);
    const physical = bench.bus.take('boot', '');
    return { value, ...bus.take('boot', ''), physical };
  };
  return { host: bench, virtual, interrupts, quiet, bus, pci, count };
}

/** The guest's driver has probed and enabled everything. */
function booted(variant: VirtualVariant = 'read-only') {
  const parts = guest(variant);
  run(enableVectors(parts.pci), parts.quiet);
  if (variant === 'shared') run(enableSharedVirtualMemory(), parts.quiet);
  const device = run(probe(variant === 'shared' ? WITH_PASIDS : WITHOUT_PASIDS), parts.quiet);
  run(enableDevice(device, null), parts.quiet);
  const queue = run(enableQueue(device, 0, true), parts.quiet);
  return { ...parts, device, queue };
}

const counts = ({ reads, writes }: { reads: number; writes: number }) => `${reads} R + ${writes} W`;

describe('On the mediated device a guest', () => {
  it('probes with 28 reads and 2 writes, every one of which leaves the guest', () => {
    const { count, pci, quiet } = guest();
    run(enableVectors(pci), quiet);
    const found = count(probe(WITHOUT_PASIDS));
    expect(counts(found)).toBe('28 R + 2 W');
    expect(found.trapped).toBe(30);
    expect(found.physical).toMatchObject({ reads: 0, writes: 0 });
    expect(found.value).toMatchObject({
      configurable: false,
      blockOnFault: false,
      workQueues: 1,
      groups: 1,
      engines: 1,
    });
    expect(found.value.found!.queues[0]).toMatchObject({ size: 16, dedicated: true, priority: 10 });
    expect(found.value.found!.groups[0]).toMatchObject({ workQueues: [0], engines: [0] });
  });

  it('enables the device with 4 reads and 2 writes, of which the physical one sees nothing', () => {
    const { count, pci, quiet } = guest();
    run(enableVectors(pci), quiet);
    const device = run(probe(WITHOUT_PASIDS), quiet);
    const found = count(enableDevice(device, null));
    expect(counts(found)).toBe('4 R + 2 W');
    expect(found.physical).toMatchObject({ reads: 0, writes: 0 });
  });

  it('enables a kernel queue with 6 reads and 4 writes; the host writes the PASID, the privilege and a command', () => {
    const { count, pci, quiet, host } = guest();
    run(enableVectors(pci), quiet);
    const device = run(probe(WITHOUT_PASIDS), quiet);
    run(enableDevice(device, null), quiet);
    const found = count(enableQueue(device, 0, true));
    expect(counts(found)).toBe('6 R + 4 W');
    expect(counts(found.physical)).toBe('3 R + 4 W');
    expect(found.value.handle).toBe(SLOT);
    expect(host.registers.queueState(0)).toBe(QUEUE_STATE.enabled);
    expect(host.registers.decoded().queues[0]).toMatchObject({
      pasid: DOMAIN,
      pasidEnable: true,
      priv: true,
    });
  });

  it('disables the queue with 8 reads and 6 writes and the device with 5 reads and 2 writes', () => {
    const { count, device, queue, host, virtual } = booted();
    const found = count(disableQueue(device, queue));
    expect(counts(found)).toBe('8 R + 6 W');
    // Drain, then abort and disable.
    expect(found.physical).toMatchObject({ commands: 3 });
    expect(host.registers.queueState(0)).toBe(QUEUE_STATE.disabled);
    expect(counts(count(disableDevice(device, [])))).toBe('5 R + 2 W');
    expect(virtual.state).toBe(DEVICE_STATE.disabled);
  });

  it('sets up two vectors with ten writes; unmasking the second one unmasks the physical interrupt', () => {
    const { count, pci, host } = guest();
    expect(pci.vectors).toBe(2);
    const found = count(enableVectors(pci));
    expect(counts(found)).toBe('0 R + 10 W');
    expect(counts(found.physical)).toBe('2 R + 1 W');
    expect(host.registers.read(host.registers.shape.layout.messageStore + 16 * SLOT + 12, 4)[0] & 1).toBe(0);
  });

  it('pays one exit and two pieces for a register of 64 bits', () => {
    const { bus } = guest();
    bus.read(REGISTER.gencap, 8);
    const { parts } = registerAccess('mdev-trap', 'read', 8, PARAMETERS);
    expect(bus).toMatchObject({ reads: 1, trapped: 1 });
    expect(parts.map(({ name }) => name)).toContain('2 × kernel_handler');
    expect(bus.timePs).toBe(parts.reduce((sum, { timePs }) => sum + timePs, 0));
  });
});

describe('The virtual registers', () => {
  const issue = (device: VirtualDevice, code: number, operand = 0) => {
    device.write(REGISTER.cmd, 4, encodeCommand(code, operand, false));
    return device.read(REGISTER.cmdstatus, 4)[0];
  };

  it('ignore writes to the configuration', () => {
    const { virtual } = guest();
    const at = VIRTUAL_LAYOUT.workQueues;
    const before = virtual.wqcfgWords(0);
    for (let offset = 0; offset < 32; offset += 4) virtual.write(at + offset, 4, 0xffff_ffff);
    virtual.write(VIRTUAL_LAYOUT.groups, 8, 0, 0);
    expect(virtual.wqcfgWords(0)).toEqual(before);
    expect(virtual.grpcfgWords(0)[0]).toBe(1);
  });

  it('refuse what the series refuses', () => {
    const { virtual } = guest();
    virtual.configuration.write(CONFIG.command, 2, 0);
    expect(issue(virtual, COMMAND.enable_device)).toBe(COMMAND_ERROR.bus_master_off);
    virtual.configuration.write(CONFIG.command, 2, BUS_MASTER);
    expect(issue(virtual, COMMAND.enable_wq, 0)).toBe(COMMAND_ERROR.device_not_enabled);
    expect(issue(virtual, COMMAND.enable_device)).toBe(COMMAND_ERROR.none);
    expect(issue(virtual, COMMAND.enable_device)).toBe(COMMAND_ERROR.device_not_disabled);
    expect(issue(virtual, COMMAND.enable_wq, 1)).toBe(COMMAND_ERROR.bad_queue);
    expect(issue(virtual, COMMAND.request_int_handle, 0)).toBe(COMMAND_ERROR.handle_index);
    expect(issue(virtual, COMMAND.request_int_handle, 1)).toBe(SLOT << 8);
    expect(issue(virtual, COMMAND.drain_pasid, 3)).toBe(COMMAND_ERROR.unsupported);
  });

  it('tell the guest of a software error of its queue as of queue 0', () => {
    const { virtual, interrupts, quiet } = booted();
    interrupts.take();
    virtual.forwardError([0x0003_530d, 0, 0, 0, 0, 0, 0, 0]);
    expect(interrupts.take()).toBe(true);
    const found = run(serviceMiscInterrupt(), quiet);
    expect(found.cause).toBe(CAUSE.software_error);
    expect(found.softwareError![0]! >>> 16).toBe(0);
    expect((found.softwareError![0]! >>> 8) & 0xff).toBe(STATUS.work_queue_overflow);
  });

  it('halt with error 0x51 when the guest clears Bus Master, and start anew after its reset', () => {
    const { virtual, host } = booted();
    virtual.configuration.write(CONFIG.command, 2, 0);
    expect(virtual.state).toBe(DEVICE_STATE.halt);
    expect((virtual.softwareError()[0]! >>> 8) & 0xff).toBe(STATUS.pci_config);
    expect(issue(virtual, COMMAND.drain_all)).toBe(COMMAND_ERROR.halted);
    virtual.configuration.write(CONFIG.device_control, 2, INITIATE_FLR);
    expect(virtual.state).toBe(DEVICE_STATE.disabled);
    expect(host.registers.queueState(0)).toBe(QUEUE_STATE.disabled);
    expect(virtual.softwareError()[0]).toBe(0);
  });

  it('are the same on a device that took the state of another, whose physical interrupt is masked as theirs', () => {
    const { virtual } = booted();
    const other = guest();
    other.virtual.load(virtual.save());
    const readable = Array.from({ length: 0x1000 / 4 }, (_, i) => 4 * i);
    for (const offset of readable) {
      expect(other.virtual.read(offset, 4)[0], `register ${offset}`).toBe(virtual.read(offset, 4)[0]);
    }
    for (let offset = 0; offset < 256; offset += 4) {
      expect(other.virtual.configuration.read(offset, 4)).toBe(virtual.configuration.read(offset, 4));
    }
    expect(other.virtual.state).toBe(DEVICE_STATE.enabled);
    const { registers } = other.host;
    expect(registers.read(registers.shape.layout.messageStore + 16 * SLOT + 12, 4)[0]! & 1).toBe(0);
    // What the guest does there afterwards is not done here.
    other.virtual.write(REGISTER.genctrl, 4, 0);
    expect(virtual.read(REGISTER.genctrl, 4)[0]).not.toBe(0);
  });

  it('answer a command written while one is active with error 0x52', () => {
    const { host } = guest();
    const handedOut = virtualQueue(host.registers, 0, 'read-only');
    let finish: BackendAnswer = () => {};
    class SlowQueue extends MediatedQueue {
      override enable(_fields: unknown, done: BackendAnswer): void {
        finish = done;
      }
    }
    const { device } = enabled(queues(1, 'dedicated'));
    const fields = host.registers.decoded().queues[0]!;
    const options = { device, index: 0, bus: host.quiet, fields, pasid: DOMAIN, slot: SLOT };
    const slow = new SlowQueue({ ...options, variant: 'read-only' });
    const virtual = new VirtualDevice(handedOut, slow, () => {});
    virtual.configuration.write(CONFIG.command, 2, BUS_MASTER);
    issue(virtual, COMMAND.enable_device);
    expect(issue(virtual, COMMAND.enable_wq, 0)).toBe(0x8000_0000);
    issue(virtual, COMMAND.drain_all);
    expect((virtual.softwareError()[0]! >>> 8) & 0xff).toBe(STATUS.command_register);
    finish(COMMAND_ERROR.none);
    expect(virtual.queueState(0)).toBe(QUEUE_STATE.enabled);
    expect(virtual.read(REGISTER.cmdstatus, 4)[0]).toBe(0);
  });
});

describe('The variants of the mediated device', () => {
  it('with writable configuration lets the guest choose limits and priority, which reach the physical queue', () => {
    const { virtual, host, count, quiet, pci } = guest('writable');
    run(enableVectors(pci), quiet);
    const device = run(probe(WITHOUT_PASIDS), quiet);
    expect(device.configurable).toBe(true);
    const at = VIRTUAL_LAYOUT.workQueues;
    virtual.write(at + 4, 4, 9);
    virtual.write(at + 8, 4, 1 | (3 << 4));
    virtual.write(at + 12, 4, 16 | (4 << 5));
    run(enableDevice(device, null), quiet);
    const found = count(enableQueue(device, 0, true));
    expect(counts(found.physical)).toBe('3 R + 6 W');
    expect(host.registers.decoded().queues[0]).toMatchObject({
      size: 16,
      threshold: 9,
      priority: 3,
      maxTransferShift: 16,
      maxBatchShift: 4,
      pasid: DOMAIN,
    });
  });

  it('with a shared queue leaves the physical queue to its other users, and drains only its own PASID', () => {
    const { host, count, device, queue } = booted('shared');
    expect(host.registers.queueState(0)).toBe(QUEUE_STATE.enabled);
    const found = count(disableQueue(device, queue));
    expect(found.physical.commands).toBe(2);
    expect(host.registers.queueState(0)).toBe(QUEUE_STATE.enabled);
  });
});
