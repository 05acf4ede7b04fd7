import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { curveFindings } from '../../src/report/curve-findings.js';
import { limitFindings, limitShares, robustnessFindings } from '../../src/report/examination.js';
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
  const ranking = {
    metric: 'boot_time',
    at: {},
    designs: ['mdev', 'vfio-user'],
    leaders: ['mdev'],
    of: 20,
    candidates: 12,
  };

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

  it('says what was tried where no constant by itself decides, and nothing where none was tried', () => {
    const said = (over: object) => {
      const rankings = [{ ...ranking, metric: 'throughput', at, holds: 3, flip: null, ...over }];
      return examined({ robustness: { worlds: 20, constants: 86, untold: 0, rankings } })[1];
    };
    const where = 'Robustness, throughput at size 64B';
    const none = 'none of the 12 constants that it goes with most turns it by itself';
    expect(said({})).toBe(`${where}: mdev in front in 3 of 20 worlds; ${none}.`);
    expect(said({ holds: 0 })).toBe(`${where}: mdev in front in none of 20 worlds; ${none}.`);
    expect(said({ candidates: 0 })).toBe(`${where}: mdev in front in 3 of 20 worlds.`);
  });

  it('says where worlds without a value were left aside', () => {
    const said = (...over: object[]) => {
      const rankings = over.map((each) => ({ ...ranking, flip: null, holds: 20, ...each }));
      return examined({ robustness: { worlds: 20, constants: 86, untold: 0, rankings } });
    };
    const [first, second] = said({ of: 17, holds: 7 }, {});
    expect(first).toMatch(/^Robustness: 1 of 2 rankings hold in all of 20 worlds .* their ranges\.$/);
    expect(second).toContain('mdev in front in 7 of the 17 worlds with values to rank;');
    expect(said({ of: 17, holds: 17 })).toEqual([
      'Robustness: 1 of 1 ranking holds in all of 20 worlds with 86 constants drawn over their ranges, as far as they have values to rank.',
    ]);
  });

  it('counts what it does not tell of, and where that is', () => {
    const rankings = Array.from({ length: 6 }, (_, holds) => ({ ...ranking, flip: null, holds }));
    const robustness = { worlds: 20, constants: 86, untold: 1, rankings };
    expect(examined({ robustness })[0]).toMatch(/cannot tell it; 2 more that do not are in results\.json\.$/);
    const view = overview({ ...sampleResults({ sizes: 1, designs: 2 }), robustness });
    expect(robustnessFindings(view)[0]!.rest).toEqual({
      count: 2,
      that: 'that do not',
      section: 'robustness',
    });
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
      'What limits throughput: native-cdev and mdev at 64 B: submitting threads (+50 % with one more thread, +20 % with one more engine); native-cdev and mdev at 256 B and 1 KiB: none of the resources tried gives more (engines and submitting threads).',
    ]);
  });

  it('names as tried no more than what was', () => {
    const results = sampleResults({ sizes: 1, designs: 2 });
    const [first, second] = results.points.map(({ key }) => key) as [string, string];
    const refused = { ...change('engine', 'one more engine', 1), throughput: null, refused: 'no room' };
    const changes = [refused, change('thread', 'one more thread', 1)];
    const what_if = [
      { point: first, limited_by: null, changes },
      { point: second, limited_by: null, changes: [refused] },
    ];
    const view = overview({ ...results, what_if });
    expect(limitFindings(view).map(findingSentence)).toEqual([
      'What limits throughput: native-cdev at every size: none of the resources tried gives more (submitting threads); mdev at every size: nothing could be tried.',
    ]);
    expect(limitShares(view).map(findingSentence)).toEqual([
      'What limits throughput: none of the resources tried (submitting threads) at 100 % of 2 points.',
    ]);
  });

  it('counts the clauses that it does not tell, and where they are', () => {
    const gains = [1.1, 1, 1.2, 1, 1.3, 1];
    expect(tried(gains, [1, 1, 1, 1, 1, 1])[0]).toMatch(/; 2 more are in results\.json\.$/);
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

  it('tells of an interval what lies in the range swept, and of other axes as tables do', () => {
    const results = sampleResults();
    const [axis] = Object.keys(at) as [string];
    const depth = 'tenants.guest.load.closed.depth';
    results.sweep.push({ path: depth, unit: '', values: ['2', '8'], numbers: [2, 8] });
    const crossing = { metric: 'throughput', below: 'mdev', above: 'vfio-user' };
    const found = (over: { axis: string; at: Record<string, string>; low: number; high: number }) => {
      results.curves = { crossovers: [{ ...crossing, x: 4, ...over }], knees: [], break_even: [] };
      return curveFindings(results)[0]!.text;
    };
    expect(found({ axis: depth, at: { [axis]: '256B' }, low: 1e-4, high: 6 })).toBe(
      'vfio-user overtakes mdev at depth 4 (2 to 6) with size 256 B, interpolated between the values swept',
    );
    expect(found({ axis: depth, at: {}, low: 1e-4, high: 5e6 })).toBe(
      'vfio-user overtakes mdev somewhere in the swept range of depth, interpolated between the values swept',
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
