/** Figures of a page of the documentation: its blocks, and what a run fills them with. */
import { describe, expect, it } from 'vitest';
import { figureBlocks, figures, withFigures } from '../../src/report/export/figures.js';
import { sampleResults } from './sample-results.js';

const PAGE = `# A page

<!-- figures of a.yaml: throughput latency_p50 -->
old
<!-- end of figures -->

Words between.

<!-- figures of b.yaml -->
<!-- end of figures -->
<!-- figures of a.yaml: boot_time -->
<!-- end of figures -->
`;

describe('the blocks of a page', () => {
  it('are found in order; the first of a workload is the one that concludes', () => {
    expect(figureBlocks(PAGE)).toEqual([
      { file: 'a.yaml', metrics: ['throughput', 'latency_p50'], concludes: true, text: 'old\n' },
      { file: 'b.yaml', metrics: [], concludes: true, text: '' },
      { file: 'a.yaml', metrics: ['boot_time'], concludes: false, text: '' },
    ]);
  });

  it('are filled, and nothing else of the page is touched', () => {
    const filled = withFigures(PAGE, ({ file, metrics }) => `${file} ${metrics.length}\n`);
    expect(figureBlocks(filled).map(({ text }) => text)).toEqual(['a.yaml 2\n', 'b.yaml 0\n', 'a.yaml 1\n']);
    expect(withFigures(filled, ({ text }) => text)).toBe(filled);
    const outside = (page: string) => page.replace(/-->\n[\s\S]*?<!-- end/g, '');
    expect(outside(filled)).toBe(outside(PAGE));
  });
});

describe('what a run fills them with', () => {
  const results = {
    ...sampleResults({ sizes: 2, designs: 2 }),
    conclusion: { says: `Words ${'and more words '.repeat(12)}end.`, holds: [] },
  };

  it('is the conclusion as a quotation, and a table with a column for every metric and place', () => {
    const text = figures(results, { metrics: ['throughput', 'latency_p50'], concludes: true });
    const lines = text.trim().split('\n');
    const quoted = lines.filter((line) => line.startsWith('> '));
    expect(quoted.map((line) => line.slice(2)).join(' ')).toBe(results.conclusion.says);
    const table = lines.filter((line) => line.startsWith('|'));
    expect(table).toHaveLength(2 + results.designs.length);
    for (const row of table) expect(row.split('|')).toHaveLength(2 + 1 + 2 * 2);
    expect(table[2]).toMatch(new RegExp(`^\\| ${results.designs[0]!.id} \\| [\\d.]+ .B/s`));
  });

  it('says the conclusion once a page, and prints a dash for what was not measured', () => {
    const text = figures(results, { metrics: ['no_such_metric'], concludes: false });
    expect(text).not.toContain('>');
    expect(text).toContain('| - |');
  });
});
