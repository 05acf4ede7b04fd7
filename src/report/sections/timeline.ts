/** The first descriptors of a run one by one, on the engines that worked on them and in the queues before. */
import { STAGES } from '../../models/metrics.js';
import { alike } from '../alike.js';
import { lanesLeftOut, timelineDrawing } from '../charts/timeline-drawing.js';
import { html, type Markup } from '../markup.js';
import { capitalize, counted, listing } from '../names.js';
import type { Overview, Place } from '../overview.js';
import { stageColour } from '../palette.js';
import { colourSwatch, figure, folded, legend, type Section, scrolling, slug } from '../section.js';
import { heading } from './comparison.js';
import { shownPlaces } from './percentiles.js';

const MOST_PLACES = 4;

/** The section, or null when no descriptor finished. */
export function timelineSection(view: Overview): Section | null {
  const parts = shownPlaces(view, MOST_PLACES).flatMap((place) => {
    const figures = placeFigures(view, place);
    return figures.length === 0 ? [] : [{ place, figures }];
  });
  if (parts.length === 0) return null;
  const seen = new Set(
    view.results.points.flatMap(({ stages, excerpt }) =>
      stages.flatMap(({ stage }, i) => (excerpt.some((row) => row.stages[i]! > 0) ? [stage] : [])),
    ),
  );
  const inside = STAGES.slice(STAGES.indexOf('queue'), STAGES.indexOf('complete') + 1);
  const key = legend(
    inside
      .filter((stage) => seen.has(stage))
      .map((stage) => ({ swatch: colourSwatch(stageColour(stage)), text: stage })),
  );
  return {
    id: 'timeline',
    title: 'Engines and queues, close up',
    short: 'Close up',
    body: html`<p class="note">The first descriptors that finish in the measured phase of the first replication: how many of them wait in each work queue, and what each engine holds, a bar a descriptor. <code>dsasim run --trace run.pftrace</code> records the whole of it for Perfetto.</p>${key}${parts.map(
      ({ place, figures }, i) =>
        place.label === '' ? figures : folded(capitalize(heading(view, place)), html`${figures}`, i === 0),
    )}`,
  };
}

function placeFigures(view: Overview, place: Place): Markup[] {
  return alike(view, place, ({ excerpt, stages }) => [excerpt, stages.map(({ stage }) => stage)]).flatMap(
    ({ designs, point: { excerpt, stages } }) => {
      if (excerpt.length === 0) return [];
      const names = stages.map(({ stage }) => stage);
      const who = listing(designs);
      const where = place.label === '' ? '' : ` at ${heading(view, place)}`;
      const left = lanesLeftOut(excerpt);
      const note =
        left === 0 ? '' : `${counted(left, 'more engine or queue', 'more engines and queues')} not drawn`;
      const label = `Work queues and engines over time for ${counted(excerpt.length, 'descriptor')} of ${who}${where}.`;
      return [
        scrolling(
          label,
          figure(
            slug('timeline', ...designs, place.label),
            who,
            note,
            timelineDrawing(excerpt, names, label),
          ),
        ),
      ];
    },
  );
}
