/** The answer: what a reader takes away when reading nothing else, computed from the results alone. */
import { NEGLIGIBLE } from '../analysis/ranking.js';
import type { Results } from '../experiment/results.js';
import { formatPercent, formatQuantity } from '../workload/format.js';
import { controlTotals } from './control-path.js';
import { curveFindings } from './curve-findings.js';
import { limitFindings, robustnessFindings } from './examination.js';
import { type Finding, findingSentence } from './finding.js';
import { lifecycleFindings } from './lifecycle-findings.js';
import { capitalize, counted, listing, metricTitle } from './names.js';
import { notices, reservations } from './notices.js';
import { rangeText } from './numbers.js';
import {
  cohorts,
  type Doubt,
  doubtsAt,
  equalDevices,
  type PlaceRanking,
  rankingsAcross,
  stretches,
} from './outcomes.js';
import { type Overview, overview, type Place } from './overview.js';
import { doubtText, leadText, placesText } from './phrases.js';
import { wrap } from './text-layout.js';

/** Lines longer than this are hard to read [columns]. */
const LINE = 100;
/** Metrics that the answer speaks of, when the document has them. */
const SPOKEN = ['throughput', 'latency_p99'];

/** The answer in its parts. */
export interface Answer {
  /** Most important first: who leads where among equals, the comparison per device, the price of a start. */
  findings: readonly Finding[];
  /** Sentences that must not be farther away than the first finding: what is predicted, and what nothing checks. */
  reservations: readonly string[];
  /** Sentences that a reader must know before believing the findings. */
  caveats: readonly string[];
}

/** The answer in a few sentences, most important first, then the reservations and caveats. */
export function answerSentences(results: Results): string[] {
  const { findings, reservations: first, caveats } = answer(overview(results));
  return [...findings.map(findingSentence), ...first, ...caveats];
}

/** The same as lines of a terminal, a mark before each sentence. */
export function answerLines(results: Results, width: number): string[] {
  const columns = Math.max(40, Math.min(width, LINE));
  return answerSentences(results).flatMap((sentence) => wrap(sentence, columns, '• '));
}

/** Computes the answer. */
export function answer(view: Overview): Answer {
  if (view.places.length === 0) {
    return { findings: [], reservations: [], caveats: ['Nothing was measured.'] };
  }
  return {
    findings: [
      ...(view.designs.length > 1
        ? [...comparison(view), ...tenantFinding(view)]
        : [...tenantFinding(view), ...alone(view)]),
      ...robustnessFindings(view),
      ...curveFindings(view.results),
      ...limitFindings(view),
      ...startFinding(view),
      ...lifecycleFindings(view),
    ],
    reservations: reservations(view),
    caveats: notices(view),
  };
}

function comparison(view: Overview): Finding[] {
  const unequal = view.allotments.length > 1;
  const findings = SPOKEN.flatMap((metric) => {
    const all = cohorts(view, metric).filter(({ rankings, doubts }) => rankings.length + doubts.length > 0);
    return all.map(({ designs, rankings, doubts }) => {
      const letter = all.length < 2 ? null : letterOf(view, designs[0]!, rankings);
      const given = `, equal resources${letter === null ? '' : ` (${letter})`}`;
      return {
        topic: capitalize(`${metricTitle(metric)}${unequal ? given : ''}`),
        text: comparedText(view, metric, rankings, doubts, designs),
      };
    });
  });
  // Where all have the same devices, being equal and having the same may come to the same.
  const more = unequal ? across(view).filter(({ text }) => findings.every((own) => own.text !== text)) : [];
  return [...findings, ...more];
}

/** Who leads where, and which values were left out of it. */
function comparedText(
  view: Overview,
  metric: string,
  rankings: readonly PlaceRanking[],
  doubts: readonly Doubt[],
  meant: readonly string[],
): string {
  const led = leadText(view, stretches(view, metric, rankings), meant);
  return [led === '' ? 'nothing to compare' : led, doubtText(view, doubts)].filter(Boolean).join('; ');
}

/** The letter of what a design was given; null where that differs over the rankings. */
function letterOf(view: Overview, design: string, rankings: readonly { place: Place }[]): string | null {
  const letters = new Set(
    rankings.map(({ place }) => {
      const point = view.point(design, place);
      return point === undefined ? null : view.allotment(point).letter;
    }),
  );
  return letters.size === 1 ? [...letters][0]! : null;
}

/** Designs that were given something else: compared by what a device yields, or by all when devices are equal. */
function across(view: Overview): Finding[] {
  const designs = view.designs.map(({ id }) => id);
  const finding = (metric: string, topic: string, why: string): Finding[] => {
    const rankings = rankingsAcross(view, metric);
    if (rankings.length === 0) return [];
    const doubts = view.places.flatMap((place) => doubtsAt(view, metric, place));
    return [{ topic, text: `${comparedText(view, metric, rankings, doubts, designs)}${why}` }];
  };
  if (equalDevices(view)) {
    return SPOKEN.flatMap((metric) =>
      finding(metric, capitalize(`${metricTitle(metric)}, same devices`), ''),
    );
  }
  return finding('throughput', 'Throughput per device', ` (${whyPerDevice(view)})`);
}

function whyPerDevice(view: Overview): string {
  const used = view.designs.flatMap(({ id }) => {
    const devices = view.places.map((place) => view.point(id, place)?.devices ?? 0);
    return devices.length === 0 ? [] : [{ id, devices: Math.max(...devices) }];
  });
  const most = Math.max(...used.map(({ devices }) => devices));
  const least = Math.min(...used.map(({ devices }) => devices));
  if (most === least) return 'devices differ over the sweep';
  const richer = used.filter(({ devices }) => devices === most).map(({ id }) => id);
  return `${listing(richer)} used ${counted(most, 'device')} where others used ${least}, so nothing else ranks them together`;
}

/** One design: what the sweep did to it. */
function alone(view: Overview): Finding[] {
  const id = view.designs[0]?.id ?? view.results.points[0]!.design;
  const measured = view.places.flatMap((place) => {
    const mean = view.point(id, place)?.metrics.throughput?.mean ?? null;
    return mean === null ? [] : [{ place, mean }];
  });
  const sorted = [...measured].sort((a, b) => b.mean - a.mean);
  const best = sorted[0];
  const worst = sorted.at(-1);
  if (best === undefined || worst === undefined) {
    return [{ topic: 'Throughput', text: `${id} completed nothing in the measured phase` }];
  }
  const range = rangeText([best.mean, worst.mean], 'B/s');
  const varies = best.mean > worst.mean * (1 + NEGLIGIBLE);
  const gain = best.mean / worst.mean;
  const where = varies
    ? `, highest ${placesText(view, [best.place])} (${Number(gain.toPrecision(3))} times that ${placesText(view, [worst.place])})`
    : '';
  const p99 = view.places.flatMap((place) => view.point(id, place)?.metrics.latency_p99?.mean ?? []);
  return [
    { topic: 'Throughput', text: `${id} moves ${range}${where}` },
    ...(p99.length === 0 ? [] : [{ topic: 'P99 latency', text: rangeText(p99, 's') }]),
  ];
}

/** Several tenants share the device: what each of them gets. */
function tenantFinding(view: Overview): Finding[] {
  if (view.tenants.length < 2) return [];
  const parts = view.tenants.flatMap((tenant) => {
    const of = (metric: string) =>
      view.results.points.flatMap((point) => point.tenants[tenant]?.[metric]?.mean ?? []);
    const throughput = of('throughput');
    const p99 = of('latency_p99');
    if (throughput.length === 0) return [];
    const latency = p99.length === 0 ? '' : ` at a p99 latency of ${rangeText(p99, 's')}`;
    return [`${tenant} gets ${rangeText(throughput, 'B/s')}${shareText(view, throughput)}${latency}`];
  });
  return parts.length === 0 ? [] : [{ topic: 'Tenants', text: parts.join('; ') }];
}

/** A tenant's part of the whole, where there is one whole to have a part of. */
function shareText(view: Overview, throughput: readonly number[]): string {
  const whole = view.results.points[0]?.metrics.throughput?.mean ?? 0;
  if (view.results.points.length !== 1 || whole <= 0) return '';
  return ` (${formatPercent(throughput[0]! / whole)})`;
}

/** Starting an instance: who is quickest, who slowest, and how much of it was trapped. */
function startFinding(view: Overview): Finding[] {
  const totals = controlTotals(view).filter((total) => total.start !== null);
  const byStart = [...totals].sort((a, b) => a.start! - b.start!);
  const first = byStart[0];
  const last = byStart.at(-1);
  if (first === undefined || last === undefined || last.start === 0) return [];
  const topic = 'Starting an instance';
  const traps = (count: number) => counted(count, 'trapped access', 'trapped accesses');
  const seconds = (value: number | null) => formatQuantity(value, 's');
  if (first === last) {
    const parts = `${seconds(first.provision)} to provision, ${seconds(first.boot)} to boot with ${traps(first.trapped)}`;
    return [{ topic, text: `${seconds(first.start)}: ${parts}` }];
  }
  const alike = seconds(first.start) === seconds(last.start);
  const whole = alike
    ? `${seconds(first.start)} with each design`
    : `${seconds(first.start)} with ${first.design} to ${seconds(last.start)} with ${last.design}`;
  // A process starts without a guest that could boot.
  const guests = totals.filter(({ design }) =>
    view.designs.some(({ id, axes }) => id === design && axes.guest === 'vm'),
  );
  const byBoot = guests.sort((a, b) => (a.boot ?? 0) - (b.boot ?? 0));
  const [quick, slow] = [byBoot[0], byBoot.at(-1)];
  if (quick === undefined || slow === undefined) return [{ topic, text: whole }];
  const end = (total: typeof quick, whose: string) =>
    `${seconds(total.boot)} (${[whose, traps(total.trapped)].filter(Boolean).join(', ')})`;
  const same = end(quick, '') === end(slow, '');
  const boot = same
    ? end(quick, guests.length === 1 ? quick.design : '')
    : `${end(quick, quick.design)} to ${end(slow, slow.design)}`;
  return [{ topic, text: `${whole}; of it the guest's own boot ${boot}` }];
}
