import { describe, expect, it } from 'vitest';
import { drifts } from '../../src/analysis/drift.js';
import { type LoadSeries, loadLabel } from '../../src/analysis/load-label.js';
import { nextReplications, preciseEnough } from '../../src/analysis/precision.js';
import { metricVerdict } from '../../src/analysis/verdict.js';
import { KeyedRandom } from '../../src/sim/random.js';

/** A line that gains `gain` submissions a bin of which 100 are served, about a level that luck moves by `noise`. */
function line(replication: number, gain: number, noise: number, level = 20): LoadSeries {
  const random = new KeyedRandom(7, replication);
  const backlog = Array.from({ length: 90 }, (_, i) =>
    Math.max(0, Math.round(level + gain * i + noise * (random.uniform(0, i, 1) - 0.5))),
  );
  return { backlog, waiting: backlog.map((n) => Math.max(0, n - 4)), served: backlog.map(() => 100) };
}

const replications = (gain: number, noise: number, level?: number) =>
  Array.from({ length: 5 }, (_, r) => line(r, gain, noise, level));

describe('the load of a point', () => {
  it('is overloaded when a line grows by more than a hundredth of what arrives', () => {
    expect(loadLabel(replications(2, 30))).toBe('overloaded');
  });

  it('is not overloaded by growth that luck could explain, or that is too small to matter', () => {
    expect(loadLabel(replications(0, 400))).not.toBe('overloaded');
    expect(loadLabel(replications(0.2, 1))).not.toBe('overloaded');
  });

  it('is backlogged when something always waits without getting longer', () => {
    expect(loadLabel(replications(0, 10))).toBe('backlogged');
  });

  it('is stable when at times nothing waits', () => {
    expect(loadLabel(replications(0, 10, 3))).toBe('stable');
    expect(loadLabel([])).toBe('stable');
  });

  it('is told from a single replication, too', () => {
    expect(loadLabel([line(0, 2, 3)])).toBe('overloaded');
    expect(loadLabel([line(0, 0, 3)])).toBe('backlogged');
  });
});

describe('a drift', () => {
  const ramp = (slope: number, noise: number) =>
    Array.from({ length: 5 }, (_, r) => {
      const random = new KeyedRandom(3, r);
      return Array.from({ length: 60 }, (_, i) => 100 + slope * i + noise * random.uniform(0, i, 1));
    });

  it('is found when it is certain and above a twentieth of the level', () => {
    expect(drifts(ramp(0.5, 5))).toBe(true);
    expect(drifts(ramp(-0.5, 5))).toBe(true);
  });

  it('is not found in noise, nor where it is certain but small', () => {
    expect(drifts(ramp(0, 100))).toBe(false);
    expect(drifts(ramp(0.02, 0.1))).toBe(false);
  });

  it('is not claimed where nothing was observed', () => {
    expect(drifts([[null, null, null], []])).toBe(false);
  });
});

describe('a verdict', () => {
  const base = { values: [1, 2], load: 'stable', drifting: { flow: false, delay: false } } as const;

  it('is ok for what was measured twice and stood still', () => {
    for (const kind of ['flow', 'delay', 'other'] as const)
      expect(metricVerdict({ ...base, kind })).toBe('ok');
  });

  it('is too few samples when a replication has no value, or there is only one', () => {
    expect(metricVerdict({ ...base, kind: 'delay', values: [1, null] })).toBe('too few samples');
    expect(metricVerdict({ ...base, kind: 'flow', values: [1] })).toBe('too few samples');
    expect(metricVerdict({ ...base, kind: 'delay', values: [null, null] })).toBe('too few samples');
  });

  it('does not apply where a design has nothing to measure', () => {
    expect(metricVerdict({ ...base, kind: 'other', values: [null, null] })).toBe('not applicable');
  });

  it('calls delays of an overloaded point overloaded, and leaves its throughput alone', () => {
    expect(metricVerdict({ ...base, kind: 'delay', load: 'overloaded' })).toBe('overloaded');
    expect(metricVerdict({ ...base, kind: 'flow', load: 'overloaded' })).toBe('ok');
  });

  it('is not stationary for the kind that drifts alone', () => {
    const drifting = { flow: false, delay: true };
    expect(metricVerdict({ ...base, kind: 'delay', drifting })).toBe('not stationary');
    expect(metricVerdict({ ...base, kind: 'flow', drifting })).toBe('ok');
  });
});

describe('the precision stop', () => {
  const precision = { relativeHalfWidth: 0.02, max: 200 };

  it('is content with a narrow interval and with what cannot be measured, not with one value', () => {
    expect(preciseEnough([100, 100.5, 99.5, 100, 100], precision)).toBe(true);
    expect(preciseEnough([100, 120, 80], precision)).toBe(false);
    expect(preciseEnough([null, null], precision)).toBe(true);
    expect(preciseEnough([1], precision)).toBe(false);
  });

  it('adds half as many again, up to the limit', () => {
    const rounds = [5];
    while (rounds.at(-1)! < precision.max) rounds.push(nextReplications(rounds.at(-1)!, precision));
    expect(rounds).toEqual([5, 8, 12, 18, 27, 41, 62, 93, 140, 200]);
    expect(nextReplications(1, precision)).toBe(2);
  });
});
