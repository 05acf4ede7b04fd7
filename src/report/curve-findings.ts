/** What a sweep says as a curve, in sentences: crossings, knees, and from which size on a DSA pays. */
import type { Results } from '../experiment/results.js';
import { formatQuantity, formatSize, type SiUnit } from '../workload/format.js';
import type { Finding } from './finding.js';
import { axisTitle, capitalize, listing, metricTitle, most } from './names.js';
import { siUnit } from './overview.js';
import { axisValue } from './phrases.js';

/** Crossings that are told; the rest is counted. */
const TOLD = 3;
/** How a place between the values of an axis is found. The intervals tell of luck alone, not of this. */
const INTERPOLATED = 'interpolated between the values swept';
/** Metrics whose crossings are told. */
const SPOKEN = ['throughput', 'latency_p99'];

type Place = Readonly<Record<string, string>>;

/** Findings along the axes of a sweep, most important first. */
export function curveFindings(results: Results): Finding[] {
  return [...crossoverFindings(results), ...kneeFindings(results), ...breakEvenFindings(results)];
}

function crossoverFindings(results: Results): Finding[] {
  const designs = designsOf(results);
  return SPOKEN.flatMap((metric) => {
    const found = results.curves.crossovers.filter((each) => each.metric === metric);
    if (found.length === 0) return [];
    const at = (each: (typeof found)[number]): string =>
      `${located(results, each, 'at')}${elsewhere(results, each.at)}`;
    // Whichever side says it in fewer words: one design that passes several, or several that pass one.
    const passed = gathered(found, (each) => [`${each.above} overtakes`, each.below, at(each)]);
    const passing = gathered(found, (each) => ['', each.above, `${each.below} ${at(each)}`]);
    const told =
      passed.length <= passing.length
        ? passed.map(({ before, names, after }) => `${before} ${listing(names)} ${after}`)
        : passing.map(
            ({ names, after }) =>
              `${most(names, designs)} ${names.length === 1 ? 'overtakes' : 'overtake'} ${after}`,
          );
    const higher = results.metrics[metric]?.better === 'lower' ? ' (overtaking is getting slower)' : '';
    return [
      {
        topic: `${capitalize(metricTitle(metric))}, crossing`,
        text: `${firstOf(told)}${higher}, ${INTERPOLATED}`,
      },
    ];
  });
}

function kneeFindings(results: Results): Finding[] {
  const { knees } = results.curves;
  if (knees.length === 0) return [];
  const places = gathered(knees, (each) => [
    '',
    each.design,
    `${located(results, each, 'at')}${elsewhere(results, each.at)}`,
  ]);
  const told = places.map(
    ({ names, after }) =>
      `${most(names, designsOf(results))} ${names.length === 1 ? 'bends' : 'bend'} ${after}`,
  );
  const text = `${firstOf(told)}, ${INTERPOLATED}: beyond it more load costs more latency than it gains throughput`;
  return [{ topic: 'Knee', text }];
}

function breakEvenFindings(results: Results): Finding[] {
  const all = results.curves.break_even;
  if (all.length === 0) return [];
  const outcomes = gathered(all, (each) => {
    const none = each.ahead === 'dsa' ? 'at all sizes compared' : 'at no size compared';
    return [
      '',
      each.design,
      `${each.x === null ? none : `${located(results, each, 'from')} on`}${elsewhere(results, each.at)}`,
    ];
  });
  const told = outcomes.map(
    ({ names, after }) =>
      `${most(names, designsOf(results))} ${names.length === 1 ? 'is' : 'are'} ahead ${after}`,
  );
  const operations = listing([...new Set(all.map((each) => each.operation))]);
  const what = `one submitting thread against one core's own ${operations}`;
  const whose = 'as LightDSA measured it on a Xeon with DSA, not simulated';
  return [{ topic: 'Break-even against one core', text: `${firstOf(told)} (${what} ${whose})` }];
}

function designsOf({ designs }: Results): string[] {
  return designs.map(({ id }) => id);
}

/** What is said of several designs in the same words. */
interface Gathered {
  before: string;
  names: string[];
  after: string;
}

/** Gathers the names of findings of which the same is said, in the order of the first of each. */
function gathered<T>(
  findings: readonly T[],
  words: (finding: T) => [before: string, name: string, after: string],
): Gathered[] {
  const all = new Map<string, Gathered>();
  for (const finding of findings) {
    const [before, name, after] = words(finding);
    const key = `${before} ${after}`;
    const known = all.get(key);
    if (known === undefined) all.set(key, { before, names: [name], after });
    else known.names.push(name);
  }
  return [...all.values()];
}

/** The first of several clauses, and how many there are beside. */
function firstOf(clauses: readonly string[]): string {
  const rest = clauses.length > TOLD ? `; ${clauses.length - TOLD} more in results.json` : '';
  return `${clauses.slice(0, TOLD).join('; ')}${rest}`;
}

/**
 * `at size 2.1 KiB (1.9 KiB to 2.3 KiB)`, in the units in which the axis is written. Of the interval only what lies in
 * the range swept is told: beyond it nothing was simulated. One that holds all of it says no more than that there is
 * such a place.
 */
function located(
  results: Results,
  { axis, x, low, high }: { axis: string; x: number | null; low: number | null; high: number | null },
  before: 'at' | 'from',
): string {
  const swept = results.sweep.find((each) => each.path === axis);
  const unit: SiUnit = siUnit(swept?.unit ?? '');
  const text = (value: number): string =>
    unit === 'B' ? formatSize(value) : formatQuantity(Number(value.toPrecision(3)), unit);
  const title = axisTitle(axis);
  const numbers = swept?.numbers.flatMap((number) => number ?? []) ?? [0, Number.POSITIVE_INFINITY];
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  if (low !== null && high !== null && low <= least && high >= most) {
    return `${before === 'at' ? '' : `${before} `}somewhere in the swept range of ${title}`;
  }
  const ends = [Math.max(low ?? x!, least), Math.min(high ?? x!, most)].map(text);
  return `${before} ${title} ${text(x!)}${ends[0] === ends[1] ? '' : ` (${ends.join(' to ')})`}`;
}

/** Where the other axes stand, in the words of tables and charts. */
function elsewhere(results: Results, at: Place): string {
  const parts = Object.entries(at).map(([path, written]) => axisValue(results, path, written));
  return parts.length === 0 ? '' : ` with ${parts.join(', ')}`;
}
