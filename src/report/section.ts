/** What a page is made of. */
import { type ChartData, dataBlock } from './chart-data.js';
import { html, type Markup, trusted } from './markup.js';
import { designLook } from './palette.js';

/** A part of the page with a heading of its own. */
export interface Section {
  /** Fragment of its address. */
  id: string;
  title: string;
  /** Its name in the row of links, where the title is too long for that. */
  short?: string;
  body: Markup;
}

/** A table that scrolls in a container of its own, so that the page never does; reachable by keyboard. */
export function scrolling(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/**
 * A chart under its title.
 * @param id fragment of its address, unique in the page
 * @param note how to read it, or ''
 * @param data its numbers, where a script may read them out
 */
export function figure(
  id: string,
  title: string,
  note: string,
  drawing: Markup,
  data: ChartData | null = null,
): Markup {
  return html`<figure id="${id}"><figcaption><b>${title}</b>${note === '' ? null : html` <span>${note}</span>`}</figcaption>${drawing}${data && dataBlock(data)}</figure>`;
}

/** A fragment from words: `Throughput, size 64 B` becomes `throughput-size-64-b`. */
export function slug(...words: readonly string[]): string {
  return words
    .join(' ')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** A folded part, or an open one that can be folded. */
export function folded(summary: string, body: Markup, open = false): Markup {
  return html`<details${open && trusted(' open')}><summary>${summary}</summary>${body}</details>`;
}

const MARKS: Readonly<Record<string, string>> = {
  circle: 'M14,6m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0Z',
  square: 'M10.4,2.4h7.2v7.2h-7.2Z',
  diamond: 'M14,1.2L18.8,6L14,10.8L9.2,6Z',
  'triangle-up': 'M14,1.6L18.6,9.8H9.4Z',
  cross: 'M12.6,1.6h2.8v3h3v2.8h-3v3h-2.8v-3h-3v-2.8h3Z',
  'triangle-down': 'M14,10.4L9.4,2.2H18.6Z',
};

/** Line and mark of a design as its curves have them. */
export function designSwatch(position: number): Markup {
  const look = designLook(position);
  return html`<svg class="swatch" width="28" height="12" viewBox="0 0 28 12" aria-hidden="true"><path d="M0,6H28" fill="none" stroke="${look.colour}" stroke-width="2.2" stroke-dasharray="${look.dash.join(',')}"/><path d="${MARKS[look.shape]!}" fill="var(--paper,#fff)" stroke="${look.colour}" stroke-width="1.7"/></svg>`;
}

/** A filled square of a colour, for stacked bars. */
export function colourSwatch(colour: string): Markup {
  return html`<svg class="swatch" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${colour}"/></svg>`;
}

/** A legend in one line that wraps; entries with a design can be switched on and off where scripts run. */
export function legend(entries: readonly { swatch: Markup; text: string; design?: number }[]): Markup {
  return html`<ul class="legend">${entries.map(
    ({ swatch, text, design }) =>
      html`<li${design !== undefined && html` data-design="${design}"`}>${swatch} ${text}</li>`,
  )}</ul>`;
}
