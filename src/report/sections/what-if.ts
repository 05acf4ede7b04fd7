/** What limits throughput at each point: what one resource more would give. */
import type { Results } from '../../experiment/results.js';
import { resourceTitle } from '../examination.js';
import { html, type Markup } from '../markup.js';
import type { Overview } from '../overview.js';
import { designSwatch, type Section, scrolling } from '../section.js';

type Entry = NonNullable<Results['what_if']>[number];
type Change = Entry['changes'][number];

/** Short names of the changes, as headings. */
const TITLES: Readonly<Record<string, string>> = {
  engine: 'One more engine',
  work_queue: 'Twice the entries',
  read_buffers: 'Twice the read buffers',
  thread: 'One more thread',
  posted_interrupts: 'Posted interrupts',
};

/** The section, or null where it was not tried. */
export function whatIfSection(view: Overview): Section | null {
  const { what_if: tried } = view.results;
  if (tried === null) return null;
  return {
    id: 'what-if',
    title: 'What limits it',
    short: 'Bottleneck',
    body: html`<p class="note">Change of throughput when the point is simulated again with one resource more, under the same random numbers. Bold is the change that helps most: its resource limits the point. Where none helps, something else limits it, or several things at once. A dash could not be tried; changes below 1 %, or not significant, count as 0.</p>${scrolling('What one resource more would give', table(view, tried))}`,
  };
}

function table(view: Overview, tried: readonly Entry[]): Markup {
  const ids = [...new Set(tried.flatMap(({ changes }) => changes.map(({ id }) => id)))];
  const head = html`<tr><th scope="col">Point</th><th scope="col">Limited by</th>${ids.map((id) => html`<th scope="col" class="n">${TITLES[id] ?? id}</th>`)}</tr>`;
  const rows = tried.map((entry) => {
    const point = view.results.points.find(({ key }) => key === entry.point);
    const swatch = point && designSwatch(view.position(point.design));
    return html`<tr><th scope="row">${swatch ?? null} ${view.pointTitle(entry.point)}</th><td>${
      entry.limited_by === null ? 'none of those tried' : resourceTitle(entry.limited_by)
    }</td>${ids.map((id) =>
      cell(
        entry.changes.find((change) => change.id === id),
        id === entry.limited_by,
      ),
    )}</tr>`;
  });
  return html`<table border="1" cellpadding="4" class="sortable"><thead>${head}</thead><tbody>${rows}</tbody></table>`;
}

function cell(change: Change | undefined, best: boolean): Markup {
  const gain = change?.throughput ?? null;
  if (gain === null) return html`<td class="n" data-value="">–</td>`;
  const { ratio, matters, low, high } = gain;
  const text = matters ? signed(ratio - 1) : '0';
  const [from, to] = low === null || high === null ? [text, text] : [signed(low - 1), signed(high - 1)];
  const range = matters && (from !== text || to !== text) ? `${from} to ${to}` : '';
  return html`<td class="n" data-value="${matters ? ratio - 1 : 0}">${best ? html`<b>${text}</b>` : text}${range !== '' && html` <small>${range}</small>`}</td>`;
}

function signed(share: number): string {
  const percent = Math.abs(share * 100);
  const sign = share < 0 ? '−' : '+';
  return `${sign}${percent.toFixed(percent < 10 ? 1 : 0)}\u00a0%`;
}
