/** A conclusion's arithmetic: what can be read, in which units, and what of it a narrowed run can still judge. */
import { describe, expect, test } from 'vitest';
import { judgeConclusion } from '../../src/experiment/conclusion.js';
import type { ResultPoint } from '../../src/experiment/results.js';
import { load, problemsOf, yaml } from './support.js';

const conclusion = (says: string, ...holds: string[]) => `conclusion: ${JSON.stringify({ says, holds })}`;
const SWEEP = 'sweep: { tenants.guest.batch: [1, 2] }';

/** Points with the values that a test needs of them. */
function point(key: string, metrics: Record<string, number | null>): ResultPoint {
  const estimates = Object.entries(metrics).map(([name, mean]) => [
    name,
    { mean, half_width: null, values: [] },
  ]);
  const of = Object.fromEntries(estimates);
  return { key, metrics: of, tenants: { guest: of } } as unknown as ResultPoint;
}

const POINTS = [
  point('native-cdev @ tenants.guest.batch=1', { latency_p50: 2e-6, throughput: 1e9, fairness: null }),
  point('native-cdev @ tenants.guest.batch=2', { latency_p50: 3e-6, throughput: 4e9, fairness: 1 }),
];
const find = (sought: string) => POINTS.find(({ key }) => key === sought);

function judge(says: string, ...holds: string[]) {
  const workload = load(yaml({ sweep: SWEEP, conclusion: conclusion(says, ...holds) }));
  return judgeConclusion(workload.conclusion!, find);
}

const held = (claim: string): boolean | null => judge('', claim).holds[0]!.held;

describe('a conclusion', () => {
  test('computes with the usual precedence, in the units of its metrics', () => {
    const p50 = (batch: number) => `latency_p50(native-cdev, batch=${batch})`;
    expect(held(`${p50(1)} + 2 * ${p50(2)} - 1us == 7us`)).toBe(true);
    expect(held(`(${p50(1)} + ${p50(2)}) / ${p50(1)} == 2.5`)).toBe(true);
    expect(held(`${p50(2)} / ${p50(1)} > 150%`)).toBe(false);
    expect(held(`${p50(2)} / ${p50(1)} >= 150%`)).toBe(true);
    expect(held('throughput(native-cdev, batch=2) > 3.9GB/s')).toBe(true);
    expect(held(`12 / 2 / 3 == 2`)).toBe(true);
    expect(held('tenants.guest.latency_p50(native-cdev, tenants.guest.batch=2) < 2us')).toBe(false);
  });

  test('compares neighbours in a chain', () => {
    expect(held('1us < latency_p50(native-cdev, batch=1) < latency_p50(native-cdev, batch=2)')).toBe(true);
    expect(held('1us < latency_p50(native-cdev, batch=2) < latency_p50(native-cdev, batch=1)')).toBe(false);
  });

  test('does not hold where something could not be measured', () => {
    expect(held('fairness(native-cdev, batch=1) >= 0')).toBe(false);
    expect(held('1 / 0 > 1')).toBe(false);
  });

  test('has its figures filled in, as the table would show them', () => {
    const { says } = judge(
      'From {latency_p50(native-cdev, batch=1)} to {latency_p50(native-cdev, batch=2)}, {throughput(native-cdev, batch=2) / 3 / throughput(native-cdev, batch=1)} times.',
      '1 < 2',
    );
    expect(says).toBe('From 2 µs to 3 µs, 1.33 times.');
  });

  test.each([
    ['latency_p50(native-cdev) < 1us', 'has 2 points: say which, as tenants.guest.batch=…'],
    ['latency_p50(native-cdev, batch) < 1us', '"batch" is no place: write axis=value'],
    ['latency_p50(native-cdev, batch=1)', 'nothing is compared in it'],
    ['1 < (2', 'a parenthesis is not closed'],
    ['1 < 2 )', '")" is not expected'],
    ['1 < ', '"the end" is not expected'],
    ['1 < 2 ! 3', '"! 3" is not expected'],
    ['1 < 2 parsec', '"parsec" is no unit'],
    ['1us * 1us < 1us', 's * s has no unit of the catalogue'],
    ['1 / 1us > 1', 'a number / s has no unit of the catalogue'],
    ['1us + 1 > 1us', 's cannot be added with a number'],
  ])('cannot be %s', (claim, reason) => {
    const [problem] = problemsOf(yaml({ sweep: SWEEP, conclusion: conclusion('', claim) }));
    expect(problem?.code).toBe('DSASIM_W092');
    expect(problem?.message).toContain(reason);
  });

  test('is left open where an option leaves its points out, and is an error where the file does', () => {
    const claim = 'latency_p50(native-cdev, batch=2) > 1us';
    const text = yaml({ sweep: SWEEP, conclusion: conclusion(`{${claim.slice(0, -6)}}`, claim, '1 < 2') });
    const narrowed = load(text, {}, { overrides: [['sweep', '{ tenants.guest.batch: [1] }']] });
    expect(judgeConclusion(narrowed.conclusion!, find)).toEqual({
      says: null,
      holds: [
        { text: claim, sides: [], unit: '', held: null },
        { text: '1 < 2', sides: [1, 2], unit: '', held: true },
      ],
    });
    const codes = problemsOf(text.replace('[1, 2]', '[1]')).map(({ code }) => code);
    expect(codes).toEqual(['DSASIM_W093', 'DSASIM_W093']);
  });

  test('changes nothing of what is simulated', () => {
    const [without, with_] = [{}, { conclusion: conclusion('', '1 < 2') }].map((more) => load(yaml(more)));
    expect(with_!.points).toEqual(without!.points);
  });
});
