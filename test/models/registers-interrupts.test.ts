/** Vectors, masks, permissions, handles, the message store and the event log. */
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../src/core/status.js';
import { run } from '../../src/models/driver/bus.js';
import { serviceMiscInterrupt } from '../../src/models/driver/idxd-command.js';
import { planDevice } from '../../src/models/driver/idxd-config.js';
import { disableDevice, enableDevice, recover } from '../../src/models/driver/idxd-device.js';
import { probe } from '../../src/models/driver/idxd-probe.js';
import { enablePlannedQueue, renewHandle } from '../../src/models/driver/idxd-queue.js';
import { physicalShape } from '../../src/models/registers/capabilities.js';
import { COMMAND, COMMAND_ERROR, encodeCommand } from '../../src/models/registers/commands.js';
import { CONFIG, MSIX_CONTROL } from '../../src/models/registers/config-space.js';
import { LogBuffer, wordsOf } from '../../src/models/registers/event-log.js';
import {
  CAUSE,
  DEVICE_STATE,
  PERMISSION,
  PHYSICAL_LAYOUT,
  QUEUE_STATE,
  REGISTER,
  RESET_TYPE,
} from '../../src/models/registers/map.js';
import { enabled, HostBench, PARAMETERS, queues, WITH_PASIDS } from './driver-bench.js';
import { errorReport } from './register-cases.js';

const { vectors: TABLE, pending: PENDING, permissions, messageStore } = PHYSICAL_LAYOUT;

describe('A vector', () => {
  const sent = () => {
    const messages: number[] = [];
    const bench = new HostBench({}, { onMessage: (vector) => messages.push(vector) });
    return { bench, messages, registers: bench.registers };
  };

  it('is pending while it is masked, and is sent once when the mask goes', () => {
    const { bench, messages, registers } = sent();
    bench.prepare();
    registers.write(TABLE + 16 * 3 + 12, 4, 1);
    registers.vectors.raise(3);
    registers.vectors.raise(3);
    expect(messages).toEqual([]);
    expect(registers.read(PENDING, 8)[0]).toBe(1 << 3);
    registers.write(TABLE + 16 * 3 + 12, 4, 0);
    expect(messages).toEqual([3]);
    expect(registers.read(PENDING, 8)[0]).toBe(0);
  });

  it('waits for MSI-X to be enabled and for the function mask', () => {
    const { messages, registers } = sent();
    registers.write(TABLE + 12, 4, 0);
    registers.vectors.raise(0);
    expect(messages).toEqual([]);
    registers.configuration.write(CONFIG.msix, 4, MSIX_CONTROL.enable | MSIX_CONTROL.mask_all);
    expect(messages).toEqual([]);
    registers.configuration.write(CONFIG.msix, 4, MSIX_CONTROL.enable);
    expect(messages).toEqual([0]);
  });

  it('cannot be made pending by software', () => {
    const { registers } = sent();
    registers.write(PENDING, 8, 0xff);
    expect(registers.read(PENDING, 8)[0]).toBe(0);
  });
});

describe('A message store entry', () => {
  it('begins masked at the default address, and is pending until it is unmasked', () => {
    const messages: [number, number, number][] = [];
    const bench = new HostBench({}, { onStoredMessage: (...message) => messages.push(message) });
    const at = messageStore + 16 * 2047;
    expect(bench.registers.read(at, 8)).toEqual([0xfee0_0000, 0]);
    expect(bench.registers.read(at + 8, 8)).toEqual([0, PERMISSION.mask]);
    bench.registers.write(at + 8, 8, 0x55, PERMISSION.mask | PERMISSION.pasid_enable | (9 << 12));
    bench.registers.messageStore.raise(2047);
    expect(bench.registers.read(at + 12, 4)[0] & PERMISSION.pending).not.toBe(0);
    bench.registers.write(at + 12, 4, PERMISSION.pasid_enable | (9 << 12));
    expect(messages).toEqual([[2047, 0xfee0_0000, 0x55]]);
    expect(bench.registers.messageStore.permits(2047, 9)).toBe(true);
    expect(bench.registers.messageStore.permits(2047, 8)).toBe(false);
    expect(bench.registers.read(messageStore + 16 * 2048, 4)[0]).toBe(0xffff_ffff);
  });
});

describe('Permissions', () => {
  it('tie a vector to a PASID, and drop what is to be ignored', () => {
    const { bench } = enabled(queues(1, 'shared'));
    bench.registers.write(permissions + 8 * 2, 4, (42 << 12) | PERMISSION.pasid_enable);
    bench.registers.write(permissions + 8 * 3, 4, PERMISSION.ignore);
    const table = bench.registers.interruptTable();
    expect([table.accepts(2, 42), table.accepts(2, 41), table.accepts(2, null)]).toEqual([
      true,
      false,
      false,
    ]);
    expect([table.accepts(1, null), table.accepts(9, null)]).toEqual([true, false]);
    expect([table.delivers(2), table.delivers(3)]).toEqual([true, false]);
  });
});

describe('Interrupt handles of revision 2.0', () => {
  const issue = (bench: HostBench, code: number, operand: number) => {
    bench.registers.write(REGISTER.cmd, 4, encodeCommand(code, operand, false));
    const status = bench.registers.read(REGISTER.cmdstatus, 4)[0];
    return { error: status & 0xff, result: status >>> 8 };
  };

  it('are granted until there are none, and refused for a vector that does not exist', () => {
    const bench = new HostBench(physicalShape(PARAMETERS, '2.0')).prepare();
    expect(issue(bench, COMMAND.request_int_handle, 9).error).toBe(COMMAND_ERROR.handle_index);
    const granted = Array.from({ length: 9 }, () => issue(bench, COMMAND.request_int_handle, 1).result);
    expect(new Set(granted).size).toBe(9);
    expect(issue(bench, COMMAND.request_int_handle, 1).error).toBe(COMMAND_ERROR.handle_none);
    expect(issue(bench, COMMAND.release_int_handle, granted[4]!).error).toBe(COMMAND_ERROR.none);
    expect(issue(bench, COMMAND.release_int_handle, granted[4]!).error).toBe(COMMAND_ERROR.handle_index);
    expect(issue(bench, COMMAND.request_int_handle, (1 << 16) | 2047).error).toBe(COMMAND_ERROR.none);
  });

  it('that were revoked are refused to descriptors until the driver asks for new ones', () => {
    const bench = new HostBench(physicalShape(PARAMETERS, '2.0')).prepare();
    const device = run(probe(WITH_PASIDS), bench.quiet);
    const plan = planDevice(device, queues(1, 'dedicated'), 'kernel');
    run(enableDevice(device, plan), bench.quiet);
    const before = run(enablePlannedQueue(device, plan, plan.queues[0]!), bench.quiet);
    expect(bench.registers.interruptTable().accepts(before.handle!, null)).toBe(true);
    bench.registers.revokeHandles();
    expect(bench.registers.interruptTable().accepts(before.handle!, null)).toBe(false);
    expect(run(serviceMiscInterrupt(), bench.quiet).cause).toBe(CAUSE.handles_revoked);
    bench.interrupts.take();
    const after = run(renewHandle(before), bench.quiet);
    expect(after.handle).not.toBe(before.handle);
    expect(bench.registers.interruptTable().accepts(after.handle!, null)).toBe(true);
  });
});

describe('The event log', () => {
  const logging = () => {
    const memory = new LogBuffer();
    const bench = new HostBench(physicalShape(PARAMETERS, '2.0'), { memory }).prepare();
    const device = run(probe(WITH_PASIDS), bench.quiet);
    const plan = planDevice(device, queues(1, 'shared'), 'user');
    run(enableDevice(device, plan, { base: 0x10_0000, entries: 64 }), bench.quiet);
    bench.interrupts.take();
    return { bench, memory, device };
  };

  it('receives entries at its tail, with one interrupt until the driver has acknowledged it', () => {
    const { bench, memory } = logging();
    bench.registers.reportError(errorReport(STATUS.cra_xlat, { pasid: 7 }));
    expect(bench.interrupts.take()).toBe(true);
    bench.registers.reportError(errorReport(STATUS.drain_evl));
    expect(bench.interrupts.take()).toBe(false);
    const [first, pasid] = wordsOf(memory.read(0x10_0000, 64));
    expect((first! >>> 8) & 0xff).toBe(STATUS.cra_xlat);
    expect((pasid! >>> 8) & 0xf_ffff).toBe(7);
    expect((wordsOf(memory.read(0x10_0040, 64))[0]! >>> 8) & 0xff).toBe(STATUS.drain_evl);
    expect(bench.registers.softwareError()[0]! & 1).toBe(0);
  });

  it('is full with one place free, and takes entries again when the head has moved', () => {
    const { bench } = logging();
    const fits = Array.from({ length: 64 }, () => bench.registers.reportError(errorReport(STATUS.cra_xlat)));
    expect(fits.filter(Boolean)).toHaveLength(63);
    expect(fits[63]).toBe(false);
    run(serviceMiscInterrupt(), bench.quiet);
    expect(bench.registers.reportError(errorReport(STATUS.cra_xlat))).toBe(true);
    expect(bench.registers.read(REGISTER.evlstatus + 4, 2)[0]).toBe(0);
  });

  it('is switched off when the driver takes the device down', () => {
    const { bench, device } = logging();
    const { reads, writes } = bench.count(disableDevice(device, []));
    // The reset has cleared GENCFG, so that nothing is left to switch off.
    expect([reads, writes]).toEqual([9, 5]);
    expect(bench.registers.decoded().log.enabled).toBe(false);
  });
});

describe('A halted device that a command can reset', () => {
  it('is configured and enabled anew by its driver, with every queue as before', () => {
    const { bench, device, plan, queues: before } = enabled(queues(3, 'shared'));
    const configuration = bench.registers.decoded();
    bench.registers.fail(STATUS.hw_err1, RESET_TYPE.command);
    expect(run(serviceMiscInterrupt(), bench.quiet).halted).toBe(true);
    bench.interrupts.take();
    run(recover(device, plan, before), bench.quiet);
    expect(bench.registers.state).toBe(DEVICE_STATE.enabled);
    expect(before.map(({ index }) => bench.registers.queueState(index))).toEqual([1, 1, 1]);
    expect(QUEUE_STATE.enabled).toBe(1);
    expect(bench.registers.decoded()).toEqual(configuration);
  });
});
