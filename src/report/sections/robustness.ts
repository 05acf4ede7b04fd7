/** How far the rankings hold when constants vary, and which constant turns them at which value. */
import type { Robustness } from '../../experiment/robustness-schema.js';
import { formatQuantity } from '../../workload/format.js';
import { notAsked, nothingAsked } from '../examination.js';
import { html, type Markup, trusted } from '../markup.js';
import { axisTitle, capitalize, counted, listing, metricTitle } from '../names.js';
import { type Overview, siUnit } from '../overview.js';
import { folded, type Section, scrolling } from '../section.js';

type Ranking = Robustness['rankings'][number];

/** The section; null where nothing was examined but bottlenecks, and a way to ask where not even these were. */
export function robustnessSection({ results }: Overview): Section | null {
  const { robustness, what_if: tried, workload } = results;
  if (robustness === null && tried !== null) return null;
  return {
    id: 'robustness',
    title: 'How far it holds',
    short: 'Robustness',
    body: robustness === null ? howToAsk(workload.command) : examined(robustness),
  };
}

function howToAsk(command: string): Markup {
  return html`<p class="note">Not examined. Many constants are known to a factor only, and this run does not say what limited it. The next one draws all constants over their ranges, says in how many worlds each ranking holds and which constant turns it at which value, and tries every point with one resource more.</p><pre class="command"><code>${command} --worlds 20 --what-if</code></pre>`;
}

/** What is meant by one replication that cannot tell a ranking. */
const UNTOLD = 'by all replications others are in front than by the first alone';

function examined({ worlds, constants, untold, rankings }: Robustness): Markup {
  const why = untold > 0 && `: ${UNTOLD}`;
  if (rankings.length === 0) return html`<p>${capitalize(nothingAsked(untold))}${why}.</p>`;
  const shaky = rankings
    .filter(({ holds, of }) => holds < of)
    .sort((a, b) => a.holds / a.of - b.holds / b.of);
  const firm = rankings.filter(({ holds, of }) => holds === of);
  const tried = `${counted(worlds, 'world')}, in each of which ${counted(constants, 'constant')} were drawn over their ranges`;
  const verdict =
    shaky.length === 0
      ? html`<b>${rankings.length === 1 ? 'The one ranking holds' : `All ${rankings.length} rankings hold`}</b> in ${tried}.`
      : html`<b>${firm.length} of ${counted(rankings.length, 'ranking')} ${rankings.length === 1 ? 'holds' : 'hold'}</b> in all of ${tried}.`;
  const left = untold > 0 && html`<p>${notAsked(untold)}${why}.</p>`;
  const aside =
    rankings.some(({ of }) => of < worlds) &&
    html`<p class="note">A world in which a design has no value, such as a percentile of too few samples, does not count.</p>`;
  return html`<p>${verdict}</p>${left}${aside}${shaky.length > 0 && scrolling('Rankings that do not always hold', table(shaky))}${
    firm.length > 0 && folded('Rankings that hold in every world', scrolling('Firm rankings', table(firm)))
  }`;
}

function table(rankings: readonly Ranking[]): Markup {
  return html`<table border="1" cellpadding="4" class="sortable stack"><thead><tr><th scope="col">Metric</th><th scope="col">Where</th><th scope="col">In front</th><th scope="col">Holds</th><th scope="col">Turns with</th></tr></thead><tbody>${rankings.map(row)}</tbody></table>`;
}

function row({ metric, at, designs, leaders, holds, of, candidates, flip }: Ranking): Markup {
  const where = Object.entries(at).map(([path, value]) => `${axisTitle(path)} ${value}`);
  const who = leaders.length === designs.length ? `all level (${listing(designs)})` : listing(leaders);
  const turns =
    flip === null
      ? holds === of
        ? '–'
        : candidates === 0
          ? 'not known'
          : `none of ${counted(candidates, 'constant')} by itself`
      : html`<code>${flip.constant}</code> ${flip.side} ${formatQuantity(flip.value, siUnit(flip.unit))}: ${
          flip.leaders.length === designs.length ? 'all level' : `${listing(flip.leaders)} in front`
        }`;
  return html`<tr><th scope="row">${capitalize(metricTitle(metric))}</th><td data-label="Where">${where.join(', ') || 'everywhere'}</td><td class="text" data-label="In front">${who}</td><td data-label="Holds" data-value="${of === 0 ? 0 : holds / of}">${meter(holds, of)} ${holds} of ${of}</td><td class="text" data-label="Turns with">${turns}</td></tr>`;
}

/** A share as a bar, beside the words that say it. */
function meter(part: number, whole: number): Markup {
  const width = whole === 0 ? 0 : Math.round((64 * part) / whole);
  return trusted(
    `<svg class="meter" width="64" height="8" viewBox="0 0 64 8" aria-hidden="true"><rect width="64" height="8" rx="2" fill="var(--grid,#e7e7e4)"/><rect width="${width}" height="8" rx="2" fill="var(--accent,#005ea2)"/></svg>`,
  );
}
