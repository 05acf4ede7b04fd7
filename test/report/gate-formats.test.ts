import { describe, expect, it } from 'vitest';
import type { GateComparison, GateVerdict } from '../../src/experiment/gate.js';
import type { GateOutcome } from '../../src/experiment/gate-outcome.js';
import { passes } from '../../src/experiment/gate-outcome.js';
import { githubAnnotations, githubSummary } from '../../src/report/gate/github.js';
import { gateJunit } from '../../src/report/gate/junit.js';
import { gateMarkdown } from '../../src/report/gate/markdown.js';
import { gatePage } from '../../src/report/gate/page.js';
import { gateText } from '../../src/report/gate/text.js';
import { shortPoints } from '../../src/report/gate/words.js';
import { comparison, outcome, swept } from './sample-gate.js';

const many = (count: number, verdict: GateVerdict): GateComparison[] =>
  Array.from({ length: count }, (_, i) => comparison(verdict, { point: `mdev @ size=${i}KiB` }));

describe('whether a gate passes', () => {
  const report = (...verdicts: GateVerdict[]) => ({
    comparisons: verdicts.map((verdict) => comparison(verdict)),
    skipped: [],
    changed: [],
  });

  it('is decided by regressions alone, or by any difference where that is asked for', () => {
    for (const verdict of ['same', 'within', 'improved', 'unclear'] as const) {
      expect(passes(report('same', verdict), [], 'regression'), verdict).toBe(true);
      expect(passes(report('same', verdict), [], 'any-change'), verdict).toBe(verdict === 'same');
    }
    expect(passes(report('regressed'), [], 'regression')).toBe(false);
    const events = { ...report('same'), changed: [{ what: 'events', from: 'a', to: 'b' }] as const };
    const moved = { ...events, changed: [...events.changed] };
    expect([passes(moved, [], 'regression'), passes(moved, [], 'any-change')]).toEqual([true, false]);
  });

  it('is no while a limit is broken', () => {
    const limit = { text: 'rate > 1/s', point: 'mdev', value: 0, held: false };
    expect(passes(report('same'), [limit], 'regression')).toBe(false);
  });
});

describe('the text of a gate', () => {
  it('gives a line to everything that differs, with metric, point, numbers, interval, tolerance and stage', () => {
    expect(gateText([outcome([comparison('regressed'), comparison('same')])], false)).toBe(
      '  ✗ throughput of mdev @ size=4KiB: 30 GB/s → 29 GB/s (-3.33 % ± 0.333 %, tolerance 1 %); stage read +12 ns\n' +
        'gate failed: 2 compared, 1 unchanged, 1 regressed\n',
    );
  });

  it('says which of its numbers are predictions, and so does Markdown', () => {
    const predictions = ['mdev is argued on the lists and never merged: such numbers are predictions.'];
    const judged = outcome([comparison('same')], { predictions });
    expect(gateText([judged], false)).toBe(`gate passed: 1 compared, 1 unchanged\n${predictions[0]}\n`);
    expect(gateMarkdown([judged])).toContain(`- ${predictions[0]}\n`);
  });

  it('cuts a long list of changes and counts the rest', () => {
    const changed = Array.from({ length: 30 }, (_, i) => ({
      what: 'setting' as const,
      kind: 'parameters' as const,
      path: `platform.set.c${i}`,
      from: { value: 1e-6, unit: 's' },
      to: { value: 2e-6, unit: 's' },
      points: 1,
    }));
    const text = gateText([outcome([], { report: { comparisons: [], skipped: [], changed } })], false);
    expect(text).toContain('  platform.set.c0: 1 µs → 2 µs\n');
    expect(text).toContain('  and 10 more\n');
  });
});

describe('short names of points', () => {
  it('keep the last word of each path, unless two points would be alike', () => {
    const keys = [
      'mdev @ tenants.a.load.closed.depth=1, devices[0].groups[0].x=2',
      'mdev @ tenants.a.batch=8',
    ];
    expect([...shortPoints(keys).values()]).toEqual(['mdev @ depth=1, x=2', 'mdev @ batch=8']);
    const alike = ['mdev @ tenants.a.batch=8', 'mdev @ tenants.b.batch=8'];
    expect([...shortPoints(alike).values()]).toEqual(alike);
  });
});

describe('JUnit XML', () => {
  it('has a case for every comparison and limit, and counts that add up', () => {
    const limits = [
      { text: 'latency_p99 < 8us', point: 'mdev', value: 9e-6, held: false },
      { text: 'rate > 1/s', point: 'mdev', value: 2, held: true },
    ];
    const skipped = [{ point: 'mdev', metric: 'latency_p99', reason: 'neither run could measure it' }];
    const report = { comparisons: [comparison('regressed'), comparison('same')], skipped, changed: [] };
    const xml = gateJunit([
      outcome([], { report, limits, status: 'failed' }),
      outcome([], { workload: 'other', status: 'not comparable', reasons: ['no such file'] }),
    ]);
    expect(xml).toContain('<testsuites name="dsasim gate" tests="6" failures="2" errors="1" skipped="1">');
    expect(xml.match(/<testcase /g)!.length).toBe(6);
    expect(xml.match(/<failure /g)!.length).toBe(2);
    expect(xml).toContain('<error message="not comparable: no such file"/>');
  });

  it('stays well formed whatever names and texts hold', () => {
    const evil = comparison('regressed', { point: `a"<&'\n\u0007b`, metric: '</testcase>' });
    const xml = gateJunit([outcome([evil])]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 excludes them
    expect(xml).not.toMatch(/[\u0000-\u0008]/);
    expect(xml).toContain('name="&lt;/testcase&gt;"');
    expect(xml).toContain('classname="quickstart.a&quot;&lt;&amp;\'&#10;?b"');
    expect(xml.match(/<testcase /g)!.length).toBe(1);
  });
});

describe('markdown', () => {
  it('stays within its limit by leaving out rows, never the verdict, and counts what it left out', () => {
    const outcomes = [outcome([...many(3000, 'within'), comparison('regressed')])];
    const whole = gateMarkdown(outcomes);
    expect(Buffer.byteLength(whole)).toBeGreaterThan(200_000);
    const short = gateMarkdown(outcomes, 65_536);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(65_536);
    expect(short).toContain('gate failed: 3001 compared');
    const rows = short.match(/^\| (within|\*\*regressed\*\*) /gm)!;
    expect(rows[0]).toContain('regressed');
    expect(short).toContain(`${3001 - rows.length} more differ`);
    expect(Buffer.byteLength(gateMarkdown(outcomes, 40))).toBeLessThanOrEqual(40);
  });

  it('keeps names with bars and brackets inside their cells', () => {
    const text = gateMarkdown([outcome([comparison('regressed', { point: 'a|b <i> [x](y)' })])]);
    expect(text).toContain('| a\\|b \\<i\\> \\[x\\](y) |');
  });
});

describe('GitHub annotations', () => {
  it('are one for all points of a metric and design', () => {
    const lines = githubAnnotations([outcome([...swept(), ...many(2, 'unclear')])]).split('\n');
    expect(lines.filter((line) => line.startsWith('::error ')).length).toBe(3);
    expect(lines[0]).toBe(
      '::error title=quickstart%3A regression::boot_time of mdev at all 5 points: 200 µs → 400 µs (+100 %25 ± 0 %25, tolerance 0 %25)',
    );
    expect(lines[3]).toMatch(/^::warning title=quickstart%3A unclear::throughput of mdev at 2 of 7 points/);
  });

  it('are at most ten of a kind, the tenth counting the rest', () => {
    const each = (count: number, verdict: GateVerdict) =>
      Array.from({ length: count }, (_, i) => comparison(verdict, { design: `d${i}`, point: `d${i}` }));
    const lines = githubAnnotations([outcome([...each(25, 'regressed'), ...each(10, 'unclear')])])
      .trimEnd()
      .split('\n');
    const of = (kind: string): string[] => lines.filter((line) => line.startsWith(`::${kind} `));
    expect([of('error').length, of('warning').length, of('notice').length]).toEqual([10, 10, 1]);
    expect(of('error')[9]).toContain('16 more of this kind');
    expect(lines.length).toBe(21);
  });

  it('escape what would end a command, and cut what GitHub would not take', () => {
    const [line] = githubAnnotations([
      outcome([], {
        workload: 'a:b,c%',
        status: 'not comparable',
        reasons: ['one\ntwo', 'µ'.repeat(80_000)],
      }),
    ]).split('\n');
    expect(line).toMatch(/^::error title=a%3Ab%2Cc%25%3A not comparable::one%0Atwo%0Aµ+…$/);
    expect(Buffer.byteLength(line!)).toBeLessThanOrEqual(64 * 1024);
  });

  it('come with a summary that leaves room for what the step has written before', () => {
    const outcomes = [outcome(many(20_000, 'within'))];
    const limit = 1024 * 1024;
    expect(Buffer.byteLength(githubSummary(outcomes, 0))).toBeLessThan(limit);
    expect(Buffer.byteLength(githubSummary(outcomes, 500_000))).toBeLessThan(limit - 500_000);
    expect(githubSummary(outcomes, limit)).toBe('\n');
  });
});

describe('the page of a gate', () => {
  it('says that nothing could be compared only where nothing was', () => {
    const refused = outcome([], { status: 'not comparable', reasons: ['the seed is 2'] });
    const heading = (...all: GateOutcome[]) =>
      /<h1[^>]*>(.*?)<\/h1>/.exec(
        gatePage(
          all.map((one) => ({ outcome: one, sides: null })),
          { version: '0.1.0', command: 'x' },
        ),
      )![1];
    expect(heading(refused)).toBe('Nothing could be compared');
    expect(heading(refused, outcome([comparison('same')]))).toBe('Not everything could be compared');
  });

  it('shows what names hold as text', () => {
    const page = gatePage(
      [
        {
          outcome: outcome([comparison('regressed', { point: '<img src=x>' }), comparison('same')]),
          sides: null,
        },
      ],
      { version: '0.1.0', command: 'dsasim gate "x"' },
    );
    expect(page).not.toContain('<img');
    expect(page).toContain('The gate failed');
    expect(page).toContain('dsasim gate &quot;x&quot;');
  });
});
