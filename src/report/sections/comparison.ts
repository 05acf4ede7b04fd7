/** The comparison: what each design did at each place, with intervals, against the first of its equals. */
import type { Comparison } from '../../analysis/compare.js';
import { isTie, type Ranked } from '../../analysis/ranking.js';
import type { Estimate, ResultPoint } from '../../experiment/results.js';
import { leaderKeys } from '../leaders.js';
import { type Content, html, type Markup } from '../markup.js';
import { capitalize, metricTitle } from '../names.js';
import { divided, marginText, meanText } from '../numbers.js';
import { cohorts, rankingsAcross } from '../outcomes.js';
import type { Overview, Place } from '../overview.js';
import { designSwatch, type Section, scrolling } from '../section.js';
import { glanceTables } from './glance.js';
import { resourcesTable } from './resources.js';

/** Metrics with a column, when the document has them. */
const COLUMNS = ['throughput', 'latency_p50', 'latency_p99', 'cpu_per_descriptor', 'vm_exits_per_descriptor'];

/** What each guest was given, then the table over all places. */
export function comparisonSection(view: Overview): Section {
  const intervals =
    view.results.measure.replications > 1
      ? 'Values are means over replications; ± is the half-width of their 95 % interval.'
      : 'One replication: values come without intervals.';
  const load =
    ' Load: stable means that at times nothing waits, backlogged that something always does, overloaded that the line grows, so that latencies tell how long was measured and nothing else.';
  const ranks =
    view.designs.length > 1
      ? ' Designs are ranked only among equal resources (the letter); the bold ones are in front, ties included. Values with a reason to doubt them are not ranked. Differences are paired by replication and Holm-corrected; below 1 % they count as level.'
      : '';
  return {
    id: 'comparison',
    title: 'Comparison',
    body: html`${glanceTables(view)}${resourcesTable(view)}<p class="note">${intervals}${ranks}${load}</p>${scrolling('Comparison of designs', table(view))}`,
  };
}

function table(view: Overview): Markup {
  const metrics = COLUMNS.filter((name) => view.metrics.includes(name) && told(view, name));
  const several = view.designs.length > 1;
  const unequal = new Set(view.results.points.map((point) => point.devices)).size > 1;
  const against = againstFirst(view);
  const ranks = unequal ? ranksPerDevice(view) : new Map<string, number>();
  const leaders = leaderKeys(view);
  // One design alone needs no row to say so at every place: places become the rows.
  const flat = !several && view.tenants.length < 2 && view.axis !== null;
  const span = 2 + metrics.length + (several ? 2 : 0) + (unequal ? 1 : 0);
  const rest = metrics.filter((name) => name !== 'throughput');
  const head = html`<tr><th scope="col">${flat ? placesTitle(view) : 'Design'}</th>${several && html`<th scope="col">Given</th>`}${
    metrics.includes('throughput') && html`<th scope="col" class="n">Throughput</th>`
  }${several && html`<th scope="col" class="n">Against the first</th>`}${
    unequal && html`<th scope="col" class="n">Per device</th>`
  }${rest.map((name) => html`<th scope="col" class="n">${capitalize(metricTitle(name))}</th>`)}<th scope="col">Load</th></tr>`;
  const row = (
    place: Place,
    point: ResultPoint,
    values: ResultPoint['metrics'],
    tenant: string | null,
  ): Markup => {
    const cell = (name: string) =>
      estimateCell(view, name, values[name], {
        leads: tenant === null && leaders.has(`${name} ${point.key}`),
        doubt: tenant === null ? doubtOf(point, name) : '',
      });
    const own = tenant === null;
    const throughput = values.throughput;
    return html`<tr${own ? null : html` class="tenant"`}><th scope="row">${
      flat ? place.label : own ? html`${designSwatch(view.position(point.design))} ${point.design}` : tenant
    }</th>${several && html`<td>${own ? view.allotment(point).letter : ''}</td>`}${
      metrics.includes('throughput') && cell('throughput')
    }${several && html`<td class="n">${own ? (against.get(point.key) ?? '') : ''}</td>`}${
      unequal && perDeviceCell(own ? throughput : undefined, point, ranks.get(point.key))
    }${rest.map(cell)}<td>${own && loadText(point)}</td></tr>`;
  };
  const rows = (place: Place): Markup[] =>
    view.designs.flatMap(({ id }) => {
      const point = view.point(id, place);
      if (point === undefined) return [];
      const tenants = view.tenants.length > 1 ? view.tenants : [];
      return [
        row(place, point, point.metrics, null),
        ...tenants.map((tenant) => row(place, point, point.tenants[tenant] ?? {}, tenant)),
      ];
    });
  const title = (place: Place) =>
    html`<tr class="place"><th scope="rowgroup" colspan="${span}">${heading(view, place)}</th></tr>`;
  const bodies = flat
    ? html`<tbody>${view.places.flatMap(rows)}</tbody>`
    : view.places.map((place) => html`<tbody>${place.label !== '' && title(place)}${rows(place)}</tbody>`);
  return html`<table border="1" cellpadding="4" class="sortable"><thead>${head}</thead>${bodies}</table>`;
}

/** Whether a column says anything: throughput always, others where some value is not zero. */
function told(view: Overview, metric: string): boolean {
  return (
    metric === 'throughput' || view.results.points.some((point) => (point.metrics[metric]?.mean ?? 0) !== 0)
  );
}

/** Heading over the names of places. */
function placesTitle(view: Overview): string {
  return view.results.sweep.length === 1 ? capitalize(view.axis!.title) : 'Point of the sweep';
}

/** Name of a place with its axis: `size 64 B`. */
export function heading(view: Overview, place: Place): string {
  return view.results.sweep.length === 1 ? `${view.axis!.title} ${place.label}` : place.label;
}

/** A cell with mean and margin, and the plain number for sorting. */
export function estimateCell(
  view: Overview,
  metric: string,
  estimate: Estimate | undefined,
  { leads = false, doubt = '' } = {},
): Markup {
  const unit = view.unit(metric);
  const mean = meanText(estimate, unit);
  const margin = marginText(estimate, unit);
  return html`<td class="n" data-value="${estimate?.mean ?? ''}">${leads ? html`<b>${mean}</b>` : mean}${
    margin !== '' && html` <small>${margin}</small>`
  }${doubt !== '' && html` <small class="doubt">${doubt}</small>`}</td>`;
}

/** Why a metric of a point may not be believed, in a word or two; empty when it may. */
function doubtOf({ verdicts }: ResultPoint, metric: string): string {
  const verdict = verdicts[metric] ?? 'ok';
  // Of an overloaded point the column of the load tells.
  return verdict === 'too few samples' || verdict === 'not stationary' ? verdict : '';
}

/** How a point stood its load; an overload stands out. */
function loadText({ load }: ResultPoint): Content {
  return load === 'overloaded' ? html`<b class="bad">overloaded</b>` : load;
}

function perDeviceCell(
  throughput: Estimate | undefined,
  point: ResultPoint,
  rank: number | undefined,
): Markup {
  if (throughput === undefined) return html`<td></td>`;
  const share = divided(throughput, Math.max(1, point.devices));
  const place = rank === undefined ? null : html` <small>rank ${rank}</small>`;
  return html`<td class="n" data-value="${share.mean ?? ''}">${meanText(share, 'B/s')}${place}</td>`;
}

/** The throughput of every point against the first of its equals, in words. */
function againstFirst(view: Overview): Map<string, Content> {
  const texts = new Map<string, Content>();
  for (const { place, ranked } of cohorts(view, 'throughput').flatMap((cohort) => cohort.rankings)) {
    for (const entry of ranked) {
      const point = view.point(entry.id, place);
      if (point !== undefined) texts.set(point.key, againstText(entry));
    }
  }
  return texts;
}

function againstText({ toFirst, rank }: Ranked): Content {
  if (toFirst === null) return 'first';
  const { mean, halfWidth } = toFirst.difference;
  if (mean === 0 && halfWidth === 0) return 'the same';
  if (rank === 1 && isTie(toFirst)) {
    return toFirst.verdict === 'no significant difference'
      ? 'no significant difference'
      : `level (${ratioText(toFirst)})`;
  }
  const range = rangeOfRatio(toFirst);
  return html`${ratioText(toFirst)}${range === '' ? null : html` <small>${range}</small>`}`;
}

function ratioText({ ratio, difference }: Comparison): string {
  if (ratio !== null) return signedPercent(ratio.mean - 1);
  return (difference.mean ?? 0) < 0 ? 'less' : 'more';
}

function rangeOfRatio({ ratio }: Comparison): string {
  if (ratio === null || ratio.low === null || ratio.high === null) return '';
  return `${signedPercent(ratio.low - 1)} to ${signedPercent(ratio.high - 1)}`;
}

function signedPercent(share: number): string {
  const percent = share * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  const text = Math.abs(percent).toFixed(digits);
  const sign = Number(text) === 0 ? '' : percent < 0 ? '−' : '+';
  return `${sign}${text}\u00a0%`;
}

function ranksPerDevice(view: Overview): Map<string, number> {
  const ranks = new Map<string, number>();
  for (const { place, ranked } of rankingsAcross(view, 'throughput')) {
    for (const entry of ranked) {
      const point = view.point(entry.id, place);
      if (point !== undefined) ranks.set(point.key, entry.rank);
    }
  }
  return ranks;
}
