/** The answer: what a reader takes away when reading nothing else, computed from the results alone. */
import type { Results } from '../experiment/results.js';
import { formatQuantity } from '../workload/format.js';
import { controlTotals } from './control-path.js';
import { counted, listing, metricTitle } from './names.js';
import { notices } from './notices.js';
import { rangeText } from './numbers.js';
import { better, cohorts, perDeviceRankings, stretches } from './outcomes.js';
import { type Overview, overview } from './overview.js';
import { leadText, placesText } from './phrases.js';

/** Metrics that the answer speaks of, when the document has them. */
const SPOKEN = ['throughput', 'latency_p99'];

/**
 * The answer in a few sentences, most important first: who leads where among equals, the comparison per device, the
 * price of starting a guest, then what a reader must know before believing it.
 */
export function answerSentences(results: Results): string[] {
  const view = overview(results);
  if (view.places.length === 0) return ['Nothing was measured.'];
  return [
    ...(view.designs.length > 1 ? comparison(view) : alone(view)),
    ...tenantSentence(view),
    ...startSentence(view),
    ...notices(view),
  ];
}

function comparison(view: Overview): string[] {
  const sentences: string[] = [];
  for (const metric of SPOKEN) {
    for (const { designs, rankings } of cohorts(view, metric)) {
      const subject = `${metricTitle(metric)}${sentences.length === 0 ? ' with equal resources' : ''}`;
      sentences.push(`${leadText(view, subject, designs, stretches(view, metric, rankings))}.`);
    }
  }
  if (view.allotments.length > 1) sentences.push(...unequal(view));
  return sentences;
}

/** Designs that were given something else are compared by what a device yields. */
function unequal(view: Overview): string[] {
  const rankings = perDeviceRankings(view, 'throughput');
  const first = rankings[0];
  if (first === undefined) return [];
  const place = first.place;
  const most = Math.max(...first.ranked.map(({ id }) => view.point(id, place)?.devices ?? 1));
  const least = Math.min(...first.ranked.map(({ id }) => view.point(id, place)?.devices ?? 1));
  const richer = view.designs
    .map(({ id }) => ({ id, devices: view.point(id, place)?.devices ?? 1 }))
    .filter(({ devices }) => devices === most && most > least);
  const given =
    richer.length === 0
      ? 'Resources differ between designs, so they are compared per device only'
      : `${listing(richer.map(({ id }) => id))} used ${counted(most, 'device')} where others used ${least}, so ${richer.length === 1 ? 'it is' : 'they are'} compared per device only`;
  const designs = view.designs.map(({ id }) => id);
  const lead = leadText(view, 'throughput per device', designs, stretches(view, 'throughput', rankings));
  return [`${given}. ${lead}.`];
}

/** One design: what the sweep did to it. */
function alone(view: Overview): string[] {
  const id = view.designs[0]?.id ?? view.results.points[0]!.design;
  const measured = view.places.flatMap((place) => {
    const mean = view.point(id, place)?.metrics.throughput?.mean ?? null;
    return mean === null ? [] : [{ place, mean }];
  });
  if (measured.length === 0) return [`${id} completed nothing in the measured phase.`];
  const p99 = view.places.flatMap((place) => view.point(id, place)?.metrics.latency_p99?.mean ?? []);
  const latency = p99.length === 0 ? '' : `, with a p99 latency of ${rangeText(p99, 's')}`;
  const means = measured.map(({ mean }) => mean);
  const sentences = [`${id} moves ${rangeText(means, 'B/s')}${latency}.`];
  const sign = better(view, 'throughput') === 'lower' ? -1 : 1;
  const sorted = [...measured].sort((a, b) => sign * (b.mean - a.mean));
  const best = sorted[0]!;
  const worst = sorted.at(-1)!;
  if (measured.length > 1 && best.mean > worst.mean * 1.01) {
    const gain = Number((best.mean / worst.mean).toPrecision(3));
    sentences.push(
      `Throughput is highest ${placesText(view, [best.place])}, ${gain} times that ${placesText(view, [worst.place])}.`,
    );
  }
  return sentences;
}

/** Several tenants share the device: what each of them gets. */
function tenantSentence(view: Overview): string[] {
  if (view.tenants.length < 2) return [];
  const parts = view.tenants.flatMap((tenant) => {
    const of = (metric: string) =>
      view.results.points.flatMap((point) => point.tenants[tenant]?.[metric]?.mean ?? []);
    const throughput = of('throughput');
    const p99 = of('latency_p99');
    if (throughput.length === 0) return [];
    const latency = p99.length === 0 ? '' : ` at a p99 latency of ${rangeText(p99, 's')}`;
    return [`${tenant} gets ${rangeText(throughput, 'B/s')}${latency}`];
  });
  return parts.length === 0 ? [] : [`${listing(parts)}.`];
}

/** Starting an instance: who is quickest, who slowest, and what trapping has to do with it. */
function startSentence(view: Overview): string[] {
  const totals = controlTotals(view).filter((total) => total.start !== null);
  const sorted = [...totals].sort(
    (a, b) => a.start! - b.start! || view.position(a.design) - view.position(b.design),
  );
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined || last.start === 0) return [];
  const seconds = (value: number | null) => formatQuantity(value, 's');
  if (sorted.length === 1) {
    return [
      `Starting an instance takes ${seconds(first.start)}: ${seconds(first.provision)} to provision, ${seconds(first.boot)} to boot with ${counted(first.trapped, 'trapped access', 'trapped accesses')}.`,
    ];
  }
  const boots = [...sorted].sort((a, b) => (a.boot ?? 0) - (b.boot ?? 0));
  const slowest = boots.at(-1)!;
  return [
    `Starting an instance (provisioning and boot) takes ${seconds(first.start)} with ${first.design} and ${seconds(last.start)} with ${last.design}; boot alone ${seconds(boots[0]!.boot)} (${boots[0]!.design}) to ${seconds(slowest.boot)} (${slowest.design}, ${counted(slowest.trapped, 'trapped access', 'trapped accesses')}).`,
  ];
}
