/** Widths, read-only bits and the state that makes a register writable. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/models/driver/bus.js';
import { enableDevice } from '../../src/models/driver/idxd-device.js';
import { physicalShape } from '../../src/models/registers/capabilities.js';
import { COMMAND, encodeCommand } from '../../src/models/registers/commands.js';
import { CAUSE, PHYSICAL_LAYOUT, REGISTER } from '../../src/models/registers/map.js';
import { PhysicalRegisters } from '../../src/models/registers/physical-registers.js';
import type { AccessBytes } from '../../src/models/registers/register-file.js';
import { enabled, PARAMETERS, probed, queues } from './driver-bench.js';

const fresh = (generation: '1.0' | '2.0' = '1.0') =>
  new PhysicalRegisters(physicalShape(PARAMETERS, generation));
const word = (registers: PhysicalRegisters, offset: number) => registers.read(offset, 4)[0];

describe('The capability registers', () => {
  it('of a Sapphire Rapids device read as its shape', () => {
    const registers = fresh();
    expect(word(registers, REGISTER.version)).toBe(0x100);
    // 2^31 bytes, 1024 descriptors, 2048 message store entries, configurable.
    expect(word(registers, REGISTER.gencap) >>> 16).toBe(0x915f);
    expect(word(registers, REGISTER.wqcap)).toBe(0x0008_0080);
    expect(word(registers, REGISTER.grpcap) & 0xffff).toBe(0x6004);
    expect(word(registers, REGISTER.engcap) & 0xff).toBe(4);
    expect(registers.read(REGISTER.opcap, 8)).toEqual([0x003f_03ff, 1]);
    expect(registers.read(REGISTER.offsets, 8)).toEqual([0x0008_0006, 0x0100_0004]);
    expect(word(registers, REGISTER.cmdcap)).toBe(0x1ffe);
  });

  it('of revision 2.0 add an event log, 64 bytes of WQCFG and the handle commands', () => {
    const registers = fresh('2.0');
    expect((word(registers, REGISTER.gencap) >>> 13) & 3).toBe(1);
    expect(word(registers, REGISTER.wqcap) >>> 24).toBe(1);
    expect(word(registers, REGISTER.cmdcap)).toBe(0x7ffe);
  });

  it('ignore every write, of any width', () => {
    const readOnly = [0x00, 0x10, 0x14, 0x20, 0x30, 0x38, 0x40, 0x60, 0x90, 0xa8, 0xb0];
    fc.assert(
      fc.property(
        fc.constantFrom(...readOnly),
        fc.constantFrom(1, 2, 4),
        fc.nat(),
        (offset, bytes, value) => {
          const registers = fresh();
          const before = word(registers, offset);
          registers.write(offset, bytes as AccessBytes, value);
          expect(word(registers, offset)).toBe(before);
        },
      ),
    );
  });
});

describe('Widths of access', () => {
  it('of 1, 2, 4 and 8 bytes see the same bits', () => {
    const registers = fresh();
    registers.write(PHYSICAL_LAYOUT.groups, 8, 0x8765_4321, 0x0fed_cba9);
    expect(registers.read(PHYSICAL_LAYOUT.groups, 8)).toEqual([0x8765_4321, 0x0fed_cba9]);
    expect(registers.read(PHYSICAL_LAYOUT.groups + 4, 2)[0]).toBe(0xcba9);
    expect(registers.read(PHYSICAL_LAYOUT.groups + 3, 1)[0]).toBe(0x87);
    registers.write(PHYSICAL_LAYOUT.groups + 1, 1, 0xff);
    expect(word(registers, PHYSICAL_LAYOUT.groups)).toBe(0x8765_ff21);
  });

  it('that are not aligned read as ones and write nothing', () => {
    const registers = fresh();
    registers.write(REGISTER.genctrl + 1, 4, 0xffff_ffff);
    expect(word(registers, REGISTER.genctrl)).toBe(0);
    expect(registers.read(REGISTER.wqcap + 2, 4)[0]).toBe(0xffff_ffff);
  });

  it('other than four bytes do not start a command', () => {
    const registers = fresh();
    registers.write(REGISTER.cmd, 2, encodeCommand(COMMAND.reset_device, 0, false));
    registers.write(REGISTER.cmd + 2, 2, encodeCommand(COMMAND.enable_device, 0, false) >>> 16);
    expect(word(registers, REGISTER.cmdstatus)).toBe(0);
  });
});

describe('What can be written when', () => {
  it('GENCFG, GRPCFG and queue sizes only while the device is disabled', () => {
    const { bench, device, plan } = probed(queues(2, 'dedicated'));
    const { registers } = bench;
    run(enableDevice(device, plan), bench.quiet);
    const before = [REGISTER.gencfg, PHYSICAL_LAYOUT.groups, PHYSICAL_LAYOUT.workQueues].map((o) =>
      word(registers, o),
    );
    for (const offset of [REGISTER.gencfg, PHYSICAL_LAYOUT.groups, PHYSICAL_LAYOUT.workQueues]) {
      registers.write(offset, 4, 0xffff_ffff);
    }
    const after = [REGISTER.gencfg, PHYSICAL_LAYOUT.groups, PHYSICAL_LAYOUT.workQueues].map((o) =>
      word(registers, o),
    );
    expect(after).toEqual(before);
  });

  it('mode and limits only while the queue is disabled, the threshold always', () => {
    const { bench } = enabled(queues(1, 'shared'));
    const { registers } = bench;
    const at = PHYSICAL_LAYOUT.workQueues;
    const [mode, limits] = [word(registers, at + 8), word(registers, at + 12)];
    registers.write(at + 8, 4, 0);
    registers.write(at + 12, 4, 0);
    registers.write(at + 4, 4, 3);
    expect([word(registers, at + 8), word(registers, at + 12)]).toEqual([mode, limits]);
    expect(word(registers, at + 4)).toBe(3);
  });

  it('nothing of queues and groups where the configuration is read-only', () => {
    const registers = new PhysicalRegisters({ ...physicalShape(PARAMETERS), configurable: false });
    registers.write(PHYSICAL_LAYOUT.workQueues, 4, 16);
    registers.write(PHYSICAL_LAYOUT.groups, 4, 1);
    expect(word(registers, PHYSICAL_LAYOUT.workQueues)).toBe(0);
    expect(word(registers, PHYSICAL_LAYOUT.groups)).toBe(0);
  });

  it('but threshold, mode and PASID where Mode Support says so', () => {
    const shape = { ...physicalShape(PARAMETERS), configurable: false, modeSupport: true };
    const registers = new PhysicalRegisters(shape);
    const at = PHYSICAL_LAYOUT.workQueues;
    for (const offset of [0, 4, 8, 12]) registers.write(at + offset, 4, 0xffff_ffff);
    expect([0, 4, 8, 12].map((offset) => word(registers, at + offset))).toEqual([0, 0xffff, 0x3fff_ff01, 0]);
    expect((word(registers, at + 24) >>> 29) & 1).toBe(1);
  });

  it('causes and errors only by writing 1 to what is set', () => {
    const { bench } = enabled(queues(1, 'dedicated'));
    const { registers } = bench;
    registers.recordDeviceError(0x52);
    registers.write(REGISTER.intcause, 4, CAUSE.command);
    expect(word(registers, REGISTER.intcause)).toBe(CAUSE.software_error);
    registers.write(REGISTER.intcause, 4, 0xffff_ffff);
    expect(word(registers, REGISTER.intcause)).toBe(0);
  });

  it('the limit of an occupancy interrupt only while it is off', () => {
    const registers = fresh();
    const at = PHYSICAL_LAYOUT.workQueues + 20;
    registers.write(at, 4, 0x1_0005);
    registers.write(at, 4, 0x1_0009);
    expect(word(registers, at)).toBe(0x1_0005);
    registers.write(at, 4, 0x9);
    registers.write(at, 4, 0x9);
    expect(word(registers, at)).toBe(0x9);
  });
});

describe('Reset Device', () => {
  it('gives back the reset values, and keeps SWERROR, CMDSTATUS and the MSI-X table', () => {
    const { bench } = enabled(queues(2, 'shared'));
    const { registers } = bench;
    registers.recordDeviceError(0x52);
    const table = registers.read(PHYSICAL_LAYOUT.vectors + 8, 4);
    registers.write(REGISTER.cmd, 4, encodeCommand(COMMAND.reset_device, 0, false));
    expect(registers.softwareError()[0]! & 1).toBe(1);
    expect(registers.read(PHYSICAL_LAYOUT.vectors + 8, 4)).toEqual(table);
    const pristine = fresh();
    for (let offset = PHYSICAL_LAYOUT.permissions; offset < PHYSICAL_LAYOUT.vectors; offset += 8) {
      expect(registers.read(offset, 8)).toEqual(pristine.read(offset, 8));
    }
    expect(word(registers, REGISTER.gencfg)).toBe(96);
    expect(word(registers, PHYSICAL_LAYOUT.groups + 40) >>> 20).toBe(96);
  });

  it('sets the operation masks of revision 2.0 to OPCAP', () => {
    const registers = fresh('2.0');
    expect(registers.read(PHYSICAL_LAYOUT.workQueues + 32, 8)).toEqual(registers.read(REGISTER.opcap, 8));
  });
});
