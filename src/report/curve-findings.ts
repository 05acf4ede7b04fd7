/** What a sweep says as a curve, in sentences: crossings, knees, and from which size on a DSA pays. */
import type { Results } from '../experiment/results.js';
import { formatQuantity, type SiUnit } from '../workload/format.js';
import { axisTitle, capitalize, listing, metricTitle } from './names.js';
import { siUnit } from './overview.js';

/** Crossings that are told; the rest is counted. */
const TOLD = 3;
/** Metrics whose crossings are told. */
const SPOKEN = ['throughput', 'latency_p99'];

/** One finding: what it is about, and what was found, without a full stop. */
interface Finding {
  topic: string;
  text: string;
}

type Place = Readonly<Record<string, string>>;

/** Findings along the axes of a sweep, most important first. */
export function curveFindings(results: Results): Finding[] {
  return [...crossoverFindings(results), ...kneeFindings(results), ...breakEvenFindings(results)];
}

function crossoverFindings(results: Results): Finding[] {
  return SPOKEN.flatMap((metric) => {
    const found = results.curves.crossovers.filter((each) => each.metric === metric);
    if (found.length === 0) return [];
    const told = found
      .slice(0, TOLD)
      .map(
        (each) => `${each.above} overtakes ${each.below} at ${located(results, each)}${elsewhere(each.at)}`,
      );
    const rest = found.length > TOLD ? `; ${found.length - TOLD} more in results.json` : '';
    const higher = results.metrics[metric]?.better === 'lower' ? ' (overtaking is getting slower)' : '';
    return [
      { topic: `${capitalize(metricTitle(metric))}, crossing`, text: `${told.join('; ')}${rest}${higher}` },
    ];
  });
}

function kneeFindings(results: Results): Finding[] {
  const { knees } = results.curves;
  if (knees.length === 0) return [];
  const told = knees
    .slice(0, TOLD)
    .map((each) => `${each.design} bends at ${located(results, each)}${elsewhere(each.at)}`);
  const rest = knees.length > TOLD ? `; ${knees.length - TOLD} more in results.json` : '';
  const text = `${told.join('; ')}${rest}: beyond it more load costs more latency than it gains throughput`;
  return [{ topic: 'Knee', text }];
}

function breakEvenFindings(results: Results): Finding[] {
  const all = results.curves.break_even;
  if (all.length === 0) return [];
  const outcomes = new Map<string, string[]>();
  for (const each of all) {
    const none = each.ahead === 'dsa' ? 'at all sizes compared' : 'at no size compared';
    const outcome = `${each.x === null ? none : `from ${located(results, each)} on`}${elsewhere(each.at)}`;
    outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), each.design]);
  }
  const told = [...outcomes].slice(0, TOLD).map(([outcome, designs]) => `${listing(designs)} ${outcome}`);
  const operations = listing([...new Set(all.map((each) => each.operation))]);
  const rest = outcomes.size > TOLD ? `; ${outcomes.size - TOLD} more in results.json` : '';
  const whose = 'the core was measured by LightDSA on a Xeon with DSA, not simulated';
  return [
    {
      topic: 'Break-even',
      text: `a submitting thread moves more than one core's own ${operations}: ${told.join('; ')}${rest} (${whose})`,
    },
  ];
}

/** `size 2.1 KiB (1.9 KiB to 2.3 KiB)`. */
function located(
  results: Results,
  { axis, x, low, high }: { axis: string; x: number | null; low: number | null; high: number | null },
): string {
  const unit: SiUnit = siUnit(results.sweep.find((each) => each.path === axis)?.unit ?? '');
  const text = (value: number): string => formatQuantity(Number(value.toPrecision(3)), unit);
  const interval = low === null || high === null ? '' : ` (${text(low)} to ${text(high)})`;
  return `${axisTitle(axis)} ${text(x!)}${text(low ?? x!) === text(high ?? x!) ? '' : interval}`;
}

function elsewhere(at: Place): string {
  const parts = Object.entries(at).map(([path, value]) => `${axisTitle(path)} ${value}`);
  return parts.length === 0 ? '' : ` with ${parts.join(', ')}`;
}
