/** Comparisons and outcomes of a gate, as its formats take them. */
import type { GateComparison, GateVerdict } from '../../src/experiment/gate.js';
import { type GateOutcome, passes } from '../../src/experiment/gate-outcome.js';

/** A comparison that lost 1 of 30 GB/s. */
export const comparison = (verdict: GateVerdict, over: Partial<GateComparison> = {}): GateComparison => ({
  point: 'mdev @ size=4KiB',
  design: 'mdev',
  metric: 'throughput',
  unit: 'B/s',
  better: 'higher',
  tolerance: 3e8,
  baseline: 30e9,
  current: 29e9,
  difference: -1e9,
  half_width: 1e8,
  level: 0.95,
  verdict,
  moved: verdict === 'same' ? null : { kind: 'stage', name: 'read', difference: 12e-9 },
  ...over,
});

/** A gate on these comparisons. */
export const outcome = (comparisons: GateComparison[], over: Partial<GateOutcome> = {}): GateOutcome => {
  const report = { comparisons, skipped: [], changed: [] };
  return {
    workload: 'quickstart',
    baseline: 'b.json',
    status: passes(report, [], 'regression') ? 'passed' : 'failed',
    updated: false,
    failOn: 'regression',
    report,
    limits: [],
    reasons: [],
    remedy: '',
    predictions: [],
    ...over,
  };
};

const SIZES = ['16KiB', '1KiB', '1MiB', '256B', '4KiB'];

/** Eleven regressions of a sweep whose points are sorted as text, as in a baseline. */
export const swept = (): GateComparison[] => {
  const boot = (design: string, size: string): GateComparison =>
    comparison('regressed', {
      point: `${design} @ tenants.guest.operations.size=${size}`,
      design,
      metric: 'boot_time',
      unit: 's',
      better: 'lower',
      tolerance: 0,
      baseline: 200e-6,
      current: design === 'mdev' ? 400e-6 : size === '256B' ? 300e-6 : 240e-6,
      difference: design === 'mdev' ? 200e-6 : size === '256B' ? 100e-6 : 40e-6,
      half_width: 0,
      moved: null,
    });
  return [
    ...SIZES.flatMap((size) => [
      boot('mdev', size),
      comparison('same', { point: `mdev @ tenants.guest.operations.size=${size}` }),
    ]),
    ...SIZES.flatMap((size) => [
      boot('vfio-user', size),
      comparison(size === '4KiB' ? 'regressed' : 'same', {
        point: `vfio-user @ tenants.guest.operations.size=${size}`,
        design: 'vfio-user',
      }),
    ]),
  ];
};
