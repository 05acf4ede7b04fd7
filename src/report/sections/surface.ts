/** What of a device was emulated for a guest, and what was published of the code that does it. */
import type { ResultDesign, ResultPoint } from '../../experiment/results.js';
import { formatQuantity } from '../../workload/format.js';
import { html, type Markup } from '../markup.js';
import type { Overview } from '../overview.js';
import { designSwatch, type Section, scrolling } from '../section.js';

const COLUMNS = [
  ['emulated_registers', 'Words of registers'],
  ['emulated_commands', 'Commands'],
  ['emulated_configuration', 'Bytes of configuration'],
  ['trapped_accesses', 'Accesses that left the guest'],
] as const;

/** The section, or null where nothing was emulated. */
export function surfaceSection(view: Overview): Section | null {
  const first = view.places[0];
  const rows = view.designs.flatMap((design) => {
    const point = first === undefined ? undefined : view.point(design.id, first);
    return point === undefined ? [] : [{ design, point }];
  });
  const counted = (point: ResultPoint) => COLUMNS.some(([name]) => (point.metrics[name]?.mean ?? 0) > 0);
  if (!rows.some(({ point }) => counted(point))) return null;
  const table = html`<table border="1" cellpadding="4" class="sortable stack"><thead><tr><th scope="col">Design</th>${COLUMNS.map(
    ([, title]) => html`<th scope="col" class="n">${title}</th>`,
  )}<th scope="col">Published code</th></tr></thead><tbody>${rows.map(
    ({ design, point }) =>
      html`<tr><th scope="row">${designSwatch(view.position(design.id))} ${design.id}</th>${COLUMNS.map(
        ([name, title]) => cell(title, point.metrics[name]?.mean ?? null),
      )}<td class="text" data-label="Published code">${codeOf(design)}</td></tr>`,
  )}</tbody></table>`;
  return {
    id: 'surface',
    title: 'Emulated surface',
    short: 'Surface',
    body: html`<p class="note">Counted from what left one guest while its driver started, not from what it might do. Lines were counted by those who are named under Designs, not here.</p>${scrolling('Emulated surface by design', table)}`,
  };
}

function cell(title: string, value: number | null): Markup {
  return html`<td class="n" data-label="${title}" data-value="${value ?? ''}">${value === null ? '–' : formatQuantity(value, '')}</td>`;
}

function codeOf({ code }: ResultDesign): string {
  return (
    code.map(({ lines, runs_in: where, what }) => `${lines} lines in ${where} (${what})`).join('; ') || '–'
  );
}
