import { describe, expect, it } from 'vitest';
import { measuredText, parseMeasured } from '../../src/experiment/validation/measured.js';
import { planRow } from '../../src/experiment/validation/plan-row.js';
import { type Observation, runProbe } from '../../src/experiment/validation/probe.js';
import type { ProbePlan } from '../../src/experiment/validation/row-plan.js';
import { machineOf } from '../../src/experiment/validation/scenario.js';

const rows = parseMeasured(measuredText());
const SETTING = { preset: 'spr', trial: {} } as const;

function probeOf(id: string): ProbePlan {
  const plan = planRow(rows.find((row) => row.id === id)!);
  if (plan.kind !== 'simulated') throw new Error(`${id} is not simulated`);
  return plan.probes[0]!;
}

function observe({ scenario, warmup, count }: ProbePlan, trial: Record<string, number> = {}): Observation {
  return runProbe({ config: machineOf(scenario, { ...SETTING, trial }), warmup, count });
}

describe('a probe', () => {
  it('measures as many submissions as it was asked for', () => {
    const seen = observe({ ...probeOf('LD1_batch_memfill_a64_1024'), count: 10 });
    expect(seen.submissions).toBe(10);
    expect(seen.descriptors).toBe(320);
    expect(seen.bytes).toBe(320 * 1024);
  });

  it('has latency tiles that add up to the mean latency', () => {
    const seen = observe(probeOf('LD1_single_memcpy_a64_4096'));
    const tiles = Object.values(seen.stagePs).reduce((a, b) => a + b);
    expect(tiles).toBeCloseTo(seen.latencyPs.mean, 3);
    // One at a time: what passes beside the latencies is the look at each completion.
    const betweenPs = seen.elapsedPs / seen.submissions - tiles;
    expect(betweenPs).toBeGreaterThanOrEqual(0);
    expect(betweenPs).toBeLessThan(40e3);
  });

  it('sees the same rate however long it looks', () => {
    const probe = probeOf('LD1_batch_memcpy_a64_4096');
    const rate = (o: Observation) => o.bytes / o.elapsedPs;
    const short = rate(observe({ ...probe, count: 32 }));
    const long = rate(observe({ ...probe, count: 96 }));
    expect(Math.abs(short / long - 1)).toBeLessThan(0.003);
  });

  it('gives the same observation again', () => {
    const probe = probeOf('HE_dedicated_thr_memmove_64_c4');
    expect(observe(probe)).toEqual(observe(probe));
  });

  it('follows the constants that are tried', () => {
    const probe = probeOf('LD1_batch_memfill_a64_65536');
    const slow = observe(probe, { 'engine.bandwidth': 20e9 });
    expect((slow.bytes / slow.elapsedPs) * 1e12).toBeLessThan(20e9);
    expect((slow.bytes / slow.elapsedPs) * 1e12).toBeGreaterThan(19.5e9);
  });

  it('says so when nothing finishes any more', () => {
    const { scenario, warmup } = probeOf('LD1_single_memcpy_a64_64');
    const tenant = { ...scenario.tenant, load: { kind: 'trace', arrivalsPs: [0, 1000] } } as const;
    expect(() => observe({ scenario: { ...scenario, tenant }, warmup, count: 5 })).toThrow('only 2 of');
  });
});

describe('translation requests and hits', () => {
  const formulas = rows.filter((row) => row.id.startsWith('ATC_'));

  it.each(formulas.map((row) => [row.id, row] as const))('of %s follow its formula exactly', (_, row) => {
    const plan = planRow(row);
    if (plan.kind !== 'simulated') throw new Error(row.id);
    const pairs = plan.pairs(plan.probes.map((probe) => observe(probe)));
    expect(pairs.length).toBeGreaterThanOrEqual(4);
    for (const { measured, simulated } of pairs) expect(simulated).toBe(measured);
  });
});
