import { describe, expect, it } from 'vitest';
import { FAMILIES, placeOf } from '../../src/experiment/validation/families.js';
import { type MeasuredRow, measuredText, parseMeasured } from '../../src/experiment/validation/measured.js';
import { planRow } from '../../src/experiment/validation/plan-row.js';

const rows = parseMeasured(measuredText());
const placed = rows.map((row) => ({ row, place: placeOf(row) }));
const excluded = placed.filter(({ place }) => 'excluded' in place).map(({ row }) => row);

describe('the places of the 1,224 rows', () => {
  it('are one each: a family or an exclusion', () => {
    const counts = new Map<string, number>();
    for (const { place } of placed) {
      const name = 'family' in place ? place.family : 'excluded';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      'async-1k-8k': 48,
      'async-16k': 84,
      'async-small': 48,
      unaligned: 191,
      'sync-aligned': 92,
      'sync-unaligned': 90,
      'batch-latency': 10,
      'batch-spread': 20,
      windows: 156,
      'windows-small': 168,
      'translation-counts': 9,
      devtlb: 12,
      faults: 67,
      submission: 21,
      software: 149,
      excluded: 59,
    });
    expect([...counts.values()].reduce((a, b) => a + b)).toBe(1224);
  });

  it('leave out capabilities, derived values and known traps, and nothing else', () => {
    const reasons: [string, (row: MeasuredRow) => boolean][] = [
      ['capability', (r) => r.id.startsWith('CAP_')],
      ['derived', (r) => r.id.includes('_extra_')],
      ['batch of one', (r) => r.submission === 'sync batch' && r.batch === '1'],
      ['single shot', (r) => r.id.startsWith('HE_dedicated_lat_') && r.submission === 'sync single'],
    ];
    const allowed = (row: MeasuredRow) => reasons.some(([, holds]) => holds(row));
    expect(excluded.filter((row) => !allowed(row)).map((row) => row.id)).toEqual([]);
    expect(reasons.map(([name, holds]) => [name, excluded.filter(holds).length])).toEqual([
      ['capability', 10],
      ['derived', 16],
      ['batch of one', 3],
      ['single shot', 30],
    ]);
  });

  it('leave no family empty, and give every exclusion a reason', () => {
    for (const { id } of FAMILIES) {
      expect(
        placed.some(({ place }) => 'family' in place && place.family === id),
        id,
      ).toBe(true);
    }
    for (const { place } of placed) if ('excluded' in place) expect(place.excluded).toMatch(/\w+ \w+/);
  });

  it('are refused to a row that nobody thought of', () => {
    const unknown = { ...rows[0]!, id: 'NEW_row' };
    expect(() => placeOf(unknown)).toThrow('NEW_row belongs to no family');
  });
});

describe('the runs that reproduce the rows', () => {
  it('exist for every row that is not left out', () => {
    for (const { row, place } of placed) {
      if ('excluded' in place) expect(() => planRow(row)).toThrow(row.id);
      else expect(planRow(row).row).toBe(row);
    }
  });

  it('are inputs for the software path alone', () => {
    const inputs = placed.filter(({ row, place }) => 'family' in place && planRow(row).kind === 'input');
    expect(new Set(inputs.map(({ place }) => 'family' in place && place.family))).toEqual(
      new Set(['software']),
    );
    expect(inputs).toHaveLength(149);
  });

  it('load the machine as the program on hardware did', () => {
    const plan = (id: string) => {
      const found = planRow(rows.find((r) => r.id === id)!);
      if (found.kind !== 'simulated') throw new Error(id);
      return found.probes[0]!.scenario;
    };
    expect(plan('LD1_batch_compare_a16_4096')).toMatchObject({
      mode: 'shared',
      engines: 1,
      tenant: { batch: 32, operations: [{ operation: 'compare', sizeBytes: 4096 }] },
      buffers: { alignmentBytes: 16 },
    });
    expect(plan('LD1_sg64_memfill_a64_256').tenant.load).toEqual({ kind: 'closed', depth: 128 });
    expect(plan('LD1_single_memcpy_a64_256').tenant.load).toEqual({ kind: 'closed', depth: 1 });
    expect(plan('HE_dedicated_thr_burst_batch_b16_64_c8')).toMatchObject({
      platform: 'hw-eval',
      mode: 'dedicated',
      engines: 2,
      tenant: { batch: 16, load: { kind: 'burst', depth: 8 }, cacheControl: true },
      buffers: { count: 1, placement: 'llc', alignmentBytes: 16 },
    });
    expect(plan('HE_dedicated_thr_copy_crc_64_c32').tenant.cacheControl).toBe(false);
  });
});
