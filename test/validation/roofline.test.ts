import { describe, expect, it } from 'vitest';
import { relativeError, score } from '../../src/analysis/scoring.js';
import { isAligned } from '../../src/experiment/validation/families.js';
import { measuredText, measuredValue, parseMeasured } from '../../src/experiment/validation/measured.js';
import { fitRoofline, rooflinePrediction } from '../../src/experiment/validation/roofline.js';

const rows = parseMeasured(measuredText());
const roofline = fitRoofline(rows);

describe('the closed form', () => {
  it('takes its bandwidths from copies, fills and compares of 1 MiB', () => {
    const bandwidth = (operation: string) =>
      roofline.constants.find((c) => c.operation === operation)!.bandwidth / 1e9;
    expect(bandwidth('memmove')).toBeCloseTo(31.39, 1);
    expect(bandwidth('fill')).toBeCloseTo(31.91, 1);
    expect(bandwidth('compare')).toBeCloseTo(15.87, 1);
  });

  it('finds an overhead of a few to twenty nanoseconds between large descriptors of a batch', () => {
    for (const c of roofline.constants.filter(({ style }) => style === 'async batches')) {
      expect(c.overhead).toBeGreaterThan(3);
      expect(c.overhead).toBeLessThan(20);
    }
  });

  it('finds the time of a small synchronous copy', () => {
    const sync = roofline.constants.find((c) => c.operation === 'memmove' && c.style === 'sync single')!;
    expect(sync.fixed).toBeGreaterThan(750);
    expect(sync.fixed).toBeLessThan(850);
  });

  it('is right to half a percent in the middle for aligned batches of 1 KiB and more', () => {
    const errors = rows
      .filter((r) => r.submission === 'async batches' && isAligned(r) && Number(r.size_bytes) >= 1024)
      .map((r) => relativeError(rooflinePrediction(roofline, r)!, measuredValue(r)));
    expect(errors).toHaveLength(66);
    expect(score(errors)!.median).toBeLessThan(0.005);
  });

  it('does not know alignment: its time for a copy is the same at any destination', () => {
    const at = (id: string) => rooflinePrediction(roofline, rows.find((r) => r.id === id)!);
    expect(at('LD1_batch_memcpy_a8_256')).toBe(at('LD1_batch_memcpy_a64_256'));
  });

  it('has nothing to say of faults and translations', () => {
    for (const prefix of ['ATC_', 'LDpf_', 'LDprs_', 'DAtlb_', 'DA_']) {
      const of = rows.filter((r) => r.id.startsWith(prefix));
      expect(of.length).toBeGreaterThan(0);
      expect(of.map((r) => rooflinePrediction(roofline, r))).toEqual(of.map(() => null));
    }
  });
});
