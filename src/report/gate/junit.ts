/**
 * What a gate found as JUnit XML: a suite a workload, a case a comparison, so that CI systems list regressions as they
 * list failed tests.
 */
import type { GateOutcome } from '../../experiment/gate-outcome.js';
import { inOrder } from './groups.js';
import { comparisonText, limitText, verdictText } from './words.js';

/** One case: passed, skipped, failed or in error, with what to say. */
interface Case {
  suite: string;
  name: string;
  child: { tag: 'skipped' | 'failure' | 'error'; message: string } | null;
}

/** The XML document, newline at the end. */
export function gateJunit(outcomes: readonly GateOutcome[]): string {
  const suites = outcomes.map((outcome) => ({ outcome, cases: casesOf(outcome) }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="dsasim gate" ${counts(all)}>`,
    ...suites.flatMap(({ outcome, cases }) => [
      `  <testsuite name="${escaped(outcome.workload)}" ${counts(cases)}>`,
      ...cases.map(testcase),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf(outcome: GateOutcome): Case[] {
  const suite = outcome.workload;
  if (outcome.status === 'not comparable') {
    const child = { tag: 'error', message: verdictText(outcome) } as const;
    return [{ suite, name: 'comparison with the baseline', child }];
  }
  const failed = (verdict: string): boolean =>
    outcome.failOn === 'any-change' ? verdict !== 'same' : verdict === 'regressed';
  const cases: Case[] = inOrder(outcome.report.comparisons).map((c) => ({
    suite: `${suite}.${c.point}`,
    name: c.metric,
    child: failed(c.verdict) ? { tag: 'failure', message: comparisonText(c) } : null,
  }));
  for (const { point, metric, reason } of inOrder(outcome.report.skipped)) {
    cases.push({ suite: `${suite}.${point}`, name: metric, child: { tag: 'skipped', message: reason } });
  }
  for (const limit of outcome.limits) {
    cases.push({
      suite: `${suite}.${limit.point}`,
      name: `limit ${limit.text}`,
      child: limit.held ? null : { tag: 'failure', message: limitText(limit) },
    });
  }
  return cases;
}

function testcase({ suite, name, child }: Case): string {
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}"`;
  return child === null
    ? `${head}/>`
    : `${head}>\n      <${child.tag} message="${escaped(child.message)}"/>\n    </testcase>`;
}

function counts(cases: readonly Case[]): string {
  const of = (tag: string): number => cases.filter(({ child }) => child?.tag === tag).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}

/** Text of an attribute; characters that XML 1.0 cannot hold become question marks. */
function escaped(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML 1.0 excludes
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replace(/[\n\r\t]/g, (c) => `&#${c.charCodeAt(0)};`)
  );
}
