/** Administrative commands: the checks of Enable Device and Enable WQ, one command at a time, waiting for work. */
import { describe, expect, it } from 'vitest';
import { STATUS } from '../../src/core/status.js';
import { physicalShape } from '../../src/models/registers/capabilities.js';
import { COMMAND, COMMAND_ERROR, encodeCommand, queueOperand } from '../../src/models/registers/commands.js';
import { BUS_MASTER, CONFIG, INITIATE_FLR } from '../../src/models/registers/config-space.js';
import {
  CAUSE,
  DEVICE_STATE,
  PHYSICAL_LAYOUT,
  QUEUE_STATE,
  REGISTER,
  RESET_TYPE,
} from '../../src/models/registers/map.js';
import type { PhysicalRegisters } from '../../src/models/registers/physical-registers.js';
import type { WorkScope, WorkSink } from '../../src/models/registers/work-sink.js';
import { enabled, HostBench, PARAMETERS, queues } from './driver-bench.js';

const { groups: GROUP, workQueues: QUEUE } = PHYSICAL_LAYOUT;
const E = COMMAND_ERROR;

/** Writes a command and reads what CMDSTATUS says. */
function issue(registers: PhysicalRegisters, code: number, operand = 0, interrupt = false): number {
  registers.write(REGISTER.cmd, 4, encodeCommand(code, operand, interrupt));
  return registers.read(REGISTER.cmdstatus, 4)[0];
}

/** A valid configuration written by hand: queue 0 of eight entries and engine 0 in group 0. */
function configured(): PhysicalRegisters {
  const { registers } = new HostBench().prepare();
  registers.write(QUEUE, 4, 8);
  registers.write(QUEUE + 8, 4, 1 | (1 << 4));
  registers.write(QUEUE + 12, 4, 21 | (5 << 5));
  registers.write(GROUP, 8, 1);
  registers.write(GROUP + 32, 8, 1);
  return registers;
}

describe('Enable Device', () => {
  it('accepts a valid configuration, and refuses a second time', () => {
    const registers = configured();
    expect(issue(registers, COMMAND.enable_device)).toBe(E.none);
    expect(issue(registers, COMMAND.enable_device)).toBe(E.device_not_disabled);
  });

  const faults: [string, (r: PhysicalRegisters) => void, number][] = [
    ['bus mastering off', (r) => r.configuration.write(CONFIG.command, 2, 0), E.bus_master_off],
    ['more entries than there are', (r) => r.write(QUEUE, 4, 129), E.total_size],
    ['queues without engines', (r) => r.write(GROUP + 32, 8, 0), E.group_config],
    ['engines without queues', (r) => r.write(GROUP + 64 + 32, 8, 2), E.group_config],
    ['a queue that does not exist', (r) => r.write(GROUP + 8, 8, 1), E.queue_config],
    ['a queue without entries in a group', (r) => r.write(GROUP, 8, 3), E.queue_config],
    ['a queue with entries in no group', (r) => r.write(QUEUE + 32, 4, 8), E.queue_config],
    [
      'an engine in two groups',
      (r) => {
        r.write(QUEUE + 32, 4, 8);
        r.write(GROUP + 64, 8, 2);
        r.write(GROUP + 64 + 32, 8, 1);
      },
      E.engine_config,
    ],
    ['an engine that does not exist', (r) => r.write(GROUP + 32, 8, 0x11), E.engine_config],
    ['fewer than four read buffers an engine', (r) => r.write(GROUP + 40, 4, 3 << 20), E.read_buffers],
    [
      'more read buffers than others leave',
      (r) => r.write(GROUP + 64 + 40, 4, (96 << 20) | (8 << 8)),
      E.read_buffers,
    ],
    ['an unsupported limit', (r) => r.write(GROUP + 44, 4, 1), E.read_buffers],
    [
      'page requests without translation',
      (r) => r.configuration.write(CONFIG.ats + 4, 4, 0),
      E.address_translation,
    ],
  ];
  it.each(faults)('refuses %s', (_name, break_, error) => {
    const registers = configured();
    break_(registers);
    expect(issue(registers, COMMAND.enable_device)).toBe(error);
    expect(registers.state).toBe(DEVICE_STATE.disabled);
  });

  it('refuses an event log of fewer than 64 entries on revision 2.0', () => {
    const { registers } = new HostBench(physicalShape(PARAMETERS, '2.0')).prepare();
    registers.write(REGISTER.gencfg, 4, 96 | (1 << 13));
    registers.write(REGISTER.evlcfg + 8, 8, 63);
    expect(issue(registers, COMMAND.enable_device)).toBe(E.event_log);
    registers.write(REGISTER.evlcfg + 8, 8, 64);
    expect(issue(registers, COMMAND.enable_device)).toBe(E.none);
  });
});

describe('Enable WQ', () => {
  const mode = (word: number) => (r: PhysicalRegisters) => r.write(QUEUE + 8, 4, word);
  const faults: [string, (r: PhysicalRegisters) => void, number][] = [
    ['priority 0', mode(1), E.queue_priority],
    ['a shared queue without a PASID', mode(1 << 4), E.queue_pasid],
    [
      'blocking on faults without page requests',
      (r) => {
        mode(1 | 2 | (1 << 4))(r);
        r.configuration.write(CONFIG.prs + 4, 4, 0);
      },
      E.queue_block_on_fault,
    ],
    [
      'a PASID while PASIDs are off',
      (r) => {
        mode(1 | (1 << 4) | (1 << 28))(r);
        r.configuration.write(CONFIG.pasid + 4, 4, 0);
      },
      E.queue_pasid,
    ],
    [
      'privilege while privileged mode is off',
      (r) => {
        mode((1 | (1 << 4) | (1 << 28) | (1 << 29)) >>> 0)(r);
        r.configuration.write(CONFIG.pasid + 4, 4, 1 << 16);
      },
      E.queue_privilege,
    ],
    ['batches of one', (r) => r.write(QUEUE + 12, 4, 21), E.queue_max_batch],
    ['batches beyond the device', (r) => r.write(QUEUE + 12, 4, 21 | (11 << 5)), E.queue_max_batch],
    [
      'an occupancy interrupt by a handle that does not exist',
      (r) => {
        r.write(QUEUE + 16, 4, 9);
        r.write(QUEUE + 20, 4, 1 << 16);
      },
      E.queue_occupancy_interrupt,
    ],
    ['no address translation', mode(1 | 4 | (1 << 4)), E.queue_address_translation],
    ['no page requests', mode(1 | 8 | (1 << 4)), E.queue_page_requests],
  ];
  it.each(faults)('refuses %s', (_name, break_, error) => {
    const registers = configured();
    issue(registers, COMMAND.enable_device);
    break_(registers);
    expect(issue(registers, COMMAND.enable_wq, 0)).toBe(error);
    expect(registers.queueState(0)).toBe(QUEUE_STATE.disabled);
  });

  it('refuses before the device is enabled, a queue without entries, and one that is enabled', () => {
    const registers = configured();
    expect(issue(registers, COMMAND.enable_wq, 0)).toBe(E.device_not_enabled);
    issue(registers, COMMAND.enable_device);
    expect(issue(registers, COMMAND.enable_wq, 1)).toBe(E.queue_size);
    expect(issue(registers, COMMAND.enable_wq, 8)).toBe(E.bad_queue);
    expect(issue(registers, COMMAND.enable_wq, 0)).toBe(E.none);
    expect(issue(registers, COMMAND.enable_wq, 0)).toBe(E.queue_not_disabled);
  });

  it('refuses operations that the device lacks on revision 2.0', () => {
    const { registers } = new HostBench(physicalShape(PARAMETERS, '2.0')).prepare();
    registers.write(QUEUE, 4, 8);
    registers.write(QUEUE + 8, 4, 1 | (1 << 4));
    registers.write(QUEUE + 12, 4, 21 | (5 << 5));
    registers.write(QUEUE + 32, 4, 0x8000_0000);
    registers.write(GROUP, 8, 1);
    registers.write(GROUP + 32, 8, 1);
    expect(issue(registers, COMMAND.enable_device)).toBe(E.none);
    expect(issue(registers, COMMAND.enable_wq, 0)).toBe(E.queue_operations);
  });
});

describe('Commands in general', () => {
  it('that do not exist, or carry reserved bits, are refused', () => {
    const registers = configured();
    expect(issue(registers, 0)).toBe(E.unsupported);
    expect(issue(registers, COMMAND.request_int_handle, 1)).toBe(E.unsupported);
    expect(issue(registers, COMMAND.enable_device, 1)).toBe(E.reserved);
    registers.write(REGISTER.cmd, 4, encodeCommand(COMMAND.enable_device, 0, false) | (1 << 25));
    expect(registers.read(REGISTER.cmdstatus, 4)[0]).toBe(E.reserved);
  });

  it('raise vector 0 only if asked', () => {
    const bench = new HostBench().prepare();
    issue(bench.registers, COMMAND.reset_device);
    expect(bench.interrupts.take()).toBe(false);
    issue(bench.registers, COMMAND.reset_device, 0, true);
    expect(bench.interrupts.take()).toBe(true);
    expect(bench.registers.read(REGISTER.intcause, 4)[0]).toBe(CAUSE.command);
  });

  it('on queues need all of them enabled, except a reset', () => {
    const { bench } = enabled(queues(2, 'shared'));
    const { registers } = bench;
    expect(issue(registers, COMMAND.disable_wq, queueOperand(1))).toBe(E.none);
    expect(issue(registers, COMMAND.drain_wq, 0b11)).toBe(E.queue_not_enabled);
    expect(issue(registers, COMMAND.drain_wq, 0b01)).toBe(E.none);
    expect(issue(registers, COMMAND.abort_wq, 1 << 16)).toBe(E.none);
    expect(issue(registers, COMMAND.abort_wq, (1 << 16) | 1)).toBe(E.bad_queue);
    expect(issue(registers, COMMAND.reset_wq, 0b11)).toBe(E.none);
    expect(issue(registers, COMMAND.disable_device)).toBe(E.none);
    expect(issue(registers, COMMAND.disable_device)).toBe(E.device_disabled);
  });

  it('are refused by a halted device until the reset that it names', () => {
    const { bench } = enabled(queues(1, 'shared'));
    const { registers } = bench;
    registers.fail(STATUS.hw_err1, RESET_TYPE.command);
    expect(issue(registers, COMMAND.drain_all)).toBe(E.halted);
    expect(issue(registers, COMMAND.reset_device)).toBe(E.none);
    expect(registers.state).toBe(DEVICE_STATE.disabled);
  });
});

/** Work that completes when the test says so. */
class HeldWork implements WorkSink {
  accepts(): void {}
  halted(): void {}

  readonly drains: WorkScope[] = [];
  readonly aborts: WorkScope[] = [];
  finish: () => void = () => {};
  waiting = 5;
  occupancy = () => this.waiting;
  drain(scope: WorkScope, done: () => void): void {
    this.drains.push(scope);
    this.finish = done;
  }
  abort(scope: WorkScope, done: () => void): void {
    this.aborts.push(scope);
    this.finish = done;
  }
}

describe('A command that waits for work', () => {
  const busy = () => {
    const work = new HeldWork();
    const bench = new HostBench({}, { work }).prepare();
    const { registers } = bench;
    registers.write(QUEUE, 4, 8);
    registers.write(QUEUE + 8, 4, 1 | (1 << 4));
    registers.write(QUEUE + 12, 4, 21 | (5 << 5));
    registers.write(GROUP, 8, 1);
    registers.write(GROUP + 32, 8, 1);
    registers.write(REGISTER.genctrl, 4, 3);
    issue(registers, COMMAND.enable_device);
    issue(registers, COMMAND.enable_wq, 0);
    return { work, bench, registers };
  };

  it('stays active, its queue draining, until the work has gone', () => {
    const { work, bench, registers } = busy();
    expect(issue(registers, COMMAND.disable_wq, 1, true)).toBe(0x8000_0000);
    expect(registers.queueState(0)).toBe(QUEUE_STATE.draining);
    expect(work.drains).toEqual([{ queues: [0], pasid: null }]);
    expect(bench.interrupts.take()).toBe(false);
    work.finish();
    expect(registers.read(REGISTER.cmdstatus, 4)[0]).toBe(E.none);
    expect(registers.queueState(0)).toBe(QUEUE_STATE.disabled);
    expect(bench.interrupts.take()).toBe(true);
  });

  it('is not disturbed by another one, which is an error 0x52 and sets Overflow the second time', () => {
    const { work, registers } = busy();
    issue(registers, COMMAND.drain_pasid, 42);
    issue(registers, COMMAND.abort_all);
    expect((registers.softwareError()[0]! >>> 8) & 0xff).toBe(STATUS.command_register);
    expect(registers.softwareError()[0]! & 3).toBe(1);
    issue(registers, COMMAND.abort_all);
    expect(registers.softwareError()[0]! & 3).toBe(3);
    expect(work.drains).toEqual([{ queues: [0], pasid: 42 }]);
    expect(work.aborts).toEqual([]);
    work.finish();
    expect(registers.read(REGISTER.cmdstatus, 4)[0]).toBe(E.none);
  });

  it('is forgotten by a function-level reset, which abandons the work', () => {
    const { work, registers } = busy();
    issue(registers, COMMAND.drain_all);
    const stale = work.finish;
    registers.configuration.write(CONFIG.device_control, 2, INITIATE_FLR);
    stale();
    expect(work.aborts).toEqual([{ queues: [0], pasid: null }]);
    expect(registers.state).toBe(DEVICE_STATE.disabled);
    expect(registers.read(REGISTER.cmdstatus, 4)[0]).toBe(0);
    expect(registers.configuration.read(CONFIG.command, 2)).toBe(0);
  });

  it('shows the occupancy, and its interrupt fires once until it is cleared', () => {
    const { work, bench, registers } = busy();
    expect(registers.read(QUEUE + 24, 2)[0]).toBe(5);
    registers.write(QUEUE + 20, 4, (1 << 16) | 4);
    registers.occupancyFell(0);
    expect(bench.interrupts.take()).toBe(false);
    work.waiting = 4;
    registers.occupancyFell(0);
    registers.occupancyFell(0);
    expect(bench.interrupts.take()).toBe(true);
    expect(registers.read(QUEUE + 24, 4)[0] & (1 << 16)).not.toBe(0);
    registers.write(QUEUE + 24, 4, 1 << 16);
    expect(registers.read(QUEUE + 24, 4)[0] & (1 << 16)).toBe(0);
  });
});

describe('Clearing Bus Master on an enabled device', () => {
  it('stops it with error 0x51 until a function-level reset', () => {
    const { bench } = enabled(queues(1, 'shared'));
    const { registers } = bench;
    registers.configuration.write(CONFIG.command, 2, 0);
    expect(registers.state).toBe(DEVICE_STATE.halt);
    expect((registers.softwareError()[0]! >>> 8) & 0xff).toBe(STATUS.pci_config);
    expect(issue(registers, COMMAND.reset_device)).toBe(E.halted);
    registers.configuration.write(CONFIG.device_control, 2, INITIATE_FLR);
    expect(registers.state).toBe(DEVICE_STATE.disabled);
    registers.configuration.write(CONFIG.command, 2, BUS_MASTER);
    expect(registers.configuration.busMaster).toBe(true);
  });
});
