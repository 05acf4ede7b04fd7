/** How aggregates are put into words, for page and terminal alike. */
import { AGGREGATED, type Aggregate, type Spread } from '../../experiment/aggregate.js';
import { formatPercent, formatQuantity, type SiUnit } from '../../workload/format.js';
import type { Finding } from '../finding.js';
import { capitalize, counted, listing, metricTitle } from '../names.js';

/** Unit of an aggregated metric. */
export function unitOf(metric: number): SiUnit {
  return AGGREGATED[metric]!.metric === 'throughput' ? 'B/s' : 's';
}

/** `12.3 GB/s`; a dash where nothing could be measured. */
export function quantity(value: number | undefined, metric: number): string {
  return value === undefined ? '–' : formatQuantity(value, unitOf(metric));
}

/** `3.68 GB/s to 28.3 GB/s, half of them between 7.36 GB/s and 14.7 GB/s`. */
export function spreadText(spread: Spread, metric: number): string {
  const at = (value: number): string => formatQuantity(value, unitOf(metric));
  return `${at(spread.low)} to ${at(spread.high)}, half of them between ${at(spread.quartile1)} and ${at(spread.quartile3)}`;
}

/** Which design is in front how often, a finding a metric; none where nothing was ranked. */
export function leaderFindings(aggregate: Aggregate): Finding[] {
  return AGGREGATED.flatMap(({ metric }, m) => {
    const { places, level } = aggregate.told(m);
    if (places === 0) return [];
    const where = `${counted(places, 'place')}${places < aggregate.places.ranked ? ' that tell it' : ''}`;
    const topic = capitalize(metricTitle(metric));
    if (level === places) return [{ topic, text: `${listing(aggregate.designs)} are level at all ${where}` }];
    const shares = aggregate.designs
      .map((id, design) => ({ id, share: aggregate.leads(design, m) / places }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share)
      .map(({ id, share }) => `${id} at ${formatPercent(share)}`);
    const ties = level > 0 ? `, all level at ${formatPercent(level / places)}` : '';
    return [{ topic, text: `in front are ${listing(shares)} of ${where}${ties}` }];
  });
}

/** What is doubtful about the points and the rankings; none where nothing is. */
export function doubtSentences(aggregate: Aggregate): string[] {
  const { unequal } = aggregate.places;
  const doubts = new Map<string, string[]>();
  aggregate.designs.forEach((id, design) => {
    const { points, overloaded, doubtful, failed } = aggregate.doubts(design);
    const parts = [
      overloaded > 0 ? `${overloaded} overloaded` : '',
      doubtful > 0 ? `${doubtful} with too few samples or not stationary` : '',
      failed > 0 ? `${failed} with descriptors that failed or were rejected` : '',
    ].filter((part) => part !== '');
    if (parts.length === 0) return;
    const text = `${counted(points, 'point')}: ${listing(parts)}.`;
    doubts.set(text, [...(doubts.get(text) ?? []), id]);
  });
  return [
    ...(unequal === 0
      ? []
      : [
          `${counted(unequal, 'place')} ${unequal === 1 ? 'is' : 'are'} not ranked: the designs were given different resources there.`,
        ]),
    ...[...doubts].map(
      ([text, designs]) => `${listing(designs)}, ${designs.length > 1 ? 'each of' : 'of'} ${text}`,
    ),
  ];
}
