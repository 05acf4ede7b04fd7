import { describe, expect, it } from 'vitest';
import type { CompletionWait, Load } from '../../src/models/config.js';
import { interruptTimes } from '../../src/models/interrupts/completion-interrupt.js';
import { buildMachine, type MachineParts, simulate } from '../../src/models/machine.js';
import { parameterValues } from '../../src/models/parameters.js';
import type { Design } from '../../src/models/virtualization/design.js';
import { DESIGNS } from '../../src/models/virtualization/designs.js';
import type { LogHistogramJson } from '../../src/sim/log-histogram.js';
import {
  arriving,
  device,
  drained,
  GUEST_DESIGN,
  group,
  HOST_DESIGN,
  KIB,
  type MachineOptions,
  machine,
  NS,
  only,
  queue,
  tenant,
  US,
} from '../support/machine.js';

const p = parameterValues();

function setup(completion: CompletionWait, load: Load, over: MachineOptions & { sizeBytes?: number } = {}) {
  const { sizeBytes = 4 * KIB, ...rest } = over;
  return machine({
    devices: [device([group(1, [queue({ mode: 'dedicated', size: 64 })])])],
    tenants: [tenant({ completion, load, operations: only('memmove', sizeBytes) })],
    ...rest,
  });
}

/** Runs for a millisecond, everything measured. */
function millisecond(config: ReturnType<typeof setup>): MachineParts {
  const parts = buildMachine(config, 0);
  parts.recorder.measure(true);
  parts.simulator.run(1000 * US);
  for (const thread of parts.threads) thread.settleCpu(parts.simulator.nowPs);
  return parts;
}

const cpu = (parts: MachineParts) => parts.threads[0]!.core.cpuPs;
/** Processor time of one submission and its completion, waiting apart [ps]. */
const WORK = p['host.prepare'] + p['host.movdir64b_issue'] + p['host.reap'];

describe('processor time', () => {
  it('of a polling thread is all the time there is', () => {
    expect(cpu(millisecond(setup('poll', arriving(5 * US))))).toBe(1000 * US);
    const beyondPs = cpu(millisecond(setup('poll', { kind: 'closed', depth: 4 }))) - 1000 * US;
    // What is under way at the end is booked already.
    expect(beyondPs).toBeGreaterThanOrEqual(0);
    expect(beyondPs).toBeLessThan(WORK);
  });

  it('of a thread in UMWAIT is its work without the waiting', () => {
    const times = Array.from({ length: 40 }, (_, i) => i * 20 * US);
    const parts = millisecond(setup('umwait', arriving(...times)));
    expect(parts.ledger.completed).toBe(40);
    expect(cpu(parts)).toBe(40 * WORK);
  });

  it('of a thread that sleeps until an interrupt is its work and the handler', () => {
    const times = Array.from({ length: 40 }, (_, i) => i * 20 * US);
    const parts = millisecond(setup('interrupt', arriving(...times)));
    expect(parts.threads[0]!.messages!.vector.delivered).toBe(40);
    expect(cpu(parts)).toBe(40 * (WORK + p['host.interrupt_remapped']));
  });

  it.each(['poll', 'umwait', 'interrupt'] as const)(
    'of a saturated thread (%s) never exceeds the wall clock',
    (wait) => {
      for (const design of [HOST_DESIGN, GUEST_DESIGN]) {
        const load = { kind: 'closed', depth: 48 } as const;
        const parts = millisecond(setup(wait, load, { sizeBytes: 64, design }));
        expect(parts.ledger.completed).toBeGreaterThan(2000);
        // What is under way at the end is booked already: less than one submission and one handler.
        expect(cpu(parts)).toBeLessThanOrEqual(1000 * US + WORK + p['host.interrupt_remapped']);
      }
    },
  );
});

describe('a completion seen', () => {
  const notify = (wait: CompletionWait, design: Design, load: Load = arriving(10 * US)) =>
    simulate(setup(wait, load, { design, measure: { warmupPs: 0, durationPs: 100 * US } }), 0).stages.notify
      .sumPs;

  it('by polling takes the transfer of the line, under UMWAIT the wake-up on top', () => {
    expect(notify('poll', HOST_DESIGN)).toBe(p['host.poll_transfer']);
    expect(notify('umwait', HOST_DESIGN)).toBe(p['host.poll_transfer'] + p['host.umwait_wake']);
  });

  it('by an interrupt takes the way to the handler and the handler', () => {
    // A host thread between device and guest adds its own part, which is tested with the data paths.
    const direct = DESIGNS.filter((d) => d.interrupts.completion !== 'none' && d.data !== 'virtio-ring');
    for (const design of [HOST_DESIGN, ...direct]) {
      const { blockedPs, handlerPs } = interruptTimes(design.interrupts.completion, p);
      expect(notify('interrupt', design), design.id).toBe(blockedPs + handlerPs);
    }
  });

  it('pays the UMWAIT wake-up once when a second record comes while the core wakes', () => {
    const slowest = (...at: number[]) => {
      const config = setup('umwait', arriving(US, ...at), {
        sizeBytes: 64,
        measure: { warmupPs: 5 * US, durationPs: 50 * US },
      });
      config.tenants[0]!.buffers.count = 1;
      return (simulate(config, 0).latency as LogHistogramJson).max;
    };
    const [one, two] = [slowest(10 * US), slowest(10 * US, 10 * US)];
    // The line of the second is there when the core has woken, so that it is seen right after the first.
    expect(two - one).toBe(p['host.reap']);
  });
});

describe('work that arrives at a waiting thread', () => {
  it.each(['poll', 'umwait'] as const)(
    'is taken up at once, also while a record is on its way (%s)',
    (wait) => {
      // The second arrival falls between the first record being written and the core seeing it.
      const first = drained(setup(wait, arriving(10 * US)));
      const seenPs = 10 * US + first.recorder.all.latency.max;
      const arrivalPs = seenPs - 30 * NS;
      const config = setup(wait, arriving(10 * US, arrivalPs));
      const parts = buildMachine(config, 0);
      parts.simulator.run(arrivalPs + 1);
      expect(parts.ledger.submitted).toBe(2);
    },
  );
});

describe('completion interrupts', () => {
  it('that fall on an outstanding one are shared, and every completion is in one or shares one', () => {
    const parts = millisecond(setup('interrupt', { kind: 'closed', depth: 32 }, { sizeBytes: 64 }));
    const { delivered, coalesced } = parts.threads[0]!.messages!.vector;
    expect(coalesced).toBeGreaterThan(delivered);
    expect(delivered + coalesced).toBeGreaterThanOrEqual(parts.ledger.completed);
    expect(delivered + coalesced).toBeLessThanOrEqual(parts.ledger.submitted + 32);
  });

  it('one at a time are never shared', () => {
    const parts = millisecond(setup('interrupt', { kind: 'closed', depth: 1 }));
    const { delivered, coalesced } = parts.threads[0]!.messages!.vector;
    expect(coalesced).toBe(0);
    expect(delivered - parts.ledger.completed).toBeLessThanOrEqual(1);
  });

  it('never leave a thread asleep with a record waiting, whatever the moment', () => {
    // Arrival gaps sweep the moment of the second completion over the whole way of the first interrupt.
    for (let gapPs = 0; gapPs <= 8 * US; gapPs += 97 * NS) {
      for (const design of [HOST_DESIGN, GUEST_DESIGN]) {
        const parts = drained(setup('interrupt', arriving(US, US + gapPs, US + 2 * gapPs), { design }));
        expect(parts.ledger.completed, `gap ${gapPs} ps`).toBe(3);
      }
    }
  });

  it('cost VM exits only in a guest, and there one for every time that the vCPU goes to sleep', () => {
    const times = Array.from({ length: 10 }, (_, i) => 50 * US + i * 50 * US);
    const exits = (design: Design, wait: CompletionWait) =>
      millisecond(setup(wait, arriving(...times), { design })).threads[0]!.core.exits;
    expect(exits(HOST_DESIGN, 'interrupt')).toBe(0);
    expect(exits(GUEST_DESIGN, 'poll')).toBe(0);
    expect(exits(GUEST_DESIGN, 'umwait')).toBe(0);
    // Asleep at the start, after each submission, and after each completion.
    expect(exits(GUEST_DESIGN, 'interrupt')).toBe(1 + 2 * 10);
  });

  it('of a design that has none are refused', () => {
    const native = DESIGNS.find((d) => d.id === 'native-cdev')!;
    expect(() => buildMachine(setup('interrupt', arriving(0), { design: native }), 0)).toThrow(RangeError);
  });
});
