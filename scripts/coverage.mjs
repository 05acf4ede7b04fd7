// Measures how often the 95 % intervals hold the truth and writes the table in docs/statistics.md.
// npm run build && node scripts/coverage.mjs           about six minutes
// node scripts/coverage.mjs --check                    fails when the committed table is another one
import { readFileSync, writeFileSync } from 'node:fs';
import { exponentialSamples, measureCoverage, mm1 } from '../dist/experiment/coverage.js';

const FILE = new URL('../docs/statistics.md', import.meta.url);
const BEGIN = '<!-- coverage -->\n';
const END = '<!-- end of coverage -->';
const MACRO = 1000;
const LOW = 0.92;
const HIGH = 0.98;

const trials = [
  // The fewest that a 99th percentile is given for: ten beyond it.
  [exponentialSamples(1000), 5],
  [exponentialSamples(1000), 50],
  [exponentialSamples(2000), 20],
  [exponentialSamples(10_000), 20],
  [mm1(0.5, 2000), 10],
  [mm1(0.5, 5000), 5],
  [mm1(0.5, 5000), 20],
  [mm1(0.5, 20_000), 10],
  [mm1(0.7, 20_000), 10],
];

const percent = (share) => `${(100 * share).toFixed(1)} %`;
const rows = [];
let kept = true;
for (const [model, replications] of trials) {
  const { mean, p99 } = measureCoverage(model, replications, MACRO);
  for (const share of [mean, p99]) kept &&= share >= LOW && share <= HIGH;
  const cells = [
    model.name,
    replications,
    model.observations.toLocaleString('en'),
    percent(mean),
    percent(p99),
  ];
  console.error(cells.join('  '));
  rows.push(`| ${cells.join(' | ')} |`);
}
const table = `| Model | Replications | Observations of each | Intervals that hold the mean | that hold p99 |
|---|---|---|---|---|
${rows.join('\n')}
`;
const text = readFileSync(FILE, 'utf8');
const from = text.indexOf(BEGIN) + BEGIN.length;
const to = text.indexOf(END);
if (from < BEGIN.length || to < from) throw new Error('docs/statistics.md has no place for the table');
const wanted = `${text.slice(0, from)}\n${table}\n${text.slice(to)}`;
if (!process.argv.includes('--check')) writeFileSync(FILE, wanted);
else if (wanted !== text) kept = false;
if (!kept) process.exitCode = 1;
