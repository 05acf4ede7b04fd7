/** How aggregates are put into words, for page and terminal alike. */
import { AGGREGATED, type Aggregate, type Spread } from '../../experiment/aggregate.js';
import { formatPercent, formatQuantity, type SiUnit } from '../../workload/format.js';
import { counted, listing, metricTitle } from '../names.js';

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

/** Which design is in front how often, a sentence a metric; none where nothing was ranked. */
export function leaderSentences(aggregate: Aggregate): string[] {
  const { ranked, unequal } = aggregate.places;
  const sentences = AGGREGATED.flatMap(({ metric }, m) => {
    if (ranked === 0) return [];
    const shares = aggregate.designs
      .map((id, design) => ({ id, share: aggregate.leads(design, m) / ranked }))
      .filter(({ share }) => share > 0)
      .sort((a, b) => b.share - a.share)
      .map(({ id, share }) => `${id} at ${formatPercent(share)}`);
    const places = counted(ranked, 'place');
    return shares.length === 0
      ? []
      : [`In front by ${metricTitle(metric)}: ${listing(shares)} of ${places}.`];
  });
  if (unequal > 0) {
    sentences.push(
      `${counted(unequal, 'place')} ${unequal === 1 ? 'is' : 'are'} not ranked: the designs were given different resources there.`,
    );
  }
  return sentences;
}

/** What is doubtful about a design's points; none where nothing is. */
export function doubtSentences(aggregate: Aggregate): string[] {
  return aggregate.designs.flatMap((id, design) => {
    const { points, overloaded, doubtful, failed } = aggregate.doubts(design);
    const parts = [
      overloaded > 0 ? `${overloaded} overloaded` : '',
      doubtful > 0 ? `${doubtful} with too few samples or not stationary` : '',
      failed > 0 ? `${failed} with descriptors that failed or were rejected` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? [] : [`${id}, of ${counted(points, 'point')}: ${listing(parts)}.`];
  });
}
