import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { curveFindings } from '../../src/report/curve-findings.js';
import { limitFindings, robustnessFindings } from '../../src/report/examination.js';
import { findingSentence } from '../../src/report/finding.js';
import { overview } from '../../src/report/overview.js';
import { verdictNotes } from '../../src/report/verdict-notes.js';
import { sampleResults } from './sample-results.js';

const at = { 'tenants.guest.operations[0].size': '64B' };
const gain = (ratio: number) => ({ ratio, low: ratio, high: ratio, matters: ratio !== 1 });

function examined(over: Partial<Results>): string[] {
  const view = overview({ ...sampleResults({ sizes: 1, designs: 2 }), ...over });
  return [...robustnessFindings(view), ...limitFindings(view)].map(findingSentence);
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
    expect(examined({ robustness: { worlds: 20, constants: 86, untold: 0, rankings } })).toEqual([
      'Robustness: 1 of 2 rankings hold in all of 20 worlds with 86 constants drawn over their ranges.',
      'Robustness, boot: mdev in front in 12 of 20 worlds; it depends on user_exit: above 1.9 µs vfio-user comes to the front and mdev falls behind.',
    ]);
  });

  it('says so where no constant by itself decides', () => {
    const rankings = [{ ...ranking, metric: 'throughput', at, holds: 3, flip: null }];
    expect(examined({ robustness: { worlds: 20, constants: 86, untold: 0, rankings } })[1]).toBe(
      'Robustness, throughput at size 64B: mdev in front in 3 of 20 worlds; no constant by itself changes that.',
    );
  });

  it('says how many rankings one replication cannot tell, and that they were not asked about', () => {
    const rankings = [{ ...ranking, holds: 20, flip: null }];
    const said = (untold: number) =>
      examined({ robustness: { worlds: 20, constants: 86, untold, rankings } })[0];
    expect(said(3)).toBe(
      'Robustness: 1 of 1 ranking holds in all of 20 worlds with 86 constants drawn over their ranges; 3 more rankings were not asked about, as one replication, which is what a world repeats, cannot tell them.',
    );
    expect(said(1)).toMatch(
      /; 1 more ranking was not asked about, as one replication, .*, cannot tell it\.$/,
    );
  });

  it('says why it asked nothing', () => {
    const said = (untold: number) =>
      examined({ robustness: { worlds: 20, constants: 86, untold, rankings: [] } });
    expect(said(0)).toEqual([
      'Robustness: no ranking was asked about, as no two designs with equal resources have values that may be believed.',
    ]);
    expect(said(2)).toEqual([
      'Robustness: no ranking was asked about, as one replication, which is what a world repeats, cannot tell the 2 that the run makes.',
    ]);
  });

  it('is silent when nobody asked', () => {
    expect(examined({})).toEqual([]);
  });
});

describe('what one resource more gives, in sentences', () => {
  const change = (id: string, text: string, ratio: number) => ({
    id,
    text,
    throughput: gain(ratio),
    latency_p50: null,
    refused: '',
  });
  /** The sample with the gains of an engine and a thread at each size. */
  const tried = (engine: readonly number[], thread: readonly number[]) => {
    const results = sampleResults({ sizes: engine.length, designs: 2 });
    const sizes = [...new Set(results.points.map((point) => JSON.stringify(point.at)))];
    const what_if = results.points.map(({ key, at: place }) => {
      const i = sizes.indexOf(JSON.stringify(place));
      const changes = [
        change('engine', 'one more engine', engine[i]!),
        change('thread', 'one more thread', thread[i]!),
      ];
      const best = engine[i]! > thread[i]! ? 'engine' : 'thread';
      return { point: key, limited_by: Math.max(engine[i]!, thread[i]!) > 1 ? best : null, changes };
    });
    return limitFindings(overview({ ...results, what_if })).map(findingSentence);
  };

  it('names what limits, and gathers neighbouring places and designs of which the same is true', () => {
    expect(tried([1, 1, 1.5], [2, 2.1, 1])).toEqual([
      'What limits throughput: native-cdev and mdev at 64 B and 256 B: submitting threads (+100 to +110 % with one more thread, nothing else helps); native-cdev and mdev at 1 KiB: engines (+50 % with one more engine, nothing else helps).',
    ]);
  });

  it('tells what else helps, and is not held up by what harms', () => {
    expect(tried([1.2, 0.9, 1], [1.5, 1, 1])).toEqual([
      'What limits throughput: native-cdev and mdev at 64 B: submitting threads (+50 % with one more thread, +20 % with one more engine); native-cdev and mdev at 256 B and 1 KiB: the load or the data path (one resource more does not help).',
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
    expect(text[0]).toMatch(
      /^Throughput, crossing: vfio-user overtakes mdev at size .+ \(.+ to .+\), interpolated between the values swept$/,
    );
    expect(text[1]).toMatch(
      /^Break-even against one core: mdev is ahead from size 2 KiB \(1\.86 KiB to 2\.15 KiB\) on \(.*own memmove as LightDSA measured it.*not simulated\)$/,
    );
  });

  it('says once what is true of several designs, and counts what is left', () => {
    const results = sampleResults();
    const axis = 'tenants.guest.load.closed.depth';
    const location = { axis, at: {}, x: 8, low: 8, high: 8 };
    results.curves = {
      crossovers: ['mdev', 'native-cdev'].map((below) => ({
        metric: 'throughput',
        below,
        above: 'vfio-user',
        ...location,
      })),
      knees: [
        ...['mdev', 'native-cdev', 'vfio-user'].map((design) => ({ design, ...location })),
        ...[1, 2, 3].map((x) => ({ design: 'vfio-pci', ...location, x, low: null, high: null })),
      ],
      break_even: [],
    };
    expect(curveFindings(results).map((finding) => `${finding.topic}: ${finding.text}`)).toEqual([
      'Throughput, crossing: vfio-user overtakes mdev and native-cdev at depth 8, interpolated between the values swept',
      'Knee: mdev, native-cdev and vfio-user bend at depth 8; vfio-pci bends at depth 1; vfio-pci bends at depth 2; 1 more in results.json, interpolated between the values swept: beyond it more load costs more latency than it gains throughput',
    ]);
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
