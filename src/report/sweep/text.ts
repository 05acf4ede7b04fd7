/** The aggregates of a large sweep on a terminal. */
import { AGGREGATED, type Aggregate } from '../../experiment/aggregate.js';
import type { StreamedResults } from '../../experiment/results.js';
import { findingSentence } from '../finding.js';
import { axisTitle, counted, metricTitle } from '../names.js';
import { sparkline } from '../sparkline.js';
import { clip, wrap } from '../text-layout.js';
import { sweepAnswer } from './answer.js';
import { quantity, spreadText } from './words.js';

const INDENT = '  ';

/** The text, newline at the end. */
export function sweepText(results: StreamedResults, aggregate: Aggregate, width: number): string {
  const lines = [
    `${counted(aggregate.points, 'point')}; every one of them is in results.json, here is what they amount to.`,
  ];
  const names = Math.max(...aggregate.designs.map((id) => id.length));
  AGGREGATED.forEach(({ metric }, m) => {
    lines.push('', metricTitle(metric));
    aggregate.designs.forEach((id, design) => {
      const spread = aggregate.spread(design, m);
      const mark = `${INDENT}${id.padEnd(names)}  `;
      lines.push(...(spread === null ? [`${mark}–`] : wrap(spreadText(spread, m), width, mark)));
    });
  });
  results.sweep.forEach((axis, a) => {
    const curves = aggregate.designs.map((id, design) => ({
      id,
      medians: axis.values.map((_, value) => aggregate.spread(design, 0, { axis: a, value })?.median ?? null),
    }));
    const known = curves.flatMap(({ medians }) => medians.filter((value) => value !== null));
    if (axis.values.length < 2 || known.length === 0) return;
    lines.push('', `median throughput over ${axisTitle(axis.path)}`);
    for (const { id, medians } of curves) {
      const bars = sparkline(medians, Math.min(...known), Math.max(...known));
      const [first, last] = [medians.at(0), medians.at(-1)].map((value) => quantity(value ?? undefined, 0));
      lines.push(clip(`${INDENT}${id.padEnd(names)}  ${bars}  ${first} to ${last}`, width));
    }
  });
  const { findings, reservations, caveats } = sweepAnswer(results, aggregate);
  const sentences = [...findings.map(findingSentence), ...reservations, ...caveats];
  if (sentences.length > 0) lines.push('', ...sentences.flatMap((sentence) => wrap(sentence, width, '• ')));
  return `${lines.join('\n')}\n`;
}
