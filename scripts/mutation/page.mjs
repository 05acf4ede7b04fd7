#!/usr/bin/env node
/**
 * Writes docs/mutation.md from Stryker's JSON reports: one of the whole core, or several of parts of it.
 *
 *   npm run mutate && npm run mutate:page
 *   npm run mutate:page -- parts/*.json
 *
 * What a report says about other sources than the checkout has does not count, a later report counts before an earlier
 * one, and the page names the files of the core that are then missing.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);
const WHOLE = fileURLToPath(new URL('reports/mutation/mutation.json', ROOT));
const PAGE = new URL('docs/mutation.md', ROOT);
const NOTES = new URL('survivors.md', import.meta.url);
const ROOM = 'src/core';

/** Outcomes by file in order of name, and the files that no report is about as they are now. */
function outcomes(reports) {
  const files = new Map();
  for (const report of reports) {
    const { files: reported } = JSON.parse(readFileSync(report, 'utf8'));
    for (const [path, { source, mutants }] of Object.entries(reported)) {
      if (source === readFileSync(new URL(path, ROOT), 'utf8')) files.set(path, { source, mutants });
    }
  }
  const sources = readdirSync(new URL(ROOM, ROOT), { recursive: true }).filter((name) =>
    name.endsWith('.ts'),
  );
  const missing = sources
    .map((name) => `${ROOM}/${name}`)
    .filter((path) => !files.has(path) && hasMutants(path));
  return { files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)), missing: missing.sort() };
}

/** Whether there is anything but types, constants and comments in a file. */
function hasMutants(path) {
  return /\(/.test(readFileSync(new URL(path, ROOT), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''));
}

function count(mutants) {
  const of = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = of('Killed');
  const timeout = of('Timeout');
  const survived = of('Survived', 'NoCoverage');
  return { killed, timeout, survived, error: of('RuntimeError', 'CompileError'), pending: of('Pending') };
}

function percent({ killed, timeout, survived }) {
  const all = killed + timeout + survived;
  return all === 0 ? '' : `${((100 * (killed + timeout)) / all).toFixed(1)} %`;
}

function row(name, counts) {
  const { killed, timeout, survived, error, pending } = counts;
  return `| ${name} | ${percent(counts)} | ${killed} | ${timeout} | ${survived} | ${error} | ${pending} |`;
}

/** One line of a list: where a mutant is, and what it made of what. */
function survivor(source, { location, replacement }) {
  const line = source.split('\n')[location.start.line - 1];
  const isOneLine = location.start.line === location.end.line;
  const before = line
    .slice(location.start.column - 1, isOneLine ? location.end.column - 1 : undefined)
    .trim();
  const text = (code) => `\`\` ${code.replace(/\s+/g, ' ').slice(0, 90)} \`\``;
  return `- line ${location.start.line}: ${text(before)} → ${text(replacement)}`;
}

const reports = process.argv.slice(2);
const { files, missing } = outcomes(reports.length > 0 ? reports : [WHOLE]);
const all = files.flatMap(([, { mutants }]) => mutants);
const counts = count(all);
const survivors = files.flatMap(([path, { source, mutants }]) => {
  const left = mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .sort((a, b) => a.location.start.line - b.location.start.line);
  return left.length === 0 ? [] : [`**${path}**`, '', ...left.map((mutant) => survivor(source, mutant)), ''];
});
const unjudged =
  missing.length === 0
    ? ''
    : `Not judged as they are now: ${missing.map((path) => `\`${path}\``).join(', ')}.\n\n`;
const text = `# Mutation testing of the core

Written by \`npm run mutate:page\` from the reports of \`npm run mutate\` (Stryker, stryker.config.json). Each mutant is
one small change of src/core; it is killed when a test of test/core fails with it. Properties run a handful of cases
each here instead of 2,000, so that tables of cases have to do most of the killing. A mutant that a test meets ten times
as often as without it, and ten thousand times more, goes round in circles and counts as a timeout: that is counted, not
timed, and the clock ends only what runs for half a minute. One that keeps a module from loading is an error and does
not count.

**${percent(counts)}** of ${counts.killed + counts.timeout + counts.survived} mutants are found: ${counts.killed} are killed, ${counts.timeout} go round in circles, ${counts.survived} survive. Without those that
only go round in circles it is ${percent({ ...counts, survived: counts.survived + counts.timeout, timeout: 0 })}.

| File | Found | Killed | Timeout | Survived | Error | Not run |
|---|--:|--:|--:|--:|--:|--:|
${files.map(([path, { mutants }]) => row(path, count(mutants))).join('\n')}
${row('**all**', counts)}

${unjudged}${readFileSync(NOTES, 'utf8').trim()}

## All survivors

${survivors.join('\n').trim()}
`;
writeFileSync(PAGE, text);
console.log(`${percent(counts)}: wrote docs/mutation.md`);
if (missing.length > 0) console.log(`npm run mutate -- --mutate ${missing.join(',')}`);
