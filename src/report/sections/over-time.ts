/** The first replication over time: throughput, latency, how busy the engines and how full the queues were. */
import type { ResultPoint } from '../../experiment/results.js';
import { formatQuantity, type SiUnit } from '../../workload/format.js';
import { timeChart } from '../charts/time-chart.js';
import { html, type Markup } from '../markup.js';
import { capitalize } from '../names.js';
import type { Overview, Place } from '../overview.js';
import type { ChartRenderer } from '../render-chart.js';
import { figure, folded, type Section, slug } from '../section.js';
import { heading } from './comparison.js';
import { designLegend } from './curves.js';
import { shownPlaces } from './percentiles.js';

/** Most places; four charts each. */
const MOST_PLACES = 4;
const SIZE = { width: 470, height: 200 };

interface Level {
  title: string;
  unit: SiUnit;
  of: (over: ResultPoint['over_time']) => readonly (number | null)[];
  top?: number;
}

const LEVELS: readonly Level[] = [
  {
    title: 'Engine utilisation in percent',
    unit: '',
    of: (over) => over.engine_utilization.map((share) => 100 * share),
    top: 100,
  },
  { title: 'Entries waiting in a work queue', unit: '', of: (over) => over.queue_occupancy },
  { title: 'Throughput', unit: 'B/s', of: (over) => over.throughput },
  { title: 'Mean latency', unit: 's', of: (over) => over.latency_mean },
];

/** The section, or null when nothing happened. */
export async function overTimeSection(view: Overview, draw: ChartRenderer): Promise<Section | null> {
  const parts: (PlaceFigures & { place: Place })[] = [];
  for (const place of shownPlaces(view, MOST_PLACES)) {
    const part = await placeFigures(view, draw, place);
    if (part.figures.length > 0) parts.push({ place, ...part });
  }
  if (parts.length === 0) return null;
  // One legend for all places, unless they show other designs.
  const legends = parts.map(({ drawn }) => designLegend(view, drawn));
  const alike = new Set(legends.map((legend) => legend?.html)).size === 1;
  const body = parts.map(({ place, figures }, i) => {
    const grid = html`${!alike && legends[i]!}<div class="charts">${figures}</div>`;
    return place.label === '' ? grid : folded(capitalize(heading(view, place)), grid, i === 0);
  });
  return {
    id: 'over-time',
    title: 'Over time',
    body: html`<p class="note">The first replication, from the start of the load; the shaded part is the warm-up, which is not measured. Means over engines and over work queues.</p>${alike && legends[0]!}${body}`,
  };
}

/** The charts of a place, and the positions of the designs that they show. */
interface PlaceFigures {
  figures: Markup[];
  drawn: Set<number>;
}

async function placeFigures(view: Overview, draw: ChartRenderer, place: Place): Promise<PlaceFigures> {
  const points = view.designs.flatMap(({ id }, design) => {
    const point = view.point(id, place);
    return point === undefined ? [] : [{ id, design, point }];
  });
  const longest = Math.max(
    ...points.map(({ point }) => point.over_time.step * point.over_time.throughput.length),
  );
  const warmup = Math.max(...points.map(({ point }) => point.warmup));
  const figures: Markup[] = [];
  const drawn = new Set<number>();
  for (const { title, unit, of, top } of LEVELS) {
    const values = points.flatMap(({ design, point: { over_time: over } }) =>
      of(over).flatMap((level, step) =>
        level === null ? [] : [{ design, step, t: (step + 0.5) * over.step, level }],
      ),
    );
    if (!values.some(({ level }) => level > 0)) continue;
    const shown = new Set(values.map(({ design }) => design));
    for (const design of shown) drawn.add(design);
    const { over_time: first } = points[0]!.point;
    const times = first.throughput.map((_, step) => (step + 0.5) * first.step);
    const { spec, positions } = timeChart(values, {
      ...SIZE,
      unit,
      length: longest,
      warmup,
      times,
      ...(top === undefined ? {} : { top }),
    });
    const where = place.label === '' ? '' : `, ${heading(view, place)}`;
    const label = `${title} over ${formatQuantity(longest, 's')} of the first replication${where}.`;
    const data = {
      x: { title: 'time', unit: 's' as const, values: times, positions },
      y: { title, unit },
      series: points
        .filter(({ design }) => shown.has(design))
        .map(({ id, design, point }) => ({ name: id, design, values: of(point.over_time) })),
    };
    figures.push(figure(slug('over-time', title, place.label), title, '', await draw(spec, label), data));
  }
  return { figures, drawn };
}
