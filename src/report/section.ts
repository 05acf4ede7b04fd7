/** What a page is made of. */
import { html, type Markup } from './markup.js';
import { designLook } from './palette.js';

/** A part of the page with a heading of its own. */
export interface Section {
  /** Fragment of its address. */
  id: string;
  title: string;
  body: Markup;
}

/** A table that scrolls in a container of its own, so that the page never does; reachable by keyboard. */
export function scrolling(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}

/** A chart under its title. The note says how to read it. */
export function figure(title: string, note: string, drawing: Markup): Markup {
  return html`<figure><figcaption><b>${title}</b>${note === '' ? null : html` <span>${note}</span>`}</figcaption>${drawing}</figure>`;
}

/** A folded part. */
export function folded(summary: string, body: Markup): Markup {
  return html`<details><summary>${summary}</summary>${body}</details>`;
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

/** A legend in one line that wraps. */
export function legend(entries: readonly { swatch: Markup; text: string }[]): Markup {
  return html`<ul class="legend">${entries.map(({ swatch, text }) => html`<li>${swatch} ${text}</li>`)}</ul>`;
}
