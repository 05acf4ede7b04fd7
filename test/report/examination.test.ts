import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { curveFindings } from '../../src/report/curve-findings.js';
import { examinationSentences } from '../../src/report/examination.js';
import { verdictNotes } from '../../src/report/verdict-notes.js';
import { sampleResults } from './sample-results.js';

const at = { 'tenants.guest.operations[0].size': '64B' };
const gain = (ratio: number) => ({ ratio, low: ratio, high: ratio, matters: ratio !== 1 });

function examined(over: Partial<Results>): string[] {
  return examinationSentences({ ...sampleResults({ sizes: 1, designs: 2 }), ...over });
}

describe('what other worlds say, in sentences', () => {
  const ranking = { metric: 'boot_time', at: {}, designs: ['mdev', 'vfio-user'], leaders: ['mdev'], of: 20 };

  it('counts rankings that hold, and tells of each that does not what it depends on', () => {
    const flip = {
      constant: 'user_exit',
      unit: 's',
      value: 1.9e-6,
      side: 'above' as const,
      leaders: ['vfio-user'],
    };
    const rankings = [
      { ...ranking, holds: 12, flip },
      { ...ranking, metric: 'throughput', at, holds: 20, flip: null },
    ];
    expect(examined({ robustness: { worlds: 20, constants: 86, rankings } })).toEqual([
      'Robustness: 1 of 2 rankings hold in all of 20 worlds with 86 constants drawn over their ranges.',
      'Boot: mdev in front in 12 of 20 worlds; it depends on user_exit: above 1.9 µs vfio-user comes to the front and mdev falls behind.',
    ]);
  });

  it('says so where no constant by itself decides', () => {
    const rankings = [{ ...ranking, metric: 'throughput', at, holds: 3, flip: null }];
    expect(examined({ robustness: { worlds: 20, constants: 86, rankings } })[1]).toBe(
      'Throughput at size 64B: mdev in front in 3 of 20 worlds; no constant by itself changes that.',
    );
  });

  it('is silent when nobody asked', () => {
    expect(examined({})).toEqual([]);
  });
});

describe('what one resource more gives, in sentences', () => {
  it('names what limits, and gathers designs of which the same is true', () => {
    const { points } = sampleResults({ sizes: 1, designs: 2 });
    const changes = [
      {
        id: 'engine',
        text: 'one more engine in each group',
        throughput: gain(1.24),
        latency_p50: null,
        refused: '',
      },
      {
        id: 'thread',
        text: 'one more submitting thread',
        throughput: gain(1),
        latency_p50: null,
        refused: '',
      },
    ];
    const what_if = points.map(({ key }) => ({ point: key, limited_by: 'engine', changes }));
    expect(examined({ what_if })).toEqual([
      'What if:',
      'native-cdev and mdev at size 64B: limited by its engines: one more engine in each group gives +24 %; one more submitting thread +0 %.',
    ]);
  });
});

describe('what a sweep says, in sentences', () => {
  it('gives crossings with their interval, and says that the core was measured', () => {
    const results = sampleResults();
    const [axis] = Object.keys(at) as [string];
    const location = { axis, at: {}, x: 2048, low: 1900, high: 2200 };
    results.curves = {
      crossovers: [{ metric: 'throughput', below: 'mdev', above: 'vfio-user', ...location }],
      knees: [],
      break_even: [
        {
          design: 'mdev',
          tenant: 'guest',
          operation: 'memmove',
          ahead: 'dsa',
          cpu: 1,
          source: '',
          ...location,
        },
      ],
    };
    const text = curveFindings(results).map((finding) => `${finding.topic}: ${finding.text}`);
    expect(text[0]).toMatch(/^Throughput, crossing: vfio-user overtakes mdev at size .+ \(.+ to .+\)$/);
    expect(text[1]).toMatch(
      /^Break-even: .* own memmove: mdev from size .* on .*measured by LightDSA.*not simulated/,
    );
  });
});

describe('notes on verdicts', () => {
  it('name overloaded and moving points, count them when they are many, and are silent otherwise', () => {
    const results = sampleResults();
    expect(verdictNotes(results)).toEqual([]);
    results.points[0]!.load = 'overloaded';
    for (const point of results.points.slice(1, 6)) point.verdicts.latency_p99 = 'not stationary';
    const [overloaded, moving] = verdictNotes(results);
    expect(overloaded).toContain(`Overloaded: ${results.points[0]!.key};`);
    expect(moving).toContain(`Not stationary: 5 points of ${results.points.length};`);
  });
});
