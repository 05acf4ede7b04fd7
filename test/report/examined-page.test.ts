import { describe, expect, it } from 'vitest';
import type { Results } from '../../src/experiment/results.js';
import { renderHtml } from '../../src/report/html.js';
import { overview } from '../../src/report/overview.js';
import { robustnessSection } from '../../src/report/sections/robustness.js';
import { whatIfSection } from '../../src/report/sections/what-if.js';
import { section, visibleText } from './page-text.js';
import { sampleResults } from './sample-results.js';

/** A document with one ranking that holds and one that turns, and a point limited by its engines. */
function examinedResults(): Results {
  const results = sampleResults({ sizes: 2 });
  const common = {
    at: {},
    designs: ['native-cdev', 'mdev', 'vfio-user'],
    leaders: ['native-cdev'],
    candidates: 12,
  };
  const gain = (ratio: number, matters: boolean) => ({
    ratio,
    low: ratio - 0.01,
    high: ratio + 0.01,
    matters,
  });
  return {
    ...results,
    robustness: {
      worlds: 20,
      constants: 98,
      untold: 0,
      rankings: [
        { metric: 'throughput', ...common, holds: 20, of: 20, flip: null },
        {
          metric: 'boot_time',
          ...common,
          holds: 12,
          of: 20,
          flip: { constant: 'user_exit', unit: 's', value: 1.9e-6, side: 'above', leaders: ['vfio-user'] },
        },
      ],
    },
    what_if: [
      {
        point: results.points[0]!.key,
        limited_by: 'engine',
        changes: [
          {
            id: 'engine',
            text: 'one more engine',
            throughput: gain(1.42, true),
            latency_p50: null,
            refused: '',
          },
          {
            id: 'thread',
            text: 'one more thread',
            throughput: gain(1.004, false),
            latency_p50: null,
            refused: '',
          },
          {
            id: 'work_queue',
            text: 'twice the entries',
            throughput: null,
            latency_p50: null,
            refused: 'no room',
          },
        ],
      },
    ],
  };
}

/** The section on robustness, where something about it is otherwise. */
function said(over: Partial<NonNullable<Results['robustness']>>): string {
  const results = examinedResults();
  const view = overview({ ...results, robustness: { ...results.robustness!, ...over } });
  return visibleText(robustnessSection(view)!.body.html);
}

describe('the report of a run with worlds and what-if', () => {
  it('says in how many worlds each ranking holds, and what turns it at which value', async () => {
    const text = visibleText(section(await renderHtml(examinedResults()), 'robustness'));
    expect(text).toContain('1 of 2 rankings hold in all of 20 worlds');
    expect(text).toMatch(/Boot everywhere native-cdev 12 of 20 user_exit above 1\.9 µs: vfio-user in front/);
    expect(text).toMatch(/Throughput everywhere native-cdev 20 of 20 –/);
  });

  it('says which rankings one replication cannot tell, and why nothing was asked', () => {
    expect(said({})).not.toContain('asked about');
    expect(said({ untold: 3 })).toContain(
      '3 more rankings were not asked about, as one replication, which is what a world repeats, cannot tell them: by all replications others are in front than by the first alone.',
    );
    expect(said({ rankings: [] })).toContain(
      'No ranking was asked about, as no two designs with equal resources have values that may be believed.',
    );
    expect(said({ rankings: [], untold: 1 })).toContain(
      'No ranking was asked about, as one replication, which is what a world repeats, cannot tell the one that the run makes: by all replications others are in front than by the first alone.',
    );
  });

  it('explains worlds that do not count, and what was searched for in vain', () => {
    const shaky = { ...examinedResults().robustness!.rankings[1]!, flip: null };
    const row = (over: object) => said({ rankings: [{ ...shaky, ...over }] });
    expect(row({})).toMatch(/native-cdev 12 of 20 none of 12 constants by itself/);
    expect(row({ candidates: 0 })).toMatch(/native-cdev 12 of 20 not known/);
    expect(row({})).not.toContain('no value');
    expect(row({ holds: 7, of: 17 })).toMatch(
      /a world in which a design has no value, such as a percentile of too few samples, does not count.* 7 of 17 /i,
    );
  });

  it('points from the answer to its own tables', async () => {
    const results = examinedResults();
    const turning = Array.from({ length: 6 }, () => results.robustness!.rankings[1]!);
    const page = await renderHtml({ ...results, robustness: { ...results.robustness!, rankings: turning } });
    const answer = section(page, 'answer');
    expect(visibleText(answer)).toMatch(/; 2 more that do not are in the table below \./);
    expect(answer).toContain('<a href="#robustness">table below</a>');
    expect(visibleText(answer)).not.toContain('results.json');
  });

  it('says of a point that gains by nothing only what was tried', () => {
    const results = examinedResults();
    const what_if = results.what_if!.map((entry) => ({ ...entry, limited_by: null }));
    const text = visibleText(whatIfSection(overview({ ...results, what_if }))!.body.html);
    expect(text).toContain('native-cdev at 64 B none of those tried');
    expect(text).toContain('Where none helps, something else limits it, or several things at once.');
  });

  it('says what limits each point, and what one resource more would give', async () => {
    const page = await renderHtml(examinedResults());
    const text = visibleText(section(page, 'what-if'));
    expect(text).toContain('native-cdev at 64 B engines +42 % +41 % to +43 % 0 –');
    expect(page.indexOf('id="robustness"')).toBeLessThan(page.indexOf('id="what-if"'));
  });

  it('says how to examine a run that was not', async () => {
    const results = sampleResults({ sizes: 2 });
    const page = await renderHtml(results);
    expect(visibleText(section(page, 'robustness'))).toContain(
      `${results.workload.command} --worlds 20 --what-if`,
    );
    expect(page).not.toContain('id="what-if"');
  });

  it('marks overloaded points and metrics that may not be believed', async () => {
    const results = sampleResults({ sizes: 2 });
    results.points[0]!.load = 'overloaded';
    results.points[1]!.verdicts.latency_p99 = 'not stationary';
    const text = visibleText(section(await renderHtml(results), 'comparison'));
    expect(text.match(/ overloaded(?= )/g)).toHaveLength(2);
    expect(text.match(/not stationary/g)).toHaveLength(1);
  });
});

describe('the report of a run with a lifecycle', () => {
  it('draws the steps of every event after each other, a bar a design, as long as they took', async () => {
    const results = sampleResults({ sizes: 1 });
    const step = (name: string, seconds: number) => ({
      step: name,
      reads: 0,
      writes: 0,
      trapped: 0,
      commands: 0,
      seconds,
    });
    results.points.forEach((point, i) => {
      point.lifecycle = [
        {
          action: 'migrate',
          tenant: 'guest',
          instance: 0,
          at: 1e-3,
          outcome: i === 3 ? 'refused' : 'done',
          reason: i === 3 ? 'no state can be saved' : '',
          metrics: {},
          steps: i === 3 ? [] : [step('copy memory', 20e-3), step('load', 10e-3 * i)],
        },
      ];
    });
    const own = section(await renderHtml(results), 'lifecycle');
    const chart = own.match(/<svg role="img".*?<\/svg>/s)![0];
    expect(own.match(/<svg role="img"/g)).toHaveLength(1);
    expect(visibleText(own)).toContain('copy memory load');
    expect(chart).toContain('<title>vfio-user, load: 20 ms</title>');
    expect(chart).not.toContain('vfio-pci');
    const widths = [...chart.matchAll(/<path d="M[\d.]+,[\d.]+h([\d.]+)v/g)].map((m) => Number(m[1]));
    // native-cdev loads nothing; mdev 10 ms; vfio-user 20 ms.
    expect(widths).toHaveLength(5);
    expect(Math.max(...widths) / Math.min(...widths)).toBeCloseTo(2, 1);
    expect(visibleText(own)).toContain('refused: no state can be saved');
  });
});
