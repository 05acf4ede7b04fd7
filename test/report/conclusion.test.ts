/** The conclusion as people read it: in the terminal and on the page. */
import { describe, expect, it } from 'vitest';
import { conclusionLines } from '../../src/report/conclusion.js';
import { renderHtml } from '../../src/report/html.js';
import { sampleResults } from './sample-results.js';

const claim = (text: string, held: boolean | null) => ({
  text,
  sides: held === null ? [] : [2e-6, 1e-6],
  unit: held === null ? '' : 's',
  held,
});
const results = (...holds: ReturnType<typeof claim>[]) => ({
  ...sampleResults(),
  conclusion: { says: 'Emulation is cheap.', holds },
});

describe('the conclusion of a workload', () => {
  it('is said, with its standing', () => {
    expect(conclusionLines(results(claim('a < b', true)), 100)).toEqual([
      'Conclusion: Emulation is cheap.',
      'It holds in this run: 1 of 1 conditions.',
    ]);
  });

  it('says what broke, with the values', () => {
    expect(conclusionLines(results(claim('a < b', true), claim('b > c', false)), 100)).toEqual([
      'Conclusion: Emulation is cheap.',
      'It does NOT hold in this run: 1 of 2 conditions are broken.',
      '✗ b > c (2 µs, 1 µs)',
    ]);
  });

  it('says what a narrowed run leaves open', () => {
    const narrowed = results(claim('a < b', null));
    expect(conclusionLines({ ...narrowed, conclusion: { ...narrowed.conclusion, says: null } }, 100)).toEqual(
      [
        'Conclusion: This run leaves out points that the conclusion of the workload speaks of.',
        '1 of 1 conditions could not be judged.',
      ],
    );
  });

  it('fits into a narrow window', () => {
    for (const line of conclusionLines(results(claim('a < b '.repeat(20).trim(), false)), 40)) {
      expect(line.length).toBeLessThanOrEqual(40);
    }
  });

  it('has a section of the page with every condition, and none where nothing is concluded', async () => {
    const page = await renderHtml(results(claim('a < b', true), claim('b > c', false)));
    expect(page).toContain('What it settles');
    expect(page).toContain('Emulation is cheap.');
    expect(page).toMatch(/b &gt; c<\/code><\/th><td>2 µs, 1 µs<\/td><td><b class="bad">broken/);
    expect(await renderHtml(sampleResults())).not.toContain('What it settles');
  });
});
