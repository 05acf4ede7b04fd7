/** What the drivers do to the registers, counted: the access counts of the Linux driver are outcomes here. */
import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../../src/core/capabilities.js';
import { STATUS } from '../../src/core/status.js';
import { run } from '../../src/models/driver/bus.js';
import { serviceMiscInterrupt } from '../../src/models/driver/idxd-command.js';
import { planDevice } from '../../src/models/driver/idxd-config.js';
import { disableDevice, enableDevice } from '../../src/models/driver/idxd-device.js';
import { probe } from '../../src/models/driver/idxd-probe.js';
import {
  closeCharacterDevice,
  disableQueue,
  enablePlannedQueue,
  openCharacterDevice,
} from '../../src/models/driver/idxd-queue.js';
import { physicalShape } from '../../src/models/registers/capabilities.js';
import { LogBuffer } from '../../src/models/registers/event-log.js';
import { CAUSE, DEVICE_STATE, QUEUE_STATE, REGISTER, RESET_TYPE } from '../../src/models/registers/map.js';
import {
  deviceConfig,
  enabled,
  groupConfig,
  HostBench,
  PARAMETERS,
  probed,
  queueConfig,
  queues,
  WITH_PASIDS,
  WITHOUT_PASIDS,
} from './driver-bench.js';
import { errorReport } from './register-cases.js';

const counts = ({ reads, writes }: { reads: number; writes: number }) => `${reads} R + ${writes} W`;

describe('The idxd driver probes a device', () => {
  it('with 15 reads and 2 writes where the configuration is its own', () => {
    const bench = new HostBench().prepare();
    const found = bench.count(probe(WITH_PASIDS));
    expect(counts(found)).toBe('15 R + 2 W');
    expect(found.interrupts).toBe(0);
    expect(found.value).toMatchObject({
      workQueues: 8,
      groups: 4,
      engines: 4,
      workQueueEntries: 128,
      readBuffers: 96,
    });
  });

  it('with one read less where GENCAP says that there is no CMDCAP', () => {
    const bench = new HostBench({ commandCapabilities: false }).prepare();
    expect(counts(bench.count(probe(WITH_PASIDS)))).toBe('14 R + 2 W');
  });

  it('with a read and a write more where the kernel has a PASID of its own', () => {
    const bench = new HostBench().prepare();
    expect(counts(bench.count(probe({ userPasid: true, kernelPasid: 7 })))).toBe('16 R + 3 W');
  });

  it('with four more reads a group and eight a queue where the configuration is read-only', () => {
    for (const [groups, workQueues] of [
      [1, 1],
      [4, 8],
      [2, 5],
    ] as const) {
      const bench = new HostBench({ configurable: false, groups, workQueues }).prepare();
      expect(counts(bench.count(probe(WITH_PASIDS)))).toBe(`${15 + 1 + 4 * groups + 8 * workQueues} R + 2 W`);
    }
  });
});

describe('The idxd driver enables a device', () => {
  it.each([
    [1, '13 R + 35 W'],
    [8, '69 R + 91 W'],
  ])('with %i queues by %s and one interrupt', (count, expected) => {
    const { bench, device, plan } = probed(queues(count, 'shared'));
    const found = bench.count(enableDevice(device, plan));
    expect(counts(found)).toBe(expected);
    expect(found.interrupts).toBe(1);
    expect(bench.registers.state).toBe(DEVICE_STATE.enabled);
  });

  it('with a read and a write less where no process has a PASID', () => {
    const bench = new HostBench().prepare();
    const device = run(probe(WITHOUT_PASIDS), bench.quiet);
    const plan = planDevice(device, queues(1, 'dedicated'), 'kernel');
    expect(counts(bench.count(enableDevice(device, plan)))).toBe('12 R + 34 W');
  });

  it('with a read and a write more for a global read-buffer limit', () => {
    const { bench, device, plan } = probed({ ...queues(1, 'shared'), readBufferLimit: 40 });
    expect(counts(bench.count(enableDevice(device, plan)))).toBe('14 R + 36 W');
    expect(bench.registers.decoded().readBufferLimit).toBe(40);
  });

  it('with twice the words of a queue, and the event log, on revision 2.0', () => {
    const bench = new HostBench(physicalShape(PARAMETERS, '2.0')).prepare();
    const device = run(probe(WITH_PASIDS), bench.quiet);
    const plan = planDevice(device, queues(1, 'shared'), 'user');
    const ring = { base: 0x10_0000, entries: 64 };
    // Sixteen words instead of eight; EVLCFG 2 W, GENCTRL R and W, GENCFG R and W.
    expect(counts(bench.count(enableDevice(device, plan, ring)))).toBe('23 R + 47 W');
    expect(bench.registers.decoded().log).toMatchObject({ enabled: true, base: 0x10_0000, entries: 64 });
  });

  it('leaves one that is enabled as it is', () => {
    const { bench, device, plan } = enabled(queues(1, 'shared'));
    const found = bench.count(enableDevice(device, plan));
    expect(found.interrupts).toBe(0);
  });
});

describe('The idxd driver enables a work queue', () => {
  it.each([
    [1, 'shared', '12 R + 35 W'],
    [8, 'shared', '68 R + 91 W'],
    [1, 'dedicated', '11 R + 34 W'],
  ] as const)('of %i, %s and for user space, by %s', (count, mode, expected) => {
    const { bench, device, plan } = probed(queues(count, mode));
    run(enableDevice(device, plan), bench.quiet);
    expect(counts(bench.count(enablePlannedQueue(device, plan, plan.queues[0]!)))).toBe(expected);
    expect(bench.registers.queueState(0)).toBe(QUEUE_STATE.enabled);
  });

  it('for the kernel with PASID, permission and, on revision 2.0, a requested handle', () => {
    const bench = new HostBench(physicalShape(PARAMETERS, '2.0')).prepare();
    const device = run(probe({ userPasid: true, kernelPasid: 7 }), bench.quiet);
    const plan = planDevice(device, queues(1, 'dedicated'), 'kernel');
    run(enableDevice(device, plan), bench.quiet);
    const found = bench.count(enablePlannedQueue(device, plan, plan.queues[0]!));
    // PASID 1+1, configuration 16+16+24, command 3+2, permission 0+1, command 3+2.
    expect(counts(found)).toBe('23 R + 46 W');
    expect(bench.registers.decoded().queues[0]).toMatchObject({ pasid: 7, pasidEnable: true });
    expect(bench.registers.interruptTable().accepts(found.value.handle!, 7)).toBe(true);
    expect(bench.registers.interruptTable().accepts(found.value.handle!, 8)).toBe(false);
  });

  it('refuses a shared one without PASIDs and without a threshold before it asks the device', () => {
    const bench = new HostBench().prepare();
    const device = run(probe(WITHOUT_PASIDS), bench.quiet);
    const plan = planDevice(device, queues(1, 'shared'), 'kernel');
    expect(() => bench.count(enablePlannedQueue(device, plan, plan.queues[0]!))).toThrow('needs PASIDs');
    const other = probed(deviceConfig([groupConfig([queueConfig('a', { mode: 'shared', threshold: 0 })])]));
    expect(() =>
      run(enablePlannedQueue(other.device, other.plan, other.plan.queues[0]!), other.bench.bus),
    ).toThrow('needs a threshold');
    expect(other.bench.bus.writes).toBe(0);
  });
});

describe('A process opens and closes the character device', () => {
  it('of a dedicated queue with 7 reads, 5 writes and two interrupts each way', () => {
    const { bench, device } = enabled(queues(1, 'dedicated'));
    const open = bench.count(openCharacterDevice(device, 0, 'dedicated', 42));
    expect(counts(open)).toBe('7 R + 5 W');
    expect(open.interrupts).toBe(2);
    expect(bench.registers.decoded().queues[0]).toMatchObject({ pasid: 42, pasidEnable: true });
    expect(counts(bench.count(closeCharacterDevice(device, 0, 'dedicated', 42)))).toBe('7 R + 5 W');
    expect(bench.registers.decoded().queues[0]).toMatchObject({ pasid: 0, pasidEnable: false });
    expect(bench.registers.queueState(0)).toBe(QUEUE_STATE.enabled);
  });

  it('of a shared queue with nothing, and closes it with 3 reads and 2 writes', () => {
    const { bench, device } = enabled(queues(1, 'shared'));
    expect(counts(bench.count(openCharacterDevice(device, 0, 'shared', 42)))).toBe('0 R + 0 W');
    expect(counts(bench.count(closeCharacterDevice(device, 0, 'shared', 42)))).toBe('3 R + 2 W');
  });
});

describe('The idxd driver takes things down', () => {
  it('a user queue with 6 reads and 4 writes', () => {
    const {
      bench,
      device,
      queues: [queue],
    } = enabled(queues(1, 'shared'));
    const found = bench.count(disableQueue(device, queue!));
    expect(counts(found)).toBe('6 R + 4 W');
    expect(found.interrupts).toBe(2);
    expect(bench.registers.queueState(0)).toBe(QUEUE_STATE.disabled);
    expect(bench.registers.decoded().queues[0]).toMatchObject({ size: 16, priority: 0 });
  });

  it('the device with 9 reads and 5 writes', () => {
    const { bench, device } = probed(queues(1, 'shared'));
    run(enableDevice(device, planDevice(device, queues(1, 'shared'), 'user')), bench.quiet);
    expect(counts(bench.count(disableDevice(device, [])))).toBe('9 R + 5 W');
    expect(bench.registers.state).toBe(DEVICE_STATE.disabled);
    expect(bench.registers.decoded().queues[0]!.size).toBe(0);
  });
});

describe('Vector 0 of a host', () => {
  it('for a software error takes 6 reads and 2 writes', () => {
    const { bench } = enabled(queues(1, 'dedicated'));
    bench.registers.reportError(errorReport(STATUS.work_queue_overflow));
    expect(bench.interrupts.take()).toBe(true);
    const found = bench.count(serviceMiscInterrupt());
    expect(counts(found)).toBe('6 R + 2 W');
    expect(found.value).toMatchObject({ cause: CAUSE.software_error, halted: false });
    expect((found.value.softwareError![0]! >>> 8) & 0xff).toBe(STATUS.work_queue_overflow);
    expect(bench.registers.softwareError()[0]! & 3).toBe(0);
  });

  it('for the event log takes 2 reads and 3 writes, and moves the head to the tail', () => {
    const bench = new HostBench(physicalShape(PARAMETERS, '2.0'), { memory: new LogBuffer() }).prepare();
    const device = run(probe(WITH_PASIDS), bench.quiet);
    const ring = { base: 0x10_0000, entries: 64 };
    run(enableDevice(device, planDevice(device, queues(1, 'shared'), 'user'), ring), bench.quiet);
    expect(bench.registers.reportError(errorReport(STATUS.cra_xlat))).toBe(true);
    expect(bench.registers.reportError(errorReport(STATUS.cra_xlat))).toBe(true);
    const found = bench.count(serviceMiscInterrupt());
    expect(counts(found)).toBe('2 R + 3 W');
    expect(found.value.eventLog).toEqual({ head: 0, tail: 2 });
    expect(bench.registers.read(REGISTER.evlstatus, 8)).toEqual([2, 2]);
    expect(capabilitiesOf('2.0').eventLogEntryBytes).toBe(64);
  });

  it('for a halt reads the state, and with it the reset that the device needs', () => {
    const { bench } = enabled(queues(1, 'dedicated'));
    bench.registers.fail(STATUS.pci_config, RESET_TYPE.command);
    const found = bench.count(serviceMiscInterrupt());
    expect(found.value).toMatchObject({ halted: true, resetType: RESET_TYPE.command });
  });
});
